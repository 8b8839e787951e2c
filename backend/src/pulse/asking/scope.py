"""What filters are read against, as it stands in the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pulse.queries.deal_fields import read_deal_fields
from pulse.queries.deal_filters import Scope
from pulse.queries.moments import conversion_at
from pulse.queries.money import read_conversion
from pulse.queries.stages import read_sales_process
from pulse.queries.today import organisation_zone
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession


async def read_scope(db: AsyncSession) -> Scope:
    """Return what filters are read against now."""
    settings = await read_settings(db)
    return Scope(
        fields=await read_deal_fields(db),
        money=await read_conversion(db, settings.base_currency),
        zone=await organisation_zone(db),
        process=await read_sales_process(db),
    )


async def scope_at(db: AsyncSession, scope: Scope, at: datetime | None) -> Scope:
    """Return the same with the rates of a past moment; None is now."""
    return replace(scope, money=await conversion_at(db, scope.money, at))


def day_of(moment: datetime, scope: Scope) -> date:
    """Return the organisation's date at a moment."""
    return moment.astimezone(scope.zone).date()
