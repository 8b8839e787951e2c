"""A custom field is made: checked row by row, named after its label, and at once in use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zoho_sim.custom_fields.kinds import (
    CHOICES,
    CREATABLE,
    choices_of,
    decimals_of,
    default_of,
    length_of,
    target_of,
    textarea_of,
)
from zoho_sim.state.fields import DataType, Field

if TYPE_CHECKING:
    from zoho_sim.custom_fields.refusals import Row
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

LABEL_LENGTH = 25
UNIQUE_MAXIMUM = 2
# Custom fields of a module, by edition (zoho-crm-v8.md 10.3); the free edition has none.
FIELDS_MAXIMUM = {
    "free": 0,
    "standard": 10,
    "professional": 155,
    "enterprise": 300,
    "ultimate": 500,
}
_RESERVED = frozenset({"id", "null", "true", "false", "module", "parent id", "record id"})
_TOOLTIPS = ("static_text", "info_icon")


def make_field(organisation: Organisation, store: ModuleStore, row: Row) -> Field:
    """Add the field that a row describes to its module, or raise FieldRefusedError."""
    label = label_of(store, row, None)
    data_type = _type_of(row)
    limit = FIELDS_MAXIMUM[organisation.facts.edition]
    if sum(field.custom for field in store.fields.values()) >= limit:
        raise row.limit_exceeded(limit, "field_label")
    now = organisation.now()
    api_name = free_name(store, label)
    field = Field(
        id="",
        api_name=api_name,
        label=label,
        data_type=data_type,
        position=store.width,
        role=f"{api_name}#{store.width}",
        length=length_of(row, data_type),
        custom=True,
        unique=uniqueness_of(store, row, None),
        options=choices_of(row, organisation.ids) if data_type in CHOICES else [],
        lookup_module=target_of(row, data_type, organisation),
        decimal_places=decimals_of(row, data_type),
        textarea_type=textarea_of(row) if data_type is DataType.TEXTAREA else None,
        tooltip=tooltip_of(row),
        created_time=now,
        modified_time=now,
    )
    field.default = default_of(row, field, organisation)
    field.id = organisation.ids.next()
    store.add_field(field)
    return field


def free_name(store: ModuleStore, label: str) -> str:
    """Return the API name that the CRM gives a label: ``O2R Phase`` becomes ``O2R_Phase``.

    Blanks become underscores, other signs go; a digit is added where the name is taken.
    """
    words = re.sub(r"[^A-Za-z0-9_ ]+", "", label).split()
    name = re.sub(r"^[^A-Za-z]+", "", "_".join(words)) or "Custom_Field"
    taken = {known.casefold() for known in store.fields}
    number, free = 0, name
    while free.casefold() in taken:
        number += 1
        free = f"{name}{number}"
    return free


def label_of(store: ModuleStore, row: Row, current: Field | None) -> str:
    """Return the row's label, which no other field of the module has."""
    label = row.given.get("field_label")
    if label is None:
        raise row.missing("field_label")
    if not isinstance(label, str) or not label.strip():
        raise row.invalid("field_label", expected_data_type="text")
    if len(label) > LABEL_LENGTH:
        raise row.invalid("field_label", maximum_length=LABEL_LENGTH)
    wanted = label.strip()
    if wanted.casefold() in _RESERVED:
        raise row.refused(
            "RESERVED_KEYWORD_NOT_ALLOWED", "reserved keyword not allowed", "field_label"
        )
    for known in store.fields.values():
        if known is not current and known.label.casefold() == wanted.casefold():
            raise row.duplicate("field_label")
    return wanted


def uniqueness_of(store: ModuleStore, row: Row, current: Field | None) -> bool:
    """Return whether the field's values must differ; ``_disable`` ends that."""
    unique = row.given.get("unique")
    if unique is None:
        return current is not None and current.unique
    if not isinstance(unique, dict):
        raise row.invalid("unique", expected_data_type="jsonobject")
    if "_disable" in unique:
        return False
    if not isinstance(unique.get("case_sensitive"), bool):
        raise row.invalid("unique.case_sensitive", expected_data_type="boolean")
    others = [f for f in store.fields.values() if f.custom and f.unique and f is not current]
    if len(others) >= UNIQUE_MAXIMUM:
        raise row.limit_exceeded(UNIQUE_MAXIMUM, "unique")
    return True


def tooltip_of(row: Row) -> dict[str, str] | None:
    """Return the row's tooltip: ``{"name", "value"}``."""
    tooltip = row.given.get("tooltip")
    if tooltip is None:
        return None
    if not isinstance(tooltip, dict) or not isinstance(tooltip.get("value"), str):
        raise row.invalid("tooltip", expected_data_type="jsonobject")
    if tooltip.get("name") not in _TOOLTIPS:
        raise row.invalid("tooltip.name", supported_values=list(_TOOLTIPS))
    return {"name": tooltip["name"], "value": tooltip["value"]}


def _type_of(row: Row) -> DataType:
    given = row.given.get("data_type")
    if given is None:
        raise row.missing("data_type")
    if given not in CREATABLE:
        raise row.invalid("data_type", supported_values=[kind.value for kind in CREATABLE])
    return DataType(given)
