"""What an edit of a deal takes and gives."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from pulse.core.sync import RecordStatus
from pulse.deals.form_schemas import InputValue
from pulse.deals.marks_schemas import FieldMark
from pulse.fields.values import Value


class DealEdit(BaseModel):
    """Values for fields of one deal."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"fields": {"Amount": "1350000.00", "Next_Step": "Legal review"}}]
        },
    )

    fields: dict[str, JsonValue] = Field(
        min_length=1,
        max_length=200,
        description="API name → value: text, true or false, a list of options, null for empty. "
        "Numbers may come as text, so that no digit is lost; days as 2026-08-14, moments with "
        "their offset, records and users as their id.",
    )


class FieldStanding(BaseModel):
    """How a field stands after an edit."""

    api_name: str
    label: str
    value: InputValue = Field(description="What it shows now, as an edit would send it.")
    shown: Value | None
    change: FieldMark | None


_STANDING: JsonDict = {
    "api_name": "Next_Step",
    "label": "Next Step",
    "value": "Legal review",
    "shown": {"kind": "text", "text": "Legal review"},
    "change": {
        "state": "pending",
        "local": {"kind": "text", "text": "Legal review"},
        "base": {"kind": "text", "text": "Send revised terms"},
        "is_base_known": True,
        "crm": None,
        "by": "Priya Raghunathan",
        "is_mine": True,
        "at": "2026-08-17T00:41:00Z",
        "crm_by": None,
        "crm_at": None,
        "is_on_its_way": False,
        "is_record_gone": False,
        "is_skipped": False,
        "can_be_dropped": True,
        "error_code": None,
        "error": None,
    },
}


class DealEdited(BaseModel):
    """What an edit did, by API name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "554023000000235001",
                    "changed": ["Next_Step"],
                    "cancelled": [],
                    "unchanged": [],
                    "status": "pending",
                    "before": {"Next_Step": "Send revised terms"},
                    "fields": [_STANDING],
                }
            ]
        }
    )

    id: str
    changed: list[str] = Field(description="Their new value waits for the CRM.")
    cancelled: list[str] = Field(
        description="They are back at the agreed value: an edit that waited is gone."
    )
    unchanged: list[str] = Field(description="They had this value already.")
    status: RecordStatus
    before: dict[str, InputValue] = Field(
        description="What the changed and cancelled fields showed before: sent again, it undoes."
    )
    fields: list[FieldStanding]


class DealChangesDropped(BaseModel):
    """Which edits were given up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "554023000000235001",
                    "dropped": {"Next_Step": "Legal review"},
                    "status": "synced",
                    "fields": [
                        {
                            **_STANDING,
                            "value": "Send revised terms",
                            "shown": {"kind": "text", "text": "Send revised terms"},
                            "change": None,
                        }
                    ],
                }
            ]
        }
    )

    id: str
    dropped: dict[str, InputValue] = Field(
        description="API name → what was wanted: sent again, it undoes the drop."
    )
    status: RecordStatus
    fields: list[FieldStanding]


class DealChangesRetried(BaseModel):
    """How a deal stands after its refused edits were queued again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "554023000000235001", "status": "pending", "fields": [_STANDING]}]
        }
    )

    id: str
    status: RecordStatus
    fields: list[FieldStanding]
