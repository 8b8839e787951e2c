"""Which day it is for the connected organisation: dates in the CRM are its dates."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from pulse.models import Organisation

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession


async def organisation_zone(db: AsyncSession) -> ZoneInfo:
    """Return the organisation's time zone; UTC while it is unknown or no zone we know."""
    name = await db.scalar(select(Organisation.time_zone).limit(1))
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


async def organisation_today(db: AsyncSession, now: datetime) -> date:
    """Return the organisation's date at a moment."""
    return now.astimezone(await organisation_zone(db)).date()
