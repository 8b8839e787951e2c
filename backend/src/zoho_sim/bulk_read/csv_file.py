"""Rows of records as the CSV inside a ZIP that bulk read delivers.

An empty cell is an empty value, a lookup is its id, a multi-select value is joined by a separator.
`capture` looks at the live records; `zip_of` only at what was captured, so it may run in a thread.

Cells are spelled column by column, because a column is of one type: most need no look at each cell
for quotes, and this is several times as fast as a writer that asks of every cell what it is.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from zoho_sim.query.columns import Kind
from zoho_sim.state.fields import DataType, JsonValue
from zoho_sim.state.records import ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from zoho_sim.query.columns import BoundColumn, Values
    from zoho_sim.state.records import Record

Row: TypeAlias = tuple[JsonValue, ...]
# From the values of a column to its cells, quoted where they must be.
Spelling: TypeAlias = "Callable[[Sequence[JsonValue]], Iterable[str]]"

_CHUNK_ROWS = 200  # small, so that a chunk stays in cache and other threads get their turn
_LINE_END = "\r\n"
_COMPRESSION = 1  # fast: the file crosses a loopback, not an ocean
_MODIFIED = (2026, 1, 1, 0, 0, 0)
_TO_QUOTE = (",", '"', "\n", "\r")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file: the header, how a row is read, how each column is spelled."""

    header: tuple[str, ...]
    read: Callable[[Values], Row]
    spellings: tuple[Spelling, ...]


def layout_of(columns: Sequence[BoundColumn], *, id_name: str, separator: str) -> Layout:
    """Return the layout of a file with the id first and these columns behind it."""
    plain = [column.position for column in columns if column.position is not None]
    if columns and len(plain) == len(columns):
        read: Callable[[Values], Row] = itemgetter(ID, *plain)
    else:
        readers = [column.read for column in columns]

        def read(values: Values) -> Row:
            return (values[ID], *(reader(values) for reader in readers))

    return Layout(
        header=(id_name, *(column.name for column in columns)),
        read=read,
        spellings=(_bare, *(_spelling(column, separator) for column in columns)),
    )


def capture(layout: Layout, records: Iterable[Record]) -> list[Row]:
    """Return the rows as the records are now; later edits do not show in them."""
    read = layout.read
    return [read(record.values) for record in records]


def zip_of(layout: Layout, rows: Sequence[Row], file_name: str) -> bytes:
    """Return a ZIP that holds one CSV of that name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive:
        entry = zipfile.ZipInfo(file_name, _MODIFIED)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w") as file:
            file.write((",".join(_quoted(layout.header)) + _LINE_END).encode())
            for lines in _lines(layout, rows):
                file.write(lines.encode())
    return packed.getvalue()


def _lines(layout: Layout, rows: Sequence[Row]) -> Iterator[str]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK_ROWS)):
        cells = [
            spell(column)
            for spell, column in zip(layout.spellings, zip(*chunk, strict=True), strict=True)
        ]
        yield _LINE_END.join(map(",".join, zip(*cells, strict=True))) + _LINE_END


def _spelling(column: BoundColumn, separator: str) -> Spelling:
    if column.field.data_type is DataType.TAG:
        return partial(_tags, separator=separator)
    if column.kind is Kind.MULTI_PICKLIST:
        return partial(_options, separator=separator)
    return _SPELLINGS.get(column.kind, _anything)


def _bare(column: Sequence[JsonValue]) -> Iterable[str]:
    return ["" if value is None else value for value in column]


def _numbers(column: Sequence[JsonValue]) -> Iterable[str]:
    return ["" if value is None else repr(value) for value in column]


def _booleans(column: Sequence[JsonValue]) -> Iterable[str]:
    return ["" if value is None else "true" if value else "false" for value in column]


def _ids(column: Sequence[JsonValue]) -> Iterable[str]:
    return ["" if value is None else value["id"] for value in column]


def _texts(column: Sequence[JsonValue]) -> Iterable[str]:
    return _quoted(["" if value is None else value for value in column])


def _anything(column: Sequence[JsonValue]) -> Iterable[str]:
    return _quoted(["" if value is None else str(value) for value in column])


def _options(column: Sequence[JsonValue], separator: str) -> Iterable[str]:
    return _quoted(["" if value is None else separator.join(value) for value in column])


def _tags(column: Sequence[JsonValue], separator: str) -> Iterable[str]:
    return _options(
        [None if value is None else [tag["name"] for tag in value] for value in column], separator
    )


def _quoted(cells: Sequence[str]) -> Sequence[str]:
    everything = "".join(cells)
    if not any(mark in everything for mark in _TO_QUOTE):
        return cells
    return [_quote(cell) if any(mark in cell for mark in _TO_QUOTE) else cell for cell in cells]


def _quote(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


_SPELLINGS: dict[Kind, Spelling] = {
    Kind.TEXT: _texts,
    Kind.LONG_TEXT: _texts,
    Kind.PICKLIST: _texts,
    Kind.ID: _bare,
    Kind.DATE: _bare,
    Kind.DATETIME: _bare,
    Kind.BIG_NUMBER: _bare,
    Kind.NUMBER: _numbers,
    Kind.BOOLEAN: _booleans,
    Kind.LOOKUP: _ids,
}
