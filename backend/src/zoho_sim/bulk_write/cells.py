"""One cell for one field: text becomes what a row of the API would hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from zoho_sim.bulk_write.uploads import BulkWriteRefusedError
from zoho_sim.state.fields import DataType

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.state.fields import Field, JsonValue
    from zoho_sim.state.organisation import Organisation

USUAL_FORMATS = {DataType.DATE: "MM/dd/yyyy", DataType.DATETIME: "MM/dd/yyyy HH:mm:ss"}
_TOKENS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S",
           "XXX": "%z", "Z": "%z", "'T'": "T"}  # fmt: skip
_TOKEN = re.compile("|".join(map(re.escape, _TOKENS)))
_WHOLE = re.compile(r"-?\d+")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_SEPARATOR = ";"


class BadCellError(Exception):
    """The text of a cell is no value of its field."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field and where its values come from: a column of the file, or ``default``, or both.

    ``pattern`` is how dates are spelled, for strptime; ``key`` the field of the looked-up module by
    which a lookup names its record, None for the id.
    """

    field: Field
    index: int | None
    title: str
    pattern: str | None = None
    key: Field | None = None
    default: JsonValue = None


def pattern_of(field: Field, given: str | None) -> str | None:
    """Return how the field's dates are spelled; None if it has none."""
    spelling = given or USUAL_FORMATS.get(field.data_type)
    if spelling is None or field.data_type not in USUAL_FORMATS:
        return None
    left = _TOKEN.sub("", spelling).replace("T", "")
    if re.search(r"[A-Za-z']", left) or "yyyy" not in spelling:
        raise BulkWriteRefusedError(
            "INVALID_FORMAT", f"invalid format {spelling}", {"api_name": field.api_name}
        )
    return _TOKEN.sub(lambda token: _TOKENS[token[0]], spelling)


def value_in(organisation: Organisation, column: Column, text: str) -> JsonValue:
    """Return what a cell that is not empty means, or raise BadCellError."""
    read = _READERS.get(column.field.data_type)
    return text if read is None else read(organisation, column, text)


def _whole(_organisation: Organisation, _column: Column, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise BadCellError
    return int(text)


def _decimal(_organisation: Organisation, _column: Column, text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise BadCellError
    return float(text) if "." in text else int(text)


def _flag(_organisation: Organisation, _column: Column, text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise BadCellError
    return _FLAGS[text.lower()]


def _choices(_organisation: Organisation, _column: Column, text: str) -> list[str]:
    return [choice.strip() for choice in text.split(_SEPARATOR) if choice.strip()]


def _moment(organisation: Organisation, column: Column, text: str) -> datetime:
    try:
        moment = datetime.strptime(text, column.pattern or "")  # noqa: DTZ007 - made aware below
    except ValueError:
        raise BadCellError from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=organisation.zone)


def _day(organisation: Organisation, column: Column, text: str) -> str:
    return _moment(organisation, column, text).date().isoformat()


def _instant(organisation: Organisation, column: Column, text: str) -> str:
    return _moment(organisation, column, text).isoformat(timespec="seconds")


def _lookup(organisation: Organisation, column: Column, text: str) -> JsonValue:
    if column.key is None:
        return {"id": text}
    target = organisation.modules[column.field.lookup_module or ""]
    record = target.find(column.key, text)
    if record is None:
        raise BadCellError
    return {"id": record.id}


def _user(organisation: Organisation, _column: Column, text: str) -> JsonValue:
    known = (user for user in organisation.users.values() if text in (user.id, user.email))
    user = next(known, None)
    if user is None:
        raise BadCellError
    return {"id": user.id}


def _tags(_organisation: Organisation, _column: Column, text: str) -> JsonValue:
    return [{"name": name.strip()} for name in text.split(_SEPARATOR) if name.strip()]


_READERS: dict[DataType, Callable[[Organisation, Column, str], JsonValue]] = {
    DataType.INTEGER: _whole,
    DataType.DOUBLE: _decimal,
    DataType.CURRENCY: _decimal,
    DataType.PERCENT: _decimal,
    DataType.BOOLEAN: _flag,
    DataType.MULTISELECT: _choices,
    DataType.DATE: _day,
    DataType.DATETIME: _instant,
    DataType.LOOKUP: _lookup,
    DataType.OWNER: _user,
    DataType.USER: _user,
    DataType.TAG: _tags,
}
