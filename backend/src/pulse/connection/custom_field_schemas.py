"""What the routes of custom fields take and give."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pulse.core.custom_fields import PICKLISTS, SIZED, FieldOption, NewField, NewFieldType
from pulse.core.owned import LABEL_LIMIT, FieldFault, OwnedRole

FIELDS_A_REQUEST = 20

Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LABEL_LIMIT)
]
Tooltip = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]


class OptionIn(BaseModel):
    """An option of a picklist."""

    model_config = ConfigDict(extra="forbid")

    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    value: str = Field(
        default="",
        max_length=120,
        description="What records hold. Of a new option, empty: the label. In a change, the value "
        "of an option that is there renames it; any other is added.",
    )

    def option(self) -> FieldOption:
        """Return it as the product knows it."""
        return FieldOption(self.label, self.value)


class NewFieldIn(BaseModel):
    """A field to be created in the CRM."""

    model_config = ConfigDict(extra="forbid")

    label: Label
    data_type: NewFieldType
    tooltip: Tooltip | None = None
    length: int | None = Field(
        default=None, ge=1, description="Characters of a text, digits of a number."
    )
    options: list[OptionIn] = Field(default=[], max_length=200)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.data_type in PICKLISTS) != bool(self.options):
            raise ValueError(
                f"options: a {self.data_type.value} field takes "
                + ("one option at least" if self.data_type in PICKLISTS else "none")
            )
        most = SIZED.get(self.data_type)
        if self.length is not None and (most is None or self.length > most):
            raise ValueError(
                f"length: a {self.data_type.value} field takes "
                + ("none" if most is None else f"1 to {most}")
            )
        return self

    def new_field(self) -> NewField:
        """Return it as the product knows it."""
        return NewField(
            self.label,
            self.data_type,
            self.tooltip,
            self.length,
            tuple(option.option() for option in self.options),
        )


class CreateFields(BaseModel):
    """Which fields to create; without `fields`, those of the product's own that are missing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{}, {"fields": [{"label": "Win Theme", "data_type": "text"}]}]
        },
    )

    fields: list[NewFieldIn] | None = Field(default=None, min_length=1, max_length=FIELDS_A_REQUEST)

    @model_validator(mode="after")
    def _labels_differ(self) -> Self:
        labels = [field.label.casefold() for field in self.fields or ()]
        if len(set(labels)) < len(labels):
            raise ValueError("fields: two of them have one label; the CRM takes each label once")
        return self


class FieldResult(BaseModel):
    """What became of one field."""

    label: str
    role: OwnedRole | None = Field(description="Of the product's own fields.")
    status: str = Field(
        description="`created`; `taken_over`: it was there, and is ours from now on; `present`; "
        "`failed`; `unknown`: the CRM's answer was lost, so look before you create it again."
    )
    field_id: str | None = None
    api_name: str | None = Field(default=None, description="As the CRM gave it.")
    code: str | None = Field(default=None, description="Of a refusal: the CRM's own code.")
    message: str | None = Field(default=None, description="In the CRM's words.")
    fix: str | None = None


class CreatedFields(BaseModel):
    """What was created, field by field."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "1 field created, 1 refused.",
                    "created": 1,
                    "failed": 1,
                    "fields": [
                        {
                            "label": "PP Sync Status",
                            "role": "sync_status",
                            "status": "created",
                            "field_id": "554023000000902001",
                            "api_name": "Pipeline_Pulse_Sync_Status",
                        },
                        {
                            "label": "O2R Phase",
                            "role": "phase",
                            "status": "failed",
                            "code": "DUPLICATE_DATA",
                            "message": "duplicate data",
                            "fix": "Another field has this label: rename it in the CRM.",
                        },
                    ],
                }
            ]
        }
    )

    message: str
    created: int
    failed: int
    fields: list[FieldResult]


class FieldChangeIn(BaseModel):
    """What to change of a field; what is left out stays. Options are added or renamed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"label": "Sync with Pulse"}]}
    )

    label: Label | None = None
    tooltip: Tooltip | None = None
    length: int | None = Field(default=None, ge=1, le=50_000)
    options: list[OptionIn] | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set or all(
            getattr(self, name) is None for name in self.model_fields_set
        ):
            raise ValueError("nothing is to be changed: send label, tooltip, length or options")
        return self


class ChangedField(BaseModel):
    """A field after its change."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "The field is called Sync with Pulse now.",
                    "field_id": "554023000000902001",
                    "api_name": "Pipeline_Pulse_Sync_Status",
                    "label": "Sync with Pulse",
                    "data_type": "picklist",
                }
            ]
        }
    )

    message: str
    field_id: str
    api_name: str
    label: str
    data_type: str


class OwnedFieldLine(BaseModel):
    """One of the product's own fields."""

    role: OwnedRole
    label: str = Field(description="As the product calls it.")
    data_type: str
    tells: str = Field(description="What is written into it.")
    is_written: bool = Field(description="False: it is created, and the product leaves it empty.")
    options: list[OptionIn]
    fault: FieldFault | None = Field(description="Null: it is there and as it should be.")
    field_id: str | None
    api_name: str | None
    crm_label: str | None = Field(description="What the CRM calls it now.")
    message: str | None = Field(description="What is wrong, in a sentence.")
    fix: str | None


class SkippedLine(BaseModel):
    """A record that took no values."""

    record_id: str
    name: str | None
    code: str
    message: str
    next_try_at: datetime


class WriteBackLine(BaseModel):
    """How the write-back stands."""

    is_on: bool
    is_paused_by_mode: bool = Field(description="In the mode CRM to local nothing is written.")
    records_written: int = Field(description="Deals of which the CRM holds values of ours.")
    last_at: datetime | None
    last_records: int | None
    trouble: str | None = Field(description="What ended the last one early.")
    credits_today: int = Field(description="Spent in the last 24 hours.")
    credits_allowed: int | None
    skipped: int
    skips: list[SkippedLine] = Field(description="The latest 20.")


class OwnedFields(BaseModel):
    """The product's own fields in the CRM, and whether they are as they should be."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "fields": [
                        {
                            "role": "last_sync",
                            "label": "Last PP Sync",
                            "data_type": "datetime",
                            "tells": "When the deal was synced last.",
                            "is_written": True,
                            "options": [],
                            "fault": None,
                            "field_id": "554023000000902001",
                            "api_name": "Pipeline_Pulse_Last_Sync",
                            "crm_label": "Last PP Sync",
                            "message": None,
                            "fix": None,
                        }
                    ],
                    "missing": ["PP Sync Status"],
                    "validation_passed": False,
                    "may_create": True,
                    "calls_to_create": 1,
                    "refreshed_at": "2026-08-17T00:05:02Z",
                    "write_back": {
                        "is_on": True,
                        "is_paused_by_mode": False,
                        "records_written": 214,
                        "last_at": "2026-08-17T00:15:00Z",
                        "last_records": 12,
                        "trouble": None,
                        "credits_today": 3,
                        "credits_allowed": 400,
                        "skipped": 0,
                        "skips": [],
                    },
                }
            ]
        }
    )

    fields: list[OwnedFieldLine]
    missing: list[str] = Field(description="Labels that could be created now.")
    validation_passed: bool
    may_create: bool | None = Field(
        description="Whether the connection has the scope to create fields; null if unknown."
    )
    calls_to_create: int = Field(description="Calls that creating the missing ones takes.")
    refreshed_at: datetime | None = Field(description="When the CRM's fields were read last.")
    write_back: WriteBackLine
