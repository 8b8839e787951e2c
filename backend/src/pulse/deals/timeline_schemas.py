"""What `GET /api/deals/{id}/timeline` gives."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.sync import SyncType
from pulse.deals.marks_schemas import MarkState
from pulse.fields.values import Named, Value


class TimelineKind(StrEnum):
    """Which entries are wanted."""

    ALL = "all"
    CHANGES = "changes"
    SYNC = "sync"


class EntryKind(StrEnum):
    """What an entry tells."""

    CREATED = "created"
    """The deal was created in the CRM."""
    FIRST_READ = "first_read"
    """The last change before our first reading; what it changed is unknown."""
    CHANGED = "changed"
    LEARNED = "learned"
    """Values that were there before we first read their fields: no change in the CRM."""
    DELETED = "deleted"
    """Deleted, or not shown to us any more where nobody is named."""
    RESTORED = "restored"
    EDITED = "edited"
    """Edited here; the CRM has not taken it over yet."""
    CONFLICT = "conflict"
    """Both sides had changed a field, to different values; somebody decides."""
    DROPPED = "dropped"
    """An edit was given up: what was agreed holds, what was wanted is told."""
    SYNC = "sync"
    """A run or a single read brought changes into the mirror."""


class FieldChange(BaseModel):
    """One field that changed; its values are as the field is now."""

    api_name: str = Field(description="Its present API name, or its last one if it is gone.")
    label: str
    is_removed: bool = Field(description="Whether the CRM has this field no more.")
    old: Value | None
    new: Value | None
    state: MarkState | None = Field(
        default=None, description="Of an edit that is not agreed yet: where it stands."
    )
    error: str | None = Field(default=None, description="The CRM's words, if it refused the edit.")


class SyncEvent(BaseModel):
    """What brought changes into the mirror."""

    session_id: UUID | None = Field(description="Null for a single record that was read.")
    sync_type: SyncType | None
    requested_by: str | None
    changed_fields: int = Field(description="Fields that differed then.")


class TimelineEntry(BaseModel):
    """What one author did at one moment on one side, or what one run saw."""

    id: str
    kind: EntryKind
    at: datetime = Field(description="By the CRM's clock; of `sync` and `learned` by ours.")
    side: str | None = Field(description="`crm` or `local`; null for what the mirror did.")
    by: Named | None
    changes: list[FieldChange]
    sync: SyncEvent | None


class Timeline(BaseModel):
    """A part of a deal's history, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "2026-08-17T00:30:00Z_0_412",
                            "kind": "changed",
                            "at": "2026-08-17T00:30:00Z",
                            "side": "crm",
                            "by": {"id": "554023000000235011", "name": "Nurul Aisyah"},
                            "changes": [
                                {
                                    "api_name": "Amount",
                                    "label": "Amount",
                                    "is_removed": False,
                                    "old": {
                                        "kind": "money",
                                        "amount": "1280000",
                                        "currency": "SGD",
                                    },
                                    "new": {
                                        "kind": "money",
                                        "amount": "1310000",
                                        "currency": "SGD",
                                    },
                                    "state": None,
                                    "error": None,
                                }
                            ],
                            "sync": None,
                        }
                    ],
                    "before": None,
                    "has_more": False,
                    "created_at": "2026-05-11T02:04:00Z",
                    "created_by": {"id": "554023000000235011", "name": "Marcus Tan"},
                }
            ]
        }
    )

    items: list[TimelineEntry]
    before: str | None = Field(description="What to send as `before` for the next part.")
    has_more: bool
    created_at: datetime | None
    created_by: Named | None
