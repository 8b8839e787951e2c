"""A field is changed: label, length, tooltip, choices, uniqueness, default; never its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.custom_fields.kinds import (
    CHOICES,
    LONGEST,
    add_choice,
    default_of,
    length_of,
    listed_choices,
)
from zoho_sim.custom_fields.making import label_of, tooltip_of, uniqueness_of
from zoho_sim.state.fields import Option

if TYPE_CHECKING:
    from zoho_sim.custom_fields.refusals import Row
    from zoho_sim.state.fields import Field, JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

_FIXED_KEYS = ("api_name", "textarea", "lookup", "formula", "external", "auto_number")
# Their choices belong to pipelines and to the list of currencies.
_FIXED_CHOICES = ("Stage", "Pipeline", "Currency", "Layout")


def change_field(organisation: Organisation, store: ModuleStore, field: Field, row: Row) -> None:
    """Change a field as a row says, all of it or nothing, or raise FieldRefusedError."""
    _check_fixed(field, row)
    given = row.given
    label = label_of(store, row, field) if "field_label" in given else field.label
    length = length_of(row, field.data_type) if "length" in given else field.length
    unique = uniqueness_of(store, row, field)
    tooltip = tooltip_of(row) if "tooltip" in given else field.tooltip
    options = _options(organisation, field, row)
    if "default_value" in given:
        field.default = default_of(row, field, organisation)
    field.label, field.length, field.unique = label, length, unique
    field.tooltip, field.options = tooltip, options
    field.modified_time = organisation.now()


def _check_fixed(field: Field, row: Row) -> None:
    given = row.given
    for key in _FIXED_KEYS:
        if key in given:
            raise row.not_allowed(key)
    if given.get("data_type", field.data_type) != field.data_type:
        raise row.not_allowed("data_type")
    if not field.custom and given.get("field_label", field.label) != field.label:
        raise row.not_allowed("field_label")
    if "length" in given and (not field.custom or field.data_type not in LONGEST):
        raise row.not_allowed("length")
    if "unique" in given and not field.custom:
        raise row.not_allowed("unique")


def _options(organisation: Organisation, field: Field, row: Row) -> list[Option]:
    """Return the choices to be: those named by id or stored value renamed, others added."""
    if "pick_list_values" not in row.given:
        return field.options
    if field.data_type not in CHOICES or field.role in _FIXED_CHOICES:
        raise row.not_allowed("pick_list_values")
    options = [*field.options]
    for place, choice in enumerate(listed_choices(row)):
        known = _known(options, choice)
        if known is not None:
            _rename(row, options, known, choice, place)
        elif "id" in choice:
            raise row.invalid(f"pick_list_values[{place}].id")
        else:
            given = {"actual_value": choice.get("display_value"), **choice}
            add_choice(row, options, given, place, organisation.ids)
    return options


def _known(options: list[Option], choice: JsonObject) -> int | None:
    """Return the place of the option that a choice names by its id or its stored value."""
    key, value = ("id", str(choice["id"])) if "id" in choice else (
        "actual_value", choice.get("actual_value")
    )  # fmt: skip
    places = (at for at, option in enumerate(options) if getattr(option, key) == value)
    return next(places, None)


def _rename(row: Row, options: list[Option], at: int, choice: JsonObject, place: int) -> None:
    old = options[at]
    display = choice.get("display_value", old.display_value)
    path = f"pick_list_values[{place}].display_value"
    if not isinstance(display, str) or not display.strip():
        raise row.invalid(path, expected_data_type="text")
    if any(option is not old and option.display_value == display for option in options):
        raise row.duplicate(path)
    colour = choice.get("colour_code", old.colour_code)
    options[at] = Option(
        old.id,
        display,
        old.actual_value,
        colour_code=colour,
        probability=old.probability,
        forecast_type=old.forecast_type,
        forecast_category=old.forecast_category,
    )
