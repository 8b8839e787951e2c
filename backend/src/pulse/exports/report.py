"""The analysis as a report to print: what is meant, its numbers and tables, people, rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.exports.about import moment_words
from pulse.exports.cells import CellKind
from pulse.exports.figures import breakdown_table, managers_table, movement_table, numbers_table
from pulse.exports.pdf_page import DIM, GREEN_TEXT, RED_TEXT, SOFT, Report, shown
from pulse.exports.pdf_waterfall import draw_waterfall
from pulse.exports.slips import printed_slips
from pulse.exports.words import NO_FILTER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from pulse.exports.cells import Cell
    from pulse.exports.figures import Figures
    from pulse.exports.pdf_page import Colour
    from pulse.exports.tables import Table
    from pulse.exports.words import Line

TITLE = "Pipeline analysis"
_MOST_SLIPS: Final = 50
"""Deals of a kind that are printed; the workbook has all."""


def write_report(
    path: Path, figures: Figures, filters: Sequence[Line], about: Sequence[Line]
) -> None:
    """Write the report of an analysis."""
    basis = figures.numbers.basis
    zone = figures.question.now.scope.zone
    as_of = moment_words(basis.as_of, zone)
    breakdown, managers = breakdown_table(figures), managers_table(figures)
    foot = f"{TITLE}, as of {as_of}, values in {basis.base_currency}"
    slips = [
        (table, len(lines))
        for kind, lines in figures.slips.items()
        for table in (printed_slips(lines, kind, figures.base, _MOST_SLIPS),)
    ]
    names = [
        cell
        for table in (breakdown, managers, *(table for table, _ in slips))
        for row in table.rows
        for cell in row
        if isinstance(cell, str)
    ]
    heads = [head.label for head in breakdown.heads]
    told = [word for line in (*filters, *about) for word in line]
    report = Report(path.parent, TITLE, foot, "".join((*names, *heads, *told)))
    report.line_of(TITLE, 20, bold=True)
    report.ln(1.5)
    report.line_of(_lede(figures, as_of), 9.5, colour=SOFT)
    report.line_of(" · ".join(f"{name}: {fact}" for name, fact in filters) or NO_FILTER, 9.5)
    report.key_numbers(_numbers(figures))
    report.section(f"By {figures.by.replace('_', ' ')}", f"in {basis.base_currency}")
    report.table_of(breakdown)
    _movement(report, figures)
    _slips(report, figures, slips)
    report.section("Account managers", "by value; win rates of the last twelve months")
    report.table_of(managers)
    report.section("About this report")
    report.facts(about)
    report.output(str(path))


def _lede(figures: Figures, as_of: str) -> str:
    question, zone = figures.question, figures.question.now.scope.zone
    compared = (
        question.uncompared_because or "Nothing to compare with."
        if question.then is None or question.then.at is None
        else f"Compared with {moment_words(question.then.at, zone)}."
    )
    return f"As of {as_of}. {compared}"


def _numbers(figures: Figures) -> list[tuple[str, str, str, Colour]]:
    return [
        (str(name), _value(value), _change(difference, relative), _colour(difference))
        for name, value, _, difference, relative in numbers_table(figures).rows
    ]


def _value(cell: Cell) -> str:
    return shown(cell, CellKind.NUMBER if isinstance(cell, int) else CellKind.MONEY)


def _number(cell: Cell) -> Decimal | int | None:
    return None if cell is None or isinstance(cell, str | bool) else cell  # type: ignore[return-value] # figures are numbers


def _change(difference: Cell, relative: Cell) -> str:
    change = _number(difference)
    if change is None:
        return "no comparison"
    sign = "+" if change > 0 else ""
    words = sign + _value(difference)
    share = _number(relative)
    if share is None:
        return words
    percent = f"{'+' if share > 0 else ''}{share:.1f} %".replace("-", "\N{MINUS SIGN}")
    return f"{words}   {percent}"


def _colour(difference: Cell) -> Colour:
    change = _number(difference)
    if change is None or change == 0:
        return DIM
    return GREEN_TEXT if change > 0 else RED_TEXT


def _movement(report: Report, figures: Figures) -> None:
    table = movement_table(figures)
    if figures.movement is None or table is None:
        return
    report.section("Movement", f"in {figures.base}, adds up to the cent")
    draw_waterfall(report, figures.movement)
    report.table_of(table)


def _slips(report: Report, figures: Figures, slips: Sequence[tuple[Table, int]]) -> None:
    if not slips:
        report.section("Slipped and pushed deals")
        moved = "" if figures.question.then is None else ", and none was moved later"
        report.line_of(f"No open deal is past its closing date{moved}.", 9.5)
    for table, count in slips:
        deals = f"{count:,} {'deal' if count == 1 else 'deals'}"
        cut = "" if count <= _MOST_SLIPS else f", the {_MOST_SLIPS} with the most days"
        report.section(f"Slipped: {table.title.lower()}", f"{deals}{cut}; in {figures.base}")
        report.table_of(table)
