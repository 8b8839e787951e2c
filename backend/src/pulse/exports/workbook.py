"""The analysis as a workbook: a sheet for each table of the page, and one that says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.exports.figures import (
    breakdown_table,
    managers_table,
    movement_table,
    numbers_table,
)
from pulse.exports.slips import slips_table
from pulse.exports.xlsx_file import Book

if TYPE_CHECKING:
    from pathlib import Path

    from pulse.exports.figures import Figures
    from pulse.exports.words import Line


def write_workbook(path: Path, figures: Figures, about: list[Line]) -> None:
    """Write the workbook of an analysis."""
    book = Book(path, figures.question.now.scope.zone)
    tables = (
        numbers_table(figures),
        breakdown_table(figures),
        movement_table(figures),
        slips_table(figures.slips, figures.base, figures.question.now.scope.zone),
        managers_table(figures),
    )
    for table in tables:
        if table is None:
            continue
        sheet = book.sheet(table.title, table.heads, frozen=1)
        body = table.rows[:-1] if table.has_total else table.rows
        sheet.add(body)
        if table.has_total:
            sheet.add(table.rows[-1:], bold=True)
    book.about(about)
    book.close()
