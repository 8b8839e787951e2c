"""Why one deal moved, in a sentence with the values before and after. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.analytics.movement.reasons import WORDS, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from decimal import Decimal

EMPTY: Final = "Empty"


@dataclass(frozen=True, slots=True)
class DealFactsAt:
    """What of a deal a reason may speak of, at one moment; names and labels, not ids."""

    closing_date: date | None = None
    probability: Decimal | None = None
    stage: str | None = None
    owner: str | None = None
    account: str | None = None
    country: str | None = None
    region: str | None = None
    solution: str | None = None
    funding: str | None = None
    segment: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    exchange_rate: Decimal | None = None
    created_at: datetime | None = None


_TEXTS: Final[Mapping[Reason, tuple[str, str]]] = {
    Reason.STAGE: ("Stage", "stage"),
    Reason.OWNER: ("Owner", "owner"),
    Reason.ACCOUNT: ("Account", "account"),
    Reason.COUNTRY: ("Country", "country"),
    Reason.REGION: ("Region", "region"),
    Reason.SOLUTION: ("Solution", "solution"),
    Reason.FUNDING: ("Funding", "funding"),
    Reason.SEGMENT: ("Segment", "segment"),
    Reason.CURRENCY: ("Currency", "currency"),
}
_OF_STAGES: Final = (Reason.WON, Reason.LOST, Reason.REOPENED)


def sentence(reason: Reason, then: DealFactsAt | None, now: DealFactsAt | None) -> str:
    """Return why a deal moved; None is a moment at which it was not there."""
    if then is None or now is None:
        return _of_one_moment(reason, now)
    if reason in _OF_STAGES and then.stage != now.stage:
        return f"{WORDS[reason]}: {then.stage or EMPTY} → {now.stage or EMPTY}"
    if reason is Reason.MISSING_RATE:
        return f"{now.currency or 'Its currency'} got or lost its rate"
    if reason in _TEXTS:
        label, name = _TEXTS[reason]
        return _went(label, getattr(then, name), getattr(now, name))
    if reason in _FIGURES:
        label, written = _FIGURES[reason]
        return _went(label, written(then), written(now))
    return WORDS[reason]


def _of_one_moment(reason: Reason, now: DealFactsAt | None) -> str:
    if now is None or now.created_at is None:
        return WORDS[reason]
    created = f"{now.created_at.day} {now.created_at:%b %Y}"
    match reason:
        case Reason.CREATED:
            return f"Created on {created}"
        case Reason.FIRST_SEEN:
            return f"Created on {created}, first seen since then"
        case _:
            return WORDS[reason]


def _went(label: str, then: str | None, now: str | None) -> str:
    return f"{label} {then or EMPTY} → {now or EMPTY}"


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day.day} {day:%b %Y}"


def _percent(number: Decimal | None) -> str | None:
    return None if number is None else f"{_plain(number)} %"


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def _money(facts: DealFactsAt) -> str | None:
    if facts.amount is None:
        return None
    return f"{facts.currency or ''} {facts.amount:,.2f}".strip()


_FIGURES: Final[Mapping[Reason, tuple[str, Callable[[DealFactsAt], str | None]]]] = {
    Reason.CLOSING_DATE: ("Closing date", lambda facts: _day(facts.closing_date)),
    Reason.PROBABILITY: ("Probability", lambda facts: _percent(facts.probability)),
    Reason.AMOUNT: ("Amount", _money),
    Reason.OWN_RATE: ("The deal's exchange rate", lambda facts: _plain(facts.exchange_rate)),
}
