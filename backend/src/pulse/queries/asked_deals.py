"""Which deals somebody asks for, as far as the organisation's date does not matter yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pulse.core.deal_filters import FieldCondition, FieldTest
from pulse.core.periods import Days, Period, days_of
from pulse.queries.deal_filters import InvalidFilterError

if TYPE_CHECKING:
    from datetime import date

    from pulse.core.deal_filters import DealFilter

UNREADABLE: Final = InvalidFilterError(
    "field: 'Seats' is no condition.",
    fix="Write API name, test and value, as Seats:min:100 or Next_Step:empty.",
    extra={"field": "field"},
)
"""An example of a filter that cannot be read."""


@dataclass(frozen=True, slots=True)
class AskedFilter:
    """A filter whose named period still waits for the organisation's date."""

    wanted: DealFilter
    period: Period

    def on(self, today: date) -> DealFilter:
        """Return the filter as it reads on a day; days that were given stand before a period."""
        given = self.wanted.closing
        days = given if given != Days() else days_of(self.period, today)
        return replace(self.wanted, closing=days)


def field_condition(text: str) -> FieldCondition:
    """Read `API_Name:test:value`. Raises InvalidFilterError."""
    name, _, rest = text.partition(":")
    test, has_value, value = rest.partition(":")
    is_alone = test in {FieldTest.EMPTY, FieldTest.FILLED}
    if not name or test not in tuple(FieldTest) or is_alone == bool(has_value):
        raise InvalidFilterError(
            f"field: {text!r} is no condition.", fix=UNREADABLE.fix, extra={"field": "field"}
        )
    return FieldCondition(name, FieldTest(test), value)
