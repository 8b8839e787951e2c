"""How deals went through the phases, and how long the whole way took those that arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, and_, case, func, literal, select, union_all

from pulse.analytics.sums import priced, read_sums, sums_of
from pulse.core.o2r.pace import ENTERED_WITHIN_DAYS, Fate, Stays, pace_of
from pulse.core.o2r.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Judged
    from pulse.analytics.question import Side
    from pulse.analytics.sums import Sums
    from pulse.core.o2r.pace import Pace
    from pulse.core.quarters import Quarter

_NOTHING: Final = Decimal(0)


async def read_paces(db: AsyncSession, side: Side, judged: Judged) -> Mapping[Phase, Pace]:
    """Return the pace of every phase, of deals that entered it in the last two years."""
    # A scan for each phase takes half the time of one that makes four rows of every deal.
    found = await db.execute(union_all(*(_stays(side, judged, phase) for phase in Phase)))
    stays: dict[Phase, list[Stays]] = {phase: [] for phase in Phase}
    for phase, days, fate, count in found:
        stays[Phase(phase)].append(Stays(days, Fate(fate), count))
    return {phase: pace_of(each) for phase, each in stays.items()}


# Any: a select of whatever columns.
def _stays(side: Side, judged: Judged, phase: Phase) -> Select[tuple[Any, ...]]:
    deals, today = judged.deals, judged.day.today
    entered = judged.entered(phase)
    later = [judged.entered(each) for each in Phase if each.number > phase.number]
    ends = [_come(each, today) for each in (*later, deals.deal.revenue_recognised_on)]
    # LEAST leaves out what is NULL: the first date of any later phase.
    ended = func.least(*ends)
    since = today - timedelta(days=ENTERED_WITHIN_DAYS)
    if phase is Phase.OPPORTUNITY:
        # Days of the organisation's are compared as the instants of their beginnings.
        created, day = deals.deal.crm_created_at, judged.day
        is_meant = and_(
            created >= day.starts(since), created < day.starts(today + timedelta(days=1))
        )
    else:
        is_meant = entered.between(since, today)
    days = func.greatest(func.coalesce(ended, literal(today, Date)) - entered, 0)
    fate = case(
        (ended.is_not(None), literal(Fate.MOVED_ON.value)),
        (judged.is_lost, literal(Fate.LOST.value)),
        else_=literal(Fate.UNFINISHED.value),
    )
    stays = (
        select(days.label("days"), fate.label("fate"))
        .select_from(deals.table)
        .where(*side.meets(deals), is_meant)
        .subquery()
        .c
    )
    return select(literal(phase.value), stays.days, stays.fate, func.count()).group_by(
        stays.days, stays.fate
    )


def _come(column: SQLColumnExpression[date | None], today: date) -> ColumnElement[date | None]:
    return case((column <= today, column))


@dataclass(frozen=True, slots=True)
class Cycle:
    """How long deals took from creation to revenue that was recognised in a quarter."""

    deals: int
    median_days: int | None


@dataclass(frozen=True, slots=True)
class Realised:
    """Revenue that was recognised in a quarter, up to the day of the question."""

    by_currency: Mapping[str | None, Sums]
    this_week: Decimal
    """Of it, since Monday."""


async def read_realised(db: AsyncSession, side: Side, judged: Judged, quarter: Quarter) -> Realised:
    """Return the revenue of a quarter up to the day of `judged`."""
    deals, today = judged.deals, judged.day.today
    recognised = deals.deal.revenue_recognised_on
    monday = today - timedelta(days=today.weekday())
    rows = (
        priced(
            deals.deal,
            side.scope.money,
            deals.deal.currency.label("currency"),
            (recognised >= monday).label("is_this_week"),
        )
        .select_from(deals.table)
        .where(
            *side.meets(deals),
            recognised.between(quarter.first, quarter.last),
            recognised <= today,
        )
        .subquery()
        .c
    )
    this_week = func.coalesce(func.sum(rows.value).filter(rows.is_this_week), 0)
    found = (
        await db.execute(select(rows.currency, this_week, *sums_of(rows)).group_by(rows.currency))
    ).all()
    return Realised(
        by_currency={row[0]: read_sums(row[2:]) for row in found},
        this_week=sum((row[1] for row in found), start=_NOTHING),
    )


async def read_cycle(db: AsyncSession, side: Side, judged: Judged, quarter: Quarter) -> Cycle:
    """Return how long the way took the deals whose revenue was recognised in a quarter.

    The middle of an even number is the lower of both. A deal whose day of creation is unknown, or
    later than its revenue, has no cycle.
    """
    deals, today = judged.deals, judged.day.today
    recognised = deals.deal.revenue_recognised_on
    days = recognised - judged.entered(Phase.OPPORTUNITY)
    row = (
        await db.execute(
            select(func.count(), func.percentile_disc(0.5).within_group(days))
            .select_from(deals.table)
            .where(
                *side.meets(deals),
                recognised.between(quarter.first, quarter.last),
                recognised <= today,
                days >= 0,
            )
        )
    ).one()
    return Cycle(deals=row[0], median_days=row[1])
