"""How deals went through the phases, and how soon."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, Integer, and_, case, func, literal, select, type_coerce

from pulse.analytics.kept import kept
from pulse.analytics.o2r.health import judge_deals
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

    from pulse.analytics.o2r.health import Day
    from pulse.analytics.question import Side
    from pulse.core.o2r.pace import Pace

_NOTHING: Final = Decimal(0)


async def read_paces(db: AsyncSession, side: Side, day: Day) -> Mapping[Phase, Pace]:
    """Return the pace of every phase, of deals that entered it in the last two years."""
    told = await db.scalar(*_paces_query(side, day))
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


@kept
def _paces_query(side: Side, day: Day) -> Select[str]:
    return select(as_text(_stays(side, day)))


# Any: a select of whatever columns.
def _stays(side: Side, day: Day) -> Select[tuple[Any, ...]]:
    """Return (GROUPING, days and fate in one number, deals), for each phase in turn.

    One pass over the deals: a scan for each phase took half as long again.
    """
    deals = side.deals()
    judged = judge_deals(day, deals)
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
