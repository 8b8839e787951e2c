"""Field definitions of a module: name, type, limits, picklist, and the column that holds values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

# A record's columns are heterogeneous JSON values; each is checked by its field when written.
JsonValue: TypeAlias = Any
JsonObject: TypeAlias = dict[str, JsonValue]


class DataType(StrEnum):
    """The ``data_type`` of a field, spelled as the fields metadata spells it."""

    TEXT = "text"
    TEXTAREA = "textarea"
    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"
    INTEGER = "integer"
    BIGINT = "bigint"
    DOUBLE = "double"
    CURRENCY = "currency"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    PICKLIST = "picklist"
    MULTISELECT = "multiselectpicklist"
    LOOKUP = "lookup"
    OWNER = "ownerlookup"
    USER = "userlookup"
    MULTI_LOOKUP = "multiselectlookup"
    SUBFORM = "subform"
    FORMULA = "formula"
    AUTONUMBER = "autonumber"
    LAYOUT = "layout"
    TAG = "tag"
    SYSTEM_ID = "bigint_id"  # the record's own id; shown as bigint


@dataclass(slots=True)
class Option:
    """One value of a picklist; records carry ``actual_value``."""

    id: str
    display_value: str
    actual_value: str
    colour_code: str | None = None
    probability: int | None = None
    forecast_type: str | None = None
    forecast_category: str | None = None


@dataclass(slots=True, eq=False)
class Field:
    """A field of a module. ``position`` is its column in ``Record.values`` and never changes.

    ``role`` is the stock API name by which the simulator itself knows the field; it survives a
    rename, and equals ``api_name`` unless the organisation names the field differently. ``default``
    is what new records get that are given nothing.
    """

    id: str
    api_name: str
    label: str
    data_type: DataType
    position: int
    role: str
    length: int
    custom: bool = False
    mandatory: bool = False
    read_only: bool = False
    unique: bool = False
    options: list[Option] = field(default_factory=list)
    lookup_module: str | None = None
    decimal_places: int | None = None
    textarea_type: str | None = None
    formula_type: str | None = None
    subform_module: str | None = None
    created_time: str | None = None
    modified_time: str | None = None
    tooltip: JsonObject | None = None
    default: JsonValue = None

    @property
    def is_listed(self) -> bool:
        """Whether the list call returns the field (rows and many-to-many links it does not)."""
        return self.data_type not in (DataType.SUBFORM, DataType.MULTI_LOOKUP)

    @property
    def value_type(self) -> DataType:
        """The type that decides comparisons and JSON shape: a formula's is its return type."""
        if self.data_type is DataType.FORMULA and self.formula_type is not None:
            return DataType(self.formula_type)
        return self.data_type

    def option(self, actual_value: str) -> Option | None:
        """Return the picklist option with this stored value, or None."""
        for option in self.options:
            if option.actual_value == actual_value:
                return option
        return None
