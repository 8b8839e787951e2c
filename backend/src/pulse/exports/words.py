"""Filters as people read them: on the first page of a file, and in the list of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.core.deal_filters import (
    BAND_LIMITS,
    DIMENSION_COLUMN,
    EMPTY,
    REFERENCES,
    Dimension,
    FieldTest,
    ProbabilityBand,
)
from pulse.core.periods import Days, Period, days_of
from pulse.fields.reading import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.deal_filters import DealFilter, FieldCondition
    from pulse.queries.asked_deals import AskedFilter
    from pulse.queries.deal_filters import Scope

Line = tuple[str, str]
"""What a fact is called, and the fact."""

_PERIODS: Final[Mapping[Period, str]] = {
    Period.CURRENT_MONTH: "Current month",
    Period.CURRENT_QUARTER: "Current quarter",
    Period.NEXT_QUARTER: "Next quarter",
    Period.NEXT_YEAR_Q1: "First quarter of next year",
    Period.NEXT_YEAR_Q2: "Second quarter of next year",
    Period.NEXT_YEAR_Q3: "Third quarter of next year",
    Period.NEXT_YEAR_Q4: "Fourth quarter of next year",
    Period.ALL: "All time",
}
_BANDS: Final[Mapping[ProbabilityBand, str]] = {
    ProbabilityBand.SALES: "Sales",
    ProbabilityBand.PRESALES: "Presales",
    ProbabilityBand.DEAL_APPROVAL: "Deal Approval",
    ProbabilityBand.DELIVERY: "Delivery",
    ProbabilityBand.ACTIVE: "Active Pipeline",
    ProbabilityBand.ALL: "All",
}
_TESTS: Final[Mapping[FieldTest, str]] = {
    FieldTest.IS: "is",
    FieldTest.CONTAINS: "contains",
    FieldTest.MIN: "at least",
    FieldTest.MAX: "at most",
    FieldTest.EMPTY: "is empty",
    FieldTest.FILLED: "is filled",
}
NO_FILTER: Final = "None: all deals"


def day_words(day: date) -> str:
    """Return such as `17 Aug 2026`."""
    return f"{day.day} {day:%b %Y}"


async def filter_words(
    db: AsyncSession, asked: AskedFilter, today: date, scope: Scope
) -> list[Line]:
    """Return each filter that is set, in words; named periods with their days."""
    wanted = asked.wanted
    ids = {
        int(value)
        for dimension in REFERENCES
        for value in wanted.choices.get(dimension, ())
        if value.isascii() and value.isdigit()
    }
    names = await names_of(db, ids)
    return [
        *_closing(asked, today),
        *_bands(wanted),
        *(
            (dimension.value.capitalize(), _choices(dimension, values, names, scope))
            for dimension, values in wanted.choices.items()
        ),
        *_rest(wanted, scope),
    ]


def in_one_line(lines: list[Line]) -> str:
    """Return filters as one line."""
    return " · ".join(f"{name}: {fact}" for name, fact in lines) or NO_FILTER


def _closing(asked: AskedFilter, today: date) -> Iterator[Line]:
    given = asked.wanted.closing
    if given != Days():
        yield "Closing date", _range(given)
    elif asked.period is not Period.ALL:
        days = _range(days_of(asked.period, today))
        yield "Closing date", f"{_PERIODS[asked.period]} ({days})"


def _range(days: Days) -> str:
    if days.first is None:
        return f"until {day_words(days.last)}" if days.last else ""
    if days.last is None:
        return f"from {day_words(days.first)}"
    return f"{day_words(days.first)} to {day_words(days.last)}"


def _bands(wanted: DealFilter) -> Iterator[Line]:
    named = [band for band in wanted.bands if band is not ProbabilityBand.ALL]
    if named and ProbabilityBand.ALL not in wanted.bands:
        yield (
            "Probability",
            ", ".join("{} {} to {} %".format(_BANDS[band], *BAND_LIMITS[band]) for band in named),
        )


def _choices(
    dimension: Dimension, values: tuple[str, ...], names: Mapping[str, str | None], scope: Scope
) -> str:
    labels = scope.fields.labels(DIMENSION_COLUMN[dimension])

    def shown(value: str) -> str:
        if value == EMPTY:
            return "Empty"
        if dimension in REFERENCES:
            return names.get(value) or value
        if dimension is Dimension.STAGE:
            return scope.process.label(value)
        return labels.get(value, value)

    return ", ".join(map(shown, values))


def _rest(wanted: DealFilter, scope: Scope) -> Iterator[Line]:
    base = scope.money.base
    if wanted.outcomes:
        yield "Outcome", ", ".join(each.value.capitalize() for each in wanted.outcomes)
    if wanted.least_value is not None:
        yield "Value", f"at least {base} {wanted.least_value:,f}"
    if wanted.greatest_value is not None:
        yield "Value", f"at most {base} {wanted.greatest_value:,f}"
    if wanted.text:
        yield "Words", wanted.text
    if wanted.changed_since is not None:
        yield "Changed since", wanted.changed_since.isoformat()
    if wanted.states:
        yield "Sync status", ", ".join(each.value.capitalize() for each in wanted.states)
    for condition in wanted.fields:
        yield _condition(condition, scope)


def _condition(condition: FieldCondition, scope: Scope) -> Line:
    field = scope.fields.fields.get(condition.api_name)
    name = condition.api_name if field is None else field.label
    return name, f"{_TESTS[condition.test]} {condition.value}".strip()
