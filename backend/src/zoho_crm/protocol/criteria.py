"""Criteria of Search Records: `(field:operator:value)`, joined by and, or.

Source: the v8 page Search Records. Brackets, commas and backslashes in values are escaped here;
the URL encoding is the request's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

CRITERIA_LIMIT = 10
IN_LIMIT = 100

_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?")
_SPECIAL = re.compile(r"[(),\\]")


class Operator(StrEnum):
    """Comparison of one field; which of them a field allows depends on its type."""

    EQUALS = "equals"
    NOT_EQUAL = "not_equal"
    STARTS_WITH = "starts_with"
    GREATER_EQUAL = "greater_equal"
    GREATER_THAN = "greater_than"
    LESS_EQUAL = "less_equal"
    LESS_THAN = "less_than"
    IN = "in"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Criteria:
    """A search expression; `str()` of it is the value of the parameter `criteria`."""

    text: str
    count: int = 1

    def __str__(self) -> str:
        return self.text

    def __and__(self, other: Criteria) -> Criteria:
        """Return the expression that asks for both."""
        return self._joined("and", other)

    def __or__(self, other: Criteria) -> Criteria:
        """Return the expression that asks for either."""
        return self._joined("or", other)

    def _joined(self, word: str, other: Criteria) -> Criteria:
        count = self.count + other.count
        if count > CRITERIA_LIMIT:
            raise ValueError(f"{count} criteria: a search takes {CRITERIA_LIMIT} at most")
        return Criteria(f"({self.text}{word}{other.text})", count)


def where(field: str, operator: Operator, *values: str) -> Criteria:
    """Compare a field with one value, with two for `between`, with 1 to 100 for `in`.

    On text, `equals` means contains: filter the answer when equality matters.
    """
    if _FIELD.fullmatch(field) is None:
        raise ValueError(f"{field!r} is no field name")
    least, most = {Operator.IN: (1, IN_LIMIT), Operator.BETWEEN: (2, 2)}.get(operator, (1, 1))
    if not least <= len(values) <= most:
        raise ValueError(f"{operator.value} takes {least} to {most} values, not {len(values)}")
    joined = ",".join(escaped(value) for value in values)
    return Criteria(f"({field}:{operator.value}:{joined})")


def escaped(value: str) -> str:
    """Return a value with a backslash before each bracket, comma and backslash."""
    return _SPECIAL.sub(lambda found: f"\\{found.group()}", value)
