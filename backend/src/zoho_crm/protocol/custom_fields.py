"""Custom fields of a module: create 1 to 5 at a time, change, delete.

Sources: the v8 pages Create, Update and Delete Custom Fields and the vendor's OpenAPI file. The
answer to a creation gives ids only; API names are the CRM's to choose and have to be read back. A
data type and an API name never change. Results of each field are in `outcomes`, their ids those of
the fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import orjson

from zoho_crm.protocol.outcomes import WriteResult, write_result
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.wire import Call, Request, Resend, bounded, path, record_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoho_crm.protocol.faults import Json

FIELDS_LIMIT = 5
LENGTH_LIMITS = {"text": 255, "integer": 9, "bigint": 18, "double": 18, "currency": 16}
PERCENT_LENGTH = 5
DECIMAL_PLACES_LIMIT = 9


class TextSize(StrEnum):
    """How much a multi-line field takes: 2,000, 32,000, or 50,000 characters with markup."""

    SMALL = "small"
    LARGE = "large"
    RICH = "rich_text"


class Rounding(StrEnum):
    """What the CRM does with further decimals of a currency field."""

    NORMAL = "normal"
    HALF = "round_off"
    UP = "round_up"
    DOWN = "round_down"


@dataclass(frozen=True, slots=True)
class PickOption:
    """An option of a picklist; records carry `actual_value`, people see `display_value`.

    Without an actual value a new option has its display value for one. In a change, an option with
    the `id` (or the actual value) of one that exists renames it, any other is added.
    """

    display_value: str
    actual_value: str = ""
    id: str | None = None
    colour_code: str | None = None

    def body(self) -> Json:
        """Return the option as the CRM takes it."""
        if not self.display_value.strip():
            raise ValueError("an option has no display value")
        found = {"display_value": self.display_value}
        if self.id is not None:
            found["id"] = record_id(self.id)
        if self.actual_value or self.id is None:
            found["actual_value"] = self.actual_value or self.display_value
        if self.colour_code is not None:
            found["colour_code"] = self.colour_code
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """What every new field has; `tooltip` is shown to people beside it."""

    data_type: ClassVar[str]

    label: str
    tooltip: str | None = None

    def body(self) -> Json:
        """Return the field as the CRM takes it."""
        if not self.label.strip():
            raise ValueError(f"a new {self.data_type} field has no label")
        found: Json = {"field_label": self.label, "data_type": self.data_type}
        if self.tooltip is not None:
            found["tooltip"] = _tooltip(self.tooltip)
        found.update(self._particulars())
        return found

    def _particulars(self) -> Json:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(FieldSpec):
    """One line of text, 1 to 255 characters."""

    data_type: ClassVar[str] = "text"

    length: int = 255
    is_unique: bool = False

    def _particulars(self) -> Json:
        found: Json = {"length": _length(self.data_type, self.length)}
        if self.is_unique:
            found["unique"] = {"case_sensitive": False}
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAreaField(FieldSpec):
    """Several lines of text."""

    data_type: ClassVar[str] = "textarea"

    size: TextSize = TextSize.SMALL

    def _particulars(self) -> Json:
        return {"textarea": {"type": self.size.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerField(FieldSpec):
    """A whole number of 1 to 9 digits."""

    data_type: ClassVar[str] = "integer"

    length: int = 9

    def _particulars(self) -> Json:
        return {"length": _length(self.data_type, self.length)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BigIntegerField(FieldSpec):
    """A whole number of 1 to 18 digits; records carry it as a string."""

    data_type: ClassVar[str] = "bigint"

    length: int = 18

    def _particulars(self) -> Json:
        return {"length": _length(self.data_type, self.length)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalField(FieldSpec):
    """A number with up to 9 decimals."""

    data_type: ClassVar[str] = "double"

    length: int = 16
    decimal_places: int = 2

    def _particulars(self) -> Json:
        return {
            "length": _length(self.data_type, self.length),
            "decimal_place": _decimal_places(self.decimal_places),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyField(FieldSpec):
    """An amount; `precision` is how many decimals rounding keeps, fewer than `decimal_places`."""

    data_type: ClassVar[str] = "currency"

    length: int = 16
    decimal_places: int = 2
    rounding: Rounding = Rounding.NORMAL
    precision: int = 0

    def _particulars(self) -> Json:
        if not 0 <= self.precision < self.decimal_places:
            raise ValueError(
                f"precision is {self.precision}: give fewer than the decimal places, "
                f"{self.decimal_places}"
            )
        return {
            "length": _length(self.data_type, self.length),
            "decimal_place": _decimal_places(self.decimal_places),
            "currency": {
                "rounding_option": self.rounding.value,
                "precision": str(self.precision),
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentField(FieldSpec):
    """A percentage of up to 5 digits."""

    data_type: ClassVar[str] = "percent"

    def _particulars(self) -> Json:
        return {"length": PERCENT_LENGTH}


@dataclass(frozen=True, slots=True, kw_only=True)
class BooleanField(FieldSpec):
    """Yes or no."""

    data_type: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(FieldSpec):
    """A day."""

    data_type: ClassVar[str] = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTimeField(FieldSpec):
    """A moment."""

    data_type: ClassVar[str] = "datetime"


@dataclass(frozen=True, slots=True, kw_only=True)
class PickListField(FieldSpec):
    """One of some options."""

    data_type: ClassVar[str] = "picklist"

    options: tuple[PickOption, ...]
    is_sorted: bool = False
    has_colours: bool = False

    def _particulars(self) -> Json:
        return {
            "pick_list_values": _options(self.options),
            "pick_list_values_sorted_lexically": self.is_sorted,
            "enable_colour_code": self.has_colours,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiSelectField(PickListField):
    """Any number of some options."""

    data_type: ClassVar[str] = "multiselectpicklist"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEdit:
    """A change of one field; what is None stays as it is.

    `options` renames those that it names by id or actual value and adds the others; the CRM
    removes none through this call.
    """

    id: str
    label: str | None = None
    length: int | None = None
    tooltip: str | None = None
    is_unique: bool | None = None
    options: tuple[PickOption, ...] | None = None

    def body(self) -> Json:
        """Return the change as the CRM takes it."""
        found: Json = {}
        if self.label is not None:
            if not self.label.strip():
                raise ValueError(f"field {self.id}: the new label is empty")
            found["field_label"] = self.label
        if self.length is not None:
            found["length"] = int(bounded("length", self.length, 50_000))
        if self.tooltip is not None:
            found["tooltip"] = _tooltip(self.tooltip)
        if self.is_unique is not None:
            found["unique"] = {"case_sensitive": False} if self.is_unique else {"_disable": None}
        if self.options is not None:
            found["pick_list_values"] = _options(self.options)
        if not found:
            raise ValueError(f"field {self.id}: nothing is to be changed")
        return {"id": record_id(self.id), **found}


def create(module: str, specs: Sequence[FieldSpec]) -> Call[WriteResult]:
    """Add 1 to 5 fields to a module and its standard layout; they are never sent twice.

    A repeated creation would be refused as a duplicate of its own first execution: after
    AnswerLost look for the labels.
    """
    rows = _checked([spec.body() for spec in specs])
    labels = [spec.label.strip().casefold() for spec in specs]
    if len(set(labels)) != len(labels):
        raise ValueError("two new fields have one label: their results could not be told apart")
    return _call(Operation.CREATE_FIELDS, "POST", module, rows, [None] * len(rows))


def update(module: str, edits: Sequence[FieldEdit]) -> Call[WriteResult]:
    """Change 1 to 5 fields; an option that is added twice would be refused, so it is sent once."""
    rows = _checked([edit.body() for edit in edits])
    return _call(Operation.UPDATE_FIELDS, "PATCH", module, rows, [edit.id for edit in edits])


def delete(module: str, field_id: str) -> Call[WriteResult]:
    """Delete a custom field with the values of all records; NOT_ALLOWED while it is in use."""
    return Call(
        Work(Operation.DELETE_FIELD, module),
        Request("DELETE", path("settings", "fields", record_id(field_id)), (("module", module),)),
        partial(write_result, key="fields", ids=[field_id]),
        resend=Resend.REFUSED_ONLY,
        is_write=True,
        rows=({"id": field_id},),
    )


def _call(
    operation: Operation,
    method: str,
    module: str,
    rows: list[Json],
    ids: Sequence[str | None],
) -> Call[WriteResult]:
    return Call(
        Work(operation, module),
        Request(
            method,
            path("settings", "fields"),
            (("module", module),),
            body=orjson.dumps({"fields": rows}),
        ),
        partial(write_result, key="fields", ids=ids),
        resend=Resend.REFUSED_ONLY,
        is_write=True,
        rows=tuple(rows),
    )


def _checked(rows: list[Json]) -> list[Json]:
    if not 1 <= len(rows) <= FIELDS_LIMIT:
        raise ValueError(f"{len(rows)} fields: one call takes 1 to {FIELDS_LIMIT}")
    return rows


def _length(data_type: str, length: int) -> int:
    return int(bounded(f"length of {data_type} fields", length, LENGTH_LIMITS[data_type]))


def _decimal_places(places: int) -> int:
    return int(bounded("decimal_places", places, DECIMAL_PLACES_LIMIT))


def _options(options: Sequence[PickOption]) -> list[Json]:
    bodies = [option.body() for option in options]
    values = [body.get("id", body.get("actual_value")) for body in bodies]
    if not bodies or len(set(values)) != len(values):
        raise ValueError("a picklist has one option at least, and each of them once")
    return bodies


def _tooltip(text: str) -> Json:
    return {"name": "info_icon", "value": text}
