"""Deals whose closing date was moved later, and those that are past it and still open.

A deal was *moved* if it is open at `as_of`, was open at `compared_with`, and closes later now than
it did then. It is *overdue* if it is open and its closing date is before the organisation's day.
Filters other than closing days are asked at `as_of`; closing days hold at either moment, as a deal
that was moved out of the days asked for is just what one looks for here.

*Moved out* are the moved deals that fulfilled the whole filter at `compared_with` and now close
after its last day, at the value they had; told as a share of what that pipeline was worth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, cast, false, func, literal, null, or_, select
from sqlalchemy.types import Date, Numeric

from pulse.core.periods import Days
from pulse.queries.deal_filters import conditions

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import CTE, ColumnElement, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question
    from pulse.analytics.sums import Sums

NOTHING: Final = Decimal(0)


class SlipKind(StrEnum):
    """Which deals are listed."""

    MOVED = "moved"
    MOVED_OUT = "moved_out"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Slipped:
    """Deals and what they are worth."""

    deals: int = 0
    value: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Slips:
    """How much slipped; what compares with an earlier moment is None where there is none."""

    overdue: Slipped
    moved: Slipped | None
    moved_out: Slipped | None
    """None too where the filter has no last closing day."""
    pipeline_then: Slipped | None
    """What the whole filter found at the earlier moment."""

    def count(self, kind: SlipKind) -> int:
        """Return how many deals slipped one way."""
        found = {
            SlipKind.MOVED: self.moved,
            SlipKind.MOVED_OUT: self.moved_out,
            SlipKind.OVERDUE: self.overdue,
        }[kind]
        return 0 if found is None else found.deals


@dataclass(frozen=True, slots=True)
class SlippedDeal:
    """One deal, with the closing days it had and has."""

    id: int
    value: Decimal | None
    closed_on: date | None
    """Its closing day at the earlier moment; None if it was not open then."""
    closes_on: date


async def read_slips(db: AsyncSession, question: Question, then: Sums | None) -> Slips:
    """Return how much slipped, in number and value.

    `then` is what the whole filter found at the earlier moment; None where there is none.
    """
    rows = slipping(question).c
    sums = [
        part
        for wanted, value in (
            (rows.is_overdue, rows.value),
            (rows.is_moved, rows.value),
            (rows.is_moved_out, rows.value_then),
        )
        for part in (
            func.count().filter(wanted),
            func.coalesce(func.sum(value).filter(wanted), 0),
        )
    ]
    row = (await db.execute(select(*sums))).one()
    overdue, moved, out = (Slipped(row[at], Decimal(row[at + 1])) for at in (0, 2, 4))
    if then is None:
        return Slips(overdue, None, None, None)
    has_end = question.now.wanted.closing.last is not None
    return Slips(overdue, moved, out if has_end else None, Slipped(then.deals, then.value))


async def read_slipped_deals(
    db: AsyncSession, question: Question, kind: SlipKind, *, limit: int, offset: int
) -> list[SlippedDeal]:
    """Return some of the deals that slipped one way: the most days first, ties by id."""
    rows = slipping(question).c
    is_overdue = kind is SlipKind.OVERDUE
    days = rows.closes_on - (literal(question.today, Date) if is_overdue else rows.closed_on)
    order = days.asc() if is_overdue else days.desc()
    chosen = {
        SlipKind.MOVED: rows.is_moved,
        SlipKind.MOVED_OUT: rows.is_moved_out,
        SlipKind.OVERDUE: rows.is_overdue,
    }[kind]
    # What left is told at what it was worth, as its sum is.
    value = rows.value_then if kind is SlipKind.MOVED_OUT else rows.value
    found = await db.execute(
        select(rows.id, value, rows.closed_on, rows.closes_on)
        .where(chosen)
        .order_by(order, rows.id)
        .limit(limit)
        .offset(offset)
    )
    return [SlippedDeal(*row) for row in found]


def slipping(question: Question) -> CTE:
    """Return the open deals of the filter with both closing days, and what became of them."""
    side = question.now
    deals = side.deals()
    deal, closing = deals.deal, side.wanted.closing
    anywhen = replace(side.wanted, closing=Days())
    columns: list[Any] = [
        deals.id.label("id"),
        side.scope.money.value(deal).label("value"),
        deal.closing_date.label("closes_on"),
        and_(_within(deal.closing_date, closing), deal.closing_date < question.today).label(
            "is_overdue"
        ),
    ]
    is_open = and_(deals.held(), side.scope.process.is_open(deal), deal.closing_date.is_not(None))
    chosen = (is_open, *conditions(anywhen, side.scope, deals))
    then = question.then
    if then is None:
        return (
            select(
                *columns,
                cast(null(), Date).label("closed_on"),
                cast(null(), Numeric).label("value_then"),
                false().label("is_moved"),
                false().label("is_moved_out"),
            )
            .where(*chosen)
            .cte("slipping")
        )
    before = then.deals()
    was = before.deal
    is_moved = func.coalesce(
        and_(
            deal.closing_date > was.closing_date,
            or_(_within(deal.closing_date, closing), _within(was.closing_date, closing)),
        ),
        false(),
    )
    left = false() if closing.last is None else deal.closing_date > closing.last
    was_meant = and_(*conditions(then.wanted, then.scope, before))
    return (
        select(
            *columns,
            was.closing_date.label("closed_on"),
            then.scope.money.value(was).label("value_then"),
            is_moved.label("is_moved"),
            and_(is_moved, left, func.coalesce(was_meant, false())).label("is_moved_out"),
        )
        .select_from(deals.table)
        .outerjoin(
            before.table,
            and_(before.id == deals.id, before.held(), then.scope.process.is_open(was)),
        )
        .where(*chosen)
        .cte("slipping")
    )


def _within(day: SQLColumnExpression[date | None], days: Days) -> ColumnElement[bool]:
    first = literal(value=True) if days.first is None else day >= days.first
    last = literal(value=True) if days.last is None else day <= days.last
    return and_(first, last)
