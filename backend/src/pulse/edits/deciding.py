"""What a local change comes to, given what its record shows now: `merge.judge` with a memory.

The merge looks at three values. A stored change also remembers what was seen when it was judged
last, and three laws rest on that:

- a policy decides a conflict when it arises; one that a person is asked already stays theirs;
- what the CRM refused is not tried again before a person says so or the CRM moves;
- a skipped conflict stays hidden until either side changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from pulse.core.sync import Presence
from pulse.sync.domain.merge import (
    DELETED,
    NEVER_READ,
    Change,
    ChangeState,
    Policy,
    Verdict,
    judge,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pulse.sync.domain.merge import Base, Crm, Value


_QUEUED, _SENT, _CONFLICT, _ERROR = (
    ChangeState.QUEUED,
    ChangeState.SENT,
    ChangeState.CONFLICT,
    ChangeState.ERROR,
)
CHANGE_TRANSITIONS: Final[frozenset[tuple[ChangeState, ChangeState]]] = frozenset(
    {
        (_QUEUED, _SENT),
        (_QUEUED, _CONFLICT),
        (_QUEUED, _ERROR),
        (_SENT, _QUEUED),
        (_SENT, _CONFLICT),
        (_SENT, _ERROR),
        (_CONFLICT, _QUEUED),
        (_ERROR, _QUEUED),
        (_ERROR, _CONFLICT),
    }
)
"""The legal moves. A change begins queued and may end, by deletion, from any state."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the mirror holds of a change's field: the CRM's value as last seen."""

    presence: Presence
    value: Value
    changed_at: datetime | None
    """Stamp of the record, or when it was deleted."""
    changed_by: str | None
    """Id of the CRM's user who changed or deleted the record last."""
    is_unread: bool = False
    """The field has never been read of this record: its empty value says nothing."""

    @property
    def crm(self) -> Crm:
        """The CRM's side of the merge; of a hidden record, the value that was seen last."""
        return DELETED if self.presence is Presence.DELETED else self.value


@dataclass(frozen=True, slots=True)
class Standing:
    """How an open or sent change stands; columns of `pending_changes`."""

    state: ChangeState = ChangeState.QUEUED
    crm_value: Value = None
    """What it stands against: of a conflict, or of a value that is to be overwritten."""
    crm_modified_at: datetime | None = None
    crm_modified_by: str | None = None
    conflict_since: datetime | None = None
    is_record_gone: bool = False
    awaits_timeline: bool = False
    is_skipped: bool = False
    is_resolved: bool = False
    resolved_against: Value = None
    error_code: str | None = None
    error_message: str | None = None
    error_field: str | None = None

    def has_seen(self, sight: Sight) -> bool:
        """Return whether it was judged against this very sight before."""
        if self.crm_modified_at is None:
            return False
        is_gone = sight.crm is DELETED
        return self.is_record_gone == is_gone and (is_gone or self.crm_value == sight.value)


@dataclass(frozen=True, slots=True)
class Edit:
    """The edit itself: what was agreed and what is wanted."""

    base: Value
    is_base_known: bool
    local: Value

    @property
    def agreed(self) -> Base:
        """The base of the merge."""
        return self.base if self.is_base_known else NEVER_READ


@dataclass(frozen=True, slots=True)
class Ended:
    """The change is over: both sides hold its value, or it was given up."""

    is_dropped: bool


Fate: TypeAlias = Standing | Ended


def decide(edit: Edit, now_stands: Standing, sight: Sight, policy: Policy, now: datetime) -> Fate:
    """Return what becomes of a change that is open.

    One that was sent is frozen, and of a field that was never read nothing can be said.
    """
    if now_stands.state is ChangeState.SENT or sight.is_unread:
        return now_stands
    seen = now_stands.has_seen(sight)
    is_gone = sight.crm is DELETED
    is_asked = now_stands.state is ChangeState.CONFLICT and not now_stands.awaits_timeline and seen
    # A return that was chosen says nothing of a value, and a value nothing of a return.
    is_resolved = now_stands.is_resolved and now_stands.is_record_gone == is_gone
    verdict = judge(
        Change(
            base=edit.agreed,
            local=edit.local,
            state=now_stands.state,
            is_resolved=is_resolved,
            resolved_against=now_stands.resolved_against,
        ),
        sight.crm,
        Policy.ASK if is_asked else policy,
    )
    match verdict:
        case Verdict.RETIRE | Verdict.DROP:
            return Ended(is_dropped=verdict is Verdict.DROP)
        case Verdict.KEEP_REFUSED:
            return replace(now_stands, is_record_gone=False)
        case Verdict.PUSH | Verdict.RESTORE:
            if seen and now_stands.error_code is not None:
                return now_stands
            return _queued(edit, now_stands, sight, is_resolved=is_resolved)
        case Verdict.ASK | Verdict.WEIGH:
            return _in_conflict(now_stands, sight, now, is_weighed=verdict is Verdict.WEIGH)
        case _:  # pragma: no cover - every verdict is above
            assert_never(verdict)


def _queued(edit: Edit, stood: Standing, sight: Sight, *, is_resolved: bool) -> Standing:
    is_gone = sight.crm is DELETED
    waited = stood.state is ChangeState.QUEUED
    queued = Standing(
        is_record_gone=is_gone,
        is_resolved=is_resolved,
        resolved_against=stood.resolved_against if is_resolved else None,
        # Why a try of it failed for the time being.
        error_code=stood.error_code if waited else None,
        error_message=stood.error_message if waited else None,
        error_field=stood.error_field if waited else None,
    )
    # What was decided against a value, by a person or by a policy, remembers which.
    is_decided = is_gone or is_resolved or not edit.is_base_known or edit.base != sight.value
    return _against(queued, stood, sight) if is_decided else queued


def _in_conflict(stood: Standing, sight: Sight, now: datetime, *, is_weighed: bool) -> Standing:
    seen = stood.has_seen(sight)
    was_conflict = seen and stood.state is ChangeState.CONFLICT
    conflict = Standing(
        state=ChangeState.CONFLICT,
        conflict_since=(stood.conflict_since if seen else None) or now,
        is_record_gone=sight.crm is DELETED,
        awaits_timeline=is_weighed,
        is_skipped=was_conflict and stood.is_skipped,
        # A refused resolution leaves the conflict open and says why.
        error_code=stood.error_code if was_conflict else None,
        error_message=stood.error_message if was_conflict else None,
        error_field=stood.error_field if was_conflict else None,
    )
    return _against(conflict, stood, sight)


def _against(standing: Standing, stood: Standing, sight: Sight) -> Standing:
    """Note what a change stands against; the time at which that was first seen stays."""
    if stood.has_seen(sight):
        return replace(
            standing,
            crm_value=stood.crm_value,
            crm_modified_at=stood.crm_modified_at,
            crm_modified_by=stood.crm_modified_by,
        )
    return replace(
        standing,
        crm_value=None if sight.crm is DELETED else sight.value,
        crm_modified_at=sight.changed_at,
        crm_modified_by=sight.changed_by,
    )
