"""What COQL, search criteria and bulk-read criteria have in common: a tree of tests on fields.

A tree says what was written. `binding` looks its fields up and checks it; `predicates` runs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Literal: TypeAlias = "str | bool | int | float"


class Relation(Enum):
    """How a test relates the value of a field to its operands."""

    EQUAL = auto()
    NOT_EQUAL = auto()
    GREATER = auto()
    GREATER_EQUAL = auto()
    LESS = auto()
    LESS_EQUAL = auto()
    IN = auto()
    NOT_IN = auto()
    BETWEEN = auto()
    NOT_BETWEEN = auto()
    CONTAINS = auto()
    NOT_CONTAINS = auto()
    STARTS_WITH = auto()
    ENDS_WITH = auto()
    IS_NULL = auto()
    IS_NOT_NULL = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A field, or a field of a looked-up record: ``Account_Name.Phone`` has the path of both."""

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """The dotted name, which is also the flat key in answers."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class FieldTest:
    """One condition. ``operator`` is the spelling of the relation in its notation, for errors."""

    column: Column
    relation: Relation
    operands: tuple[Literal, ...]
    operator: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Conditions that must all hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions of which at least one must hold."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = FieldTest | AllOf | AnyOf


def tests_of(condition: Condition) -> Iterator[FieldTest]:
    """Every test of the tree, from left to right."""
    if isinstance(condition, FieldTest):
        yield condition
    else:
        for part in condition.parts:
            yield from tests_of(part)
