"""The Dashboard's figures, put together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pulse.analytics.sums import Sums
from pulse.asking.scope import day_of, read_scope_and_history
from pulse.core.deal_filters import Outcome
from pulse.dashboard.history import movement_since
from pulse.dashboard.pipeline import Asked, read_figures, undescribed_deals
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
from pulse.queries.moments import conversion_at
from pulse.queries.stages import ACTIVE_PROBABILITY

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.dashboard.pipeline import Figures
    from pulse.queries.stages import SalesProcess

COMPARED_WITH: Final = timedelta(days=7)
TOP_COUNTRIES: Final = 5
_NO_STAGE: Final = "No stage"
_MONTHS_A_QUARTER: Final = 3


async def dashboard(db: AsyncSession, now: datetime) -> Dashboard:
    """Return the pipeline as it stands at `now`."""
    scope, began = await read_scope_and_history(db)
    money, process, today = scope.money, scope.process, day_of(now, scope)
    since = None if began is None or began > now else max(now - COMPARED_WITH, began)
    quarter_began = _quarter_of(today)
    figures = await read_figures(
        db,
        Asked(
            process=process,
            money=money,
            today=today,
            quarter_began=quarter_began,
            fresh_after=today - COMPARED_WITH,
            since=since,
            money_then=await conversion_at(db, money, since),
        ),
    )
    pipeline = figures.pipeline
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
        change=None if since is None else await _change(db, process, figures, since, now),
        realised=_realised(figures, quarter_began),
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
    db: AsyncSession, process: SalesProcess, figures: Figures, since: datetime, now: datetime
) -> Change:
    total, then = figures.pipeline.total, figures.then
    moved = await movement_since(db, process, since)
    return Change(
        since=since,
        is_cut=since > now - COMPARED_WITH,
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


def _quarter_of(day: date) -> date:
    """Return the first day of the quarter that a day is in."""
    return day.replace(month=day.month - (day.month - 1) % _MONTHS_A_QUARTER, day=1)


def _realised(figures: Figures, quarter_began: date) -> Realised:
    sums = figures.realised
    return Realised(
        quarter=(quarter_began.month - 1) // _MONTHS_A_QUARTER + 1,
        year=quarter_began.year,
        starts_on=quarter_began,
        deals=sums.deals,
        value=sums.value,
        last_7_days=figures.fresh.value,
        without_rate=sums.without_rate,
    )
