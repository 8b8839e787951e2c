"""How deals went through the phases, and how long the whole way took those that arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, Integer, and_, case, func, literal, select, type_coerce

from pulse.analytics.o2r.kept import kept_for_now
from pulse.analytics.sums import priced, read_sums, sums_of
from pulse.core.o2r.pace import ENTERED_WITHIN_DAYS, Fate, Stays, pace_of
from pulse.core.o2r.phases import Phase
from pulse.db.as_text import as_text, rows_of
from pulse.queries.money import computed_once

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.analytics.o2r.health import Judged
    from pulse.analytics.question import Side
    from pulse.analytics.sums import Sums
    from pulse.core.o2r.pace import Pace
    from pulse.core.quarters import Quarter

_NOTHING: Final = Decimal(0)


async def read_paces(db: AsyncSession, side: Side, judged: Judged) -> Mapping[Phase, Pace]:
    """Return the pace of every phase, of deals that entered it in the last two years."""
    told = await db.scalar(select(as_text(_stays(side, judged))))
    stays: dict[Phase, list[Stays]] = {phase: [] for phase in Phase}
    for others, kind, count in rows_of(told or "[]"):
        if kind is not None:
            days, fate = divmod(kind, len(_FATES))
            stays[_PHASES_TOLD[others]].append(Stays(days, _FATES[fate], count))
    return {phase: pace_of(each) for phase, each in stays.items()}


_FATES: Final = tuple(Fate)
# GROUPING says by its bits which columns a row is not grouped by; the last one is the lowest.
_PHASES_TOLD: Final = {
    (1 << len(Phase)) - 1 - (1 << len(Phase) - phase.number): phase for phase in Phase
}


# Any: a select of whatever columns.
def _stays(side: Side, judged: Judged) -> Select[tuple[Any, ...]]:
    """Return (GROUPING, days and fate in one number, deals), for each phase in turn.

    One pass over the deals: a scan for each phase took half as long again.
    """
    deals, day = judged.deals, judged.day
    since = day.today - timedelta(days=ENTERED_WITHIN_DAYS)
    created = deals.deal.crm_created_at
    # Days of the organisation's are compared as the instants of their beginnings.
    is_new = and_(created >= day.starts(since), created < day.starts(day.today + timedelta(days=1)))
    dates: dict[Phase, ColumnElement[date | None]] = {
        phase: case((is_new, judged.entered(phase)))
        if phase is Phase.OPPORTUNITY
        else _come(judged.entered(phase), day.today)
        for phase in Phase
    }
    dated = (
        select(
            *(entered.label(phase.value) for phase, entered in dates.items()),
            _come(deals.deal.revenue_recognised_on, day.today).label("recognised"),
            judged.is_lost.label("is_lost"),
        )
        .select_from(deals.table)
        .where(*side.meets(deals))
    )
    ways = computed_once(dated).subquery("ways").c
    kinds = (
        computed_once(
            select(*(_kind(phase, ways, since, day.today).label(phase.value) for phase in Phase))
        )
        .subquery("kinds")
        .c
    )
    each = [kinds[phase.value] for phase in Phase]
    return select(func.grouping(*each), func.coalesce(*each), func.count()).group_by(
        func.grouping_sets(*each)
    )


# Any: dates, and whether it is lost.
def _kind(
    phase: Phase, ways: ReadOnlyColumnCollection[str, Any], since: date, today: date
) -> ColumnElement[int | None]:
    """Return days in the phase and fate as one number; NULL for deals that are not meant."""
    entered = ways[phase.value]
    later = [ways[each.value] for each in Phase if each.number > phase.number]
    # LEAST leaves out what is NULL: the first date of any later phase.
    ended = func.least(*later, ways.recognised)
    fate = case(
        (ended.is_not(None), _FATES.index(Fate.MOVED_ON)),
        (ways.is_lost, _FATES.index(Fate.LOST)),
        else_=_FATES.index(Fate.UNFINISHED),
    )
    days = func.greatest(
        type_coerce(func.coalesce(ended, literal(today, Date)) - entered, Integer), 0
    )
    return case((entered >= since, days * len(_FATES) + fate))


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
    found = (await db.execute(_realised_query(side, judged, quarter))).all()
    return Realised(
        by_currency={row[0]: read_sums(row[2:]) for row in found},
        this_week=sum((row[1] for row in found), start=_NOTHING),
    )


# Any: a currency, what came this week, and sums.
@kept_for_now
def _realised_query(side: Side, judged: Judged, quarter: Quarter) -> Select[*tuple[Any, ...]]:
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
    return select(rows.currency, this_week, *sums_of(rows)).group_by(rows.currency)


async def read_cycle(db: AsyncSession, side: Side, judged: Judged, quarter: Quarter) -> Cycle:
    """Return how long the way took the deals whose revenue was recognised in a quarter.

    The middle of an even number is the lower of both. A deal whose day of creation is unknown, or
    later than its revenue, has no cycle.
    """
    row = (await db.execute(_cycle_query(side, judged, quarter))).one()
    return Cycle(deals=row[0], median_days=row[1])


@kept_for_now
def _cycle_query(side: Side, judged: Judged, quarter: Quarter) -> Select[int, int | None]:
    deals, today = judged.deals, judged.day.today
    recognised = deals.deal.revenue_recognised_on
    days = recognised - judged.entered(Phase.OPPORTUNITY)
    return (
        select(func.count(), func.percentile_disc(0.5).within_group(days))
        .select_from(deals.table)
        .where(
            *side.meets(deals),
            recognised.between(quarter.first, quarter.last),
            recognised <= today,
            days >= 0,
        )
    )
