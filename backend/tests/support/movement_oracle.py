"""How a pipeline moved, computed once more in plain Python over a history of facts.

It imports nothing of the product: filters, values, buckets and reasons are read off the law.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Facts = dict[str, Any]

OUTCOME: Final = {"Qualify": "open", "Propose": "open", "Won": "won", "Lost": "lost"}
"""Of each stage; any other is neither."""


@dataclass(frozen=True)
class Wanted:
    """A filter; what is empty does not choose."""

    closing: tuple[date | None, date | None] = (None, None)
    probability: tuple[int, int] | None = None
    outcomes: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    owners: frozenset[int | None] = frozenset()
    countries: frozenset[str | None] = frozenset()
    least_value: Decimal | None = None
    word: str = ""


@dataclass
class History:
    """What the CRM held, when; and what is shown now, local edits included."""

    versions: dict[int, list[tuple[datetime, datetime | None, Facts]]]
    now: dict[int, Facts]
    rates: list[tuple[date, str, Decimal]]
    hidden: set[int]
    edited: set[int]

    def at(self, deal: int, moment: datetime | None) -> Facts | None:
        if moment is None:
            return self.now.get(deal)
        for since, until, facts in self.versions[deal]:
            if since <= moment and (until is None or moment < until):
                return facts
        return None

    def rates_at(self, moment: datetime | None) -> dict[str, Decimal]:
        found = {
            code: rate
            for since, code, rate in sorted(self.rates)
            if moment is None or since <= moment.astimezone(UTC).date()
        }
        return {code: rate for code, rate in found.items() if rate > 0}


@dataclass
class Sum:
    deals: int = 0
    value: Decimal = Decimal(0)
    without_value: int = 0
    of_rates: Decimal = Decimal(0)


@dataclass
class Expected:
    start: Sum = field(default_factory=Sum)
    end: Sum = field(default_factory=Sum)
    pending: int = 0
    reasons: dict[tuple[str, str], Sum] = field(default_factory=lambda: defaultdict(Sum))


def cents(exact: Fraction) -> Decimal:
    """Round half away from zero without leaving whole numbers."""
    whole = (int(abs(exact) * 200) + 1) // 2
    return Decimal(-whole if exact < 0 else whole) / 100


def value_of(facts: Facts, rates: dict[str, Decimal]) -> Decimal | None:
    """Return the value in SGD, which is base and home."""
    amount, code = facts["amount"], facts["currency"]
    if amount is None or code is None:
        return None
    if code == "SGD":
        return cents(Fraction(amount))
    rate = facts["exchange_rate"] or rates.get(code)
    return None if rate is None else cents(Fraction(amount) / Fraction(rate))


def failing(facts: Facts, wanted: Wanted, rates: dict[str, Decimal]) -> str | None:
    """Return the first reason why a deal is not meant; None if it is."""
    return next((reason for reason, fails in _tests(facts, wanted, rates) if fails), None)


def _tests(facts: Facts, wanted: Wanted, rates: dict[str, Decimal]) -> Iterator[tuple[str, object]]:
    outcome = OUTCOME.get(facts["stage"])
    if wanted.outcomes and outcome not in wanted.outcomes:
        closed = outcome in {"won", "lost"}
        other_way = closed if "open" in wanted.outcomes else outcome == "open"
        yield "reopened" if other_way else "stage", True
    first, last = wanted.closing
    day = facts["closing_date"]
    if first or last:
        yield "closing_date", day is None or (first and day < first) or (last and day > last)
    if wanted.probability is not None:
        least, most = wanted.probability
        probability = facts["probability"]
        yield "probability", probability is None or not least <= probability <= most
    yield "stage", wanted.stages and facts["stage"] not in wanted.stages
    yield "owner", wanted.owners and facts["owner_id"] not in wanted.owners
    yield "country", wanted.countries and facts["country"] not in wanted.countries
    if wanted.least_value is not None:
        value = value_of(facts, rates)
        yield "value", value is None or value < wanted.least_value
    yield "text", wanted.word and wanted.word not in facts["name"].lower()


def expected(history: History, wanted: Wanted, t0: datetime, t1: datetime | None) -> Expected:
    """Return the movement between two moments; None is now."""
    found = Expected()
    old_rates, new_rates = history.rates_at(t0), history.rates_at(t1)
    for deal in history.versions:
        then, now = history.at(deal, t0), history.at(deal, t1)
        was_in = then is not None and failing(then, wanted, old_rates) is None
        is_in = now is not None and failing(now, wanted, new_rates) is None
        before = value_of(then, old_rates) if was_in and then else None
        after = value_of(now, new_rates) if is_in and now else None
        if was_in:
            _count(found.start, before)
        if is_in:
            _count(found.end, after)
        if not was_in and not is_in:
            continue
        found.pending += deal in history.edited
        if was_in and is_in and then and now:
            if difference := (after or 0) - (before or 0):
                kept = value_of(then, new_rates)
                key = ("increased" if difference > 0 else "decreased", _change(
                    then, now, before, after))  # fmt: skip
                _count(found.reasons[key], Decimal(difference))
                found.reasons[key].of_rates += (kept or 0) - (before or 0)
        elif is_in and now:
            _count(found.reasons[_came(history, deal, then, now, wanted, t0)], after)
        elif then:
            leaving = None if before is None else -before
            _count(found.reasons[_left(history, deal, then, now, wanted, new_rates)], leaving)
    return found


def _count(total: Sum, value: Decimal | None) -> None:
    total.deals += 1
    if value is None:
        total.without_value += 1
    else:
        total.value += value


def _change(then: Facts, now: Facts, before: Decimal | None, after: Decimal | None) -> str:
    if then["currency"] != now["currency"]:
        return "currency"
    if (before is None and then["amount"] is not None) or (
        after is None and now["amount"] is not None
    ):
        return "missing_rate"
    if then["amount"] != now["amount"]:
        return "amount"
    return "own_rate" if then["exchange_rate"] != now["exchange_rate"] else "rates"


def _came(
    history: History, deal: int, then: Facts | None, now: Facts, wanted: Wanted, t0: datetime
) -> tuple[str, str]:
    if now["crm_created_at"] is not None and now["crm_created_at"] > t0:
        return "new", "created"
    if not any(since <= t0 for since, _, _ in history.versions[deal]):
        return "new", "first_seen"
    if then is None:
        return "pulled_in", "restored"
    return "pulled_in", failing(then, wanted, history.rates_at(t0)) or "nothing failed"


def _left(
    history: History,
    deal: int,
    then: Facts,
    now: Facts | None,
    wanted: Wanted,
    rates: dict[str, Decimal],
) -> tuple[str, str]:
    if now is None:
        return "pushed_out", "hidden" if deal in history.hidden else "deleted"
    outcome = OUTCOME.get(now["stage"])
    if outcome in {"won", "lost"} and OUTCOME.get(then["stage"]) != outcome:
        return str(outcome), str(outcome)
    return "pushed_out", failing(now, wanted, rates) or "nothing failed"
