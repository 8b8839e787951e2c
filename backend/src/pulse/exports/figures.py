"""The figures of the Analysis page, read in one snapshot, and as tables that any file can hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pulse.analytics.breakdown.groupings import read_grouping
from pulse.analytics.breakdown.groups import NO_DEALS
from pulse.analytics.breakdown.managers import read_managers
from pulse.analytics.breakdown.table import Measure, Wanted, figure, read_breakdown
from pulse.analytics.movement.reasons import WORDS, Bucket
from pulse.analytics.movement.waterfall import read_movement
from pulse.analytics.numbers import read_numbers
from pulse.analytics.wins import closed_days
from pulse.exports.cells import CellKind
from pulse.exports.slips import SlippedLists, read_slipped_lists
from pulse.exports.tables import Table
from pulse.exports.xlsx_file import Head
from pulse.kit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.breakdown.managers import Managers
    from pulse.analytics.breakdown.table import Breakdown, Line
    from pulse.analytics.movement.waterfall import Movement
    from pulse.analytics.numbers import Numbers
    from pulse.analytics.question import Question
    from pulse.analytics.sums import Sums
    from pulse.exports.cells import Cell
    from pulse.queries.deal_filters import Scope

NO_COLUMNS: Final = "none"
"""What an address says where rows alone are wanted."""
MEASURE_WORDS: Final[Mapping[Measure, str]] = {
    Measure.VALUE: "Pipeline value",
    Measure.WEIGHTED: "Weighted pipeline",
    Measure.DEALS: "Deals",
    Measure.AVERAGE_SIZE: "Average deal size",
    Measure.AVERAGE_PROBABILITY: "Average probability (%)",
    Measure.WIN_RATE: "Win rate (%)",
}
BUCKET_WORDS: Final[Mapping[Bucket, str]] = {
    Bucket.NEW: "New",
    Bucket.PULLED_IN: "Pulled in",
    Bucket.INCREASED: "Increased",
    Bucket.DECREASED: "Decreased",
    Bucket.PUSHED_OUT: "Pushed out",
    Bucket.WON: "Won",
    Bucket.LOST: "Lost",
}
_PERCENT_MEASURES: Final = frozenset({Measure.AVERAGE_PROBABILITY, Measure.WIN_RATE})
_MONEY_MEASURES: Final = frozenset({Measure.VALUE, Measure.WEIGHTED, Measure.AVERAGE_SIZE})


@dataclass(frozen=True, slots=True)
class Figures:
    """What an analysis says of one question."""

    question: Question
    numbers: Numbers
    breakdown: Breakdown
    by: str
    """The dimension of the rows, in words."""
    measure: Measure
    managers: Managers
    movement: Movement | None
    """None where nothing can be compared."""
    slips: SlippedLists

    @property
    def base(self) -> str:
        """The base currency."""
        return self.numbers.basis.base_currency


async def read_figures(db: AsyncSession, question: Question, pivot: Mapping[str, str]) -> Figures:
    """Read all figures. Raises InvalidInputError that names a part of the pivot."""
    wanted = pivot_of(pivot)
    days = closed_days(question.today)
    then = question.then
    return Figures(
        question=question,
        numbers=await read_numbers(db, question),
        breakdown=await read_breakdown(db, question, wanted),
        by=read_grouping(wanted.rows, "rows", question.now.scope).name,
        measure=wanted.measure,
        managers=await read_managers(db, question, days),
        movement=None if then is None else await read_movement(db, then, question.now),
        slips=await read_slipped_lists(db, question),
    )


def pivot_of(pivot: Mapping[str, str]) -> Wanted:
    """Return the breakdown that an address means; the page's own without one."""
    rows = pivot.get("rows", "country")
    columns: str | None = pivot.get("columns", "stage" if rows != "stage" else NO_COLUMNS)
    try:
        measure = Measure(pivot.get("measure", Measure.VALUE))
    except ValueError as error:
        raise InvalidInputError(
            f"query: measure: {pivot['measure']!r} is none.",
            code="invalid_filter",
            fix=f"Take one of {', '.join(Measure)}.",
            extra={"field": "query", "parameter": "measure"},
        ) from error
    if measure is Measure.WIN_RATE and columns == "stage":
        columns = NO_COLUMNS
    return Wanted(rows, None if columns in {NO_COLUMNS, ""} else columns, measure)


def check_pivot(pivot: Mapping[str, str], scope: Scope) -> None:
    """Raise InvalidInputError that names the part of a pivot that there is not."""
    wanted = pivot_of(pivot)
    read_grouping(wanted.rows, "rows", scope)
    if wanted.columns is not None:
        read_grouping(wanted.columns, "columns", scope)


def numbers_table(figures: Figures) -> Table:
    """Return the five numbers with what they were."""
    base, then = figures.base, figures.numbers.then
    before = None if then is None else _numbers(then)
    names = (
        f"Pipeline value ({base})",
        "Qualified deals",
        f"Average deal size ({base})",
        "Average probability (%)",
        f"Weighted pipeline ({base})",
    )
    pairs = [
        (name, new, None if before is None else before[place])
        for place, (name, new) in enumerate(zip(names, _numbers(figures.numbers.now), strict=True))
    ]
    money = CellKind.MONEY
    return Table(
        "Numbers",
        (
            Head("Number", CellKind.TEXT, 30),
            Head("As of", money),
            Head("Compared with", money),
            Head("Change", money),
            Head("Change (%)", CellKind.PERCENT),
        ),
        tuple((name, new, old, _less(new, old), _change(new, old)) for name, new, old in pairs),
    )


def _numbers(sums: Sums) -> tuple[Decimal | int | None, ...]:
    return (
        sums.value,
        sums.deals,
        sums.average_size,
        sums.average_probability,
        sums.weighted,
    )


def _less(new: Decimal | int | None, old: Decimal | int | None) -> Decimal | int | None:
    return None if new is None or old is None else new - old


def _change(new: Decimal | int | None, old: Decimal | int | None) -> Decimal | None:
    """Return the relative change in percent with one place; None against nothing."""
    if new is None or old is None or old == 0:
        return None
    return round((Decimal(new) - Decimal(old)) * 100 / Decimal(old), 1)


def breakdown_table(figures: Figures) -> Table:
    """Return the pivot as the page shows it."""
    shown = figures.breakdown
    measure = figures.measure
    is_money = measure in _MONEY_MEASURES
    is_percent = measure in _PERCENT_MEASURES
    cell = CellKind.MONEY if is_money else CellKind.PERCENT if is_percent else CellKind.NUMBER
    unit = f" ({figures.base})" if is_money else ""
    heads = (
        Head(figures.by.replace("_", " ").capitalize(), CellKind.TEXT, 28),
        Head("Deals", CellKind.NUMBER),
        *(Head(each.label, cell) for each in shown.columns),
        Head(f"{MEASURE_WORDS[measure]}{unit}", cell, 22),
        Head("Before", cell),
        Head("Change (%)", CellKind.PERCENT),
        Head(f"Weighted ({figures.base})", CellKind.MONEY),
        Head("Weighted (%)", CellKind.PERCENT),
    )
    lines = (*shown.rows, shown.total)
    return Table("Breakdown", heads, tuple(_line(line, measure) for line in lines), has_total=True)


def _line(line: Line, measure: Measure) -> tuple[Cell, ...]:
    now = figure(measure, line.now)
    then = None if line.then is None else figure(measure, line.then)
    return (
        line.heading.label,
        line.now.sums.deals,
        # A cell without deals is empty: nothing is there to be zero.
        *(figure(measure, each) if each != NO_DEALS else None for each in line.cells),
        now,
        then,
        _change(now, then),
        line.now.sums.weighted,
        line.now.sums.weighted_percent,
    )


def managers_table(figures: Figures) -> Table:
    """Return the account managers, greatest value first, with what all of them add up to."""
    base = figures.base
    heads = (
        Head("Name", CellKind.TEXT, 28),
        Head("Deals", CellKind.NUMBER),
        Head(f"Value ({base})", CellKind.MONEY),
        Head(f"Average size ({base})", CellKind.MONEY, 20),
        Head("Probability (%)", CellKind.PERCENT),
        Head(f"Weighted ({base})", CellKind.MONEY),
        Head("Won", CellKind.NUMBER),
        Head("Lost", CellKind.NUMBER),
        Head("Win rate (%)", CellKind.PERCENT),
        Head("Countries", CellKind.TEXT, 40),
    )
    found = figures.managers
    rows = [
        (
            (each.name or "No owner") + (" (inactive)" if each.is_active is False else ""),
            *_sums(each.sums),
            each.closed.won,
            each.closed.lost,
            each.closed.win_rate,
            ", ".join(country or "None" for country, _ in each.countries),
        )
        for each in found.managers
    ]
    closed = found.closed
    total = ("Total", *_sums(found.total), closed.won, closed.lost, closed.win_rate, None)
    return Table("Managers", heads, (*rows, total), has_total=True)


def _sums(sums: Sums) -> tuple[Cell, ...]:
    return (
        sums.deals,
        sums.value,
        sums.average_size,
        sums.average_probability,
        sums.weighted,
    )


def movement_table(figures: Figures) -> Table | None:
    """Return the waterfall with its reasons; it adds up to its last row."""
    movement = figures.movement
    if movement is None:
        return None
    heads = (
        Head("Step", CellKind.TEXT, 18),
        Head("Reason", CellKind.TEXT, 38),
        Head("Deals", CellKind.NUMBER),
        Head(f"Value ({figures.base})", CellKind.MONEY),
        Head(f"Of rates alone ({figures.base})", CellKind.MONEY, 24),
    )
    rows: list[tuple[Cell, ...]] = [
        ("Start", None, movement.start.deals, movement.start.value, None)
    ]
    for bucket, words in BUCKET_WORDS.items():
        rows.extend(
            (words, WORDS[reason], part.deals, part.value, part.of_rates)
            for reason, part in movement.reasons.get(bucket, {}).items()
        )
    rows.append(("End", None, movement.end.deals, movement.end.value, None))
    return Table("Movement", heads, tuple(rows), has_total=True)
