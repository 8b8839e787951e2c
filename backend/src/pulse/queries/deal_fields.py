"""The CRM's own fields of deals, beyond the canonical ones, as far as a table can show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from pulse.core.fields import DEAL_FIELDS
from pulse.core.modules import DEALS
from pulse.db.as_text import as_text, rows_of
from pulse.models import CrmField, FieldMapEntry
from pulse.queries.owned_fields import is_not_owned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession


class FieldKind(StrEnum):
    """How a field's stored value is read, ordered and compared."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    CHOICES = "choices"
    """Several values of a picklist."""
    REFERENCE = "reference"
    """The id of a record or user."""
    DETAIL = "detail"
    """Rows, files, linked records: told apart by being empty or not, and in no order."""


_KINDS: Final[Mapping[str, FieldKind]] = {
    **dict.fromkeys(
        ("double", "currency", "percent", "integer", "number", "bigint", "rollup_summary"),
        FieldKind.NUMBER,
    ),
    **dict.fromkeys(("datetime", "event_reminder"), FieldKind.INSTANT),
    **dict.fromkeys(("lookup", "ownerlookup", "userlookup"), FieldKind.REFERENCE),
    "date": FieldKind.DATE,
    "boolean": FieldKind.BOOLEAN,
    "multiselectpicklist": FieldKind.CHOICES,
}
_DETAILS: Final = frozenset(
    {"subform", "multiselectlookup", "multiuserlookup", "multi_module_lookup", "fileupload",
     "imageupload", "profileimage", "territories", "consent_lookup"}
)  # fmt: skip
_HIDDEN: Final = frozenset({"id", "Created_Time", "Modified_Time"})
"""Canonical under their own names, whatever the map says."""


@dataclass(frozen=True, slots=True)
class DealField:
    """A CRM field of deals that no canonical field stands for."""

    api_name: str
    label: str
    kind: FieldKind
    data_type: str
    options: tuple[tuple[str, str], ...] = ()
    """Of a picklist: value and what people read for it, in the CRM's order."""


@dataclass(frozen=True, slots=True)
class DealFields:
    """All fields that a table of deals may show."""

    fields: Mapping[str, DealField] = field(default_factory=dict)
    """By API name, in the CRM's order; what is mapped to a canonical field is left out."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """Column of the narrow table → API name of the field that it shows."""
    options: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Column of the narrow table → options of its picklist."""

    def labels(self, column: str) -> Mapping[str, str]:
        """Return what people read for the stored values of a canonical picklist."""
        return dict(self.options.get(column, ()))


MAP_AS_TEXT: Final = as_text(
    select(FieldMapEntry.canonical_name, FieldMapEntry.api_name)
    .where(FieldMapEntry.module == DEALS)
    .order_by(FieldMapEntry.canonical_name)
)
"""Which API name stands for which canonical field of deals."""

FIELDS_AS_TEXT: Final = as_text(
    select(
        CrmField.api_name,
        CrmField.label,
        CrmField.data_type,
        CrmField.json_type,
        CrmField.document["formula"]["return_type"].astext.label("return_type"),
        CrmField.document["pick_list_values"].label("values"),
    )
    .where(CrmField.module == DEALS, CrmField.removed_at.is_(None), is_not_owned())
    .order_by(CrmField.is_custom, CrmField.field_id)
)
"""The fields of deals that the CRM has now, the product's own left out."""


async def read_deal_fields(db: AsyncSession) -> DealFields:
    """Return the fields that the CRM has now; none before its metadata was read."""
    return deal_fields_of(*(await db.execute(select(MAP_AS_TEXT, FIELDS_AS_TEXT))).one())


@lru_cache(maxsize=8)
def deal_fields_of(told_map: str, told_fields: str) -> DealFields:
    """Return the fields that `MAP_AS_TEXT` and `FIELDS_AS_TEXT` tell of."""
    columns = {each.name: each.column for each in DEAL_FIELDS}
    mapped = {
        columns[canonical_name]: api_name
        for canonical_name, api_name in rows_of(told_map)
        if canonical_name in columns
    }
    column_of = {api_name: column for column, api_name in mapped.items()}
    fields: dict[str, DealField] = {}
    options: dict[str, tuple[tuple[str, str], ...]] = {}
    for api_name, label, data_type, json_type, return_type, values in rows_of(told_fields):
        if api_name in column_of:
            options[column_of[api_name]] = _options(values)
        elif api_name not in _HIDDEN and data_type != "layout":
            fields[api_name] = DealField(
                api_name,
                label,
                kind_of(data_type, json_type, return_type),
                data_type,
                _options(values),
            )
    return DealFields(fields, mapped, options)


def kind_of(data_type: str, json_type: str | None, return_type: str | None) -> FieldKind:
    """Return how values of a field are read; a formula's are of the type that it returns."""
    if data_type == "formula":
        return _KINDS.get(return_type or "", FieldKind.TEXT)
    if data_type in _KINDS:
        return _KINDS[data_type]
    # `Tag` is described as text and sent as a list.
    is_detail = data_type in _DETAILS or json_type in {"jsonarray", "jsonobject"}
    return FieldKind.DETAIL if is_detail else FieldKind.TEXT


# Any: a part of the CRM's own description, validated here.
def _options(values: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - as above
    return tuple(
        (str(value["actual_value"]), str(value.get("display_value") or value["actual_value"]))
        for value in (values if isinstance(values, list) else [])
        if isinstance(value, dict) and value.get("actual_value") not in (None, "", "-None-")
    )
