"""Conditions as functions: one closure per test, compiled once per query.

An empty value fails every test but IS_NULL, as in SQL: ``Stage != 'Won'`` does not find records
without a stage, unless ``null_is_unequal`` asks for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zoho_sim.query.conditions import AllOf, AnyOf, Condition, FieldTest, Relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.query.columns import BoundColumn, Values
    from zoho_sim.state.fields import JsonValue


class BoundTest(NamedTuple):
    """A test whose field is found and whose operands are comparable values."""

    column: BoundColumn
    relation: Relation
    operands: tuple[JsonValue, ...]


class Conjunct(NamedTuple):
    """One of the conditions that must all hold; ``test`` is None for anything but a plain test."""

    test: BoundTest | None
    holds: Callable[[Values], bool]


def conjuncts(
    condition: Condition, bind: Callable[[FieldTest], BoundTest], *, null_is_unequal: bool = False
) -> list[Conjunct]:
    """Return the top-level conditions of a tree; ``bind`` looks a test up and may refuse it."""
    if isinstance(condition, FieldTest):
        test = bind(condition)
        return [Conjunct(test, function_of(test, null_is_unequal=null_is_unequal))]
    if isinstance(condition, AllOf):
        return [
            conjunct
            for part in condition.parts
            for conjunct in conjuncts(part, bind, null_is_unequal=null_is_unequal)
        ]
    return [Conjunct(None, _any_of(condition, bind, null_is_unequal=null_is_unequal))]


def all_hold(parts: list[Conjunct]) -> Callable[[Values], bool] | None:
    """Return one function for all conjuncts, None when there is nothing to test."""
    functions = [part.holds for part in parts]
    match functions:
        case []:
            return None
        case [only]:
            return only
        case [first, second]:
            return lambda values: first(values) and second(values)
        case _:
            return lambda values: all(holds(values) for holds in functions)


def _any_of(
    condition: AnyOf, bind: Callable[[FieldTest], BoundTest], *, null_is_unequal: bool
) -> Callable[[Values], bool]:
    branches = [
        all_hold(conjuncts(part, bind, null_is_unequal=null_is_unequal)) for part in condition.parts
    ]
    functions = [branch for branch in branches if branch is not None]
    return lambda values: any(holds(values) for holds in functions)


def function_of(test: BoundTest, *, null_is_unequal: bool) -> Callable[[Values], bool]:
    """Return the function that runs a test on a record's values."""
    value = test.column.comparable
    if test.relation is Relation.IS_NULL:
        return lambda values: value(values) is None
    if test.relation is Relation.IS_NOT_NULL:
        return lambda values: value(values) is not None
    negated = _NEGATIONS.get(test.relation)
    if negated is not None:
        holds = _positive(value, negated, test.operands)
        if null_is_unequal:
            return lambda values: not holds(values)
        return lambda values: value(values) is not None and not holds(values)
    return _positive(value, test.relation, test.operands)


_NEGATIONS = {
    Relation.NOT_EQUAL: Relation.EQUAL,
    Relation.NOT_IN: Relation.IN,
    Relation.NOT_BETWEEN: Relation.BETWEEN,
    Relation.NOT_CONTAINS: Relation.CONTAINS,
}


def _positive(  # noqa: C901, PLR0911 - one branch per relation; splitting would hide the table
    value: Callable[[Values], JsonValue], relation: Relation, operands: tuple[JsonValue, ...]
) -> Callable[[Values], bool]:
    first = operands[0]
    match relation:
        case Relation.EQUAL:
            return lambda values: bool(value(values) == first)
        case Relation.IN:
            wanted = frozenset(operands)
            return lambda values: value(values) in wanted
        case Relation.GREATER:
            return lambda values: (found := value(values)) is not None and found > first
        case Relation.GREATER_EQUAL:
            return lambda values: (found := value(values)) is not None and found >= first
        case Relation.LESS:
            return lambda values: (found := value(values)) is not None and found < first
        case Relation.LESS_EQUAL:
            return lambda values: (found := value(values)) is not None and found <= first
        case Relation.BETWEEN:
            last = operands[1]
            return lambda values: (found := value(values)) is not None and first <= found <= last
        case Relation.CONTAINS:
            return lambda values: (found := value(values)) is not None and first in found
        case Relation.STARTS_WITH:
            return lambda values: (found := value(values)) is not None and found.startswith(first)
        case Relation.ENDS_WITH:
            return lambda values: (found := value(values)) is not None and found.endswith(first)
        case _:
            raise AssertionError(relation)  # the negations were resolved before
