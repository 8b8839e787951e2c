"""What stands out in a week, in sentences: facts found by rules, each with its figures.

A rule that finds nothing says nothing. Every sentence leads to the deals, the deal or the phase
that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pulse.analytics.review.rows import Group
from pulse.core.o2r.health import DealHealth
from pulse.core.o2r.phases import PHASE_TITLE, Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from pulse.analytics.review.deals import ReviewedDeal
    from pulse.analytics.review.figures import GroupFigure, WeekFigures

HEALTH_WORD: Final[Mapping[DealHealth, str]] = {
    DealHealth.BLOCKED: "Blocked",
    DealHealth.RED: "At risk",
    DealHealth.YELLOW: "Watch",
    DealHealth.NEEDS_UPDATE: "Needs update",
    DealHealth.GREEN: "Healthy",
}
"""How pages call each health."""


class Tone(StrEnum):
    """Whether what is told is welcome."""

    GOOD = "good"
    BAD = "bad"
    PLAIN = "plain"


class InsightKind(StrEnum):
    """The rules, in the order in which they are told."""

    RISK_MOVED = "risk_moved"
    WORST_MOVE = "worst_move"
    BEST_MOVE = "best_move"
    GREATEST_REALISED = "greatest_realised"
    GREATEST_WON = "greatest_won"
    GREATEST_LOST = "greatest_lost"
    MOST_OVERDUE = "most_overdue"
    PHASE_SLOWED = "phase_slowed"


@dataclass(frozen=True, slots=True)
class Insight:
    """One fact about a week. What it is about is one of group, deal and phase."""

    kind: InsightKind
    tone: Tone
    words: str
    group: Group | None = None
    owner_id: int | None = None
    """With a group: only the deals of this owner."""
    deal_id: int | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules look at."""

    currency: str
    this: WeekFigures
    risk_then: GroupFigure | None
    """Opportunities at risk at the week's beginning; None where the week before is unknown."""
    greatest: Mapping[Group, ReviewedDeal]
    owners: Mapping[int, str]
    ages: Mapping[Phase, int]
    """Median days in phase of open opportunities, at the week's end."""
    ages_then: Mapping[Phase, int]


def insights_of(told: Told) -> tuple[Insight, ...]:
    """Return what stands out."""
    return tuple(_all(told))


def _all(told: Told) -> Iterator[Insight]:
    yield from _risk(told)
    yield from _moves(told)
    for group, kind, tone, words in (
        (
            Group.REALISED,
            InsightKind.GREATEST_REALISED,
            Tone.GOOD,
            "{deal} brought the most revenue, {money} of {total}.",
        ),
        (Group.WON, InsightKind.GREATEST_WON, Tone.GOOD, "{deal} is won, worth {money}."),
        (Group.LOST, InsightKind.GREATEST_LOST, Tone.BAD, "{deal} is lost, worth {money}."),
    ):
        deal = told.greatest.get(group)
        if deal is not None and deal.value is not None:
            total = told.this.of(group).value
            yield Insight(
                kind,
                tone,
                words.format(
                    deal=_name(deal),
                    money=_money(deal.value, told.currency),
                    total=_money(total, told.currency),
                ),
                deal_id=deal.id,
            )
    yield from _overdue(told)
    yield from _slowed(told)


def _risk(told: Told) -> Iterator[Insight]:
    now, then = told.this.of(Group.AT_RISK), told.risk_then
    if then is None or now.value == then.value:
        return
    rose = now.value > then.value
    yield Insight(
        InsightKind.RISK_MOVED,
        Tone.BAD if rose else Tone.GOOD,
        f"Revenue at risk {'rose' if rose else 'fell'} by "
        f"{_money(abs(now.value - then.value), told.currency)} to "
        f"{_money(now.value, told.currency)} in {_deals(now.deals)}.",
        group=Group.AT_RISK,
    )


def _moves(told: Told) -> Iterator[Insight]:
    for group, kind, tone, verb in (
        (Group.WORSE, InsightKind.WORST_MOVE, Tone.BAD, "got worse"),
        (Group.IMPROVED, InsightKind.BEST_MOVE, Tone.GOOD, "improved"),
    ):
        deal = told.greatest.get(group)
        if deal is None or deal.before is None or deal.value is None:
            continue
        signals = deal.came if group is Group.WORSE else deal.went
        led = ": " if group is Group.WORSE else "; gone: "
        why = f"{led}{signals[0].words.brief}" if signals else ""
        yield Insight(
            kind,
            tone,
            f"The greatest deal that {verb} is {_name(deal)}, {_money(deal.value, told.currency)}, "
            f"from {_standing(deal.before.health, deal.before.score)} to "
            f"{_standing(deal.verdict.health, deal.verdict.score)}{why}.",
            deal_id=deal.id,
        )


def _overdue(told: Told) -> Iterator[Insight]:
    owned = [
        (figure.deals, figure.value, owner)
        for owner, figure in told.this.overdue_by_owner.items()
        if owner is not None
    ]
    if not owned:
        return
    deals, value, owner = max(owned)
    whole = told.this.of(Group.OVERDUE).deals
    name = told.owners.get(owner, f"#{owner}")
    yield Insight(
        InsightKind.MOST_OVERDUE,
        Tone.BAD,
        f"{name} has the most deals past their closing date: {deals:,} of {whole:,}, worth "
        f"{_money(value, told.currency)}.",
        group=Group.OVERDUE,
        owner_id=owner,
    )


def _slowed(told: Told) -> Iterator[Insight]:
    rises = [
        (told.ages[phase] - told.ages_then[phase], -phase.number, phase)
        for phase in Phase
        if phase in told.ages and phase in told.ages_then
    ]
    if not rises:
        return
    rise, _, phase = max(rises)
    if rise <= 0:
        return
    yield Insight(
        InsightKind.PHASE_SLOWED,
        Tone.BAD,
        f"Deals stay longer in phase {phase.numeral}, {PHASE_TITLE[phase]}: half of them for "
        f"{_days(told.ages[phase])} or more, {_days(told.ages_then[phase])} a week before.",
        phase=phase,
    )


def _name(deal: ReviewedDeal) -> str:
    return deal.name or f"id {deal.id}"


def _standing(health: DealHealth, score: int) -> str:
    return f"{HEALTH_WORD[health]} ({score})"


def _money(value: Decimal, currency: str) -> str:
    return f"{currency} {value:,.0f}"


def _deals(count: int) -> str:
    return "1 deal" if count == 1 else f"{count:,} deals"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
