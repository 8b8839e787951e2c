"""How fast deals move on through the phases, and how many do.

A deal enters a phase on the day that begins it and moves on with the first date of any later phase
(or with its revenue). A deal that never had a phase's date was never in it. Deals that are still
there are *unfinished*: all one knows is that they stayed at least so long. Leaving them out would
make phases look short, taking their age for their stay shorter still, so both figures are
Kaplan-Meier estimates (Kaplan, Meier: Nonparametric estimation from incomplete observations, 1958):

- *median stay*: the day by which half of the deals had moved on, of those that were not lost;
- *share moved on* within a number of days, of all that entered. A lost deal never moves on: it
  counts as still there, up to today.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

YEAR_DAYS: Final = 365
"""Within which deals are asked to have moved on."""
ENTERED_WITHIN_DAYS: Final = 2 * YEAR_DAYS
"""Deals that entered a phase longer ago tell of another time and are left out."""
_HALF: Final = 0.5 + 1e-12
"""Half, and what a product of quotients may miss it by."""


class Fate(StrEnum):
    """What became of a deal in a phase."""

    MOVED_ON = "moved_on"
    UNFINISHED = "unfinished"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Stays:
    """Deals of one fate that stayed equally long; unless they moved on, up to today."""

    days: int
    fate: Fate
    deals: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How deals went through one phase."""

    entered: int
    moved_on: int
    unfinished: int
    lost: int
    median_stay_days: int | None
    """None while fewer than half have moved on."""
    share_moved_on: float | None
    """Within a year, 0 to 1; None if no deal entered."""


def pace_of(stays: Iterable[Stays]) -> Pace:
    """Return how deals went through a phase, by how long each stayed."""
    known = tuple(stays)
    fates = Counter[Fate]()
    for each in known:
        fates[each.fate] += each.deals
    entered = sum(fates.values())
    left = [remaining for days, remaining in _remaining(known) if days <= YEAR_DAYS]
    kept = tuple(each for each in known if each.fate is not Fate.LOST)
    return Pace(
        entered=entered,
        moved_on=fates[Fate.MOVED_ON],
        unfinished=fates[Fate.UNFINISHED],
        lost=fates[Fate.LOST],
        median_stay_days=next(
            (days for days, remaining in _remaining(kept) if remaining <= _HALF), None
        ),
        share_moved_on=None if entered == 0 else 1 - (left[-1] if left else 1.0),
    )


def _remaining(stays: Iterable[Stays]) -> Iterator[tuple[int, float]]:
    """Yield the estimated share still there after each day on which deals moved on."""
    moved, all_ = Counter[int](), Counter[int]()
    for each in stays:
        all_[each.days] += each.deals
        if each.fate is Fate.MOVED_ON:
            moved[each.days] += each.deals
    at_risk, remaining = sum(all_.values()), 1.0
    for days in sorted(all_):
        if moved[days]:
            remaining *= 1 - moved[days] / at_risk
            yield days, remaining
        at_risk -= all_[days]
