"""What `/api/records` gives."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from pulse.core.sync import Presence, RecordStatus

_ID = "554023000000235001"


class SyncMetadata(BaseModel):
    """How the mirror's copy of a record stands to the CRM's."""

    local_sync_status: RecordStatus
    presence: Presence = Field(description="Whether the CRM still shows the record to us.")
    last_synced: datetime | None
    crm_modified: datetime | None
    has_conflicts: bool
    error: str | None = Field(description="Why the status is `error`.")


class RecordAnswer(BaseModel):
    """One record of the mirror. A looked-up record has its id and the name last seen."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "record": {
                        "id": _ID,
                        "Deal_Name": "Metro signalling",
                        "Amount": 250000,
                        "Owner": {"id": "554023000000235011", "name": "Mei Tan"},
                    },
                    "sync_metadata": {
                        "local_sync_status": "synced",
                        "presence": "live",
                        "last_synced": "2026-03-02T09:15:01Z",
                        "crm_modified": "2026-03-02T09:14:40Z",
                        "has_conflicts": False,
                        "error": None,
                    },
                }
            ]
        }
    )

    record: dict[str, Any]
    sync_metadata: SyncMetadata


class SearchAnswer(BaseModel):
    """Records as the CRM's search found them. Its index lags behind writes by some seconds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [{"id": _ID, "Deal_Name": "Metro signalling"}],
                    "page": 1,
                    "per_page": 50,
                    "has_more": False,
                    "mirror_created": 0,
                    "mirror_updated": 1,
                }
            ]
        }
    )

    items: list[dict[str, Any]]
    page: int
    per_page: int
    has_more: bool
    mirror_created: int = Field(description="Found records that the mirror did not hold yet.")
    mirror_updated: int = Field(description="Found records that were newer than the mirror's.")

    @field_serializer("items", when_used="json")
    def _numbers_as_numbers(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Show the client's Decimals as JSON numbers, as the mirror's documents show theirs."""
        return [
            {name: float(kept) if isinstance(kept, Decimal) else kept for name, kept in row.items()}
            for row in items
        ]


class Direction(StrEnum):
    """Which way a record is synced on request."""

    FROM_CRM = "from_crm"
    TO_CRM = "to_crm"
    BOTH = "both"


class ActionTaken(StrEnum):
    """What a sync of one record on request did; what asks for a person comes first."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    NOT_VISIBLE = "not_visible"
    PUSHED = "pushed"
    REFUSED = "refused"
    CONFLICT = "conflict"
    WAITING = "waiting"
    NOTHING_TO_PUSH = "nothing_to_push"


class SyncResult(BaseModel):
    """What was read, and what was written."""

    action_taken: ActionTaken
    conflicts_detected: int = Field(description="Fields of the record that are in conflict now.")
    changed_fields: list[str] = Field(
        description="API names of fields that changed here or that the CRM took over."
    )
    refused_fields: list[str] = Field(
        description="API names of fields whose edit stands refused by the CRM."
    )


class RecordSync(BaseModel):
    """One record was read from the CRM, written to it, or both."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "The mirror took over what changed in the CRM.",
                    "direction": "from_crm",
                    "sync_result": {
                        "action_taken": "updated",
                        "conflicts_detected": 0,
                        "changed_fields": ["Amount", "Stage"],
                        "refused_fields": [],
                    },
                    "timestamp": "2026-03-02T09:30:00Z",
                }
            ]
        }
    )

    message: str
    direction: Direction
    sync_result: SyncResult
    timestamp: datetime
