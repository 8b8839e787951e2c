"""Search criteria for the CRM: which operators a field takes, and what they compare with.

Source: Zoho CRM v8, "Search Records". At most ten criteria, joined by one word; on text, `equals`
finds what contains the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

CRITERIA_LIMIT: Final = 10
IN_LIMIT: Final = 100


class SearchOperator(StrEnum):
    """How a field is compared."""

    EQUALS = "equals"
    NOT_EQUAL = "not_equal"
    STARTS_WITH = "starts_with"
    GREATER_EQUAL = "greater_equal"
    GREATER_THAN = "greater_than"
    LESS_EQUAL = "less_equal"
    LESS_THAN = "less_than"
    BETWEEN = "between"
    IN = "in"


class Match(StrEnum):
    """How several criteria are joined."""

    ALL = "all"
    ANY = "any"


class MirrorMark(StrEnum):
    """How a found record stood to the mirror before the search."""

    KNOWN = "known"
    NEW = "new"
    NEWER = "newer"
    """The CRM's version was newer than the mirror's."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison; values are texts as the CRM takes them."""

    field: str
    """API name."""
    operator: SearchOperator
    values: tuple[str, ...]


_EQUALITY: Final = (SearchOperator.EQUALS, SearchOperator.NOT_EQUAL)
_LISTED: Final = (*_EQUALITY, SearchOperator.IN)
_TEXT: Final = (*_EQUALITY, SearchOperator.STARTS_WITH, SearchOperator.IN)
_ORDERED: Final = (
    *_EQUALITY,
    SearchOperator.GREATER_EQUAL,
    SearchOperator.GREATER_THAN,
    SearchOperator.LESS_EQUAL,
    SearchOperator.LESS_THAN,
    SearchOperator.BETWEEN,
    SearchOperator.IN,
)

OPERATORS: Final[Mapping[str, tuple[SearchOperator, ...]]] = {
    **dict.fromkeys(("text", "email", "phone", "website"), _TEXT),
    "textarea": (*_EQUALITY, SearchOperator.STARTS_WITH),
    **dict.fromkeys(("picklist", "autonumber"), _LISTED),
    "multiselectpicklist": _TEXT,
    **dict.fromkeys(
        ("integer", "currency", "double", "bigint", "percent", "date", "datetime"), _ORDERED
    ),
    "boolean": _EQUALITY,
    **dict.fromkeys(("lookup", "userlookup", "ownerlookup"), _LISTED),
}
"""Operators by the CRM's data type; a type that is not here cannot be searched."""


def values_wanted(operator: SearchOperator) -> tuple[int, int]:
    """Return how many values an operator takes, least and most."""
    if operator is SearchOperator.BETWEEN:
        return 2, 2
    return (1, IN_LIMIT) if operator is SearchOperator.IN else (1, 1)


def marks_of(
    stamps: Mapping[int, datetime | None], seen: Iterable[tuple[int, datetime]]
) -> dict[int, MirrorMark]:
    """Return how found records stand to the mirror's stamps; ids that it lacks are new."""
    return {
        record_id: MirrorMark.NEW
        if (held := stamps.get(record_id)) is None
        else MirrorMark.NEWER
        if stamp > held
        else MirrorMark.KNOWN
        for record_id, stamp in seen
    }
