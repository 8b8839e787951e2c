"""A bound COQL query over the records: rows in order.

Reads the live records, so a write is seen at once. Ties are broken by id, in the direction of the
last key of the order; the default order is by id, ascending.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from zoho_sim.query.columns import BoundColumn
from zoho_sim.query.coql_groups import grouped_rows
from zoho_sim.query.coql_rules import BoundAggregate, BoundItem, BoundQuery
from zoho_sim.query.planner import Plan, matching, plan_for, plan_on, walk
from zoho_sim.state.fields import DataType, JsonObject, JsonValue
from zoho_sim.state.records import CREATED_TIME, ID, MODIFIED_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from zoho_sim.query.columns import Values
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record

# An ordered walk may have to go much farther than matches spread evenly would make it.
_WALK_RISK = 4
_NAMED_BY_LAST_NAME = (DataType.OWNER,)


class Answer(NamedTuple):
    """The rows of one page and whether more follow."""

    rows: list[JsonObject]
    more_records: bool


class _Key(NamedTuple):
    """A sort key: how to read it, whether downwards, and its index column if it has one."""

    comparable: Callable[[Values], JsonValue]
    descending: bool
    position: int | None


def run(organisation: Organisation, query: BoundQuery) -> Answer:
    """Return the page of rows that the query asks for."""
    if query.is_grouped:
        rows = grouped_rows(query, partial(_reader, organisation))
        page = rows[query.offset : query.offset + query.limit]
        return Answer(page, len(rows) > query.offset + query.limit)
    ordered = _ordered(query)
    page_and_next = list(islice(ordered, query.offset, query.offset + query.limit + 1))
    more_records = len(page_and_next) > query.limit
    shape = _row_shape(organisation, query.select)
    return Answer([shape(record.values) for record in page_and_next[: query.limit]], more_records)


def _ordered(query: BoundQuery) -> Iterator[Record]:
    module, keys = query.module, _sort_keys(query)
    plan = plan_for(module, query.where)
    position = _index_of(keys)
    if position is not None and plan.ids is None:
        wanted = query.offset + query.limit + 1
        along = plan_on(module, query.where, position)
        # The share of records that meet the conditions says how far an ordered walk must go.
        walked = min(along.size, wanted * along.size // max(1, plan.size))
        if plan.stretch.position == position or walked * _WALK_RISK <= plan.size:
            return _filtered(along, walk(module, along.stretch, reverse=keys[0].descending))
    found = list(matching(module, plan))
    for key in reversed(keys):
        found.sort(key=_nulls_first(key.comparable), reverse=key.descending)
    return iter(found)


def _filtered(plan: Plan, records: Iterator[Record]) -> Iterator[Record]:
    holds = plan.residual
    return records if holds is None else (each for each in records if holds(each.values))


def _sort_keys(query: BoundQuery) -> list[_Key]:
    keys: list[_Key] = []
    for ordering in query.order_by:
        if isinstance(ordering.value, BoundColumn):
            column = ordering.value
            keys.append(_Key(column.comparable, ordering.descending, column.position))
            if column.position == ID:
                return keys
    descending = keys[-1].descending if keys else False
    return [*keys, _Key(itemgetter(ID), descending, ID)]


def _index_of(keys: list[_Key]) -> int | None:
    """Return the column of the index that is sorted by just these keys, in either direction."""
    positions = [key.position for key in keys]
    if len({key.descending for key in keys}) == 1 and positions in (
        [ID],
        [CREATED_TIME, ID],
        [MODIFIED_TIME, ID],
    ):
        return positions[0]
    return None


def _nulls_first(
    comparable: Callable[[Values], JsonValue],
) -> Callable[[Record], tuple[bool, JsonValue]]:
    def key(record: Record) -> tuple[bool, JsonValue]:
        value = comparable(record.values)
        return value is not None, value

    return key


def _row_shape(
    organisation: Organisation, select: tuple[BoundItem, ...]
) -> Callable[[Values], JsonObject]:
    """Return the function from a record's values to a row; ``id`` is always part of it."""
    positions: dict[str, int] = {}
    computed: dict[str, Callable[[Values], JsonValue]] = {}
    for item in select:
        position = item.value.position if isinstance(item.value, BoundColumn) else None
        # The key takes its place in the row; what it holds is then overwritten.
        positions[item.key] = ID if position is None else position
        if position is None or _is_owner(item.value):
            computed[item.key] = _reader(organisation, item.value)
    positions.setdefault("id", ID)
    keys = tuple(positions)
    # One more column keeps itemgetter returning a tuple when only the id is wanted.
    take = itemgetter(*positions.values(), ID)

    def plain(values: Values) -> JsonObject:
        return dict(zip(keys, take(values), strict=False))

    if not computed:
        return plain
    readers = tuple(computed.items())

    def shape(values: Values) -> JsonObject:
        row = plain(values)
        for key, read in readers:
            row[key] = read(values)
        return row

    return shape


def _is_owner(value: BoundColumn | BoundAggregate) -> bool:
    return isinstance(value, BoundColumn) and value.field.data_type in _NAMED_BY_LAST_NAME


def _reader(
    organisation: Organisation, value: BoundColumn | BoundAggregate
) -> Callable[[Values], JsonValue]:
    if isinstance(value, BoundAggregate):
        msg = f"{value.column.name}: aggregates have no value per record"
        raise TypeError(msg)
    if value.field.data_type not in _NAMED_BY_LAST_NAME:
        return value.read
    read = value.read
    names = {
        user.id: {"name": user.last_name, "id": user.id} for user in organisation.users.values()
    }

    def read_person(values: Values) -> JsonValue:
        reference = read(values)
        return None if reference is None else names.get(reference["id"], reference)

    return read_person
