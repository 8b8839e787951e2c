"""What each type of custom field needs and allows: length, decimals, choices, target, default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType, Option
from zoho_sim.state.values import Given, ValueRefusedError, wire_value

if TYPE_CHECKING:
    from zoho_sim.custom_fields.refusals import Row
    from zoho_sim.state.fields import Field, JsonObject, JsonValue
    from zoho_sim.state.organisation import IdSource, Organisation

# Types that can be made here. The CRM makes files, formulas and auto-numbers as well.
CREATABLE = (
    DataType.TEXT, DataType.TEXTAREA, DataType.EMAIL, DataType.PHONE, DataType.WEBSITE,
    DataType.INTEGER, DataType.BIGINT, DataType.DOUBLE, DataType.PERCENT, DataType.CURRENCY,
    DataType.DATE, DataType.DATETIME, DataType.BOOLEAN, DataType.PICKLIST, DataType.MULTISELECT,
    DataType.LOOKUP, DataType.USER,
)  # fmt: skip
LONGEST = {
    DataType.TEXT: 255, DataType.EMAIL: 100, DataType.PHONE: 30, DataType.WEBSITE: 450,
    DataType.INTEGER: 9, DataType.BIGINT: 18, DataType.DOUBLE: 18, DataType.PERCENT: 5,
    DataType.CURRENCY: 16,
}  # fmt: skip
TEXTAREAS = {"small": 2_000, "large": 32_000, "rich_text": 50_000}
CHOICES = (DataType.PICKLIST, DataType.MULTISELECT)
_USUAL = {DataType.DOUBLE: 16, DataType.MULTISELECT: 765}
_FIXED = 120
_DECIMALS_MAXIMUM = 9
_DECIMALS = {DataType.DOUBLE: 2, DataType.CURRENCY: 2}
_ROUNDINGS = ("normal", "round_off", "round_up", "round_down")
_CHOICE_LENGTH = 120
_CHOICE_KEYS = ("pick_list_values", "global_picklist")
_WHOLE = (DataType.INTEGER, DataType.PERCENT)
_DECIMAL = (DataType.DOUBLE, DataType.CURRENCY)


def length_of(row: Row, data_type: DataType) -> int:
    """Return the length that a row asks for, or the type's own."""
    if data_type is DataType.TEXTAREA:
        return TEXTAREAS[textarea_of(row)]
    longest = LONGEST.get(data_type)
    if longest is None:
        return _USUAL.get(data_type, _FIXED)
    length = row.given.get("length", _USUAL.get(data_type, longest))
    if isinstance(length, bool) or not isinstance(length, int):
        raise row.invalid("length", expected_data_type="integer")
    if not 1 <= length <= longest:
        raise row.out_of_range("length", 1, longest)
    return length


def textarea_of(row: Row) -> str:
    """Return the size of a multi-line field, which has no usual one."""
    textarea = row.given.get("textarea")
    if not isinstance(textarea, dict) or "type" not in textarea:
        raise row.dependent_missing("textarea")
    if textarea["type"] not in TEXTAREAS:
        raise row.invalid("textarea.type", supported_values=list(TEXTAREAS))
    return str(textarea["type"])


def decimals_of(row: Row, data_type: DataType) -> int | None:
    """Return the decimals of a number; None for other types. Currency also says how to round."""
    if data_type not in _DECIMALS:
        return None
    decimals = row.given.get("decimal_place", _DECIMALS[data_type])
    if isinstance(decimals, bool) or not isinstance(decimals, int):
        raise row.invalid("decimal_place", expected_data_type="integer")
    if not 0 <= decimals <= _DECIMALS_MAXIMUM:
        raise row.out_of_range("decimal_place", 0, _DECIMALS_MAXIMUM)
    if data_type is DataType.CURRENCY:
        _check_rounding(row, decimals)
    return decimals


def _check_rounding(row: Row, decimals: int) -> None:
    rounding = row.given.get("currency")
    if not isinstance(rounding, dict):
        raise row.dependent_missing("currency")
    if rounding.get("rounding_option") not in _ROUNDINGS:
        raise row.invalid("currency.rounding_option", supported_values=list(_ROUNDINGS))
    precision = str(rounding.get("precision", ""))
    if not (precision.isascii() and precision.isdigit()):
        raise row.invalid("currency.precision", expected_data_type="integer")
    if int(precision) >= decimals:
        raise row.refused(
            "DEPENDENT_MISMATCH",
            "dependent mismatch",
            "currency.precision",
            dependee=row.where("decimal_place"),
        )


def choices_of(row: Row, ids: IdSource) -> list[Option]:
    """Return the options of a picklist to be."""
    given = [key for key in _CHOICE_KEYS if row.given.get(key) is not None]
    if len(given) > 1:
        raise row.ambiguous(_CHOICE_KEYS)
    if not given:
        raise row.one_missing(_CHOICE_KEYS)
    if given == ["global_picklist"]:
        # This organisation has no picklists that several fields share.
        raise row.invalid("global_picklist.id")
    options: list[Option] = []
    for place, choice in enumerate(listed_choices(row)):
        for key in ("display_value", "actual_value"):
            if key not in choice:
                raise row.missing(f"pick_list_values[{place}].{key}")
        add_choice(row, options, choice, place, ids)
    return options


def listed_choices(row: Row) -> list[JsonObject]:
    """Return the choices that a row gives, of whatever content."""
    choices = row.given["pick_list_values"]
    if (
        not isinstance(choices, list)
        or not choices
        or not all(isinstance(c, dict) for c in choices)
    ):
        raise row.invalid("pick_list_values", expected_data_type="jsonarray")
    return choices


def add_choice(
    row: Row, options: list[Option], choice: JsonObject, place: int, ids: IdSource
) -> None:
    """Append a choice; its display value must be new, and so must its stored value."""
    for key in ("display_value", "actual_value"):
        path, value = f"pick_list_values[{place}].{key}", choice.get(key)
        if not isinstance(value, str) or not value.strip():
            raise row.invalid(path, expected_data_type="text")
        if len(value) > _CHOICE_LENGTH:
            raise row.invalid(path, maximum_length=_CHOICE_LENGTH)
        if any(getattr(option, key) == value for option in options):
            raise row.duplicate(path)
    colour = choice.get("colour_code")
    options.append(
        Option(
            ids.next(),
            choice["display_value"],
            choice["actual_value"],
            colour_code=None if colour is None else str(colour),
        )
    )


def target_of(row: Row, data_type: DataType, organisation: Organisation) -> str | None:
    """Return the module that a lookup leads to; None for other types."""
    if data_type is not DataType.LOOKUP:
        return None
    lookup = row.given.get("lookup")
    module = lookup.get("module") if isinstance(lookup, dict) else None
    if not isinstance(module, dict):
        raise row.dependent_missing("lookup")
    store = organisation.modules.get(str(module.get("api_name")))
    if store is None or not store.is_writable:
        raise row.invalid("lookup.module.api_name")
    return store.api_name


def default_of(row: Row, field: Field, organisation: Organisation) -> JsonValue:
    """Return what new records get; the key holds it as text, whatever the type."""
    text = row.given.get("default_value")
    if text is None:
        return None
    try:
        return wire_value(Given(organisation, field, _typed(field, text), None))
    except (ValueRefusedError, ValueError):
        raise row.invalid("default_value") from None


def _typed(field: Field, text: JsonValue) -> JsonValue:
    if not isinstance(text, str):
        return text
    match field.data_type:
        case kind if kind in _WHOLE:
            return int(text)
        case kind if kind in _DECIMAL:
            return float(text)
        case DataType.BOOLEAN:
            return {"true": True, "false": False}.get(text, text)
        case DataType.MULTISELECT:
            return text.split(";")
        case _:
            return text
