"""A pipeline by one dimension, or by one dimension against another, in any measure.

At most 200 rows and 24 columns are told by name, those with the greatest figures; all others are
one more row or column, so that cells add up to totals for every measure that can be added. Groups
that stand in an order of their own (stages in the CRM's, months, bands) are shown in it, others by
their figures: by the measure where it can be added up, else by value.

Rows are compared with the same filter at the earlier moment; one that has no deal any more is still
a row. Fields of the CRM beyond the canonical ones have no history: by them only now can be told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pulse.analytics.basis import basis_of, open_conflicts
from pulse.analytics.breakdown.groupings import InvalidBreakdownError, read_grouping
from pulse.analytics.breakdown.groups import (
    MOST_COLUMNS,
    MOST_ROWS,
    Asked,
    Group,
    Groups,
    read_groups,
)
from pulse.analytics.breakdown.keys import Calculated, key_filter
from pulse.analytics.names import names_of
from pulse.analytics.wins import closed_days
from pulse.asking.scope import day_of
from pulse.core.deal_filters import Dimension

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.basis import Basis
    from pulse.analytics.breakdown.groupings import Grouping
    from pulse.analytics.breakdown.groups import Place
    from pulse.analytics.question import Question
    from pulse.analytics.wins import ClosedDays


class Measure(StrEnum):
    """What a cell shows."""

    VALUE = "value"
    WEIGHTED = "weighted"
    DEALS = "deals"
    AVERAGE_SIZE = "average_size"
    AVERAGE_PROBABILITY = "average_probability"
    WIN_RATE = "win_rate"


_ADDED_UP: Final = (Measure.VALUE, Measure.WEIGHTED, Measure.DEALS)
_OF_THE_PIPELINE: Final = frozenset(
    {Dimension.STAGE, Calculated.PROBABILITY_BAND, Calculated.OUTCOME}
)


class HeadingKind(StrEnum):
    """What a row or column stands for."""

    VALUE = "value"
    NONE = "none"
    """Deals that have no value there."""
    OTHERS = "others"
    """All beyond those that are shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which breakdown is asked for, by names."""

    rows: str
    columns: str | None = None
    measure: Measure = Measure.VALUE
    closed_from: date | None = None
    closed_to: date | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A row's or column's name."""

    kind: HeadingKind
    key: str | None
    label: str
    filter: str | None
    """Parameters that find its deals; None where there are none."""
    groups: int = 1
    """How many it stands for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is now, what it was, and its cells in the order of the columns."""

    heading: Heading
    now: Group
    then: Group | None
    """None where nothing can be compared."""
    cells: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table of groups."""

    basis: Basis
    question: Question
    """As it was answered: without comparison where a field has no history."""
    columns: tuple[Heading, ...]
    rows: tuple[Line, ...]
    total: Line
    closed: ClosedDays | None
    """The range of win rates, if they were asked for."""


def figure(measure: Measure, group: Group) -> Decimal | int | None:
    """Return what a cell shows; None where there is nothing to make it of."""
    match measure:
        case Measure.VALUE:
            return group.sums.value
        case Measure.WEIGHTED:
            return group.sums.weighted
        case Measure.DEALS:
            return group.sums.deals
        case Measure.AVERAGE_SIZE:
            return group.sums.average_size
        case Measure.AVERAGE_PROBABILITY:
            return group.sums.average_probability
        case Measure.WIN_RATE:
            return group.closed.win_rate


async def read_breakdown(db: AsyncSession, question: Question, wanted: Wanted) -> Breakdown:
    """Return a breakdown. Raises InvalidBreakdownError that names the parameter."""
    rows = read_grouping(wanted.rows, "rows", question.now.scope)
    columns = (
        None
        if wanted.columns is None
        else read_grouping(wanted.columns, "columns", question.now.scope)
    )
    _check(wanted, rows, columns)
    question = _as_far_as_known(question, rows, columns)
    asked = _with_wins(question, rows, columns, wanted)
    groups = await read_groups(db, asked)
    conflicts = await open_conflicts(db, question.now)
    row_headings = await _headings(db, question, rows, groups.row_keys, groups.rows, MOST_ROWS)
    column_headings = (
        {}
        if columns is None
        else await _headings(
            db, question, columns, groups.column_keys, groups.columns, MOST_COLUMNS
        )
    )
    whole = Heading(HeadingKind.VALUE, None, "Total", "")
    return Breakdown(
        basis=basis_of(question, groups.by_currency, conflicts),
        question=question,
        columns=tuple(column_headings.values()),
        rows=tuple(
            _line(question, groups, place, heading, column_headings)
            for place, heading in row_headings.items()
        ),
        total=_line(question, groups, None, whole, column_headings),
        closed=asked.closed,
    )


def _check(wanted: Wanted, rows: Grouping, columns: Grouping | None) -> None:
    if columns is not None and rows.name == columns.name:
        raise InvalidBreakdownError(
            f"columns: rows are by {rows.name} already.",
            fix="Take another dimension, or leave the columns out.",
            extra={"field": "columns"},
        )
    if wanted.measure is not Measure.WIN_RATE:
        return
    for parameter, grouping in (("rows", rows), ("columns", columns)):
        if grouping is not None and grouping.name in _OF_THE_PIPELINE:
            raise InvalidBreakdownError(
                f"{parameter}: a win rate is of closed deals, whose {grouping.name} is how they "
                "ended.",
                fix="Take another dimension, or another measure.",
                extra={"field": parameter},
            )


def _as_far_as_known(question: Question, rows: Grouping, columns: Grouping | None) -> Question:
    """Return the question without a past, if a grouping has none. Raises InvalidBreakdownError."""
    for parameter, grouping in (("rows", rows), ("columns", columns)):
        if grouping is None or grouping.field is None:
            continue
        if question.now.at is not None:
            raise InvalidBreakdownError(
                f"{parameter}: {grouping.field.label} has no history, so deals of the past cannot "
                "be broken down by it.",
                fix="Ask as of now, or take another dimension.",
                extra={"field": parameter},
            )
        question = replace(
            question,
            then=None,
            is_cut=False,
            uncompared_because=f"{grouping.field.label} has no history, so groups by it cannot be "
            "compared.",
        )
    return question


def _with_wins(
    question: Question, rows: Grouping, columns: Grouping | None, wanted: Wanted
) -> Asked:
    ranked_by = wanted.measure if wanted.measure in _ADDED_UP else Measure.VALUE
    if wanted.measure is not Measure.WIN_RATE:
        return Asked(question.now, question.then, rows, columns, ranked_by)
    then = question.then
    return Asked(
        question.now,
        then,
        rows,
        columns,
        ranked_by,
        closed=closed_days(question.today, wanted.closed_from, wanted.closed_to),
        closed_then=(
            None
            if then is None or then.at is None
            else closed_days(day_of(then.at, then.scope), wanted.closed_from, wanted.closed_to)
        ),
    )


async def _headings(
    db: AsyncSession,
    question: Question,
    grouping: Grouping,
    keys: dict[int, str | None],
    count: int,
    most: int,
) -> dict[Place, Heading]:
    """Return the headings by place, in the order in which they are shown."""
    named = {place: key for place, key in keys.items() if place <= most}
    known = (
        await names_of(db, [int(key) for key in named.values() if key and key.isdigit()])
        if grouping.is_named
        else {}
    )
    found: dict[Place, Heading] = {}
    for place in sorted(named, key=lambda each: _position(grouping, each, named[each])):
        key = named[place]
        label = grouping.none
        if key is not None:
            label = known.get(key, f"#{key}") if grouping.is_named else grouping.words(key)
        found[place] = Heading(
            HeadingKind.NONE if key is None else HeadingKind.VALUE,
            key,
            label,
            key_filter(grouping.name, key, question.now.wanted),
        )
    if most + 1 in keys:
        rest = count - most
        found[most + 1] = Heading(HeadingKind.OTHERS, None, f"{rest} others", None, rest)
    return found


def _position(grouping: Grouping, place: int, key: str | None) -> tuple[bool, int | str, int]:
    if grouping.order is None:
        return (False, 0, place)
    return (key is None, "" if key is None else grouping.order(key), place)


def _line(
    question: Question,
    groups: Groups,
    place: Place,
    heading: Heading,
    columns: dict[Place, Heading],
) -> Line:
    return Line(
        heading=heading,
        now=groups.now(place),
        then=None if question.then is None else groups.then(place),
        cells=tuple(groups.now(place, column) for column in columns),
    )
