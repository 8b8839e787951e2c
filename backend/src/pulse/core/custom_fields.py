"""Custom fields as a person asks for them, and what the CRM says to that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NewFieldType(StrEnum):
    """The types of fields that the product creates."""

    TEXT = "text"
    TEXTAREA = "textarea"
    INTEGER = "integer"
    DECIMAL = "double"
    CURRENCY = "currency"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    PICKLIST = "picklist"
    MULTISELECT = "multiselectpicklist"


PICKLISTS = frozenset({NewFieldType.PICKLIST, NewFieldType.MULTISELECT})
SIZED = {NewFieldType.TEXT: 255, NewFieldType.INTEGER: 9, NewFieldType.DECIMAL: 18}
"""Types that have a length, with the greatest that the CRM takes."""


@dataclass(frozen=True, slots=True)
class FieldOption:
    """An option of a picklist: records hold the value, people read the label."""

    label: str
    value: str = ""
    """Of a new option, empty: the label. Of a change, the option that gets this label."""


@dataclass(frozen=True, slots=True)
class NewField:
    """A field to be created; the CRM gives its API name."""

    label: str
    data_type: NewFieldType
    tooltip: str | None = None
    length: int | None = None
    options: tuple[FieldOption, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change of a field; what is None stays. Options are renamed or added, never removed."""

    field_id: int
    label: str | None = None
    tooltip: str | None = None
    length: int | None = None
    options: tuple[FieldOption, ...] | None = None


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """What became of one field: its id, or why not in the CRM's words."""

    field_id: int | None = None
    code: str | None = None
    """Of a refusal: the CRM's own code."""
    message: str | None = None
    is_unknown: bool = False
    """The answer was lost: the CRM may or may not have done it."""
