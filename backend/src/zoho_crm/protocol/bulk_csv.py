"""The CSV of a Bulk Read result: a header of API names, rows as strings, an empty cell is null.

Source: the v8 page Download the Result of a Bulk Read Job.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from zoho_crm.errors import BrokenAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def parse_bulk_csv(lines: Iterable[str]) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header and an iterator over the rows, as long as the header each.

    `lines` keep their line ends (open the file with newline=""). The id column is called `id`:
    the CRM writes it `Id` or `id`. A file that stops in mid-row raises `BrokenAnswer`.
    """
    # The longest rich text has 50,000 characters; csv's own limit is 131,072, ample for a cell.
    reader = csv.reader(lines, strict=True)
    try:
        first = next(reader, None)
    except csv.Error as broken:
        raise BrokenAnswer(f"bulk read CSV, header: {broken}") from broken
    if not first:
        raise BrokenAnswer("bulk read CSV: no header")
    header = ["id" if name.lower() == "id" else name for name in first]
    if "id" not in header:
        raise BrokenAnswer("bulk read CSV: no id column")
    return header, _rows(reader, len(header))


def _rows(reader: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    number = 0
    try:
        for row in reader:
            number += 1
            if len(row) != width:
                raise BrokenAnswer(
                    f"bulk read CSV, row {number}: {len(row)} cells under {width} columns"
                )
            yield row
    except csv.Error as broken:
        raise BrokenAnswer(f"bulk read CSV, after row {number}: {broken}") from broken
