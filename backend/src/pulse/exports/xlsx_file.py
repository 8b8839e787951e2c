"""Workbooks with typed cells: numbers are numbers, dates are dates, and no text is a formula.

Rows leave memory as they are written (XlsxWriter, "Working with Memory and Performance"), so they
are to be written in order, and cells of a row from the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter import Workbook

from pulse.exports.cells import CellKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from pulse.exports.cells import Cell
    from pulse.exports.columns import Column
    from pulse.exports.words import Line

_FORMATS: Final = {
    CellKind.ID: "@",
    CellKind.TEXT: "@",
    CellKind.NUMBER: "#,##0.##########",
    CellKind.PERCENT: "0.0",
    CellKind.RATE: "0.000000000",
    CellKind.MONEY: "#,##0.00",
    CellKind.DATE: "yyyy-mm-dd",
    CellKind.INSTANT: "yyyy-mm-dd hh:mm",
    CellKind.BOOLEAN: "General",
}
_WIDTHS: Final = {
    CellKind.ID: 20,
    CellKind.TEXT: 22,
    CellKind.NUMBER: 14,
    CellKind.PERCENT: 13,
    CellKind.RATE: 14,
    CellKind.MONEY: 17,
    CellKind.DATE: 13,
    CellKind.INSTANT: 17,
    CellKind.BOOLEAN: 10,
}
NUMBERS: Final = frozenset({CellKind.NUMBER, CellKind.PERCENT, CellKind.RATE, CellKind.MONEY})
"""Kinds that stand right."""
_NAME_WIDTH: Final = 42
_MOST_LETTERS: Final = 32_767
"""Of a cell (Microsoft, "Excel specifications and limits")."""
_FIRST_DAY: Final = date(1900, 3, 1)
"""Spreadsheets hold no day before 1900, and take that year for a leap year."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a sheet."""

    label: str
    kind: CellKind
    width: int | None = None


class Book:
    """A workbook that is written once, sheet by sheet, into a file."""

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        # Any: XlsxWriter ships no types.
        self._book: Any = Workbook(
            str(path),
            {"constant_memory": True, "tmpdir": str(path.parent), "remove_timezone": True},
        )
        self._book.set_properties({"author": "Pipeline Pulse"})
        # No cell is a formula; a program that opens the file has nothing to compute.
        self._book.set_calc_mode("manual")
        self._zone = zone
        font = {"font_name": "Calibri", "font_size": 11}
        self._formats = {
            kind: self._book.add_format({**font, "num_format": code})
            for kind, code in _FORMATS.items()
        }
        self._bold = {
            kind: self._book.add_format({**font, "num_format": code, "bold": True, "top": 1})
            for kind, code in _FORMATS.items()
        }
        self._head = self._book.add_format({**font, "bold": True, "bottom": 1, "valign": "top"})
        self._right = self._book.add_format(
            {**font, "bold": True, "bottom": 1, "valign": "top", "align": "right"}
        )
        self._wrapped = self._book.add_format({**font, "text_wrap": True, "valign": "top"})

    def sheet(self, name: str, heads: Sequence[Head], *, frozen: int = 0) -> Sheet:
        """Add a sheet with its frozen head; `frozen` columns at the left stand as well."""
        made = self._book.add_worksheet(name)
        made.freeze_panes(1, frozen)
        for place, head in enumerate(heads):
            made.set_column(place, place, head.width or _WIDTHS[head.kind])
            is_number = head.kind in NUMBERS
            made.write_string(0, place, head.label, self._right if is_number else self._head)
        return Sheet(made, heads, self)

    def about(self, lines: Sequence[Line]) -> None:
        """Add the sheet that says what the file holds."""
        sheet = self._book.add_worksheet("About")
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        for row, (name, fact) in enumerate(lines):
            sheet.write_string(row, 0, name, self._head)
            sheet.write_string(row, 1, fact[:_MOST_LETTERS], self._wrapped)

    def write(
        self,
        sheet: Any,  # noqa: ANN401 - as above
        row: int,
        place: int,
        kind: CellKind,
        cell: Cell,
        *,
        bold: bool,
    ) -> None:
        """Write a typed cell; an empty one is left out."""
        style = (self._bold if bold else self._formats)[kind]
        match cell:
            case None:
                if bold:
                    sheet.write_blank(row, place, None, style)
            case bool():
                sheet.write_boolean(row, place, cell, style)
            case str():
                # write_string: a text that begins like a formula or an address stays a text.
                sheet.write_string(row, place, cell[:_MOST_LETTERS], style)
            case datetime():
                sheet.write_datetime(row, place, cell.astimezone(self._zone), style)
            case date() if cell < _FIRST_DAY:
                sheet.write_string(row, place, cell.isoformat(), style)
            case date():
                sheet.write_datetime(row, place, cell, style)
            case Decimal() | int():
                sheet.write_number(row, place, float(cell), style)

    def close(self) -> None:
        """Write the file."""
        self._book.close()


class Sheet:
    """A sheet that grows row by row."""

    def __init__(self, sheet: Any, heads: Sequence[Head], book: Book) -> None:  # noqa: ANN401 - as above
        self._sheet = sheet
        self._heads = heads
        self._book = book
        self._row = 0

    def add(self, rows: Iterable[Sequence[Cell]], *, bold: bool = False) -> None:
        """Write rows below those that are there; bold ones stand under a rule."""
        for cells in rows:
            self._row += 1
            for place, (head, cell) in enumerate(zip(self._heads, cells, strict=True)):
                self._book.write(self._sheet, self._row, place, head.kind, cell, bold=bold)

    def filterable(self) -> None:
        """Give the head its filter buttons."""
        self._sheet.autofilter(0, 0, max(self._row, 1), len(self._heads) - 1)


def heads_of(columns: Sequence[Column], zone: ZoneInfo) -> list[Head]:
    """Return the heads of a list of deals; instants say their zone."""
    return [
        Head(
            f"{each.label} ({zone.key})" if each.kind is CellKind.INSTANT else each.label,
            each.kind,
            _NAME_WIDTH if each.key == "name" else None,
        )
        for each in columns
    ]
