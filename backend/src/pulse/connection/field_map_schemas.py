"""What the routes of the field map give."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pulse.core.fields import ValueKind


class FieldMapState(StrEnum):
    """How a canonical field came to the field that stands for it."""

    MATCHES = "matches"
    """It has the canonical name."""
    STOCK_NAME = "stock_name"
    """It has the name of a stock organisation."""
    CHOSEN = "chosen"
    """A person chose it, and it has another name."""
    MISSING = "missing"


class ProposedField(BaseModel):
    """A field that may stand for a missing one."""

    api_name: str
    reason: str = Field(description="Why, in a sentence.")


class MappedFieldChange(BaseModel):
    """What happened in the CRM to the field that stands for a canonical one, within 7 days."""

    kind: str
    before: str | None = Field(description="Its former name or type.")
    noticed_at: datetime


class FieldMapLine(BaseModel):
    """What stands for one canonical field of a deal."""

    canonical_name: str
    label: str
    kind: ValueKind = Field(description="What it holds; `candidates` are listed by it.")
    is_fixed: bool = Field(description="The CRM's own id or stamp: nothing else can be chosen.")
    api_name: str | None = Field(description="Null: the organisation has no field for it.")
    data_type: str | None = Field(description="Type of that field in the CRM.")
    is_chosen: bool = Field(description="A person chose it; otherwise it is proposed.")
    state: FieldMapState
    proposal: ProposedField | None = Field(description="For a missing field, if any looks likely.")
    recent_change: MappedFieldChange | None


class CandidateField(BaseModel):
    """A field of the organisation that can be chosen."""

    api_name: str
    label: str
    data_type: str
    is_custom: bool


_MAP_EXAMPLE: JsonDict = {
    "fields": [
        {
            "canonical_name": "Opportunity_Name",
            "label": "Name",
            "kind": "text",
            "is_fixed": False,
            "api_name": "Deal_Name",
            "data_type": "text",
            "is_chosen": False,
            "state": "stock_name",
            "proposal": None,
            "recent_change": None,
        }
    ],
    "missing": [],
    "is_complete": True,
    "candidates": {
        "text": [
            {
                "api_name": "Deal_Name",
                "label": "Deal Name",
                "data_type": "text",
                "is_custom": False,
            }
        ]
    },
    "unmapped_custom_fields": 31,
    "read_at": "2026-03-02T09:00:00Z",
}


class FieldMapAnswer(BaseModel):
    """The whole map, in the order of the canonical fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MAP_EXAMPLE]})

    fields: list[FieldMapLine]
    missing: list[str]
    is_complete: bool
    candidates: dict[ValueKind, list[CandidateField]] = Field(
        description="By kind, the fields whose type can hold it."
    )
    unmapped_custom_fields: int = Field(description="They are mirrored all the same.")
    read_at: datetime | None = Field(description="When the CRM's fields were read last.")


class FieldMapCheck(BaseModel):
    """The map against the CRM's fields as they are now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "validation_passed": True,
                    "message": "All 23 fields are there.",
                    "map": _MAP_EXAMPLE,
                }
            ]
        }
    )

    validation_passed: bool
    message: str
    map: FieldMapAnswer


class FilledFields(BaseModel):
    """How many deals have a value in each canonical field."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "counted_at": "2026-03-02T09:30:00Z",
                    "deals": 48210,
                    "filled": {"Country": 0.974},
                }
            ]
        }
    )

    counted_at: datetime
    deals: int
    filled: dict[str, float] = Field(
        description="Canonical name → share of deals, 0 to 1; empty without deals."
    )
