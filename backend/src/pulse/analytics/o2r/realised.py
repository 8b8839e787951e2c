"""Revenue that was recognised in a quarter, and how long its deals were on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, and_, cast, func, select

from pulse.analytics.kept import kept
from pulse.analytics.o2r.health import judge_deals
from pulse.analytics.sums import priced, read_sums, sums_of
from pulse.core.o2r.phases import Phase
from pulse.db.as_text import as_text, rows_of
from pulse.queries.money import computed_once

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Day, Judged
    from pulse.analytics.question import Side
    from pulse.analytics.sums import Sums
    from pulse.core.quarters import Quarter

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cycle:
    """How long deals took from creation to revenue that was recognised in a quarter.

    The middle of an even number is the lower of both. A deal whose day of creation is unknown, or
    later than its revenue, has no cycle.
    """

    deals: int
    median_days: int | None


@dataclass(frozen=True, slots=True)
class Realised:
    """Revenue that was recognised in a quarter, up to the day of the question."""

    by_currency: Mapping[str | None, Sums]
    this_week: Decimal
    """Of it, since Monday."""
    cycle: Cycle
    cycle_before: Cycle
    """Of the quarter before."""


async def read_realised(db: AsyncSession, side: Side, day: Day, quarter: Quarter) -> Realised:
    """Return the revenue of a quarter up to a day; in one statement."""
    told_revenue, told_cycles = (await db.execute(*_realised_query(side, day, quarter))).one()
    revenue = rows_of(told_revenue)
    count, median, count_before, median_before = rows_of(told_cycles)[0]
    return Realised(
        by_currency={row[0]: read_sums(row[2:]) for row in revenue},
        this_week=sum((Decimal(row[1]) for row in revenue), start=_NOTHING),
        cycle=Cycle(count, median),
        cycle_before=Cycle(count_before, median_before),
    )


@kept
def _realised_query(side: Side, day: Day, quarter: Quarter) -> Select[str, str]:
    return select(
        as_text(_revenue(side, day, quarter)),
        as_text(_cycles(side, judge_deals(day, side.deals()), quarter)),
    )


# Any: a currency, what came this week, and sums.
def _revenue(side: Side, day: Day, quarter: Quarter) -> Select[*tuple[Any, ...]]:
    deals = side.deals()
    recognised = deals.deal.revenue_recognised_on
    monday = day.today - timedelta(days=day.today.weekday())
    rows = (
        priced(
            deals.deal,
            side.scope.money,
            deals.deal.currency.label("currency"),
            (recognised >= monday).label("is_this_week"),
        )
        .select_from(deals.table)
        .where(*side.meets(deals), *_came_in(quarter, recognised, day.today))
        .subquery()
        .c
    )
    this_week = func.coalesce(func.sum(rows.value).filter(rows.is_this_week), 0)
    # JSON has no exact numbers.
    sums = (cast(each, Text) for each in (this_week, *sums_of(rows)))
    return select(rows.currency, *sums).group_by(rows.currency)


def _cycles(side: Side, judged: Judged, quarter: Quarter) -> Select[int, int, int, int]:
    deals, today = judged.deals, judged.day.today
    recognised = deals.deal.revenue_recognised_on
    ways = (
        computed_once(
            select(
                recognised.label("recognised"),
                (recognised - judged.entered(Phase.OPPORTUNITY)).label("days"),
            ).select_from(deals.table)
        )
        .where(*side.meets(deals), recognised.between(quarter.before.first, quarter.last))
        .subquery()
        .c
    )
    middle = func.percentile_disc(0.5).within_group(ways.days)
    is_meant, was_meant = (
        and_(ways.days >= 0, *_came_in(each, ways.recognised, today))
        for each in (quarter, quarter.before)
    )
    return select(
        func.count().filter(is_meant),
        middle.filter(is_meant),
        func.count().filter(was_meant),
        middle.filter(was_meant),
    )


def _came_in(
    quarter: Quarter, recognised: SQLColumnExpression[date | None], today: date
) -> tuple[ColumnElement[bool], ...]:
    return recognised.between(quarter.first, quarter.last), recognised <= today
