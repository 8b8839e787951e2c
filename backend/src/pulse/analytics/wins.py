"""Win rate: of the deals that were closed in a range of days, the share that was won.

A pipeline of open deals holds none that are won or lost, so a win rate is never made of the deals
under the filters alone: what they say of closing date, probability, stage and outcome is left out,
and everything else (country, owner, account, amount, text, …) holds. A deal is closed on its
closing date, in a stage that the CRM forecasts as won or lost. The usual range is the twelve months
up to the day that is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_

from pulse.analytics.sums import percentage
from pulse.core.deal_filters import Dimension, Outcome
from pulse.core.periods import Days
from pulse.kit.errors import InvalidInputError

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy import ColumnElement

    from pulse.analytics.question import Side
    from pulse.queries.moments import DealsAt


EXAMPLE: Final = InvalidInputError(
    "closed_from: 2026-04-01 is later than the last day, 2026-03-02.",
    fix="Give an earlier day, or leave both out for the last twelve months.",
    extra={"field": "closed_from"},
)
"""What a range that ends before it begins is answered with."""


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The days on which deals were closed, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Closed:
    """Deals that were closed in a range of days."""

    won: int = 0
    lost: int = 0

    def __add__(self, other: Closed) -> Closed:
        """Return both groups as one."""
        return Closed(self.won + other.won, self.lost + other.lost)

    @property
    def deals(self) -> int:
        """Won and lost ones."""
        return self.won + self.lost

    @property
    def win_rate(self) -> Decimal | None:
        """Won of all that were closed, in percent with two places; None if none was."""
        return percentage(self.won, self.deals)


def closed_days(today: date, first: date | None = None, last: date | None = None) -> ClosedDays:
    """Return the range that win rates are of: as given, else the twelve months up to a day.

    Raises InvalidInputError for a range that ends before it begins.
    """
    end = today if last is None else last
    begin = year_before(end) + timedelta(days=1) if first is None else first
    if begin > end:
        raise InvalidInputError(
            f"closed_from: {begin} is later than the last day, {end}.",
            fix=EXAMPLE.fix,
            extra={"field": "closed_from"},
        )
    return ClosedDays(begin, end)


def year_before(day: date) -> date:
    """Return the same day a year before; of 29 February, the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def closed_side(side: Side, days: ClosedDays) -> Side:
    """Return the same moment and deals, but those that close in a range, wherever they stand."""
    wanted = side.wanted.without_dimension(Dimension.STAGE)
    return replace(
        side, wanted=replace(wanted, closing=Days(days.first, days.last), bands=(), outcomes=())
    )


def is_closed(side: Side, deals: DealsAt) -> ColumnElement[bool]:
    """Return whether a deal is won or lost."""
    process = side.scope.process
    return or_(*(process.has(each, deals.deal) for each in (Outcome.WON, Outcome.LOST)))
