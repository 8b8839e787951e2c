"""Rows of records as the CSV inside a ZIP that bulk read delivers.

An empty cell is an empty value, a lookup is its id, a multi-select value is joined by a separator.
`capture` looks at the live records; `zip_of` only at what was captured, so it may run in a thread.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
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

_CHUNK_ROWS = 2_000
_COMPRESSION = 1  # fast: the file crosses a loopback, not an ocean
_MODIFIED = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file: the header, how a row is read, and which columns need spelling."""

    header: tuple[str, ...]
    read: Callable[[Values], Row]
    spellings: dict[int, Callable[[JsonValue], str | None]]


def layout_of(columns: Sequence[BoundColumn], *, id_name: str, separator: str) -> Layout:
    """Return the layout of a file with the id first and these columns behind it."""
    spellings = {
        at: spelling
        for at, column in enumerate(columns, start=1)
        if (spelling := _spelling(column, separator)) is not None
    }
    positions = [column.position for column in columns]
    plain = [position for position in positions if position is not None]
    if columns and len(plain) == len(columns):
        read: Callable[[Values], Row] = itemgetter(ID, *plain)
    else:
        readers = [column.read for column in columns]

        def read(values: Values) -> Row:
            return (values[ID], *(reader(values) for reader in readers))

    return Layout((id_name, *(column.name for column in columns)), read, spellings)


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
        with (
            archive.open(entry, "w") as raw,
            io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
        ):
            writer = csv.writer(text)
            writer.writerow(layout.header)
            for chunk in _chunks(rows):
                writer.writerows(_spelled(layout, chunk))
    return packed.getvalue()


def _chunks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK_ROWS)):
        yield chunk


def _spelled(layout: Layout, chunk: list[Row]) -> Iterable[Row]:
    # Column by column: most need nothing, and csv.writer spells text, numbers and None itself.
    columns: list[Sequence[JsonValue]] = list(zip(*chunk, strict=True))
    for at, spell in layout.spellings.items():
        columns[at] = [None if value is None else spell(value) for value in columns[at]]
    return zip(*columns, strict=True)


def _spelling(column: BoundColumn, separator: str) -> Callable[[JsonValue], str | None] | None:
    if column.field.data_type is DataType.TAG:
        return lambda tags: separator.join(tag["name"] for tag in tags)
    match column.kind:
        case Kind.LOOKUP:
            return _id_of
        case Kind.BOOLEAN:
            return lambda value: "true" if value else "false"
        case Kind.MULTI_PICKLIST:
            return separator.join
        case _:
            return None


def _id_of(reference: JsonValue) -> str:
    return str(reference["id"])
