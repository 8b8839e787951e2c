"""Which day it is for the connected organisation: dates in the CRM are its dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from pulse.models import Organisation

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession


ZONE_NAME: Final = select(Organisation.time_zone).limit(1).scalar_subquery()
"""The organisation's time zone, as the CRM names it."""


async def organisation_zone(db: AsyncSession) -> ZoneInfo:
    """Return the organisation's time zone; UTC while it is unknown or no zone we know."""
    return zone_of(await db.scalar(select(ZONE_NAME)))


def zone_of(name: str | None) -> ZoneInfo:
    """Return the zone of a name; UTC for none, and for one that is no zone we know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


async def organisation_today(db: AsyncSession, now: datetime) -> date:
    """Return the organisation's date at a moment."""
    return now.astimezone(await organisation_zone(db)).date()
