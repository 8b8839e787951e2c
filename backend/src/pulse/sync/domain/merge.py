"""The three-way merge: what to do with a field that was edited here, given what the CRM holds now.

`base` is the value that both sides agreed on when the edit was made, `local` the edited one, `crm`
what the CRM holds. The table of `product.md` §6 is this module's test. Values are canonical
(`pulse.sync.domain.canonical`), None is empty; two markers stand beside them: `NEVER_READ` for a
base that nobody knows, `DELETED` for a record that the CRM has in its bin.

Nothing here is stored but the edit itself and what was seen: pending, conflict and error are
derived, by `judge` for a change and by `record_status` for its record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never

from pulse.core.sync import Presence, RecordStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pulse.sync.domain.observation import JsonValue


class Marker(Enum):
    """What stands in a value's place where there is none to compare."""

    NEVER_READ = "never_read"
    DELETED = "deleted"


NEVER_READ: Final = Marker.NEVER_READ
DELETED: Final = Marker.DELETED

Value: TypeAlias = "JsonValue | None"
Base: TypeAlias = "Value | Literal[Marker.NEVER_READ]"
Crm: TypeAlias = "Value | Literal[Marker.DELETED]"


class Outcome(StrEnum):
    """What the merge of one field comes to."""

    NOTHING = "nothing"
    PUSH = "push"
    TAKE = "take"
    AGREED = "agreed"
    CONFLICT = "conflict"
    RECORD_CONFLICT = "record_conflict"
    """The edit stands against a record that was deleted in the CRM."""
    TOMBSTONE = "tombstone"


class Policy(StrEnum):
    """Who wins where both sides changed a field, to different values."""

    ASK = "ask"
    CRM_WINS = "crm_wins"
    LOCAL_WINS = "local_wins"
    NEWEST_WINS = "newest_wins"


class ChangeState(StrEnum):
    """Where a local change stands."""

    QUEUED = "queued"
    SENT = "sent"
    """On its way: frozen until its fate is known."""
    CONFLICT = "conflict"
    ERROR = "error"
    """The CRM refused it; a person retries or drops it."""


def merge_field(base: Base, local: Value, crm: Crm) -> Outcome:
    """Return what the three values of one field come to, before any policy."""
    if crm is DELETED:
        return Outcome.TOMBSTONE if base == local else Outcome.RECORD_CONFLICT
    if base is NEVER_READ:
        return Outcome.AGREED if local == crm else Outcome.CONFLICT
    if local == base:
        return Outcome.NOTHING if crm == base else Outcome.TAKE
    if crm == base:
        return Outcome.PUSH
    return Outcome.AGREED if crm == local else Outcome.CONFLICT


class Verdict(StrEnum):
    """What becomes of a local change now."""

    PUSH = "push"
    RETIRE = "retire"
    """Both sides hold the value: the change is done."""
    DROP = "drop"
    """The CRM's value wins: the edit is given up, and the change log says so."""
    ASK = "ask"
    """A person decides."""
    WEIGH = "weigh"
    """The newest wins: the record's timeline has to be asked when the CRM's field changed."""
    KEEP_REFUSED = "keep_refused"
    """The CRM refused it and nothing has changed since."""
    RESTORE = "restore"
    """A person wants the record back: restore it in the CRM, then push."""


@dataclass(frozen=True, slots=True)
class Change:
    """What `judge` looks at of an open local change."""

    base: Base
    local: Value
    state: ChangeState
    is_resolved: bool = False
    """The local value was chosen over `resolved_against`, or the return of a deleted record."""
    resolved_against: Value = None


def judge(change: Change, crm: Crm, policy: Policy) -> Verdict:
    """Return what becomes of an open change, given what the CRM holds and the field's policy.

    A change that was sent is never judged: it is frozen. A resolution holds only against the value
    that the person saw: once the CRM moves on, the conflict is a new one.
    """
    outcome = merge_field(change.base, change.local, crm)
    match outcome:
        case Outcome.NOTHING | Outcome.AGREED | Outcome.TAKE | Outcome.TOMBSTONE:
            return Verdict.RETIRE
        case Outcome.PUSH:
            return Verdict.KEEP_REFUSED if change.state is ChangeState.ERROR else Verdict.PUSH
        case Outcome.RECORD_CONFLICT:
            return Verdict.RESTORE if change.is_resolved else Verdict.ASK
        case Outcome.CONFLICT:
            if change.is_resolved and change.resolved_against == crm:
                return Verdict.PUSH
            return _by_policy(policy)
        case _:  # pragma: no cover - every outcome is above
            assert_never(outcome)


def _by_policy(policy: Policy) -> Verdict:
    match policy:
        case Policy.ASK:
            return Verdict.ASK
        case Policy.CRM_WINS:
            return Verdict.DROP
        case Policy.LOCAL_WINS:
            return Verdict.PUSH
        case Policy.NEWEST_WINS:
            return Verdict.WEIGH
        case _:  # pragma: no cover - every policy is above
            assert_never(policy)


def weigh(edited_at: datetime, crm_changed_at: datetime | None) -> Verdict:
    """Return whose value is newer: PUSH ours, DROP it for the CRM's.

    ASK where the CRM does not tell when its field changed, or both changed in the same second: the
    CRM's times have whole seconds.
    """
    if crm_changed_at is None or edited_at.replace(microsecond=0) == crm_changed_at:
        return Verdict.ASK
    return Verdict.PUSH if edited_at > crm_changed_at else Verdict.DROP


def record_status(presence: Presence, states: Iterable[ChangeState]) -> RecordStatus:
    """Derive how a record stands from its presence and the states of its local changes.

    What needs a person comes first.
    """
    found = frozenset(states)
    if ChangeState.CONFLICT in found:
        return RecordStatus.CONFLICT
    if ChangeState.ERROR in found or presence is Presence.INVISIBLE:
        return RecordStatus.ERROR
    return RecordStatus.PENDING if found else RecordStatus.SYNCED
