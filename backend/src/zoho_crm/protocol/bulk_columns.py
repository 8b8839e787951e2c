"""The CSV of a Bulk Write: typed columns, the text of their cells, and how the CRM is to read it.

Sources: the v8 pages Create a Bulk Write Job and Limitations. A file has 25,000 rows and 200
columns at most; times without a format would be read as MM/dd/yyyy, so every date column names
its own. Options of a multi-select field are joined by a semicolon, lookups are given by id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from zoho_crm.protocol.wire import iso_seconds, record_id

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS_LIMIT = 25_000
COLUMNS_LIMIT = 200
ZIP_LIMIT_BYTES = 25_000_000
# Of the columns that were sent, a result file gives back the first ones only.
ECHOED_COLUMNS = 3
SEPARATOR = ";"


class ColumnKind(StrEnum):
    """What a column holds, by the Python values that it takes; None is an empty cell.

    ID and LOOKUP take ids, TEXT any text (picklists too), NUMBER an int or a Decimal, DATE a date,
    DATETIME an aware datetime, CHOICES the actual values of a multi-select field.
    """

    ID = "id"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICES = "choices"
    LOOKUP = "lookup"


# Patterns of Java's SimpleDateFormat, which the CRM documents for `format`.
_FORMATS = {
    ColumnKind.DATE: "yyyy-MM-dd",
    ColumnKind.DATETIME: "yyyy-MM-dd'T'HH:mm:ssXXX",
}


@dataclass(frozen=True, slots=True)
class BulkColumn:
    """A column by the API name of its field."""

    api_name: str
    kind: ColumnKind = ColumnKind.TEXT

    def mapping(self, index: int) -> dict[str, object]:
        """Return how the CRM is to read the column at `index`."""
        found: dict[str, object] = {"api_name": self.api_name, "index": index}
        if self.kind is ColumnKind.LOOKUP:
            found["find_by"] = "id"
        if self.kind in _FORMATS:
            found["format"] = _FORMATS[self.kind]
        return found

    def cell(self, value: object) -> str:
        """Return the text of a value; raise ValueError for one that the column cannot hold."""
        if value is None:
            return ""
        text = _text(self.kind, value)
        if text is None:
            raise ValueError(
                f"{self.api_name}: {value!r} is no value of a column of kind {self.kind.value}"
            )
        return text


def checked_columns(columns: Sequence[BulkColumn]) -> tuple[BulkColumn, ...]:
    """Return 1 to 200 columns, each field once."""
    if not 1 <= len(columns) <= COLUMNS_LIMIT:
        raise ValueError(f"{len(columns)} columns: a file takes 1 to {COLUMNS_LIMIT}")
    names = [column.api_name for column in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)}: a field has one column")
    return tuple(columns)


def cells(columns: Sequence[BulkColumn], values: Sequence[object]) -> list[str]:
    """Return the texts of one row."""
    if len(values) != len(columns):
        raise ValueError(f"{len(values)} values for {len(columns)} columns")
    return [column.cell(value) for column, value in zip(columns, values, strict=True)]


def _text(kind: ColumnKind, value: object) -> str | None:  # noqa: PLR0911 - one return for each kind
    """Return a value as text; None when the kind does not take it."""
    match kind, value:
        case ColumnKind.ID | ColumnKind.LOOKUP, str():
            return record_id(value)
        case ColumnKind.TEXT, str():
            return value
        case ColumnKind.BOOLEAN, bool():
            return "true" if value else "false"
        case ColumnKind.NUMBER, bool():
            return None
        case ColumnKind.NUMBER, int():
            return str(value)
        case ColumnKind.NUMBER, Decimal() if value.is_finite():
            return f"{value:f}"
        case ColumnKind.DATETIME, datetime():
            return iso_seconds(value)
        case ColumnKind.DATE, date() if not isinstance(value, datetime):
            return value.isoformat()
        case ColumnKind.CHOICES, list() | tuple():
            return _joined(value)
        case _:
            return None


def _joined(options: Sequence[object]) -> str | None:
    texts = [option for option in options if isinstance(option, str) and SEPARATOR not in option]
    return SEPARATOR.join(texts) if len(texts) == len(options) else None
