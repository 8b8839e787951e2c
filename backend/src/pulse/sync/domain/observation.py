"""An observation is what one read saw of one record; this says what it does to the mirror.

Reads overlap, arrive late and arrive twice. Each read takes a *number* from one sequence before its
request is sent. A record remembers the stamp (`Modified_Time`) and the number of the observation
that was applied last, and takes only what is later: the greater stamp, or the same stamp seen by
the later read. Stamps have whole seconds, so the number is what lets a second edit in the same
second through, and what stops a slow page from undoing a newer read.

The set-based form of `decide` is the SQL of `pulse.adapters.mirror`; a property test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pulse.core.sync import Presence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

JsonValue = object
"""A canonical value: str, bool, Decimal, int, or a list or mapping of those; never None."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one read saw of one record, in canonical form (`pulse.sync.domain.canonical`)."""

    record_id: int
    stamp: datetime
    values: Mapping[str, JsonValue]
    """Fields that have a value. A covered field that is missing here is empty in the CRM."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """What the mirror knows of a record."""

    presence: Presence
    stamp: datetime
    number: int
    values: Mapping[str, JsonValue] | None
    """None: a record of the CRM's bin that was never held."""


class Step(StrEnum):
    """What an observation does to the mirror."""

    CREATE = "create"
    CHANGE = "change"
    TOUCH = "touch"
    """Values agree and the stamp moved on: remember the stamp, log nothing."""
    SAME = "same"
    """Nothing differs: remember only that a later read saw it."""
    RESTORE = "restore"
    """A record that was gone is there again."""
    IGNORE = "ignore"
    """An older or repeated read, or a partial one of a record that we do not hold."""


CHANGES_MIRROR: Final = frozenset({Step.CREATE, Step.CHANGE, Step.RESTORE})


def merged_values(
    stored: Mapping[str, JsonValue], seen: Mapping[str, JsonValue], covered: frozenset[str]
) -> dict[str, JsonValue]:
    """Return the stored values with the covered fields replaced by what was seen."""
    kept = {name: value for name, value in stored.items() if name not in covered}
    return {**kept, **seen}


def decide(
    stored: StoredRecord | None,
    seen: Observation,
    number: int,
    covered: frozenset[str],
    *,
    is_partial: bool = False,
) -> Step:
    """Return what `seen`, read under `number`, does to `stored`.

    `covered` are the fields that the source could return: all others stay untouched. A partial read
    (a refresh of formulas, say) never creates a record and never moves its stamp, because the
    fields that it did not read may have changed with that stamp.
    """
    if stored is None or stored.values is None:
        is_later = stored is None or number > stored.number
        return Step.CREATE if is_later and not is_partial else Step.IGNORE
    if stored.presence is not Presence.LIVE:
        # Absence has no stamp of its own: only a read that began later can bring the record back.
        return Step.RESTORE if number > stored.number and not is_partial else Step.IGNORE
    if is_partial:
        if number <= stored.number or seen.stamp < stored.stamp:
            return Step.IGNORE
    elif (seen.stamp, number) <= (stored.stamp, stored.number):
        return Step.IGNORE
    if merged_values(stored.values, seen.values, covered) != dict(stored.values):
        return Step.CHANGE
    return Step.TOUCH if seen.stamp > stored.stamp and not is_partial else Step.SAME
