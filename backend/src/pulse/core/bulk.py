"""Words of bulk operations that engine, tables and API share, and their limits."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pulse.core.sync import SyncType

BULK_TYPES: Final = (SyncType.SMALL_BATCH, SyncType.MASS_UPDATE, SyncType.BULK_WRITE)
"""Types of session that write records; each holds a lease of its own."""

LIMITS: Final = {
    SyncType.SMALL_BATCH: 100,
    SyncType.MASS_UPDATE: 50_000,
    SyncType.BULK_WRITE: 25_000,
}
"""Records that one operation takes (`product.md` §2, rows 8 to 10)."""


class ItemState(StrEnum):
    """Where one record of a bulk operation stands."""

    WAITING = "waiting"
    """Not written. In a session that has ended it stays so."""
    SENT = "sent"
    """On its way: frozen until its fate is known."""
    DONE = "done"
    UNCHANGED = "unchanged"
    """It had these values already and was not written."""
    FAILED = "failed"
    LEFT_ALONE = "left_alone"
    """Not written, because somebody's work stands there."""


ITEM_TRANSITIONS: Final[frozenset[tuple[ItemState, ItemState]]] = frozenset(
    {
        (ItemState.WAITING, ItemState.SENT),
        (ItemState.WAITING, ItemState.DONE),
        (ItemState.WAITING, ItemState.UNCHANGED),
        (ItemState.WAITING, ItemState.FAILED),
        (ItemState.WAITING, ItemState.LEFT_ALONE),
        (ItemState.SENT, ItemState.DONE),
        (ItemState.SENT, ItemState.FAILED),
        (ItemState.SENT, ItemState.WAITING),
    }
)
"""The legal moves. A sent item waits again only when it was not written, as far as reading tells;
one that waits again and came through after all is done."""


class Way(StrEnum):
    """How records are written."""

    PUT = "put"
    """Updates of up to 100 records, guarded by If-Unmodified-Since."""
    MASS_UPDATE = "mass_update"
    """The same values into up to 500 records a call."""
    MASS_UPDATE_VIEW = "mass_update_view"
    """The CRM's own job over a custom view."""
    BULK_WRITE = "bulk_write"
    """A CSV file of up to 25,000 records a job."""


ROWS_A_CALL: Final = {
    Way.PUT: 100,
    Way.MASS_UPDATE: 500,
    Way.MASS_UPDATE_VIEW: 50_000,
    Way.BULK_WRITE: 25_000,
}
"""Records that one call or job of the CRM takes (`zoho-crm-v8.md` §4, §8, §9)."""

BY_JOB: Final = frozenset({Way.MASS_UPDATE_VIEW, Way.BULK_WRITE})
"""A job of the CRM does the work, and is asked how it went."""
UNGUARDED: Final = frozenset({Way.MASS_UPDATE, Way.MASS_UPDATE_VIEW, Way.BULK_WRITE})


class Reason(StrEnum):
    """Why a record was not written, where it was not the CRM that refused it."""

    RECORD_UNKNOWN = "record_unknown"
    RECORD_DELETED = "record_deleted"
    RECORD_HIDDEN = "record_hidden"
    RECORD_GONE = "record_gone"
    """The CRM did not show it when it was about to be written."""
    FIELD_GONE = "field_gone"
    """The field was removed in the CRM after the operation was started."""
    SAME_VALUE = "same_value"
    EDIT_WAITING = "edit_waiting"
    CHANGED_SINCE = "changed_since"
    """Of an undo: the field was changed after the operation that is undone."""
    NOT_KEPT = "not_kept"
    """The CRM took the value, and another stood there when it was read again."""
    FATE_UNKNOWN = "fate_unknown"
    """It was sent, and nobody can tell whether the CRM has taken it."""


REASON_WORDS: Final = {
    Reason.RECORD_UNKNOWN: "The mirror holds no record of this id.",
    Reason.RECORD_DELETED: "The record was deleted in the CRM.",
    Reason.RECORD_HIDDEN: "The CRM does not show this record to the connected user.",
    Reason.RECORD_GONE: "The CRM did not show the record: it was deleted, or its sharing changed.",
    Reason.FIELD_GONE: "The CRM has no such field any more.",
    Reason.SAME_VALUE: "It has these values already.",
    Reason.EDIT_WAITING: "Somebody's edit of the same field waits here, or is in conflict.",
    Reason.CHANGED_SINCE: "The field was changed after the operation that is undone.",
    Reason.NOT_KEPT: "Another value stood in the CRM when the record was read again.",
    Reason.FATE_UNKNOWN: (
        "It was sent and its answer was lost. Look at the record in the CRM before you repeat it."
    ),
}
