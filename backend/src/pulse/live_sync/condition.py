"""The one word for how the mirror stands, decided in one place for header, pages and programs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STALE_AFTER_INTERVALS: Final = 2


class Condition(StrEnum):
    """How the mirror stands; the first that applies, in this order."""

    NOT_CONNECTED = "not_connected"
    SYNCING = "syncing"
    FAILING = "failing"
    NEVER_SYNCED = "never_synced"
    PAUSED = "paused"
    STALE = "stale"
    IN_SYNC = "in_sync"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the word depends on. `data_age_s` is None before the first completed run."""

    is_connected: bool
    is_syncing: bool
    is_failing: bool
    is_paused: bool
    """Nothing is read by schedule: by hand only, or pulls pause."""
    data_age_s: float | None
    interval_s: float | None


def condition_of(facts: Facts) -> Condition:
    """Return the word for `facts`."""
    if not facts.is_connected:
        return Condition.NOT_CONNECTED
    if facts.is_syncing:
        return Condition.SYNCING
    if facts.is_failing:
        return Condition.FAILING
    if facts.data_age_s is None:
        return Condition.NEVER_SYNCED
    if facts.is_paused:
        return Condition.PAUSED
    return Condition.STALE if late_by_s(facts) is not None else Condition.IN_SYNC


def late_by_s(facts: Facts) -> float | None:
    """Return how late the next sync is once the data is stale: older than twice the interval.

    None while it is not, and where nothing is read by schedule.
    """
    if facts.data_age_s is None or facts.interval_s is None or facts.is_paused:
        return None
    is_stale = facts.data_age_s > STALE_AFTER_INTERVALS * facts.interval_s
    return facts.data_age_s - facts.interval_s if is_stale else None
