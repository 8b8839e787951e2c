"""Search criteria to conditions; what is no sentence of the grammar is INVALID_QUERY.

``equals`` on text finds every value that contains the operand, as the CRM does
(zoho-crm-v8.md section 5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark import Lark, Token, Transformer, UnexpectedInput

from zoho_sim.query.columns import Kind, TooManyHopsError, UnknownColumnError, bind_column
from zoho_sim.query.conditions import (
    AllOf,
    AnyOf,
    Column,
    Condition,
    FieldTest,
    Relation,
    tests_of,
)
from zoho_sim.query.errors import QueryError
from zoho_sim.query.operands import OperandError, operand
from zoho_sim.query.predicates import BoundTest, Conjunct, conjuncts

if TYPE_CHECKING:
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

CRITERIA_MAXIMUM = 10
IN_MAXIMUM = 100
_RANGE = 2

_RELATIONS = {
    "equals": Relation.EQUAL,
    "not_equal": Relation.NOT_EQUAL,
    "greater_equal": Relation.GREATER_EQUAL,
    "greater_than": Relation.GREATER,
    "less_equal": Relation.LESS_EQUAL,
    "less_than": Relation.LESS,
    "between": Relation.BETWEEN,
    "in": Relation.IN,
    "starts_with": Relation.STARTS_WITH,
}
_ORDERED = set(_RELATIONS) - {"starts_with"}
OPERATORS = {
    Kind.TEXT: {"equals", "not_equal", "starts_with", "in"},
    Kind.LONG_TEXT: {"equals", "not_equal", "starts_with"},
    Kind.PICKLIST: {"equals", "not_equal", "in"},
    Kind.MULTI_PICKLIST: {"equals", "not_equal", "in", "starts_with"},
    Kind.NUMBER: _ORDERED,
    Kind.BIG_NUMBER: _ORDERED,
    Kind.ID: _ORDERED,
    Kind.DATE: _ORDERED,
    Kind.DATETIME: _ORDERED,
    Kind.BOOLEAN: {"equals", "not_equal"},
    Kind.LOOKUP: {"equals", "not_equal", "in"},
}
_CONTAINING = {Kind.TEXT, Kind.LONG_TEXT, Kind.MULTI_PICKLIST}
_PART = re.compile(r"(?:\\.|[^\\,])+", re.DOTALL)  # what stands between unescaped commas
_ESCAPE = re.compile(r"\\([(),\\])")


def bind_criteria(organisation: Organisation, module: ModuleStore, text: str) -> list[Conjunct]:
    """Return the conditions that search criteria mean in a module, or raise QueryError."""
    condition = parse(text)
    if sum(1 for _ in tests_of(condition)) > CRITERIA_MAXIMUM:
        # The vendor's text says 15 where its page says 10; code and text are the vendor's.
        raise QueryError(
            "CRITERIA_LIMIT_EXCEEDED", "no of criterium that can be given exceed the limit 15"
        )
    return conjuncts(condition, lambda test: _bind(organisation, module, test))


def parse(text: str) -> Condition:
    """Return the tree of search criteria; raise QueryError where they are none."""
    try:
        # The transformer runs inside the parser, so what `parse` gives is no Tree.
        parsed: object = _PARSER.parse(text)
    except UnexpectedInput:
        raise QueryError("INVALID_QUERY", "Invalid query formed") from None
    return _condition(parsed)


def _bind(organisation: Organisation, module: ModuleStore, test: FieldTest) -> BoundTest:
    name = test.column.name
    try:
        column = bind_column(organisation, module, test.column, max_hops=0)
    except (UnknownColumnError, TooManyHopsError):
        raise _unavailable(name) from None
    allowed = OPERATORS.get(column.kind)
    if allowed is None:
        raise _unavailable(name)
    if test.operator not in allowed:
        raise QueryError(
            "INVALID_QUERY",
            "invalid operator found",
            {
                "operator": test.operator,
                "reason": "The operator is not valid for the field type",
                "api_name": name,
            },
        )
    if len(test.operands) > IN_MAXIMUM:
        raise QueryError(
            "INVALID_QUERY",
            'Only 100 values are allowed in "IN" criteria',
            {"api_name": name},
        )
    try:
        operands = tuple(
            operand(column.kind, literal, organisation.wire_time) for literal in test.operands
        )
    except OperandError as error:
        raise _invalid_value(name, str(error.literal), error.expected_data_type) from None
    if test.relation is Relation.BETWEEN and len(operands) != _RANGE:
        raise _invalid_value(name, ",".join(map(str, test.operands)), "range")
    relation = test.relation
    if column.kind in _CONTAINING:
        relation = {
            Relation.EQUAL: Relation.CONTAINS,
            Relation.NOT_EQUAL: Relation.NOT_CONTAINS,
        }.get(relation, relation)
    return BoundTest(column, relation, operands)


def _unavailable(name: str) -> QueryError:
    return QueryError(
        "INVALID_QUERY",
        "Invalid query formed",
        {"reason": "the field is not available for search", "api_name": name},
    )


def _invalid_value(name: str, value: str, expected: str) -> QueryError:
    return QueryError(
        "INVALID_QUERY",
        "Invalid query formed",
        {
            "expected_data_type": expected,
            "reason": "invalid value for search",
            "api_name": name,
            "value": value,
        },
    )


class _ToTree(Transformer[Token, Condition]):
    """Each method takes the already transformed children of the rule of its name."""

    def test(self, children: list[Token]) -> FieldTest:
        name, operator, value = (str(child) for child in children)
        relation = _RELATIONS.get(operator)
        if relation is None:
            raise QueryError(
                "INVALID_QUERY",
                "invalid operator found",
                {
                    "operator": operator,
                    "reason": "The operator is not valid for the field type",
                    "api_name": name,
                },
            )
        parts = _PART.findall(value) if relation in (Relation.IN, Relation.BETWEEN) else [value]
        operands = tuple(_ESCAPE.sub(r"\1", part.strip()) for part in parts)
        return FieldTest(Column(tuple(name.split("."))), relation, operands, operator)

    def conjunction(self, children: list[Condition]) -> Condition:
        return children[0] if len(children) == 1 else AllOf(tuple(children))

    def disjunction(self, children: list[Condition]) -> Condition:
        return children[0] if len(children) == 1 else AnyOf(tuple(children))

    def start(self, children: list[Condition]) -> Condition:
        return children[0]


def _condition(parsed: object) -> Condition:
    if isinstance(parsed, FieldTest | AllOf | AnyOf):
        return parsed
    raise TypeError(parsed)  # pragma: no cover - the start rule makes a condition


_PARSER = Lark.open(
    "search_criteria.lark",
    rel_to=__file__,
    parser="lalr",
    maybe_placeholders=False,
    transformer=_ToTree(),
)
