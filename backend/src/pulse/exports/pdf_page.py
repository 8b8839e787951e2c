"""A4 pages as reports have them: head and foot, sections, key numbers and tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, VAlign
from fpdf.fonts import FontFace

from pulse.exports.cells import CellKind
from pulse.exports.fonts import FAMILY, REGULAR, SEMIBOLD, font_file
from pulse.exports.words import day_words
from pulse.exports.xlsx_file import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pulse.exports.cells import Cell
    from pulse.exports.tables import Table
    from pulse.exports.words import Line
    from pulse.exports.xlsx_file import Head

Colour = tuple[int, int, int]
INK: Final[Colour] = (18, 26, 23)
PAPER: Final[Colour] = (255, 255, 255)
SOFT: Final[Colour] = (70, 84, 78)
DIM: Final[Colour] = (98, 113, 106)
LINE: Final[Colour] = (226, 232, 229)
RULE: Final[Colour] = (207, 216, 212)
BLUE: Final[Colour] = (61, 112, 225)
LIGHT_BLUE: Final[Colour] = (134, 165, 237)
GREEN: Final[Colour] = (31, 150, 94)
GREEN_TEXT: Final[Colour] = (10, 100, 59)
AMBER: Final[Colour] = (201, 132, 19)
RED: Final[Colour] = (207, 67, 57)
RED_TEXT: Final[Colour] = (145, 39, 32)

_MARGIN_MM: Final = 14.0
_MOST_COLUMNS: Final = 10
"""Of a table across a page; one that is wider goes on below, its first column repeated."""
_MINUS: Final = "\N{MINUS SIGN}"


_PLACES: Final = {CellKind.MONEY: 2, CellKind.PERCENT: 1}


def shown(cell: Cell, kind: CellKind) -> str:
    """Return a cell as people read it: money in cents, other numbers with the digits they have."""
    match cell:
        case None:
            return "\N{EN DASH}"
        case Decimal() | int() if kind in NUMBERS:
            places = _PLACES.get(kind, 0 if cell == int(cell) else 1)
            return f"{cell:,.{places}f}".replace("-", _MINUS)
        case date():
            return day_words(cell)
        case _:
            return str(cell)


class Report(FPDF):
    """A report in landscape A4, its text in our own face."""

    def __init__(self, folder: Path, title: str, foot: str, words: str) -> None:
        """Take fonts for `words`, all that will be written, into `folder`."""
        super().__init__(orientation="landscape", format="A4")
        for style, weight in (("", REGULAR), ("B", SEMIBOLD)):
            path = folder / f"plex-{weight}.ttf"
            path.write_bytes(font_file(weight, words + title + foot))
            self.add_font(FAMILY, style, str(path))
        self._foot = foot
        self.set_title(title)
        self.set_author("Pipeline Pulse")
        self.set_lang("en")
        self.set_margins(_MARGIN_MM, 14, _MARGIN_MM)
        self.set_auto_page_break(True, margin=16)
        self.alias_nb_pages("{pages}")
        self.add_page()

    def footer(self) -> None:
        """Tell on every page what it rests on, and which page it is."""
        self.set_y(-11)
        self.face(8, colour=DIM)
        self.cell(self.epw - 30, 5, self._fitting(self._foot, self.epw - 32))
        self.cell(30, 5, f"{self.page_no()} of {{pages}}", align=Align.R)

    def face(self, size: float, *, bold: bool = False, colour: Colour = INK) -> None:
        """Take up the face in a size (points), weight and colour."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def line_of(self, text: str, size: float, *, bold: bool = False, colour: Colour = INK) -> None:
        """Write a paragraph."""
        self.face(size, bold=bold, colour=colour)
        self.multi_cell(self.epw, size * 0.5, text, new_x="LMARGIN", new_y="NEXT", align=Align.L)

    def section(self, title: str, beside: str = "") -> None:
        """Begin a section with its heading."""
        if self.will_page_break(30):
            self.add_page()
        self.ln(5)
        self.start_section(title)
        self.face(12, bold=True)
        self.cell(self.get_string_width(title) + 3, 7, title)
        self.face(9, colour=SOFT)
        self.cell(0, 7, beside, new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def key_numbers(self, cells: Sequence[tuple[str, str, str, Colour]]) -> None:
        """Draw the strip of numbers between two hairlines: label, value, change and its colour."""
        top, width = self.get_y() + 2, self.epw / len(cells)
        self.set_draw_color(*LINE)
        self.line(self.l_margin, top, self.w - self.r_margin, top)
        for place, (label, value, change, colour) in enumerate(cells):
            left = self.l_margin + place * width
            if place:
                self.line(left, top, left, top + 21)
            for step, (text, size, bold, ink) in enumerate(
                ((label, 8.5, False, SOFT), (value, 14, True, INK), (change, 8.5, False, colour))
            ):
                self.face(size, bold=bold, colour=ink)
                self.set_xy(left + (3 if place else 0), top + (2.0, 7.0, 14.5)[step])
                self.cell(width - 4, 5, self._fitting(text, width - 4))
        self.line(self.l_margin, top + 21, self.w - self.r_margin, top + 21)
        self.set_xy(self.l_margin, top + 22)

    def table_of(self, table: Table) -> None:
        """Write a table; its head stands again on every page."""
        for part in _parts(table):
            self._table(table, part)
            self.ln(3)

    def _table(self, table: Table, places: Sequence[int]) -> None:
        heads = [table.heads[place] for place in places]
        widths = tuple(_width(each) for each in heads)
        aligned = tuple(Align.R if each.kind in NUMBERS else Align.L for each in heads)
        self.face(8.5)
        self.set_draw_color(*LINE)
        # A table takes up the fill of what was drawn before it.
        self.set_fill_color(*PAPER)
        with self.table(
            col_widths=widths,
            text_align=aligned,
            v_align=VAlign.T,
            line_height=4.6,
            padding=(0.7, 1.2),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="", color=DIM),
            width=min(self.epw, sum(widths) * 2.0),
            align=Align.L,
        ) as drawn:
            row = drawn.row()
            for head in heads:
                row.cell(head.label)
            for number, cells in enumerate(table.rows, 1):
                is_total = table.has_total and number == len(table.rows)
                row = drawn.row(style=FontFace(emphasis="BOLD" if is_total else ""))
                for place in places:
                    row.cell(shown(cells[place], table.heads[place].kind))

    def facts(self, lines: Sequence[Line]) -> None:
        """Write names and facts side by side."""
        for name, fact in lines:
            if self.will_page_break(6):
                self.add_page()
            self.face(9, colour=DIM)
            self.cell(45, 5, self._fitting(name, 44))
            self.face(9)
            self.multi_cell(self.epw - 45, 5, fact, new_x="LMARGIN", new_y="NEXT", align=Align.L)

    def _fitting(self, text: str, width: float) -> str:
        """Return a text cut to a width (mm) in the face at hand."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text + "…"


def _width(head: Head) -> int:
    """Return the share of a column: no word of its head is to be cut."""
    return 2 + (head.width or max(16, *(len(word) for word in head.label.split())))


def _parts(table: Table) -> list[list[int]]:
    """Return which columns stand together: all, or as many as a page takes with the first one."""
    places = list(range(len(table.heads)))
    if len(places) <= _MOST_COLUMNS:
        return [places]
    rest, step = places[1:], _MOST_COLUMNS - 1
    return [[0, *rest[start : start + step]] for start in range(0, len(rest), step)]
