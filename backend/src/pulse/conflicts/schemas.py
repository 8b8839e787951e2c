"""What `/api/sync-status/conflicts` takes and gives."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.sync import RecordStatus
from pulse.fields.values import DecimalText, Named, Value
from pulse.web.paging import Page

if TYPE_CHECKING:
    from pydantic.config import JsonDict

RecordId = Annotated[
    str,
    Field(
        pattern=r"^([1-9]\d{0,17}|[1-8]\d{18})$",
        description="Of the CRM; a string, as it is longer than a double holds.",
    ),
]


class Side(StrEnum):
    """Whose value it is."""

    CRM = "crm"
    LOCAL = "local"


class ConflictField(BaseModel):
    """A field in conflict: the last agreed value and those of both sides; null is empty."""

    field: str = Field(description="API name.")
    label: str
    data_type: str = Field(description="As the CRM describes the field.")
    is_custom: bool
    base: Value | None = Field(description="What both sides agreed on last.")
    is_base_known: bool = Field(description="False where the field had never been read.")
    agreed_at: datetime | None = Field(description="Since when both sides held `base`.")
    local_value: Value | None
    local_modified_at: datetime
    local_modified_by: str
    crm_value: Value | None = Field(description="Null also where the record was deleted.")
    crm_modified_at: datetime | None = Field(description="When the record changed there last.")
    crm_modified_by: str | None = Field(description="Who changed it; null if nobody knows.")
    since: datetime | None = Field(description="Since when the values clash.")
    is_skipped: bool
    awaits_timeline: bool = Field(
        description="The newest wins, and the CRM has still to tell when its field changed."
    )
    error_code: str | None = Field(description="Why a resolution could not be sent.")
    error_message: str | None


class MergedField(BaseModel):
    """A change of the same record that clashed with nothing and was merged by itself."""

    field: str
    label: str
    value: Value | None
    side: Side = Field(description="Where the change came from.")
    at: datetime


_FIELD: JsonDict = {
    "field": "Amount",
    "label": "Amount",
    "data_type": "currency",
    "is_custom": False,
    "base": {"kind": "money", "amount": "1280000.00", "currency": "SGD"},
    "is_base_known": True,
    "agreed_at": "2026-08-14T09:20:00Z",
    "local_value": {"kind": "money", "amount": "1350000.00", "currency": "SGD"},
    "local_modified_at": "2026-08-17T00:29:00Z",
    "local_modified_by": "Marcus Tan",
    "crm_value": {"kind": "money", "amount": "1310000.00", "currency": "SGD"},
    "crm_modified_at": "2026-08-17T00:30:00Z",
    "crm_modified_by": "Nurul Aisyah",
    "since": "2026-08-17T00:30:20Z",
    "is_skipped": False,
    "awaits_timeline": False,
    "error_code": None,
    "error_message": None,
}
_CONFLICT: JsonDict = {
    "id": "5725767000001482019",
    "zoho_record_id": "5725767000001482019",
    "record_name": "Claims platform renewal",
    "account": {"id": "5725767000000871002", "name": "Meridian General"},
    "owner": {"id": "5725767000000310001", "name": "Marcus Tan"},
    "stage": "Negotiation",
    "value": "1350000.00",
    "currency": "SGD",
    "is_record_gone": False,
    "gone_at": None,
    "since": "2026-08-17T00:30:20Z",
    "is_skipped": False,
    "version": "5b1c6f0a3d2e4c77",
    "fields": [_FIELD],
    "merged": [
        {
            "field": "Stage",
            "label": "Stage",
            "value": {
                "kind": "choice",
                "choice": {"value": "Negotiation", "label": "Negotiation"},
            },
            "side": "crm",
            "at": "2026-08-17T00:30:00Z",
        }
    ],
}


class Conflict(BaseModel):
    """A record with fields that both sides changed to different values."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONFLICT]})

    id: RecordId
    zoho_record_id: RecordId
    record_name: str | None
    account: Named | None
    owner: Named | None
    stage: str | None = Field(description="As people read it.")
    value: DecimalText | None = Field(description="Amount as shown here, in the base currency.")
    currency: str = Field(description="The base currency.")
    is_record_gone: bool = Field(description="Deleted in the CRM: drop the edits, or restore it.")
    gone_at: datetime | None
    since: datetime | None = Field(description="The latest clash of its fields.")
    is_skipped: bool = Field(description="All its fields are hidden until either side changes.")
    version: str = Field(description="Of what is shown here; a resolution may insist on it.")
    fields: list[ConflictField]
    merged: list[MergedField] = Field(description="Since the edits were made, newest first.")


class ConflictPage(Page[Conflict]):
    """Conflicts, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "field_count": 1,
                    "skipped_count": 2,
                    "items": [_CONFLICT],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )

    field_count: int = Field(description="Fields in conflict of all records that match.")
    skipped_count: int = Field(description="Records whose conflicts are all skipped.")


class Action(StrEnum):
    """What to do with the conflicts of a record."""

    USE_CRM = "use_crm"
    USE_LOCAL = "use_local"
    MERGE = "merge"
    SKIP = "skip"
    UNSKIP = "unskip"


class TakeSide(BaseModel):
    """Let a side's value stand."""

    model_config = ConfigDict(extra="forbid")

    use: Side


class TypeValue(BaseModel):
    """Let another value stand, as the deal's form sends it; null empties the field."""

    model_config = ConfigDict(extra="forbid")

    # Any: JSON, checked against the field's metadata.
    value: Any


class Resolution(BaseModel):
    """A decision about one record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"action": "use_crm"},
                {
                    "action": "merge",
                    "fields": {"Amount": {"use": "local"}, "Next_Step": {"value": "Board date"}},
                    "version": "5b1c6f0a3d2e4c77",
                },
            ]
        },
    )

    action: Action
    fields: dict[str, TakeSide | TypeValue] | list[str] | None = Field(
        default=None,
        description="To merge: a decision for every field in conflict, by API name. "
        "Else: API names of the fields it is about; all by default.",
    )
    version: str | None = Field(
        default=None,
        description="Of the conflict that was looked at: refused with 409 if it has moved on.",
    )


class Resolved(BaseModel):
    """What became of a conflict."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "Amount and Next step go to the CRM.",
                    "conflict_id": "5725767000001482019",
                    "new_status": "pending",
                    "resolved_at": "2026-08-17T00:42:10Z",
                }
            ]
        }
    )

    message: str
    conflict_id: RecordId
    new_status: RecordStatus
    resolved_at: datetime


class ConflictChoice(BaseModel):
    """Which conflicts a filter means."""

    model_config = ConfigDict(extra="forbid")

    field: str | None = Field(default=None, description="API name of a field in conflict.")
    owner: RecordId | None = Field(default=None, description="The CRM's id of the deal's owner.")
    skipped: bool = Field(default=False, description="Those that are hidden.")


class ManyResolution(BaseModel):
    """One decision about several records: those named, or those that match a filter."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"action": "use_crm", "ids": ["5725767000001482019"]},
                {"action": "skip", "filter": {"owner": "5725767000000310001"}},
            ]
        },
    )

    action: Literal[Action.USE_CRM, Action.USE_LOCAL, Action.SKIP, Action.UNSKIP]
    ids: list[RecordId] | None = Field(default=None, min_length=1, max_length=500)
    filter: ConflictChoice | None = None
    versions: dict[str, str] = Field(
        default={}, description="By id: what was looked at; one that moved on is left alone."
    )


class OneOfMany(BaseModel):
    """What became of one record's conflicts."""

    id: RecordId
    new_status: RecordStatus | None = Field(description="Null where nothing was done.")
    code: str | None = Field(description="Why nothing was done.")
    message: str


class ManyResolved(BaseModel):
    """What became of each record."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "1 conflict was resolved.",
                    "resolved": 1,
                    "failed": 0,
                    "remaining": 0,
                    "results": [
                        {
                            "id": "5725767000001482019",
                            "new_status": "synced",
                            "code": None,
                            "message": "Amount: the CRM's value stands.",
                        }
                    ],
                    "resolved_at": "2026-08-17T00:42:10Z",
                }
            ]
        }
    )

    message: str
    resolved: int
    failed: int
    remaining: int = Field(
        description="Records that match the filter and were not reached: 500 are done at a time."
    )
    results: list[OneOfMany]
    resolved_at: datetime
