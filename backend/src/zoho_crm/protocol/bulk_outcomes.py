"""The CSV of a Bulk Write result: what became of each row.

Source: the v8 page Download the Result of a Bulk Write Job. The first three columns that were sent
come back, then STATUS, RECORD_ID and ERRORS, the last as CODE-Column[:CODE-Column].
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from zoho_crm.errors import BrokenAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STATUS, RECORD_ID, ERRORS = "STATUS", "RECORD_ID", "ERRORS"


class RowStatus(StrEnum):
    """What became of a row; the CRM writes it in either case. UNPROCESSED rows were not tried."""

    ADDED = "added"
    UPDATED = "updated"
    SKIPPED = "skipped"
    UNPROCESSED = "unprocessed"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One reason why a row was skipped, with the column that it names."""

    code: str
    column: str | None


@dataclass(frozen=True, slots=True)
class BulkWriteRow:
    """The outcome of one row; `echo` holds its first columns as they were sent, by name."""

    echo: dict[str, str]
    status: RowStatus
    record_id: str | None
    faults: tuple[RowFault, ...]


def parse_bulk_outcomes(lines: Iterable[str]) -> Iterator[BulkWriteRow]:
    """Yield the outcome of each row, in the file's order.

    `lines` keep their line ends (open the file with newline=""). A file that is none of these, or
    that stops in mid-row, raises BrokenAnswer.
    """
    reader = csv.reader(lines, strict=True)
    number = 0
    try:
        header = next(reader, [])
        places = _places(header)
        for row in reader:
            number += 1
            if len(row) != len(header):
                raise BrokenAnswer(
                    f"bulk write CSV, row {number}: {len(row)} cells under {len(header)} columns"
                )
            yield _outcome(header, places, row, number)
    except csv.Error as broken:
        raise BrokenAnswer(f"bulk write CSV, after row {number}: {broken}") from broken


def _places(header: list[str]) -> dict[str, int]:
    """Return where the CRM's own columns are: the last of their name, a field may be called so."""
    places = {name.strip().upper(): index for index, name in enumerate(header)}
    missing = [name for name in (STATUS, RECORD_ID, ERRORS) if name not in places]
    if missing:
        raise BrokenAnswer(f"bulk write CSV: no column {', '.join(missing)}")
    return {name: places[name] for name in (STATUS, RECORD_ID, ERRORS)}


def _outcome(
    header: list[str], places: dict[str, int], row: list[str], number: int
) -> BulkWriteRow:
    own = set(places.values())
    word = row[places[STATUS]].strip().lower()
    try:
        status = RowStatus(word)
    except ValueError:
        raise BrokenAnswer(f"bulk write CSV, row {number}: {word!r} is no status") from None
    return BulkWriteRow(
        echo={name: row[index] for index, name in enumerate(header) if index not in own},
        status=status,
        record_id=row[places[RECORD_ID]].strip() or None,
        faults=tuple(_fault(part) for part in row[places[ERRORS]].split(":") if part.strip()),
    )


def _fault(text: str) -> RowFault:
    code, _, column = text.strip().partition("-")
    return RowFault(code, column or None)
