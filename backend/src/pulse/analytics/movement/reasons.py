"""Why a deal moved: the buckets, the reasons, and the SQL that finds the reason.

A deal that came in or went out changed in one or more of the ways that the filters ask about. The
first of `PARTS` that it did not fulfil on the other side is told: one reason a deal, so that the
reasons of a bucket add up to the bucket.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, and_, case, cast, literal, or_, true

from pulse.core.deal_filters import DealFilter, Dimension, Outcome
from pulse.core.periods import Days
from pulse.queries.deal_filters import conditions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement

    from pulse.queries.deal_filters import Scope
    from pulse.queries.moments import DealsAt


class Bucket(StrEnum):
    """Where a moved cent goes, in the order of a waterfall."""

    NEW = "new"
    PULLED_IN = "pulled_in"
    INCREASED = "increased"
    DECREASED = "decreased"
    PUSHED_OUT = "pushed_out"
    WON = "won"
    LOST = "lost"


class Reason(StrEnum):
    """Why a deal is in its bucket."""

    CREATED = "created"
    FIRST_SEEN = "first_seen"
    RESTORED = "restored"
    DELETED = "deleted"
    HIDDEN = "hidden"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    CLOSING_DATE = "closing_date"
    PROBABILITY = "probability"
    STAGE = "stage"
    OWNER = "owner"
    ACCOUNT = "account"
    COUNTRY = "country"
    REGION = "region"
    SOLUTION = "solution"
    FUNDING = "funding"
    SEGMENT = "segment"
    CURRENCY = "currency"
    VALUE = "value"
    TEXT = "text"
    AMOUNT = "amount"
    OWN_RATE = "own_rate"
    RATES = "rates"
    MISSING_RATE = "missing_rate"
    OTHER = "other"


WORDS: Final[Mapping[Reason, str]] = {
    Reason.CREATED: "Created since then",
    Reason.FIRST_SEEN: "First seen since then",
    Reason.RESTORED: "Back in the CRM",
    Reason.DELETED: "Deleted in the CRM",
    Reason.HIDDEN: "No longer shown to us",
    Reason.WON: "Won",
    Reason.LOST: "Lost",
    Reason.REOPENED: "Reopened",
    Reason.CLOSING_DATE: "Closing date moved",
    Reason.PROBABILITY: "Probability changed",
    Reason.STAGE: "Stage changed",
    Reason.OWNER: "Owner changed",
    Reason.ACCOUNT: "Account changed",
    Reason.COUNTRY: "Country changed",
    Reason.REGION: "Region changed",
    Reason.SOLUTION: "Solution changed",
    Reason.FUNDING: "Funding changed",
    Reason.SEGMENT: "Segment changed",
    Reason.CURRENCY: "Currency changed",
    Reason.VALUE: "Value crossed a bound of the filter",
    Reason.TEXT: "Name, account or owner changed",
    Reason.AMOUNT: "Amount changed",
    Reason.OWN_RATE: "The deal's own exchange rate changed",
    Reason.RATES: "Only the CRM's rates moved",
    Reason.MISSING_RATE: "A rate appeared or went missing",
    Reason.OTHER: "Another change",
}
"""A reason for many deals."""

DIMENSION_REASON: Final[Mapping[Dimension, Reason]] = {
    Dimension.STAGE: Reason.STAGE,
    Dimension.OWNER: Reason.OWNER,
    Dimension.ACCOUNT: Reason.ACCOUNT,
    Dimension.COUNTRY: Reason.COUNTRY,
    Dimension.REGION: Reason.REGION,
    Dimension.SOLUTION: Reason.SOLUTION,
    Dimension.FUNDING: Reason.FUNDING,
    Dimension.SEGMENT: Reason.SEGMENT,
    Dimension.CURRENCY: Reason.CURRENCY,
}


def parts(wanted: DealFilter) -> Iterator[tuple[Reason, DealFilter]]:
    """Yield the parts of a filter that are set, each alone, in the order in which they are told."""
    if wanted.outcomes:
        yield Reason.STAGE, DealFilter(outcomes=wanted.outcomes)
    if wanted.closing != Days():
        yield Reason.CLOSING_DATE, DealFilter(closing=wanted.closing)
    if wanted.bands:
        yield Reason.PROBABILITY, DealFilter(bands=wanted.bands)
    for dimension, reason in DIMENSION_REASON.items():
        if values := wanted.choices.get(dimension):
            yield reason, DealFilter(choices={dimension: values})
    if wanted.least_value is not None or wanted.greatest_value is not None:
        yield (
            Reason.VALUE,
            DealFilter(least_value=wanted.least_value, greatest_value=wanted.greatest_value),
        )
    if wanted.text:
        yield Reason.TEXT, DealFilter(text=wanted.text)


def reason_of(wanted: DealFilter, scope: Scope, deals: DealsAt) -> ColumnElement[str]:
    """Return the reason why a row of `deals` is not among the deals meant."""
    process, deal = scope.process, deals.deal
    found: list[tuple[ColumnElement[bool], ColumnElement[str]]] = []
    for reason, part in parts(wanted):
        fails = and_(*conditions(part, scope, deals)).is_not(true())
        if part.outcomes:
            # A deal that is or was closed, where open ones are meant, and the other way round.
            is_open_meant = Outcome.OPEN in part.outcomes
            other_way = (
                or_(process.is_won(deal), process.is_lost(deal))
                if is_open_meant
                else process.is_open(deal)
            )
            found.append((and_(fails, other_way), named(Reason.REOPENED)))
        found.append((fails, named(reason)))
    return case(*found, else_=named(Reason.OTHER)) if found else named(Reason.OTHER)


@dataclass(frozen=True, slots=True)
class Facts:
    """What makes a deal's value at one moment, as SQL."""

    value: ColumnElement[Any]
    amount: ColumnElement[Any]
    currency: ColumnElement[Any]
    exchange_rate: ColumnElement[Any]

    @property
    def lacks_rate(self) -> ColumnElement[bool]:
        """Whether there is an amount that has no value."""
        return and_(self.value.is_(None), self.amount.is_not(None))


def change_reason(then: Facts, now: Facts) -> ColumnElement[str]:
    """Return the reason why a deal that stayed has another value."""
    return case(
        (then.currency.is_distinct_from(now.currency), named(Reason.CURRENCY)),
        (or_(then.lacks_rate, now.lacks_rate), named(Reason.MISSING_RATE)),
        (then.amount.is_distinct_from(now.amount), named(Reason.AMOUNT)),
        (then.exchange_rate.is_distinct_from(now.exchange_rate), named(Reason.OWN_RATE)),
        else_=named(Reason.RATES),
    )


def named(word: Reason | Bucket) -> ColumnElement[str]:
    """Return a bucket or reason as SQL."""
    return cast(literal(word.value), Text)
