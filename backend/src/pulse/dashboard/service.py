"""The Dashboard's figures, put together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from pulse.analytics.sums import Sums, priced, read_sums, sums_of
from pulse.asking.scope import day_of, read_scope_and_history
from pulse.core.deal_filters import Outcome
from pulse.dashboard.history import (
    movement_since,
    open_pipeline_then,
)
from pulse.dashboard.pipeline import open_pipeline, undescribed_deals
from pulse.dashboard.schemas import (
    Change,
    CountryTotals,
    Dashboard,
    Difference,
    OpenPipeline,
    OtherCountries,
    Realised,
    StageTotals,
    Totals,
    WithoutRate,
)
from pulse.models import Deal
from pulse.queries.moments import conversion_at
from pulse.queries.stages import ACTIVE_PROBABILITY

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.deal_filters import Scope
    from pulse.queries.money import Conversion
    from pulse.queries.stages import SalesProcess

COMPARED_WITH: Final = timedelta(days=7)
TOP_COUNTRIES: Final = 5
_NO_STAGE: Final = "No stage"
_MONTHS_A_QUARTER: Final = 3


async def dashboard(db: AsyncSession, now: datetime) -> Dashboard:
    """Return the pipeline as it stands at `now`."""
    scope, began = await read_scope_and_history(db)
    money, process, today = scope.money, scope.process, day_of(now, scope)
    pipeline = await open_pipeline(db, process, money, today)
    countries = sorted(
        pipeline.by_country.items(), key=lambda each: (-each[1].value, each[0] or "~")
    )
    return Dashboard(
        as_of=now,
        today=today,
        base_currency=money.base,
        rates_read_at=money.read_at,
        open=_open_by(process, await undescribed_deals(db, process)),
        total=_totals(pipeline.total),
        overdue=_totals(pipeline.overdue),
        without_rate=_without_rate(pipeline.by_currency),
        change=await _change(db, scope, began, pipeline.total, now),
        realised=await _realised(db, money, today),
        by_stage=_by_stage(process, pipeline.by_stage),
        by_country=[
            CountryTotals(country=name, **_totals(sums).model_dump())
            for name, sums in countries[:TOP_COUNTRIES]
        ],
        other_countries=_others([sums for _, sums in countries[TOP_COUNTRIES:]]),
    )


def _open_by(process: SalesProcess, undescribed: int) -> OpenPipeline:
    lowest, highest = (None, None) if process.tells_outcomes else ACTIVE_PROBABILITY
    return OpenPipeline(
        rule="forecast" if process.tells_outcomes else "probability",
        stages=list(process.names(Outcome.OPEN)),
        probability_from=lowest,
        probability_to=highest,
        undescribed_deals=undescribed,
    )


def _totals(sums: Sums) -> Totals:
    return Totals(deals=sums.deals, value=sums.value, weighted=sums.weighted)


def _without_rate(by_currency: dict[str | None, Sums]) -> list[WithoutRate]:
    found = [
        WithoutRate(currency=code, deals=sums.without_rate)
        for code, sums in by_currency.items()
        if sums.without_rate
    ]
    return sorted(found, key=lambda each: (-each.deals, each.currency or ""))


def _by_stage(process: SalesProcess, by_stage: dict[str | None, Sums]) -> list[StageTotals]:
    """Return every open stage of the CRM, also those without a deal, and any other that has one."""
    described = {stage.name: stage for stage in process.stages}
    names: set[str | None] = {*by_stage, *process.names(Outcome.OPEN)}
    return [
        StageTotals(
            stage=name,
            label=_NO_STAGE if name is None else process.label(name),
            probability=described[name].probability if name in described else None,
            **_totals(by_stage.get(name, Sums())).model_dump(),
        )
        for name in sorted(names, key=lambda each: (process.position(each), each or ""))
    ]


def _others(rest: list[Sums]) -> OtherCountries | None:
    if not rest:
        return None
    return OtherCountries(countries=len(rest), **_totals(sum(rest, start=Sums())).model_dump())


async def _change(
    db: AsyncSession, scope: Scope, began: datetime | None, total: Sums, now: datetime
) -> Change | None:
    if began is None or began > now:
        return None
    since = max(now - COMPARED_WITH, began)
    money = await conversion_at(db, scope.money, since)
    then = await open_pipeline_then(db, scope.process, money, since)
    moved = await movement_since(db, scope.process, since)
    return Change(
        since=since,
        is_cut=began > now - COMPARED_WITH,
        deals=_difference(total.deals, then.deals),
        value=_difference(total.value, then.value),
        weighted=_difference(total.weighted, then.weighted),
        new_deals=moved.new,
        won_deals=moved.won,
        lost_deals=moved.lost,
        postponed_deals=moved.postponed,
    )


def _difference(now: Decimal | int, then: Decimal | int) -> Difference:
    absolute = Decimal(now) - then
    return Difference(
        absolute=absolute, relative=None if then == 0 else round(float(absolute / then), 6)
    )


async def _realised(db: AsyncSession, money: Conversion, today: date) -> Realised:
    quarter = (today.month - 1) // _MONTHS_A_QUARTER
    starts_on = today.replace(month=quarter * _MONTHS_A_QUARTER + 1, day=1)
    is_fresh = (Deal.revenue_recognised_on > today - COMPARED_WITH).label("is_fresh")
    deals = (
        priced(Deal, money, is_fresh)
        .where(Deal.is_live, Deal.revenue_recognised_on.between(starts_on, today))
        .subquery()
        .c
    )
    fresh = func.coalesce(func.sum(deals.value).filter(deals.is_fresh), 0)
    row = (await db.execute(select(fresh, *sums_of(deals)))).one()
    sums = read_sums(row[1:])
    return Realised(
        quarter=quarter + 1,
        year=today.year,
        starts_on=starts_on,
        deals=sums.deals,
        value=sums.value,
        last_7_days=row[0],
        without_rate=sums.without_rate,
    )
