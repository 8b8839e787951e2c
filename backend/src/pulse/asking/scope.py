"""What filters are read against, as it stands in the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.queries.deal_fields import FIELDS_AS_TEXT, MAP_AS_TEXT, deal_fields_of
from pulse.queries.deal_filters import Scope
from pulse.queries.moments import HISTORY_BEGAN, conversions_at
from pulse.queries.money import (
    CURRENCIES_AS_TEXT,
    HOME_OF_ORGANISATION,
    conversion_of,
    rates_as_text,
)
from pulse.queries.stages import STAGES_AS_TEXT, sales_process_of
from pulse.queries.today import ZONE_NAME, zone_of
from pulse.settings.service import SETTINGS_AS_TEXT, settings_told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession


_TOLD: Final = select(
    SETTINGS_AS_TEXT.label("settings"),
    MAP_AS_TEXT.label("map"),
    FIELDS_AS_TEXT.label("fields"),
    CURRENCIES_AS_TEXT.label("currencies"),
    HOME_OF_ORGANISATION.label("home"),
    rates_as_text().label("rates"),
    ZONE_NAME.label("zone"),
    STAGES_AS_TEXT.label("stages"),
    HISTORY_BEGAN.label("history_began"),
)


async def read_scope(db: AsyncSession) -> Scope:
    """Return what filters are read against now."""
    return (await read_scope_and_history(db))[0]


async def read_scope_and_history(db: AsyncSession) -> tuple[Scope, datetime | None]:
    """Return what filters are read against now, and when history began; in one statement."""
    told = (await db.execute(_TOLD)).one()
    settings = settings_told(told.settings)
    scope = Scope(
        fields=deal_fields_of(told.map, told.fields),
        money=conversion_of(settings.base_currency, told.currencies, told.home, told.rates),
        zone=zone_of(told.zone),
        process=sales_process_of(told.stages),
        thresholds=settings.thresholds,
    )
    return scope, told.history_began


async def scopes_at(
    db: AsyncSession, scope: Scope, moments: Sequence[datetime | None]
) -> list[Scope]:
    """Return the same with the rates of moments; None is now. One statement for all."""
    return [replace(scope, money=money) for money in await conversions_at(db, scope.money, moments)]


async def scope_at(db: AsyncSession, scope: Scope, at: datetime | None) -> Scope:
    """Return the same with the rates of a past moment; None is now."""
    return (await scopes_at(db, scope, [at]))[0]


def day_of(moment: datetime, scope: Scope) -> date:
    """Return the organisation's date at a moment."""
    return moment.astimezone(scope.zone).date()
