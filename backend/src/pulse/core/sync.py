"""Words that sync, tables and API share: kinds and states of runs and records."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class SyncType(StrEnum):
    """What a session does."""

    FULL = "full_sync"
    INCREMENTAL = "incremental"
    MANUAL = "manual"
    WEBHOOK = "webhook"
    RECONCILE = "reconcile"
    SMALL_BATCH = "small_batch"
    MASS_UPDATE = "mass_update"
    BULK_WRITE = "bulk_write"


class SessionStatus(StrEnum):
    """Where a session stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


PULL_TYPES: Final = (SyncType.FULL, SyncType.INCREMENTAL, SyncType.RECONCILE)
"""Types that hold a module's lease: one of them runs at a time."""

OPEN_STATUSES: Final = (SessionStatus.PENDING, SessionStatus.IN_PROGRESS)

WAITED: Final = "waited"
"""Status of a line of a session's log that tells of a call which had to be made again."""

SESSION_TRANSITIONS: Final[frozenset[tuple[SessionStatus, SessionStatus]]] = frozenset(
    {
        (SessionStatus.PENDING, SessionStatus.IN_PROGRESS),
        (SessionStatus.PENDING, SessionStatus.CANCELLED),
        (SessionStatus.PENDING, SessionStatus.FAILED),
        (SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED),
        (SessionStatus.IN_PROGRESS, SessionStatus.FAILED),
        (SessionStatus.IN_PROGRESS, SessionStatus.CANCELLED),
    }
)
"""The legal moves. A run that is taken over stays `in_progress`: its lease changes hands."""


class RecordStatus(StrEnum):
    """Whether both sides of a record agree."""

    SYNCED = "synced"
    PENDING = "pending"
    CONFLICT = "conflict"
    ERROR = "error"


class Presence(StrEnum):
    """Whether the CRM still shows a record to us."""

    LIVE = "live"
    DELETED = "deleted"
    INVISIBLE = "invisible"


HIDDEN_REASON: Final = (
    "The CRM no longer shows this record to the connected user: "
    "it was merged, moved or its sharing changed."
)
"""Why a record that is `invisible` stands as an error."""


class ChangeKind(StrEnum):
    """What a row of the change log tells."""

    CREATED = "created"
    UPDATED = "updated"
    LEARNED = "learned"
    """A value that was there before we first read its field: no change in the CRM."""
    DELETED = "deleted"
    RESTORED = "restored"
    DROPPED = "dropped"
    """A local edit was given up: from what was agreed to what was wanted; the CRM never had it."""


class SyncMode(StrEnum):
    """Which direction may flow."""

    BIDIRECTIONAL = "bidirectional"
    CRM_TO_LOCAL = "crm_to_local"
    LOCAL_TO_CRM = "local_to_crm"
