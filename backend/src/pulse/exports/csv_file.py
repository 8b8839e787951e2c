"""Lists as CSV (RFC 4180): UTF-8 with a byte order mark, for Excel takes it for Latin-1 without."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from pulse.exports.cells import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulse.exports.cells import Cell

BOM: Final = "\ufeff"


def csv_head(labels: Sequence[str]) -> bytes:
    """Return the first line, behind the mark."""
    return BOM.encode() + _lines([labels])


def csv_lines(block: Iterable[Sequence[Cell]]) -> bytes:
    """Return a line for each row."""
    return _lines(block)


def _lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[csv_text(cell) for cell in row] for row in rows])
    return text.getvalue().encode()
