"""GROUP BY and aggregates of a bound COQL query.

Counting an index stretch, and the first or last stamp of a whole module, needs no look at records.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, TypeAlias

from zoho_sim.query.columns import BoundColumn
from zoho_sim.query.coql_ast import Function
from zoho_sim.query.coql_rules import BoundAggregate, BoundOrdering, BoundQuery
from zoho_sim.query.planner import Plan, index_on, matching, plan_for
from zoho_sim.state.records import CREATED_TIME, ID, MODIFIED_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from zoho_sim.query.columns import Values
    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore

Reader: TypeAlias = "Callable[[Values], JsonValue]"
_Value: TypeAlias = BoundColumn | BoundAggregate


def grouped_rows(query: BoundQuery, reader: Callable[[BoundColumn], Reader]) -> list[JsonObject]:
    """Return one row per group, in order; without GROUP BY all records are one group.

    ``reader`` gives the function that reads a plain column as rows show it. Without ORDER BY the
    groups come in ascending order of their keys.
    """
    plan = plan_for(query.module, query.where)
    if not query.group_by:
        if query.empty_aggregate_is_no_content and not any(
            True for _ in matching(query.module, plan)
        ):
            return []
        known = _from_index(query, plan)
        if known is not None:
            return [known]
    readers = {
        item.key: reader(item.value) for item in query.select if isinstance(item.value, BoundColumn)
    }
    groups = list(_groups(query, plan))
    default = tuple(BoundOrdering(column, descending=False) for column in query.group_by)
    for ordering in reversed(query.order_by or default):
        groups.sort(key=_sort_key(ordering.value), reverse=ordering.descending)
    return [
        {
            item.key: (
                aggregate(item.value, members)
                if isinstance(item.value, BoundAggregate)
                else readers[item.key](members[0])
            )
            for item in query.select
        }
        for members in groups
    ]


def _groups(query: BoundQuery, plan: Plan) -> Iterable[list[Values]]:
    found = (record.values for record in matching(query.module, plan))
    if not query.group_by:
        return [list(found)]
    groups: dict[tuple[JsonValue, ...], list[Values]] = {}
    columns = [column.comparable for column in query.group_by]
    for values in found:
        key = tuple(comparable(values) for comparable in columns)
        groups.setdefault(key, []).append(values)
    return groups.values()


def _sort_key(value: _Value) -> Callable[[list[Values]], tuple[bool, JsonValue]]:
    def key(members: list[Values]) -> tuple[bool, JsonValue]:
        if isinstance(value, BoundAggregate):
            found = aggregate(value, members)
        else:
            found = value.comparable(members[0])
        return found is not None, found

    return key


def _from_index(query: BoundQuery, plan: Plan) -> JsonObject | None:
    """Return the only row if the indexes alone know it."""
    if plan.residual is not None or plan.ids is not None:
        return None
    row: JsonObject = {}
    for item in query.select:
        value = item.value
        if not isinstance(value, BoundAggregate):
            return None
        position = value.column.position
        if value.function is Function.COUNT and position in (ID, CREATED_TIME, MODIFIED_TIME):
            row[item.key] = plan.size
        elif value.function in (Function.MAX, Function.MIN) and (
            position in (CREATED_TIME, MODIFIED_TIME)
            and (position == plan.stretch.position or plan.size == len(query.module.by_id))
        ):
            row[item.key] = _edge(query.module, plan, value.function, position)
        else:
            return None
    return row


def _edge(module: ModuleStore, plan: Plan, function: Function, position: int) -> JsonValue:
    if plan.size == 0:
        return None
    start, stop = plan.stretch.start, plan.stretch.stop
    return index_on(module, position)[start if function is Function.MIN else stop - 1][0]


def aggregate(wanted: BoundAggregate, members: list[Values]) -> JsonValue:
    """Return an aggregate over records; empty values do not count, and nothing gives None or 0."""
    if wanted.function is Function.COUNT and wanted.column.position == ID:
        return len(members)
    comparable = wanted.column.comparable
    found = [value for values in members if (value := comparable(values)) is not None]
    if wanted.function is Function.COUNT:
        return len(found)
    return _FOLDS[wanted.function](found) if found else None


def _total(found: list[JsonValue]) -> JsonValue:
    return sum(found) if all(isinstance(each, int) for each in found) else fsum(found)


def _mean(found: list[JsonValue]) -> JsonValue:
    return fsum(found) / len(found)


_FOLDS: dict[Function, Callable[[list[JsonValue]], JsonValue]] = {
    Function.MAX: max,
    Function.MIN: min,
    Function.SUM: _total,
    Function.AVG: _mean,
}
