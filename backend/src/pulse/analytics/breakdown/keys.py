"""The keys of groups: what people read for them, their own order, which filters find their deals.

A group is found by parameters of the deals table that take the place of those of the same name in
the breakdown's own filters; a condition `field` takes the place of those on the same CRM field.
Where the filters cannot say exactly which deals are meant, there are none.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from pulse.core.deal_filters import BAND_LIMITS, Dimension, FieldTest, Outcome, ProbabilityBand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulse.core.deal_filters import DealFilter
    from pulse.core.periods import Days

CRM_PREFIX: Final = "crm."
"""What the name of a CRM field that is not canonical begins with; its API name follows."""


class Calculated(StrEnum):
    """Groupings beside the dimensions of filters: read out of a deal's columns."""

    CLOSING_MONTH = "closing_month"
    CLOSING_QUARTER = "closing_quarter"
    CREATED_MONTH = "created_month"
    """By the organisation's time zone."""
    PROBABILITY_BAND = "probability_band"
    OUTCOME = "outcome"


BELOW: Final = "below_sales"
"""The key of probabilities under those of the sales process: 0 to 9 %."""
BANDS: Final = (
    ProbabilityBand.SALES,
    ProbabilityBand.PRESALES,
    ProbabilityBand.DEAL_APPROVAL,
    ProbabilityBand.DELIVERY,
)
"""Those that do not overlap, in order."""
_BAND_WORDS: Final[Mapping[str, str]] = {
    BELOW: "Below Sales, 0 to 9 %",
    ProbabilityBand.SALES: "Sales, 10 to 39 %",
    ProbabilityBand.PRESALES: "Presales, 40 to 70 %",
    ProbabilityBand.DEAL_APPROVAL: "Deal Approval, 71 to 80 %",
    ProbabilityBand.DELIVERY: "Delivery, 81 to 100 %",
}
_OUTCOME_WORDS: Final = {Outcome.OPEN: "Open", Outcome.WON: "Won", Outcome.LOST: "Lost"}
NONE_WORDS: Final[Mapping[str, str]] = {
    Dimension.COUNTRY: "No country",
    Dimension.REGION: "No region",
    Dimension.SOLUTION: "No solution",
    Dimension.FUNDING: "No funding",
    Dimension.SEGMENT: "No segment",
    Dimension.STAGE: "No stage",
    Dimension.CURRENCY: "No currency",
    Dimension.OWNER: "No owner",
    Dimension.ACCOUNT: "No account",
    Calculated.CLOSING_MONTH: "No closing date",
    Calculated.CLOSING_QUARTER: "No closing date",
    Calculated.CREATED_MONTH: "Unknown",
    Calculated.PROBABILITY_BAND: "No probability",
    Calculated.OUTCOME: "Stage unknown to the CRM",
}
"""What people read for deals that have no key."""
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_MONTHS_IN_QUARTER: Final = 3


def _month_words(key: str) -> str:
    year, _, month = key.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}"


def _quarter_words(key: str) -> str:
    year, _, quarter = key.partition("-")
    return f"{quarter} {year}"


WORDS: Final[Mapping[Calculated, Callable[[str], str]]] = {
    Calculated.CLOSING_MONTH: _month_words,
    Calculated.CLOSING_QUARTER: _quarter_words,
    Calculated.CREATED_MONTH: _month_words,
    Calculated.PROBABILITY_BAND: lambda key: _BAND_WORDS[key],
    Calculated.OUTCOME: lambda key: _OUTCOME_WORDS[Outcome(key)],
}
"""What people read for a key."""

ORDERS: Final[Mapping[Calculated, Callable[[str], int | str]]] = {
    Calculated.CLOSING_MONTH: str,
    Calculated.CLOSING_QUARTER: str,
    Calculated.CREATED_MONTH: str,
    Calculated.PROBABILITY_BAND: tuple(_BAND_WORDS).index,
    Calculated.OUTCOME: tuple(Outcome).index,
}
"""The place of a key in its grouping's own order."""


def key_filter(grouping: str, key: str | None, wanted: DealFilter) -> str | None:
    """Return the parameters that find a group among deals of a filter, as a query string."""
    if grouping in tuple(Dimension):
        return urlencode({grouping: key or ""})
    if grouping.startswith(CRM_PREFIX):
        name = grouping.removeprefix(CRM_PREFIX)
        test = FieldTest.EMPTY if key is None else f"{FieldTest.IS}:{key}"
        return urlencode({"field": f"{name}:{test}"})
    if key is None or grouping == Calculated.CREATED_MONTH:
        return None
    if grouping == Calculated.OUTCOME:
        return urlencode({"outcome": key})
    if grouping == Calculated.PROBABILITY_BAND:
        return _band(key, wanted)
    return _closing(key, wanted.closing)


def _closing(key: str, within: Days) -> str:
    """Return the days of a month or a quarter, as far as the filter reaches."""
    year, part = key.split("-")
    if part.startswith("Q"):
        last_month = int(part[1:]) * _MONTHS_IN_QUARTER
        first = date(int(year), last_month - _MONTHS_IN_QUARTER + 1, 1)
    else:
        last_month = int(part)
        first = date(int(year), last_month, 1)
    last = first.replace(month=last_month, day=monthrange(first.year, last_month)[1])
    return urlencode(
        {
            "closing_from": max(first, within.first or first).isoformat(),
            "closing_to": min(last, within.last or last).isoformat(),
        }
    )


def _band(key: str, wanted: DealFilter) -> str | None:
    """Return a band, unless the filter leaves only some of its probabilities."""
    if key == BELOW:
        return None
    chosen = set(wanted.bands)
    lowest, highest = BAND_LIMITS[ProbabilityBand(key)]
    is_whole = (
        not chosen
        or ProbabilityBand.ALL in chosen
        or all(
            any(BAND_LIMITS[band][0] <= each <= BAND_LIMITS[band][1] for band in chosen)
            for each in range(lowest, highest + 1)
        )
    )
    return urlencode({"probability": key}) if is_whole else None
