"""How healthy a deal is, by nine rules.

A rule that applies gives one signal, with its reason and what to do in words. The worst signal
names the health: blocked > red > yellow > needs update > green. The score is 100 less 8 times the
sum of severities, not below 0. "Over 30 days" means more than 30 days between the date and the
organisation's today; a date that is still to come has not happened.

Deals that are lost and deals whose revenue is recognised are exempt: they have no signals, so they
are green and score 100. Two open blockers are one signal, as one is: its reason names the oldest.

`pulse.analytics.o2r.health` says the same in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pulse.core.o2r.phases import has_happened, is_opportunity
from pulse.core.o2r.words import Words, words_of_blockers, words_of_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pulse.core.o2r.facts import Facts

POINTS_A_SEVERITY: Final = 8
BEST_SCORE: Final = 100


class DealHealth(StrEnum):
    """The verdict on a deal, worst first."""

    BLOCKED = "blocked"
    RED = "red"
    YELLOW = "yellow"
    NEEDS_UPDATE = "needs_update"
    GREEN = "green"

    @property
    def rank(self) -> int:
        """Its place from worst (0) to best."""
        return tuple(DealHealth).index(self)


NEEDS_ATTENTION: Final = (DealHealth.BLOCKED, DealHealth.RED, DealHealth.YELLOW)
"""What a person has to do something about."""
AT_RISK: Final = (DealHealth.BLOCKED, DealHealth.RED)
"""Revenue that may not come."""


class Rule(StrEnum):
    """One rule of health, in the order in which signals are told: worst first."""

    BLOCKER_OPEN = "blocker_open"
    PROPOSAL_WITHOUT_PO = "proposal_without_po"
    INVOICE_UNPAID = "invoice_unpaid"
    CLOSING_PASSED = "closing_passed"
    PO_WITHOUT_KICK_OFF = "po_without_kick_off"
    KICK_OFF_WITHOUT_INVOICE = "kick_off_without_invoice"
    LIKELY_WITHOUT_PO = "likely_without_po"
    UNLIKELY_KICKED_OFF = "unlikely_kicked_off"
    NOT_UPDATED = "not_updated"


HEALTH_OF_RULE: Final[Mapping[Rule, DealHealth]] = {
    Rule.BLOCKER_OPEN: DealHealth.BLOCKED,
    Rule.PROPOSAL_WITHOUT_PO: DealHealth.RED,
    Rule.INVOICE_UNPAID: DealHealth.RED,
    Rule.CLOSING_PASSED: DealHealth.RED,
    Rule.PO_WITHOUT_KICK_OFF: DealHealth.YELLOW,
    Rule.KICK_OFF_WITHOUT_INVOICE: DealHealth.YELLOW,
    Rule.LIKELY_WITHOUT_PO: DealHealth.YELLOW,
    Rule.UNLIKELY_KICKED_OFF: DealHealth.YELLOW,
    Rule.NOT_UPDATED: DealHealth.NEEDS_UPDATE,
}

SEVERITY_OF_RULE: Final[Mapping[Rule, int]] = {
    Rule.BLOCKER_OPEN: 4,
    Rule.PROPOSAL_WITHOUT_PO: 5,
    Rule.INVOICE_UNPAID: 5,
    Rule.CLOSING_PASSED: 4,
    Rule.PO_WITHOUT_KICK_OFF: 3,
    Rule.KICK_OFF_WITHOUT_INVOICE: 3,
    Rule.LIKELY_WITHOUT_PO: 2,
    Rule.UNLIKELY_KICKED_OFF: 2,
    Rule.NOT_UPDATED: 1,
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on rules apply: days that must be exceeded, probabilities that are included."""

    proposal_without_po_days: int = 30
    invoice_unpaid_days: int = 45
    po_without_kick_off_days: int = 14
    kick_off_without_invoice_days: int = 60
    likely_without_po_percent: int = 80
    unlikely_kicked_off_percent: int = 20
    not_updated_days: int = 7


THRESHOLDS: Final = tuple(each.name for each in fields(Thresholds))


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that applies to a deal."""

    rule: Rule
    words: Words
    days: int | None = None
    """How long it has lasted; None where no date is meant."""

    @property
    def health(self) -> DealHealth:
        """What the rule makes of a deal."""
        return HEALTH_OF_RULE[self.rule]

    @property
    def severity(self) -> int:
        """How much it weighs."""
        return SEVERITY_OF_RULE[self.rule]

    @property
    def points(self) -> int:
        """What it takes off the score."""
        return POINTS_A_SEVERITY * self.severity


@dataclass(frozen=True, slots=True)
class Verdict:
    """The health of a deal with all that makes it."""

    health: DealHealth
    score: int
    signals: tuple[Signal, ...]
    """Worst first; of equal health the graver, then in the order of the rules."""


def judge(facts: Facts, thresholds: Thresholds, today: date) -> Verdict:
    """Return how healthy a deal is on the organisation's day `today`."""
    signals = tuple(
        sorted(
            signals_of(facts, thresholds, today),
            key=lambda each: (each.health.rank, -each.severity),
        )
    )
    return Verdict(
        health=signals[0].health if signals else DealHealth.GREEN,
        score=max(BEST_SCORE - sum(signal.points for signal in signals), 0),
        signals=signals,
    )


def signals_of(facts: Facts, thresholds: Thresholds, today: date) -> Iterator[Signal]:
    """Yield a signal for each rule that applies, in the order of the rules."""
    if not is_opportunity(facts, today):
        return
    if facts.blockers:
        oldest = facts.blockers[0]
        days = (today - oldest.opened_on).days
        yield Signal(
            Rule.BLOCKER_OPEN, words_of_blockers(oldest.title, days, len(facts.blockers)), days
        )
    for rule, since, until, limit in (
        (
            Rule.PROPOSAL_WITHOUT_PO,
            facts.proposal_on,
            facts.po_on,
            thresholds.proposal_without_po_days,
        ),
        (
            Rule.INVOICE_UNPAID,
            facts.invoiced_on,
            facts.payment_on,
            thresholds.invoice_unpaid_days,
        ),
        (Rule.CLOSING_PASSED, facts.closing_on, None, 0),
        (
            Rule.PO_WITHOUT_KICK_OFF,
            facts.po_on,
            facts.kick_off_on,
            thresholds.po_without_kick_off_days,
        ),
        (
            Rule.KICK_OFF_WITHOUT_INVOICE,
            facts.kick_off_on,
            facts.invoiced_on,
            thresholds.kick_off_without_invoice_days,
        ),
    ):
        if since is None or has_happened(until, today):
            continue
        days = (today - since).days
        if days > limit:
            yield Signal(rule, words_of_rule(rule, days=days, limit=limit), days)
    yield from _by_probability(facts, thresholds, today)
    if facts.updated_on is not None:
        days = (today - facts.updated_on).days
        limit = thresholds.not_updated_days
        if days > limit:
            yield Signal(
                Rule.NOT_UPDATED, words_of_rule(Rule.NOT_UPDATED, days=days, limit=limit), days
            )


def _by_probability(facts: Facts, thresholds: Thresholds, today: date) -> Iterator[Signal]:
    probability = facts.probability
    if probability is None:
        return
    likely, unlikely = thresholds.likely_without_po_percent, thresholds.unlikely_kicked_off_percent
    if probability >= likely and not has_happened(facts.po_on, today):
        words = words_of_rule(Rule.LIKELY_WITHOUT_PO, percent=probability, limit=likely)
        yield Signal(Rule.LIKELY_WITHOUT_PO, words)
    if probability <= unlikely and has_happened(facts.kick_off_on, today):
        words = words_of_rule(Rule.UNLIKELY_KICKED_OFF, percent=probability, limit=unlikely)
        yield Signal(Rule.UNLIKELY_KICKED_OFF, words)
