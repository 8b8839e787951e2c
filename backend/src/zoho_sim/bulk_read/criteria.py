"""The query of a bulk-read job: JSON criteria to conditions, field names to columns.

Codes are those of zoho-crm-v8.md section 7 and of the vendor's bulk-read OpenAPI; the vendor gives
no texts for most of them, so the messages here are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.query.columns import (
    BoundColumn,
    Kind,
    TooManyHopsError,
    UnknownColumnError,
    bind_column,
)
from zoho_sim.query.conditions import (
    AllOf,
    AnyOf,
    Column,
    Condition,
    FieldTest,
    Literal,
    Relation,
    tests_of,
)
from zoho_sim.query.errors import Json, QueryError
from zoho_sim.query.operands import OperandError, operand
from zoho_sim.query.predicates import BoundTest, Conjunct, conjuncts
from zoho_sim.state.fields import DataType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

CRITERIA_MAXIMUM = 25
VALUES_MAXIMUM = 200
HOPS_MAXIMUM = 2
EMPTY = "${EMPTY}"
_RANGE = 2

_RELATIONS = {
    "equal": Relation.EQUAL,
    "not_equal": Relation.NOT_EQUAL,
    "in": Relation.IN,
    "not_in": Relation.NOT_IN,
    "less_than": Relation.LESS,
    "less_equal": Relation.LESS_EQUAL,
    "greater_than": Relation.GREATER,
    "greater_equal": Relation.GREATER_EQUAL,
    "between": Relation.BETWEEN,
    "not_between": Relation.NOT_BETWEEN,
    "contains": Relation.CONTAINS,
    "not_contains": Relation.NOT_CONTAINS,
    "starts_with": Relation.STARTS_WITH,
    "ends_with": Relation.ENDS_WITH,
}
_EQUALITY = ("equal", "not_equal", "in", "not_in")
_NUMBER = (*_EQUALITY, "less_than", "less_equal", "greater_than", "greater_equal")
_TIME = (*_NUMBER, "between", "not_between")
_TEXT = (*_EQUALITY, "contains", "not_contains", "starts_with", "ends_with")
COMPARATORS: dict[Kind, tuple[str, ...]] = {
    Kind.ID: _NUMBER,
    Kind.NUMBER: _NUMBER,
    Kind.BIG_NUMBER: _NUMBER,
    Kind.DATE: _TIME,
    Kind.DATETIME: _TIME,
    Kind.TEXT: _TEXT,
    Kind.PICKLIST: _TEXT,
    Kind.MULTI_PICKLIST: _TEXT,
    Kind.BOOLEAN: ("equal",),
    Kind.LOOKUP: _EQUALITY,
}
_LISTS = (Relation.IN, Relation.NOT_IN, Relation.BETWEEN, Relation.NOT_BETWEEN)
_RANGES = (Relation.BETWEEN, Relation.NOT_BETWEEN)
_EMPTY_RELATIONS = {
    Relation.EQUAL: Relation.IS_NULL,
    Relation.NOT_EQUAL: Relation.IS_NOT_NULL,
}


def bind_criteria(
    organisation: Organisation, module: ModuleStore, criteria: Json
) -> list[Conjunct]:
    """Return the conditions that a job's criteria mean in its module, or raise QueryError."""
    condition = parse(criteria)
    if sum(1 for _ in tests_of(condition)) > CRITERIA_MAXIMUM:
        raise QueryError(
            "CRITERIA_LIMIT_EXCEEDED", "criteria limit exceeded", {"max_limit": CRITERIA_MAXIMUM}
        )
    return conjuncts(condition, lambda test: _bind(organisation, module, test))


def bind_fields(
    organisation: Organisation, module: ModuleStore, names: Sequence[str]
) -> list[BoundColumn]:
    """Return the columns of the file, without the record's id; no names means every field."""
    chosen = names or [field.api_name for field in module.fields.values() if field.is_listed]
    return [_column(organisation, module, name) for name in chosen if name.lower() != "id"]


def _column(organisation: Organisation, module: ModuleStore, name: str) -> BoundColumn:
    try:
        column = bind_column(
            organisation, module, Column(tuple(name.split("."))), max_hops=HOPS_MAXIMUM
        )
    except TooManyHopsError:
        raise QueryError("JOIN_LIMIT_EXCEEDED", "join limit exceeded") from None
    except UnknownColumnError:
        # The vendor's schema admits no details here, so the message names the field.
        raise QueryError(
            "FIELD_NOT_AVAILABLE", f"the field {name} is not available in {module.api_name}"
        ) from None
    if column.field.data_type in (DataType.SUBFORM, DataType.MULTI_LOOKUP):
        raise QueryError(
            "FIELD_NOT_SUPPORTED", "the field is not supported in bulk read", {"api_name": name}
        )
    return column


def parse(criteria: Json) -> Condition:
    """Return the tree of JSON criteria: one condition, or groups of them; or raise QueryError."""
    if not isinstance(criteria, dict):
        raise _invalid({})
    if "group" in criteria and ("field" in criteria or "comparator" in criteria):
        raise QueryError("AMBIGUOUS_CRITERIA", "give either a group or a single condition")
    if "group" not in criteria:
        return _single(criteria)
    group, operator = criteria["group"], criteria.get("group_operator")
    if not isinstance(group, list) or not group:
        raise _invalid({})
    if operator not in ("and", "or"):
        raise QueryError(
            "GROUP_OPERATOR_NOT_SUPPORTED",
            "the group operator is not supported",
            {"supported": ["and", "or"]},
        )
    parts = tuple(parse(part) for part in group)
    return AllOf(parts) if operator == "and" else AnyOf(parts)


def echo(module: ModuleStore, criteria: Json) -> Json:
    """Return criteria as the status call shows them: with the ids of their fields."""
    if not isinstance(criteria, dict):
        return criteria
    group = criteria.get("group")
    if isinstance(group, list):
        return {**criteria, "group": [echo(module, part) for part in group]}
    given = criteria.get("field")
    name = given.get("api_name") if isinstance(given, dict) else criteria.get("api_name")
    field = module.fields.get(name) if isinstance(name, str) else None
    return {
        "comparator": criteria.get("comparator"),
        "field": {"api_name": name, "id": None if field is None else field.id},
        "id": None,
        "type": "value",
        "value": criteria.get("value"),
    }


def _single(criteria: dict[str, Json]) -> Condition:
    field, comparator = criteria.get("field"), criteria.get("comparator")
    name = field.get("api_name") if isinstance(field, dict) else criteria.get("api_name")
    if not isinstance(name, str) or not isinstance(comparator, str) or "value" not in criteria:
        raise _invalid({"api_name": name} if isinstance(name, str) else {})
    relation = _RELATIONS.get(comparator)
    if relation is None:
        raise QueryError(
            "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED",
            "the comparator is not supported",
            {"api_name": name, "comparator": comparator},
        )
    value = criteria["value"]
    values = value if relation in _LISTS and isinstance(value, list) else [value]
    operands = [each for each in values if isinstance(each, str | bool | int | float)]
    if len(operands) != len(values) or (relation in _RANGES and len(operands) != _RANGE):
        raise _invalid({"api_name": name, "comparator": comparator})
    if len(operands) > VALUES_MAXIMUM:
        raise QueryError(
            "VALUE_LIMIT_EXCEEDED_IN_CRITERIA",
            "too many values in a condition",
            {"max_limit": VALUES_MAXIMUM},
        )
    return _test(name, relation, tuple(operands), comparator)


def _test(
    name: str, relation: Relation, operands: tuple[Literal, ...], comparator: str
) -> FieldTest:
    if operands == (EMPTY,) and relation in _EMPTY_RELATIONS:
        relation, operands = _EMPTY_RELATIONS[relation], ()
    return FieldTest(Column(tuple(name.split("."))), relation, operands, comparator)


def _bind(organisation: Organisation, module: ModuleStore, test: FieldTest) -> BoundTest:
    name = test.column.name
    try:
        column = bind_column(organisation, module, test.column, max_hops=HOPS_MAXIMUM)
    except (UnknownColumnError, TooManyHopsError):
        raise QueryError(
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
            "the field in the criteria is not available",
            {"api_name": name, "module": module.api_name},
        ) from None
    supported = COMPARATORS.get(column.kind)
    if supported is None:
        raise QueryError(
            "FIELD_IN_CRITERIA_NOT_SUPPORTED",
            "the field is not supported in criteria",
            {"api_name": name},
        )
    if test.operator not in supported:
        names: list[Json] = [*supported]
        raise QueryError(
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
            "the comparator does not suit the field",
            {"comparator": test.operator, "api_name": name, "supported": names},
        )
    try:
        operands = tuple(
            operand(column.kind, literal, organisation.wire_time) for literal in test.operands
        )
    except OperandError as error:
        raise QueryError(
            "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
            "the value does not suit the field",
            {"api_name": name, "reason": f"expected {error.expected_data_type}"},
        ) from None
    return BoundTest(column, test.relation, operands)


def _invalid(details: dict[str, Json]) -> QueryError:
    return QueryError("INVALID_CRITERIA", "the criteria are incomplete or malformed", details)
