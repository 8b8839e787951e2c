"""The syntax tree of a COQL query: what was written, before any field is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.query.conditions import Column, Condition


class Function(StrEnum):
    """The five aggregate functions; their names are case-sensitive, unlike the keywords."""

    COUNT = "COUNT"
    SUM = "SUM"
    MAX = "MAX"
    MIN = "MIN"
    AVG = "AVG"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate of one column."""

    function: Function
    column: Column

    @property
    def name(self) -> str:
        """The key that the answer carries when no alias is given."""
        return f"{self.function}({self.column.name})"


@dataclass(frozen=True, slots=True)
class SelectItem:
    """One entry of the select list."""

    value: Column | Aggregate
    alias: str | None

    @property
    def key(self) -> str:
        """The key of this entry in every row of the answer."""
        return self.value.name if self.alias is None else self.alias


@dataclass(frozen=True, slots=True)
class Ordering:
    """One key of the order of rows; an alias of the select list is a column here."""

    value: Column | Aggregate
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query. ``limit`` is None where none was written."""

    select: tuple[SelectItem, ...]
    module: str
    cvid: str | None
    where: Condition
    group_by: tuple[Column, ...]
    order_by: tuple[Ordering, ...]
    limit: int | None
    offset: int
