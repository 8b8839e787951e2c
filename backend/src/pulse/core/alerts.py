"""The rules of data quality: which change of a deal a person should look at, and by how much.

A rule compares the two values of one line of the change log, so it needs both: a first value is no
move, and what was emptied has only its old one.

| rule | raised when |
|---|---|
| amount moved | by more than so many percent of what it was, up or down; emptied is by all of it |
| probability fell | by more than so many points |
| closing date pushed | by more than so many days |
| stage went backwards | to an earlier one in the CRM's order, or out of a closed one (reopened) |

A threshold itself is not over it: a fall of exactly 30 points raises nothing at 30.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pulse.core.deal_filters import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class AlertRule(StrEnum):
    """What made an alert."""

    AMOUNT_MOVED = "amount_moved"
    PROBABILITY_FELL = "probability_fell"
    CLOSING_PUSHED = "closing_pushed"
    STAGE_BACKWARDS = "stage_backwards"


RULE_OF_FIELD: Final[Mapping[str, AlertRule]] = {
    "OCH_Revenue": AlertRule.AMOUNT_MOVED,
    "Probability": AlertRule.PROBABILITY_FELL,
    "Closing_Date": AlertRule.CLOSING_PUSHED,
    "Stage": AlertRule.STAGE_BACKWARDS,
}
"""Canonical name of a field → the rule that watches it."""

_HUNDRED: Final = Decimal(100)
_SHOWN: Final = Decimal("0.01")
_MOST_PERCENT: Final = Decimal(10) ** 12
"""A greater move is shown as this: an amount of a cent may become billions."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How far a value may move before people are told."""

    amount_percent: int
    probability_points: int
    closing_days: int

    def of(self, rule: AlertRule) -> int | None:
        """Return the threshold of a rule; the order of stages has none."""
        match rule:
            case AlertRule.AMOUNT_MOVED:
                return self.amount_percent
            case AlertRule.PROBABILITY_FELL:
                return self.probability_points
            case AlertRule.CLOSING_PUSHED:
                return self.closing_days
            case AlertRule.STAGE_BACKWARDS:
                return None


@dataclass(frozen=True, slots=True)
class StageOrder:
    """The stages that a deal can be in, first to last, and what the closed ones mean."""

    stages: Sequence[str]
    outcomes: Mapping[str, Outcome]
    """Won or lost, by stage; a stage that is neither is open."""

    def is_closed(self, stage: str) -> bool:
        """Return whether a deal in this stage is not sold any more."""
        return self.outcomes.get(stage, Outcome.OPEN) is not Outcome.OPEN


# The JSON of the change log: what a field of the CRM holds, read with exact numbers.
Stored = object


def amount_of(stored: Stored) -> Decimal | None:
    """Return a stored number; None if it is empty or no number."""
    if isinstance(stored, bool) or not isinstance(stored, int | str | Decimal):
        return None
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def amount_moved(old: Decimal | None, new: Decimal | None, percent: int) -> Decimal | None:
    """Return by how many percent of itself an amount moved, if by more than `percent`.

    An amount that becomes empty moved by all of it. One that was empty or zero is given its first
    value: nothing moved.
    """
    if old is None or old == 0:
        return None
    moved = (new or Decimal()) - old
    if abs(moved) * _HUNDRED <= abs(old) * percent:
        return None
    size = max(min(moved * _HUNDRED / abs(old), _MOST_PERCENT), -_MOST_PERCENT)
    return size.quantize(_SHOWN)


def probability_fell(old: Stored, new: Stored, points: int) -> Decimal | None:
    """Return by how many points a probability fell (below zero), if by more than `points`."""
    before, after = amount_of(old), amount_of(new)
    if before is None or after is None or before - after <= points:
        return None
    return max(after - before, -_MOST_PERCENT).quantize(_SHOWN)


def closing_pushed(old: Stored, new: Stored, days: int) -> Decimal | None:
    """Return by how many days a closing date was pushed out, if by more than `days`."""
    before, after = _day(old), _day(new)
    if before is None or after is None or (after - before).days <= days:
        return None
    return Decimal((after - before).days)


def stage_went_back(old: Stored, new: Stored, order: StageOrder) -> Decimal | None:
    """Return by how many places a stage went backwards (below zero), if it did.

    Closing a deal, won or lost, is not backwards, nor is turning one into the other; reopening is,
    wherever the stage stands that it comes back to. Open stages that the CRM does not name in this
    order cannot be compared.
    """
    if not isinstance(old, str) or not isinstance(new, str) or order.is_closed(new):
        return None
    is_known = old in order.stages and new in order.stages
    places = order.stages.index(new) - order.stages.index(old) if is_known else 0
    if order.is_closed(old) or places < 0:
        return Decimal(min(places, 0))
    return None


def _day(stored: Stored) -> date | None:
    if not isinstance(stored, str):
        return None
    try:
        return date.fromisoformat(stored)
    except ValueError:
        return None
