"""Filters of the deals table, given as its query string."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from pulse.core.deal_filters import DealFilter, DealState, Dimension, Outcome, ProbabilityBand
from pulse.core.periods import Days, Period
from pulse.queries.asked_deals import AskedFilter, field_condition
from pulse.queries.deal_filters import InvalidFilterError

_LISTS: Final = frozenset(
    {"probability", "state", "outcome", "field", *(each.value for each in Dimension)}
)
_MOST_VALUE: Final = 10**16


class FilterText(BaseModel):
    """The table's query parameters that choose deals, by their names."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=200)
    closing: Period = Period.ALL
    closing_from: date | None = None
    closing_to: date | None = None
    probability: list[ProbabilityBand] = []
    country: list[str] = []
    region: list[str] = []
    solution: list[str] = []
    funding: list[str] = []
    segment: list[str] = []
    stage: list[str] = []
    currency: list[str] = []
    owner: list[str] = []
    account: list[str] = []
    value_from: Decimal | None = Field(default=None, ge=-_MOST_VALUE, le=_MOST_VALUE)
    value_to: Decimal | None = Field(default=None, ge=-_MOST_VALUE, le=_MOST_VALUE)
    changed_since: AwareDatetime | None = None
    state: list[DealState] = []
    outcome: list[Outcome] = []
    field: list[str] = []


# What the table's address may say beside its filters; it chooses no deals.
_BESIDE: Final = frozenset({"sort", "columns", "limit", "offset", "page", "view"})


def read_filter(text: str, field: str = "choose.filter") -> AskedFilter:
    """Read the table's query string. Raises InvalidFilterError that names `field` and parameter."""
    # Any: pydantic reads them.
    given: dict[str, Any] = {}
    for name, value in parse_qsl(text.removeprefix("?"), keep_blank_values=True):
        if "\0" in value:
            raise _invalid(field, name, "a text cannot hold the character NUL")
        if name in _LISTS:
            given.setdefault(name, []).append(value)
        elif name not in _BESIDE:
            given[name] = value
    try:
        asked = FilterText.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise _invalid(field, str(first["loc"][0]), str(first["msg"]).lower()) from error
    choices = {each: tuple(getattr(asked, each.value)) for each in Dimension}
    wanted = DealFilter(
        text=asked.q,
        closing=Days(asked.closing_from, asked.closing_to),
        bands=tuple(asked.probability),
        choices={name: values for name, values in choices.items() if values},
        least_value=asked.value_from,
        greatest_value=asked.value_to,
        changed_since=asked.changed_since,
        states=tuple(asked.state),
        outcomes=tuple(asked.outcome),
        fields=tuple(field_condition(each) for each in asked.field),
    )
    return AskedFilter(wanted, asked.closing)


def _invalid(field: str, name: str, why: str) -> InvalidFilterError:
    return InvalidFilterError(
        f"{field}: {name}: {why}.",
        fix="Take the filters from the address of the deals table, as `stage=Negotiation`.",
        extra={"field": field, "parameter": name},
    )
