"""One value for one field: checked as the CRM checks it, and turned into its wire form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType, Field, JsonObject, JsonValue, Option

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.state.organisation import Organisation, User

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+")
_WEBSITE = re.compile(r"(https?://)?[^\s/.]+(\.[^\s/.]+)+(:\d+)?([/?#]\S*)?")
_DIGITS = re.compile(r"-?\d+")
_BAD_ID = "the id given seems to be invalid"
_NO_CHOICE = "-None-"

# The name that ``expected_data_type`` gives a type when it differs from ``data_type``.
_EXPECTED = {
    DataType.TEXTAREA: "text",
    DataType.CURRENCY: "double",
    DataType.PERCENT: "double",
    DataType.MULTISELECT: "jsonarray",
    DataType.MULTI_LOOKUP: "jsonarray",
    DataType.SUBFORM: "jsonarray",
    DataType.TAG: "jsonarray",
    DataType.LOOKUP: "jsonobject",
    DataType.OWNER: "jsonobject",
    DataType.USER: "jsonobject",
    DataType.LAYOUT: "jsonobject",
}


class ValueRefusedError(Exception):
    """A value does not fit its field; ``details`` goes beside ``api_name`` and ``json_path``."""

    def __init__(
        self, message: str = "invalid data", *, inner_path: str = "", **details: JsonValue
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.inner_path = inner_path


@dataclass(frozen=True, slots=True)
class Given:
    """A value that was given for a field, and what its meaning depends on.

    ``current`` is what the record holds now (rows of subforms and links are merged into it);
    ``new_options`` lets unknown picklist values in; ``appends`` adds to a multi-select.
    """

    organisation: Organisation
    field: Field
    value: JsonValue
    current: JsonValue
    new_options: bool = False
    appends: bool = False


def wire_value(given: Given) -> JsonValue:
    """Return the value as records hold it, or raise ValueRefusedError."""
    data_type = given.field.data_type
    if given.value is None:
        return [] if data_type is DataType.TAG else None
    if data_type in _PLAIN:
        return _PLAIN[data_type](given.field, given.value)
    return _CONTEXTUAL[data_type](given)


def expected(field: Field) -> ValueRefusedError:
    """Refuse a value of the wrong type."""
    kind = _EXPECTED.get(field.data_type, field.data_type.value)
    return ValueRefusedError(expected_data_type=kind)


def _text(field: Field, value: JsonValue) -> str | None:
    if not isinstance(value, str):
        raise expected(field)
    if len(value) > field.length:
        raise ValueRefusedError(maximum_length=field.length)
    return value or None


def _email(field: Field, value: JsonValue) -> str | None:
    text = _text(field, value)
    if text is not None and not _EMAIL.fullmatch(text):
        raise expected(field)
    return text


def _website(field: Field, value: JsonValue) -> str | None:
    text = _text(field, value)
    if text is not None and not _WEBSITE.fullmatch(text):
        raise expected(field)
    return text


def _integer(field: Field, value: JsonValue) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise expected(field)
    if len(str(abs(value))) > field.length:
        raise ValueRefusedError(maximum_length=field.length)
    return value


def _bigint(field: Field, value: JsonValue) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _DIGITS.fullmatch(text):
        raise expected(field)
    if len(text.lstrip("-")) > field.length:
        raise ValueRefusedError(maximum_length=field.length)
    return text


def _number(field: Field, value: JsonValue) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise expected(field)
    if abs(value) >= 10**field.length:
        raise ValueRefusedError(maximum_length=field.length)
    if isinstance(value, int) or field.decimal_places is None:
        return value
    return round(value, field.decimal_places)


def _boolean(field: Field, value: JsonValue) -> bool:
    if not isinstance(value, bool):
        raise expected(field)
    return value


def _day(field: Field, value: JsonValue) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise expected(field)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise expected(field) from None
    return value


def _moment(field: Field, value: JsonValue) -> datetime:
    if not isinstance(value, str) or not _DATETIME.fullmatch(value):
        raise expected(field)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise expected(field) from None


_PLAIN: dict[DataType, Callable[[Field, JsonValue], JsonValue]] = {
    DataType.TEXT: _text,
    DataType.TEXTAREA: _text,
    DataType.PHONE: _text,
    DataType.EMAIL: _email,
    DataType.WEBSITE: _website,
    DataType.INTEGER: _integer,
    DataType.BIGINT: _bigint,
    DataType.DOUBLE: _number,
    DataType.CURRENCY: _number,
    DataType.PERCENT: _number,
    DataType.BOOLEAN: _boolean,
    DataType.DATE: _day,
}


def _picklist(given: Given) -> str | None:
    return _option(given, given.value)


def _option(given: Given, value: JsonValue) -> str | None:
    field = given.field
    if not isinstance(value, str):
        raise expected(field)
    if value in ("", _NO_CHOICE):
        return None
    known = field.option(value)
    if known is not None:
        return known.actual_value
    # Stages and pipelines are configured, never made up by a write.
    if not given.new_options or field.role in ("Stage", "Pipeline", "Currency"):
        raise ValueRefusedError
    field.options.append(Option(given.organisation.ids.next(), value, value))
    return value


def _multi_select(given: Given) -> list[str] | None:
    if not isinstance(given.value, list):
        raise expected(given.field)
    chosen = [_option(given, item) for item in given.value]
    kept = list(given.current or []) if given.appends else []
    merged = list(dict.fromkeys([*kept, *(item for item in chosen if item is not None)]))
    return merged or None


def _identity(field: Field, value: JsonValue) -> str:
    """Return the id in ``{"id": …}``, or given bare as text or number."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise expected(field)
    return str(value)


def _lookup(given: Given) -> JsonObject:
    return _target(given, given.value)


def _target(given: Given, value: JsonValue) -> JsonObject:
    target = given.organisation.modules[given.field.lookup_module or ""]
    record = target.records.get(_identity(given.field, value))
    if record is None:
        raise ValueRefusedError(_BAD_ID, inner_path=".id")
    return target.reference(record)


def _owner(given: Given) -> JsonObject:
    return _active_user(given).owner_reference


def _user(given: Given) -> JsonObject:
    return _active_user(given).reference


def _active_user(given: Given) -> User:
    user = given.organisation.users.get(_identity(given.field, given.value))
    if user is None or not user.is_active:
        raise ValueRefusedError(_BAD_ID, inner_path=".id")
    return user


def _layout(given: Given) -> JsonObject:
    wanted = _identity(given.field, given.value)
    for layout in given.organisation.layouts.values():
        if layout.id == wanted:
            return layout.reference
    raise ValueRefusedError(_BAD_ID, inner_path=".id")


def _tags(given: Given) -> list[JsonObject]:
    rows = _rows(given)
    if not all(isinstance(row.get("name"), str) for row in rows):
        raise expected(given.field)
    return [given.organisation.tag(row["name"]) for row in rows]


def _date_time(given: Given) -> str:
    return given.organisation.wire_time(_moment(given.field, given.value))


def _rows(given: Given) -> list[JsonObject]:
    rows = given.value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise expected(given.field)
    return rows


def _subform(given: Given) -> list[JsonObject] | None:
    """Merge rows: no rows at all deletes all, a row with id changes it, without id is appended."""
    rows = _rows(given)
    if not rows:
        return None
    now = given.organisation.now()
    merged = {row["id"]: dict(row) for row in given.current or []}
    for place, row in enumerate(rows):
        row_id = row.get("id")
        facts = {key: item for key, item in row.items() if not key.startswith(("$", "_"))}
        if row_id is None:
            new_id = given.organisation.ids.next()
            merged[new_id] = {**facts, "id": new_id, "Created_Time": now, "Modified_Time": now}
        elif str(row_id) not in merged:
            raise ValueRefusedError(_BAD_ID, inner_path=f"[{place}].id")
        elif "_delete" in row:
            del merged[str(row_id)]
        else:
            merged[str(row_id)] |= {**facts, "id": str(row_id), "Modified_Time": now}
    return list(merged.values()) or None


def _links(given: Given) -> list[JsonObject] | None:
    """Merge many-to-many links: rows are added, or removed by ``{"id", "_delete": null}``."""
    merged: dict[str, JsonObject] = {row["id"]: row for row in given.current or []}
    name = given.field.api_name
    for place, row in enumerate(_rows(given)):
        if "_delete" in row:
            if merged.pop(str(row.get("id")), None) is None:
                raise ValueRefusedError(_BAD_ID, inner_path=f"[{place}].id")
        else:
            new_id = given.organisation.ids.next()
            merged[new_id] = {"id": new_id, name: _target(given, row.get(name))}
    return list(merged.values()) or None


_CONTEXTUAL: dict[DataType, Callable[[Given], JsonValue]] = {
    DataType.DATETIME: _date_time,
    DataType.PICKLIST: _picklist,
    DataType.MULTISELECT: _multi_select,
    DataType.LOOKUP: _lookup,
    DataType.MULTI_LOOKUP: _links,
    DataType.SUBFORM: _subform,
    DataType.OWNER: _owner,
    DataType.USER: _user,
    DataType.LAYOUT: _layout,
    DataType.TAG: _tags,
}
