"""What groups of deals add up to: the sums of every figure, and how SQL computes them fast.

A deal without an amount, or without a rate for it, counts and adds nothing. Averages are made of
sums, never of averages, so groups can be added up: the average size is the value by the deals that
have one, the average probability the mean of the probabilities there are.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Numeric, func, literal_column, select

from pulse.queries.money import computed_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.models.deals import DealFacts
    from pulse.queries.money import Conversion

NOTHING: Final = Decimal(0)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Sums:
    """Deals of one group, summed. Money is in the base currency."""

    deals: int = 0
    value: Decimal = NOTHING
    weighted: Decimal = NOTHING
    valued: int = 0
    """Deals that have a value."""
    amounts: int = 0
    """Deals that have an amount, convertible or not."""
    probability: Decimal = NOTHING
    """Sum of the probabilities there are, in percent."""
    probabilities: int = 0
    own_rates: int = 0
    """Deals with a value and a rate of their own; in base or home currency it was not needed."""

    def __add__(self, other: Sums) -> Sums:
        """Return both groups as one."""
        # One by one: an answer adds up hundreds of groups.
        return Sums(
            self.deals + other.deals,
            self.value + other.value,
            self.weighted + other.weighted,
            self.valued + other.valued,
            self.amounts + other.amounts,
            self.probability + other.probability,
            self.probabilities + other.probabilities,
            self.own_rates + other.own_rates,
        )

    @property
    def without_rate(self) -> int:
        """Deals whose amount could not be converted: they are in no total."""
        return self.amounts - self.valued

    @property
    def average_size(self) -> Decimal | None:
        """Value by the deals that have one, in cents; None if none has."""
        return average(self.value, self.valued)

    @property
    def average_probability(self) -> Decimal | None:
        """Mean of the probabilities there are, in percent with two places; None without any."""
        return average(self.probability, self.probabilities)

    @property
    def weighted_percent(self) -> Decimal | None:
        """Weighted value as percentage of the value, with two places; None where that is zero."""
        return percentage(self.weighted, self.value)


SUMS: Final = tuple(each.name for each in fields(Sums))
"""The columns of `Sums`, in their order."""


def average(total: Decimal, count: int) -> Decimal | None:
    """Return a mean with two places, half away from zero; None of nothing."""
    return None if count == 0 else (total / count).quantize(_CENT, ROUND_HALF_UP)


def percentage(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return a share in percent with two places; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(_CENT, ROUND_HALF_UP)


# Any: a row of the columns of `Sums`, which SQLAlchemy does not type.
def read_sums(row: Sequence[Any]) -> Sums:
    """Return the sums out of a row's columns of `sums_of`, or of sums over these, text or not."""
    deals, value, weighted, valued, amounts, probability, probabilities, own_rates = row
    # A sum over counts is numeric in PostgreSQL.
    return Sums(
        int(deals),
        Decimal(value),
        Decimal(weighted),
        int(valued),
        int(amounts),
        Decimal(probability),
        int(probabilities),
        int(own_rates),
    )


def priced(
    deal: type[DealFacts], money: Conversion, *columns: SQLColumnExpression[Any]
) -> Select[tuple[Any, ...]]:
    """Return a query of deals with their values, and of other columns; conditions may be added."""
    return computed_once(
        select(
            money.value(deal).label("value"),
            deal.probability.label("probability"),
            deal.amount.label("amount"),
            (deal.exchange_rate > 0).label("has_own_rate"),
            *columns,
        )
    )


def sums_of(deals: ReadOnlyColumnCollection[str, Any]) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of `Sums`, in their order, over the rows of a `priced` query."""
    # The sum of `weighted_value`; the point is moved behind it, a product less for each deal.
    percents = func.round(deals.value * func.coalesce(deals.probability, 0))
    weighted = func.coalesce(func.sum(percents), 0) * literal_column("0.01", Numeric())
    return (
        func.count().label("deals"),
        func.coalesce(func.sum(deals.value), 0).label("value"),
        weighted.label("weighted"),
        func.count(deals.value).label("valued"),
        func.count(deals.amount).label("amounts"),
        func.coalesce(func.sum(deals.probability), 0).label("probability"),
        func.count(deals.probability).label("probabilities"),
        func.count().filter(deals.has_own_rate, deals.value.is_not(None)).label("own_rates"),
    )


def sums_again(groups: ReadOnlyColumnCollection[str, Any]) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of `Sums` over rows that are sums themselves."""
    return tuple(func.coalesce(func.sum(groups[name]), 0).label(name) for name in SUMS)
