"""A parsed COQL query against the fields of its module: found, typed and within the limits.

Bodies of refusals are those of the vendor's examples (zoho-crm-v8.md section 6); where no example
exists, the code is the documented one and the details name the column, the clause and the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoho_sim.query.columns import (
    BoundColumn,
    Kind,
    TooManyHopsError,
    UnknownColumnError,
    bind_column,
)
from zoho_sim.query.conditions import Column, FieldTest, tests_of
from zoho_sim.query.coql_ast import Aggregate, Function, Ordering, Query, SelectItem
from zoho_sim.query.errors import Json, QueryError
from zoho_sim.query.operands import OperandError, operand
from zoho_sim.query.predicates import BoundTest, Conjunct, conjuncts
from zoho_sim.state.fields import DataType

if TYPE_CHECKING:
    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

DEFAULT_LIMIT = 200
CRITERIA_MAXIMUM = 25
GROUP_BY_MAXIMUM = 4
ORDER_BY_MAXIMUM = 10
AGGREGATE_MAXIMUM = 5
WHERE_JOIN_MAXIMUM = 5
SELECT_JOIN_MAXIMUM = 15

_NULLS = {"is null", "is not null"}
_EQUALITY = {"=", "!=", "in", "not in"} | _NULLS
_TEXT = _EQUALITY | {"like", "not like"}
_ORDERED = _EQUALITY | {">", ">=", "<", "<=", "between", "not between"}
OPERATORS = {
    Kind.ID: _ORDERED,
    Kind.TEXT: _TEXT,
    Kind.PICKLIST: _TEXT,
    Kind.MULTI_PICKLIST: _TEXT,
    Kind.LOOKUP: _EQUALITY,
    Kind.NUMBER: _ORDERED,
    Kind.BIG_NUMBER: _ORDERED,
    Kind.DATE: _ORDERED,
    Kind.DATETIME: _ORDERED,
    Kind.BOOLEAN: {"="},
}
_NUMBERS = {Kind.NUMBER, Kind.BIG_NUMBER}
AGGREGATED = {
    Function.COUNT: _NUMBERS | {Kind.LOOKUP, Kind.PICKLIST, Kind.ID},
    Function.SUM: _NUMBERS,
    Function.AVG: _NUMBERS,
    Function.MAX: _NUMBERS | {Kind.DATE, Kind.DATETIME},
    Function.MIN: _NUMBERS | {Kind.DATE, Kind.DATETIME},
}
_UNSELECTABLE = (DataType.SUBFORM, DataType.MULTI_LOOKUP)


@dataclass(frozen=True, slots=True)
class BoundAggregate:
    """An aggregate whose column is found."""

    function: Function
    column: BoundColumn


@dataclass(frozen=True, slots=True)
class BoundItem:
    """One key of the answer's rows and where its value comes from."""

    key: str
    value: BoundColumn | BoundAggregate


@dataclass(frozen=True, slots=True)
class BoundOrdering:
    """One key of the order of rows."""

    value: BoundColumn | BoundAggregate
    descending: bool


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """A query that can run."""

    module: ModuleStore
    select: tuple[BoundItem, ...]
    where: list[Conjunct]
    group_by: tuple[BoundColumn, ...]
    order_by: tuple[BoundOrdering, ...]
    limit: int
    offset: int
    empty_aggregate_is_no_content: bool

    @property
    def is_grouped(self) -> bool:
        """Whether rows of the answer stand for groups of records."""
        return bool(self.group_by) or any(
            isinstance(item.value, BoundAggregate) for item in self.select
        )


def bind_query(
    organisation: Organisation, module: ModuleStore, query: Query, switches: Switches
) -> BoundQuery:
    """Return the query with its fields found, or raise QueryError."""
    binder = _Binder(organisation, module, switches)
    _check_sizes(query, switches)
    _check_names(query.select)
    select = tuple(BoundItem(item.key, binder.value(item.value)) for item in query.select)
    group_by = tuple(binder.column(column) for column in query.group_by)
    bound = BoundQuery(
        module=module,
        select=select,
        where=conjuncts(query.where, binder.test),
        group_by=group_by,
        order_by=tuple(binder.ordering(each, query.select) for each in query.order_by),
        limit=_limit(query, switches),
        offset=query.offset,
        empty_aggregate_is_no_content=switches.coql_empty_aggregate_is_no_content,
    )
    if bound.is_grouped:
        _check_grouping(bound)
    return bound


class _Binder:
    def __init__(self, organisation: Organisation, module: ModuleStore, switches: Switches) -> None:
        self._organisation = organisation
        self._module = module
        self._switches = switches

    def column(self, column: Column) -> BoundColumn:
        hops = self._switches.coql_join_hops_maximum
        try:
            bound = bind_column(self._organisation, self._module, column, max_hops=hops)
        except TooManyHopsError:
            raise _limit_exceeded(hops, column_name=column.name) from None
        except UnknownColumnError:
            raise QueryError(
                "INVALID_QUERY", "column given seems to be invalid", {"column_name": column.name}
            ) from None
        if bound.field.data_type in _UNSELECTABLE:
            raise _unsupported(column.name)
        return bound

    def value(self, value: Column | Aggregate) -> BoundColumn | BoundAggregate:
        if isinstance(value, Column):
            return self.column(value)
        column = self.column(value.column)
        if column.kind not in AGGREGATED[value.function]:
            raise _unsupported(column.name)
        return BoundAggregate(value.function, column)

    def ordering(self, ordering: Ordering, select: tuple[SelectItem, ...]) -> BoundOrdering:
        value = ordering.value
        for item in select:
            if item.alias is not None and isinstance(value, Column) and item.alias == value.name:
                value = item.value
                break
        return BoundOrdering(self.value(value), ordering.descending)

    def test(self, test: FieldTest) -> BoundTest:
        column = self.column(test.column)
        allowed = OPERATORS.get(column.kind)
        if allowed is None:
            shown = str(test.operands[0]) if test.operands else "${EMPTY}"
            raise QueryError(
                "INVALID_QUERY",
                "unsupported column in criteria",
                {
                    "cv_criteria": False,
                    "column_name": column.name,
                    "value": shown,
                    "operator": test.operator,
                },
            )
        if test.operator not in allowed:
            raise QueryError(
                "INVALID_QUERY",
                "Invalid query formed",
                {
                    "reason": "invalid operator found",
                    "column_name": column.name,
                    "operator": test.operator,
                },
            )
        maximum = self._switches.coql_in_maximum
        if test.operator in ("in", "not in") and len(test.operands) > maximum:
            raise _limit_exceeded(maximum, column_name=column.name, operator=test.operator)
        try:
            operands = tuple(
                operand(column.kind, literal, self._organisation.wire_time)
                for literal in test.operands
            )
        except OperandError:
            raise QueryError(
                "INVALID_QUERY",
                "value given seems to be invalid for the column",
                {"column_name": column.name},
            ) from None
        return BoundTest(column, test.relation, operands)


def _check_sizes(query: Query, switches: Switches) -> None:
    aggregates = sum(isinstance(item.value, Aggregate) for item in query.select)
    shown = [
        item.value.column if isinstance(item.value, Aggregate) else item.value
        for item in query.select
    ]
    tested = [test.column for test in tests_of(query.where)]
    for clause, size, maximum in (
        ("select", len(query.select), switches.coql_select_maximum),
        ("select", aggregates, AGGREGATE_MAXIMUM),
        ("select", _joins(shown), SELECT_JOIN_MAXIMUM),
        ("where", len(tested), CRITERIA_MAXIMUM),
        ("where", _joins(tested), WHERE_JOIN_MAXIMUM),
        ("group by", len(query.group_by), GROUP_BY_MAXIMUM),
        ("order by", len(query.order_by), ORDER_BY_MAXIMUM),
    ):
        if size > maximum:
            raise _limit_exceeded(maximum, clause=clause)


def _joins(columns: list[Column]) -> int:
    """Count the lookups that dotted names go through, each way once."""
    return len({column.path[:-1] for column in columns if len(column.path) > 1})


def _check_names(select: tuple[SelectItem, ...]) -> None:
    unnamed = {item.value.name for item in select if item.alias is None}
    by_alias: dict[str, list[str]] = {}
    seen: set[SelectItem] = set()
    for item in select:
        column = item.value if isinstance(item.value, Column) else item.value.column
        if item in seen:
            raise _duplicate(item.value)
        seen.add(item)
        if item.alias is None:
            continue
        if item.alias in unnamed:
            raise QueryError(
                "INVALID_QUERY",
                "column name or property name given in select columns without alias name cannot"
                " be an alias name for other select columns",
                {"column_name": column.name, "alias": item.alias},
            )
        by_alias.setdefault(item.alias, []).append(column.name)
    for alias, names in by_alias.items():
        if len(names) > 1:
            referred: list[Json] = [*names]
            raise QueryError(
                "DUPLICATE_ALIAS",
                "same alias cannot refer more than one column",
                {"referred_columns": referred, "alias": alias},
            )


def _check_grouping(query: BoundQuery) -> None:
    grouped = {column.name for column in query.group_by}
    for clause, values in (
        ("select", [item.value for item in query.select]),
        ("order by", [ordering.value for ordering in query.order_by]),
    ):
        for value in values:
            if isinstance(value, BoundColumn) and value.name not in grouped:
                raise QueryError(
                    "INVALID_QUERY",
                    "Invalid query formed",
                    {"column_name": value.name, "clause": clause},
                )


def _limit(query: Query, switches: Switches) -> int:
    limit = DEFAULT_LIMIT if query.limit is None else query.limit
    if limit <= 0:
        raise QueryError("INVALID_DATA", "limit should be greater than 0")
    if query.offset < 0:
        raise QueryError(
            "INVALID_QUERY", "limit given seems to be invalid", {"limit": str(query.offset)}
        )
    if limit > switches.coql_limit_maximum:
        raise _limit_exceeded(switches.coql_limit_maximum, clause="limit")
    if query.offset + limit > switches.coql_offset_maximum:
        raise _limit_exceeded(switches.coql_offset_maximum, clause="offset")
    return limit


def _limit_exceeded(limit: int, **where: str) -> QueryError:
    return QueryError("LIMIT_EXCEEDED", "limit exceeded", {"limit": limit, **where})


def _unsupported(name: str) -> QueryError:
    return QueryError("INVALID_QUERY", "unsupported column", {"column_name": name})


def _duplicate(value: Column | Aggregate) -> QueryError:
    if isinstance(value, Column):
        return QueryError("DUPLICATE_DATA", "duplicate select column", {"column_name": value.name})
    return QueryError(
        "DUPLICATE_DATA",
        "duplicate aggregate function",
        {"column_name": value.column.name, "aggregate": value.function.value},
    )
