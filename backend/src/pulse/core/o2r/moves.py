"""How an opportunity moved in a week: improved, worse, stable or new.

Its health decides; of equal health its score does. `pulse.analytics.review.rows` says the same in
SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulse.core.o2r.health import DealHealth


class Move(StrEnum):
    """How an opportunity stands against the week before, in the order in which they are told."""

    WORSE = "worse"
    IMPROVED = "improved"
    NEW = "new"
    """No open opportunity a week before: created, back from being lost, or shown to us since."""
    STABLE = "stable"


@dataclass(frozen=True, slots=True)
class Standing:
    """How healthy an opportunity is."""

    health: DealHealth
    score: int


def move_of(now: Standing, then: Standing | None) -> Move:
    """Return how an opportunity moved; `then` is None where it was none."""
    if then is None:
        return Move.NEW
    after, before = (now.health.rank, now.score), (then.health.rank, then.score)
    if after == before:
        return Move.STABLE
    return Move.IMPROVED if after > before else Move.WORSE
