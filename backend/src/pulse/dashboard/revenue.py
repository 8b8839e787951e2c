"""Revenue month by month: what was recognised, and what open deals are expected to bring.

*Realised* goes by the day on which revenue was recognised, up to the organisation's day. *Expected*
is the value of open deals by their probability, in the month of their closing date; it begins with
the running month, whose days that have passed are in it too: a late deal is still expected. A deal
whose revenue is recognised is realised and nothing else, whatever its stage says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, and_, cast, false, func, or_, select

from pulse.analytics.basis import OpenConflicts, basis_of, conflicted_deals
from pulse.analytics.kept import kept
from pulse.analytics.sums import Sums, priced, read_sums, sums_of
from pulse.core.quarters import quarter_of
from pulse.dashboard.revenue_schemas import (
    ExpectedDeals,
    RealisedDeals,
    RealisedQuarter,
    Revenue,
    RevenueKind,
    RevenueMonth,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.kept import Moments
    from pulse.analytics.question import Question, Side
    from pulse.queries.moments import DealsAt

MONTHS_BACK: Final = 3
MONTHS_AHEAD: Final = 3
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A range of days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Group:
    month: date
    currency: str | None
    is_this_week: bool
    conflicts: OpenConflicts
    sums: Sums


async def read_revenue(db: AsyncSession, question: Question) -> Revenue:
    """Return the months around a question's day, and its quarter so far."""
    side, today = question.now, question.today
    months = months_around(today)
    running = months[MONTHS_BACK]
    realised, expected = [
        await _by_month(db, *_months_query(side, kind, days, today))
        for kind, days in (
            (RevenueKind.REALISED, Days(months[0].first, today)),
            (RevenueKind.EXPECTED, Days(running.first, months[-1].last)),
        )
    ]
    by_currency: dict[str | None, Sums] = {}
    for group in (*realised, *expected):
        by_currency[group.currency] = by_currency.get(group.currency, Sums()) + group.sums
    return Revenue(
        basis=basis_of(question, by_currency, _conflicts(side, [*realised, *expected])),
        quarter=_quarter(realised, today),
        months=[
            RevenueMonth(
                starts_on=month.first,
                ends_on=month.last,
                realised=_realised(_sum(realised, month)),
                expected=None if month < running else _expected(_sum(expected, month)),
            )
            for month in months
        ],
    )


def months_around(today: date) -> list[Days]:
    """Return the months that are shown, in order; the running one has `MONTHS_BACK` before it."""
    starts = [_first_of_month(today, count) for count in range(-MONTHS_BACK, MONTHS_AHEAD + 2)]
    return [Days(first, after - timedelta(days=1)) for first, after in pairwise(starts)]


def _first_of_month(day: date, months_later: int) -> date:
    years, place = divmod(day.month - 1 + months_later, _MONTHS_A_YEAR)
    return date(day.year + years, place + 1, 1)


def deals_of(
    kind: RevenueKind, days: Days, side: Side, deals: DealsAt, today: date
) -> tuple[SQLColumnExpression[date | None], ColumnElement[bool]]:
    """Return the day on which a deal counts, and whether it counts in a range of days."""
    recognised, closing = deals.deal.revenue_recognised_on, deals.deal.closing_date
    if kind is RevenueKind.REALISED:
        until = min(days.last, today)
        return recognised, recognised.between(days.first, until)
    is_due = or_(recognised.is_(None), recognised > today)
    is_open = side.scope.process.is_open(deals.deal)
    return closing, and_(closing.between(days.first, days.last), is_open, is_due)


# Any: month, currency, this week or not, conflicts, and sums.
@kept
def _months_query(
    side: Side, kind: RevenueKind, days: Days, today: date
) -> Select[*tuple[Any, ...]]:
    deals = side.deals()
    day, is_meant = deals_of(kind, days, side, deals, today)
    monday = today - timedelta(days=today.weekday())
    in_conflict = false() if side.at is not None else deals.id.in_(conflicted_deals())
    rows = (
        priced(
            deals.deal,
            side.scope.money,
            cast(func.date_trunc("month", day), Date).label("month"),
            deals.deal.currency.label("currency"),
            (day >= monday).label("is_this_week"),
            in_conflict.label("in_conflict"),
        )
        .select_from(deals.table)
        .where(*side.meets(deals), is_meant)
        .subquery()
        .c
    )
    keys = (rows.month, rows.currency, rows.is_this_week)
    return select(
        *keys,
        func.count().filter(rows.in_conflict),
        func.coalesce(func.sum(rows.value).filter(rows.in_conflict), 0),
        *sums_of(rows),
    ).group_by(*keys)


async def _by_month(
    db: AsyncSession, query: Select[*tuple[Any, ...]], moments: Moments
) -> list[_Group]:
    return [
        _Group(
            month=month,
            currency=currency,
            is_this_week=is_this_week,
            conflicts=OpenConflicts(deals=conflicts, value=conflicting),
            sums=read_sums(sums),
        )
        for month, currency, is_this_week, conflicts, conflicting, *sums in await db.execute(
            query, moments
        )
    ]


def _sum(groups: Iterable[_Group], month: Days) -> Sums:
    return sum((group.sums for group in groups if group.month == month.first), start=Sums())


def _conflicts(side: Side, groups: Sequence[_Group]) -> OpenConflicts | None:
    if side.at is not None:
        return None
    return OpenConflicts(
        deals=sum(group.conflicts.deals for group in groups),
        value=sum((group.conflicts.value for group in groups), Decimal(0)),
    )


def _realised(sums: Sums) -> RealisedDeals:
    return RealisedDeals(deals=sums.deals, value=sums.value)


def _expected(sums: Sums) -> ExpectedDeals:
    return ExpectedDeals(deals=sums.deals, value=sums.value, weighted=sums.weighted)


def _quarter(realised: Sequence[_Group], today: date) -> RealisedQuarter:
    quarter = quarter_of(today)
    its = [group for group in realised if group.month >= quarter.first]
    whole = sum((group.sums for group in its), start=Sums())
    # A week that began in the quarter before is told as far as it is in this one.
    this_week = sum((group.sums.value for group in its if group.is_this_week), Decimal(0))
    return RealisedQuarter(
        quarter=str(quarter),
        starts_on=quarter.first,
        deals=whole.deals,
        value=whole.value,
        this_week=this_week,
    )
