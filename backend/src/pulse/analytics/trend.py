"""How the numbers of a pipeline went between two moments: a few points, each as of its own.

Most versions held at several points and were worth the same at each, so every version is read and
priced once, and added up by the points at which it held. Only a deal that the rates alone may price
otherwise (`Conversion.may_price_unlike`) is priced at each point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, literal, or_, select, true, union_all

from pulse.analytics.numbers import read_sums_of
from pulse.analytics.question import Side
from pulse.analytics.sums import Sums, priced, read_sums, sums_of
from pulse.asking.scope import scopes_at
from pulse.queries.deal_filters import conditions
from pulse.queries.moments import DealsAt, deals_at
from pulse.queries.money import computed_once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question

POINTS: Final = 8
"""Of a trend, both ends included."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What a filter's deals added up to at a moment."""

    at: datetime
    sums: Sums


async def read_trend(db: AsyncSession, question: Question) -> list[TrendPoint]:
    """Return the points from the earlier moment to that of the question; none without history."""
    if question.then is None or question.then.at is None:
        return []
    moments = moments_between(question.then.at, question.as_of)
    wanted, scope = question.now.wanted, question.now.scope
    earlier = [
        Side(wanted, at, held)
        for at, held in zip(moments, await scopes_at(db, scope, moments[:-1]), strict=False)
    ]
    has_bounds = wanted.least_value is not None or wanted.greatest_value is not None
    if has_bounds or not earlier:
        # Which deals are meant goes by what they are worth, so it may differ at each point.
        sums = await read_sums_of(db, *earlier, question.now)
    else:
        sums = await _read_along(db, moments[:-1], earlier, question.now)
    return [TrendPoint(*point) for point in zip(moments, sums, strict=True)]


def moments_between(first: datetime, last: datetime) -> list[datetime]:
    """Return the moments of a trend, evenly spread, both ends included; one if they are one."""
    if first == last:
        return [last]
    step = (last - first) / (POINTS - 1)
    return [*(first + step * place for place in range(POINTS - 1)), last]


@dataclass(frozen=True, slots=True)
class _HeldAtAny(DealsAt):
    """Versions that held at one point or more, of several that follow each other."""

    points: tuple[datetime, ...] = ()

    def held(self) -> ColumnElement[bool]:
        """Return whether a version held at any point."""
        return self.first() < self.end()

    def first(self) -> ColumnElement[int]:
        """Return the place of the first point at which a version held."""
        return self._points_before(self.table.valid_from)

    def end(self) -> ColumnElement[int]:
        """Return the place after the last such point."""
        return self._points_before(self.table.valid_to)

    def _points_before(self, moment: ColumnElement[datetime]) -> ColumnElement[int]:
        places = ((moment <= at, literal(place)) for place, at in enumerate(self.points))
        return case(*places, else_=literal(len(self.points)))


async def _read_along(
    db: AsyncSession, points: Sequence[datetime], earlier: Sequence[Side], now: Side
) -> list[Sums]:
    found = [Sums()] * (len(points) + 1)
    parts = [_priced_once(points, earlier), _of_last(now, len(points))]
    first, *others = (side.scope.money for side in earlier)
    if not all(first.has_same_rates(other) for other in others):
        parts.append(_priced_at_each(points, earlier))
    for first, end, *row in await db.execute(union_all(*parts)):
        sums = read_sums(row)
        for place in range(first, end):
            found[place] += sums
    return found


def _versions(points: Sequence[datetime]) -> _HeldAtAny:
    held = deals_at(points[0])
    return _HeldAtAny(held.at, held.deal, held.id, held.table, tuple(points))


def _of_versions(deals: _HeldAtAny, side: Side) -> ColumnElement[bool]:
    # Implied by what `held` says, and in a form that an index answers.
    lasts = and_(deals.table.valid_to > deals.points[0], deals.table.valid_from <= deals.points[-1])
    return and_(lasts, *conditions(side.wanted, side.scope, deals))


def _is_priced_unlike(deals: DealsAt, earlier: Sequence[Side]) -> ColumnElement[bool]:
    first, *others = (side.scope.money for side in earlier)
    return or_(*(first.may_price_unlike(other, deals.deal) for other in others))


def _priced_once(points: Sequence[datetime], earlier: Sequence[Side]) -> Select[Any]:
    deals, side = _versions(points), earlier[0]
    query = priced(
        deals.deal, side.scope.money, deals.first().label("first"), deals.end().label("end")
    ).where(_of_versions(deals, side), _is_priced_unlike(deals, earlier).is_not(true()))
    rows = query.subquery().c
    return select(rows.first, rows.end, *sums_of(rows)).group_by(rows.first, rows.end)


def _priced_at_each(points: Sequence[datetime], earlier: Sequence[Side]) -> Select[Any]:
    deals = _versions(points)
    deal = deals.deal
    query = select(
        func.generate_series(deals.first(), deals.end() - 1).label("place"),
        deal.amount,
        deal.currency,
        deal.exchange_rate,
        deal.probability,
    ).where(_of_versions(deals, earlier[0]), _is_priced_unlike(deals, earlier))
    # Any: its columns have the names of a deal's.
    held: Any = computed_once(query).subquery().c
    values = {place: side.scope.money.value(held) for place, side in enumerate(earlier)}
    each = computed_once(
        select(
            held.place,
            case(values, value=held.place).label("value"),
            held.probability,
            held.amount,
            (held.exchange_rate > 0).label("has_own_rate"),
        )
    )
    rows = each.subquery().c
    return select(rows.place, rows.place + 1, *sums_of(rows)).group_by(rows.place)


def _of_last(now: Side, place: int) -> Select[Any]:
    deals = now.deals()
    rows = priced(deals.deal, now.scope.money).where(*now.meets(deals)).subquery().c
    return select(literal(place), literal(place + 1), *sums_of(rows))
