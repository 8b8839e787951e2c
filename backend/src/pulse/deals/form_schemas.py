"""What the form of a deal and its pickers give."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pulse.core.sync import RecordStatus
from pulse.deals.detail_schemas import FieldGroup
from pulse.deals.marks_schemas import FieldMark
from pulse.fields.values import Option, Value

InputValue = str | bool | list[str] | None
"""A value as an input holds it and an edit sends it: numbers and ids are text, digit for digit."""


class InputKind(StrEnum):
    """How a field is edited."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    INTEGER = "integer"
    DIGITS = "digits"
    """A long whole number: digits in a text."""
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    REFERENCE = "reference"
    NONE = "none"
    """Not at all; `read_only_reason` says why."""


class FormField(BaseModel):
    """One field with what it takes and holds."""

    api_name: str
    canonical_name: str | None
    label: str
    group: FieldGroup
    data_type: str = Field(description="The CRM's type.")
    input: InputKind
    options: list[Option] = Field(
        description="Of a picklist, in the CRM's order; of the stage, those of the deal's pipeline."
    )
    is_mandatory: bool = Field(description="By the module or by the deal's layout.")
    max_length: int | None = Field(description="Characters of a text, digits of a number.")
    decimals: int | None
    currency: str | None = Field(description="Of money: the deal's own.")
    has_lookup: bool = Field(description="Whether GET /api/deals/lookups/{field} finds records.")
    read_only_reason: str | None = Field(description="Why it cannot be edited here, a sentence.")
    value: InputValue = Field(description="What it shows now, as an edit would send it.")
    shown: Value | None = Field(description="The same for people; null: empty.")
    change: FieldMark | None


_FIELD: JsonDict = {
    "api_name": "Amount",
    "canonical_name": "OCH_Revenue",
    "label": "Amount",
    "group": "deal",
    "data_type": "currency",
    "input": "money",
    "options": [],
    "is_mandatory": False,
    "max_length": 16,
    "decimals": 2,
    "currency": "SGD",
    "has_lookup": False,
    "read_only_reason": None,
    "value": "1350000",
    "shown": {"kind": "money", "amount": "1350000", "currency": "SGD"},
    "change": None,
}


class DealForm(BaseModel):
    """A deal as it can be edited."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "554023000000235001",
                    "name": "Claims platform renewal",
                    "status": "synced",
                    "read_only_reason": None,
                    "fields": [_FIELD],
                }
            ]
        }
    )

    id: str
    name: str | None
    status: RecordStatus
    read_only_reason: str | None = Field(
        description="Why nothing of the deal can be edited now, a sentence."
    )
    fields: list[FormField] = Field(description="In the order of the deal's page.")


class FormOfMany(BaseModel):
    """What deals take in their fields; without values, which are each deal's own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "read_only_reason": None,
                    "fields": [{**_FIELD, "currency": None, "value": None, "shown": None}],
                }
            ]
        }
    )

    read_only_reason: str | None = Field(
        description="Why no deal can be edited now, a sentence; null if they can."
    )
    fields: list[FormField] = Field(description="In the order of a deal's page.")


class LookupOption(BaseModel):
    """A record that a field can point to."""

    value: str = Field(description="Its id.")
    label: str
    detail: str | None = Field(description="What tells it from others of its name.")


class LookupFound(BaseModel):
    """Records that fit a few letters, those whose name begins so first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "value": "554023000000235021",
                            "label": "Meridian General",
                            "detail": "Singapore",
                        }
                    ],
                    "has_more": False,
                }
            ]
        }
    )

    items: list[LookupOption]
    has_more: bool
