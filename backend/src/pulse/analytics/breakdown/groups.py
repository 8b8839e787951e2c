"""The groups of a breakdown, added up in one statement.

Deals are read and priced once for each of up to four sides: those of now, those of the earlier
moment, and for win rates the closed ones of both. They are grouped by row, column and currency; the
few groups that they make are ranked, all beyond the greatest become "others", and what is left is
added up each way: by cell, row, column, currency, and whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    tuple_,
    union_all,
)

from pulse.analytics.breakdown.groupings import read_grouping
from pulse.analytics.kept import kept
from pulse.analytics.sums import SUMS, Sums, priced, read_sums, sums_of
from pulse.analytics.wins import Closed, closed_side, is_closed
from pulse.queries.money import computed_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.analytics.breakdown.groupings import Grouping
    from pulse.analytics.question import Side
    from pulse.analytics.wins import ClosedDays
    from pulse.queries.moments import DealsAt

MOST_ROWS: Final = 200
MOST_COLUMNS: Final = 24


class Way(IntEnum):
    """Which side of a breakdown deals are on."""

    NOW = 0
    THEN = 1
    CLOSED = 2
    CLOSED_THEN = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Deals of a cell, a row, a column, or all."""

    sums: Sums = field(default_factory=Sums)
    closed: Closed = field(default_factory=Closed)


NO_DEALS: Final = Group()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is broken down, and how."""

    now: Side
    then: Side | None
    rows: Grouping
    columns: Grouping | None
    ranked_by: str
    """The column of `Sums` that says which rows and columns are the greatest."""
    closed: ClosedDays | None = None
    """The range of win rates, where they are wanted; of the earlier moment `closed_then`."""
    closed_then: ClosedDays | None = None


Place = int | None
"""A row's or column's rank, from 1; the one beyond the most holds all others. None is the whole."""


@dataclass(slots=True)
class Groups:
    """What was found."""

    row_keys: dict[int, str | None] = field(default_factory=dict)
    column_keys: dict[int, str | None] = field(default_factory=dict)
    rows: int = 0
    """How many there are in all, shown or not."""
    columns: int = 0
    by_currency: dict[str | None, Sums] = field(default_factory=dict)
    sides: dict[tuple[Way, Place, Place], Group] = field(default_factory=dict)

    def now(self, row: Place, column: Place = None) -> Group:
        """Return a cell, a row, a column, or the whole."""
        return self._both(Way.NOW, Way.CLOSED, row, column)

    def then(self, row: Place) -> Group:
        """Return a row, or the whole, as of the earlier moment."""
        return self._both(Way.THEN, Way.CLOSED_THEN, row, None)

    def _both(self, way: Way, closed: Way, row: Place, column: Place) -> Group:
        return Group(
            self.sides.get((way, row, column), NO_DEALS).sums,
            self.sides.get((closed, row, column), NO_DEALS).closed,
        )


_WITH_COLUMNS: Final = (Way.NOW, Way.CLOSED)
_SUMMED: Final = (*SUMS, "won", "lost")


class _Level(IntEnum):
    """What GROUPING() says: a bit for row, column, currency, set where a line is not by it."""

    CELL = 0b001
    ROW = 0b011
    COLUMN = 0b101
    CURRENCY = 0b110
    WHOLE = 0b111


async def read_groups(db: AsyncSession, asked: Asked) -> Groups:
    """Return the groups of a breakdown."""
    columns = None if asked.columns is None else asked.columns.name
    query = _groups_query(
        asked.now,
        asked.then,
        asked.rows.name,
        columns,
        asked.ranked_by,
        asked.closed,
        asked.closed_then,
    )
    return _collect(await db.execute(*query))


# What a query is kept by are names, as groupings hold functions. Any: rows of mixed columns.
@kept
def _groups_query(
    now: Side,
    then: Side | None,
    rows: str,
    columns: str | None,
    ranked_by: str,
    closed: ClosedDays | None,
    closed_then: ClosedDays | None,
) -> Select[*tuple[Any, ...]]:
    placed = _placed(
        Asked(
            now,
            then,
            read_grouping(rows, "rows", now.scope),
            None if columns is None else read_grouping(columns, "columns", now.scope),
            ranked_by,
            closed,
            closed_then,
        )
    )
    row = func.least(placed.row_place, MOST_ROWS + 1).label("row")
    # LEAST passes over NULL: of no column.
    column = case(
        (placed.column_place.is_not(None), func.least(placed.column_place, MOST_COLUMNS + 1)),
        else_=null(),
    ).label("column")
    capped = (
        select(
            placed.way,
            row,
            column,
            placed.currency,
            placed.row_key,
            placed.column_key,
            placed.row_place,
            placed.column_place,
            *(placed[name] for name in _SUMMED),
        )
        .cte("capped")
        .c
    )
    keys = (capped.row, capped.column, capped.currency)
    return select(
        capped.way,
        func.grouping(*keys).label("level"),
        *keys,
        func.max(capped.row_key).label("row_key"),
        func.max(capped.column_key).label("column_key"),
        func.max(capped.row_place).label("rows"),
        func.max(capped.column_place).label("columns"),
        *(func.coalesce(func.sum(capped[name]), 0).label(name) for name in _SUMMED),
    ).group_by(
        capped.way,
        func.grouping_sets(
            tuple_(capped.row, capped.column),
            tuple_(capped.row),
            tuple_(capped.column),
            tuple_(capped.currency),
            tuple_(),
        ),
    )


# Any: rows of mixed columns.
def _collect(lines: Any) -> Groups:  # noqa: ANN401 - as above
    groups = Groups()
    for line in lines:
        way = Way(line.way)
        *sums, won, lost = line[-len(_SUMMED) :]
        group = Group(read_sums(sums), Closed(int(won), int(lost)))
        groups.rows = max(groups.rows, line.rows or 0)
        groups.columns = max(groups.columns, line.columns or 0)
        match line.level:
            case _Level.CELL if line.column is not None:
                groups.sides[way, line.row, line.column] = group
            case _Level.ROW:
                groups.row_keys[line.row] = line.row_key
                groups.sides[way, line.row, None] = group
            case _Level.COLUMN if line.column is not None:
                groups.column_keys[line.column] = line.column_key
                groups.sides[way, None, line.column] = group
            case _Level.CURRENCY if way is Way.NOW:
                groups.by_currency[line.currency] = group.sums
            case _Level.WHOLE:
                groups.sides[way, None, None] = group
    return groups


def _placed(asked: Asked) -> ReadOnlyColumnCollection[str, Any]:
    """Return the groups by row, column and currency, with their rows' and columns' ranks."""
    found = union_all(*_sides(asked)).cte("found").c
    key = asked.columns.key if asked.columns is not None else None
    keyed = (
        select(
            found.way,
            asked.rows.key(found.row_raw).label("row_key"),
            (cast(null(), Text) if key is None else key(found.column_raw)).label("column_key"),
            found.currency,
            *(found[name] for name in _SUMMED),
        )
        .cte("keyed")
        .c
    )
    rows = _ranked(keyed, asked.ranked_by, keyed.row_key).cte("ranked_rows").c
    columns = (
        _ranked(keyed, asked.ranked_by, keyed.column_key)
        .where(keyed.way.in_(_WITH_COLUMNS))
        .cte("ranked_columns")
        .c
    )
    place = cast(null(), Integer) if asked.columns is None else columns.place
    placed = select(*keyed, rows.place.label("row_place"), place.label("column_place")).join_from(
        keyed.way.table, rows.key.table, _same(keyed.row_key, rows.key)
    )
    if asked.columns is not None:
        placed = placed.outerjoin(
            columns.key.table,
            and_(keyed.way.in_(_WITH_COLUMNS), _same(keyed.column_key, columns.key)),
        )
    return placed.cte("placed").c


def _ranked(
    keyed: ReadOnlyColumnCollection[str, Any], ranked_by: str, key: ColumnElement[Any]
) -> Select[Any]:
    """Return each key with its place: the greatest now, then those of then, then closed ones."""
    score = keyed[ranked_by]
    ended = keyed.won + keyed.lost
    totals = (
        func.sum(figure).filter(keyed.way == way).desc().nulls_last()
        for way, figure in ((Way.NOW, score), (Way.THEN, score), (Way.CLOSED, ended))
    )
    place = func.row_number().over(order_by=(*totals, key.asc().nulls_last()))
    return select(key.label("key"), place.label("place")).group_by(key)


def _same(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether keys are the same, "none" included; unlike IS NOT DISTINCT FROM it hashes."""
    return and_(
        func.coalesce(one, "") == func.coalesce(other, ""),
        one.is_(None) == other.is_(None),
    )


def _sides(asked: Asked) -> Iterator[Select[Any]]:
    yield _summed(asked, asked.now)
    if asked.then is not None:
        yield _summed_then(asked, asked.then)
    if asked.closed is not None:
        yield _ended(asked, closed_side(asked.now, asked.closed), Way.CLOSED)
    if asked.closed_then is not None and asked.then is not None:
        yield _ended(asked, closed_side(asked.then, asked.closed_then), Way.CLOSED_THEN)


def _summed(asked: Asked, side: Side) -> Select[Any]:
    deals = side.deals()
    raws = [asked.rows.raw(deals).label("row_raw")]
    if asked.columns is not None:
        raws.append(asked.columns.raw(deals).label("column_raw"))
    read = priced(deals.deal, side.scope.money, deals.deal.currency.label("currency"), *raws)
    rows = _onto(read, asked, deals).where(*side.meets(deals)).subquery().c
    column = null() if asked.columns is None else rows.column_raw
    keys = [rows[each.name] for each in raws]
    return select(
        literal(Way.NOW.value).label("way"),
        rows.row_raw,
        column.label("column_raw"),
        rows.currency,
        *sums_of(rows),
        literal(0).label("won"),
        literal(0).label("lost"),
    ).group_by(rows.currency, *keys)


def _summed_then(asked: Asked, side: Side) -> Select[Any]:
    deals = side.deals()
    raw = asked.rows.raw(deals).label("row_raw")
    rows = priced(deals.deal, side.scope.money, raw).where(*side.meets(deals)).subquery().c
    return select(
        literal(Way.THEN.value),
        rows.row_raw,
        null(),
        null(),
        *sums_of(rows),
        literal(0),
        literal(0),
    ).group_by(rows.row_raw)


def _ended(asked: Asked, side: Side, way: Way) -> Select[Any]:
    """Return how many deals were won and lost; they bring no value."""
    deals, process = side.deals(), side.scope.process
    has_column = asked.columns is not None and way is Way.CLOSED
    read = select(
        asked.rows.raw(deals).label("row_raw"),
        (asked.columns.raw(deals) if has_column and asked.columns else null()).label("column_raw"),
        process.is_won(deals.deal).label("is_won"),
    )
    chosen = _onto(read, asked, deals).where(*side.meets(deals), is_closed(side, deals))
    rows = computed_once(chosen).subquery().c
    column = rows.column_raw if has_column else null()
    query = select(
        literal(way.value),
        rows.row_raw,
        column,
        null(),
        *(literal(0) for _ in SUMS),
        func.count().filter(rows.is_won),
        func.count().filter(rows.is_won.is_not(true())),
    )
    return query.group_by(rows.row_raw, *([rows.column_raw] if has_column else []))


def _onto(query: Select[Any], asked: Asked, deals: DealsAt) -> Select[Any]:
    """Join what the groupings read: documents once, though both may need them."""
    for grouping in (asked.rows, asked.columns):
        if grouping is not None and grouping.field is not None:
            return grouping.onto(query, deals)
    return query
