"""What `/api/analysis/numbers` and `/trend` give."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, COMPARISON_EXAMPLE, Basis, Comparison
from pulse.web.money import Figure

if TYPE_CHECKING:
    from pulse.analytics.sums import Sums

_PLACES = 6


class ChangedNumber(BaseModel):
    """A figure, what it was at `compared_with`, and how they differ."""

    now: Figure | None = Field(description="Null where there is nothing to make it of.")
    then: Figure | None = Field(description="Null too where nothing can be compared.")
    absolute: Figure | None = Field(description="`now` less `then`; null unless both are there.")
    relative: float | None = Field(
        description="Of what it was, as 0.046 for 4.6 %; null also where that was zero."
    )


def changed(now: Decimal | int | None, then: Decimal | int | None) -> ChangedNumber:
    """Return how a figure differs from what it was."""
    known_now = None if now is None else Decimal(now)
    known_then = None if then is None else Decimal(then)
    if known_now is None or known_then is None:
        return ChangedNumber(now=known_now, then=known_then, absolute=None, relative=None)
    absolute = known_now - known_then
    return ChangedNumber(
        now=known_now,
        then=known_then,
        absolute=absolute,
        relative=None if known_then == 0 else round(float(absolute / abs(known_then)), _PLACES),
    )


class PipelineNumbers(BaseModel):
    """The five numbers of the deals that fulfil the filters."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "comparison": COMPARISON_EXAMPLE,
                    "value": {
                        "now": 48615240.00,
                        "then": 46475240.00,
                        "absolute": 2140000.00,
                        "relative": 0.046046,
                    },
                    "deals": {"now": 214, "then": 205, "absolute": 9, "relative": 0.043902},
                    "average_size": {
                        "now": 230404.93,
                        "then": 226708.49,
                        "absolute": 3696.44,
                        "relative": 0.016305,
                    },
                    "average_probability": {
                        "now": 54.3,
                        "then": 53.7,
                        "absolute": 0.6,
                        "relative": 0.011173,
                    },
                    "weighted": {
                        "now": 26989605.40,
                        "then": 25683185.40,
                        "absolute": 1306420.00,
                        "relative": 0.050867,
                    },
                }
            ]
        }
    )

    basis: Basis
    comparison: Comparison
    value: ChangedNumber = Field(description="Pipeline value, in the base currency.")
    deals: ChangedNumber = Field(description="Qualified deals, with a value or without.")
    average_size: ChangedNumber = Field(description="Value by the deals that have one, in cents.")
    average_probability: ChangedNumber = Field(
        description="Mean of the probabilities there are, in percent; its change is in points."
    )
    weighted: ChangedNumber = Field(description="Sum of value by probability / 100.")


class NumbersAt(BaseModel):
    """The five numbers at one moment."""

    deals: int
    value: Figure
    average_size: Figure | None
    average_probability: Figure | None
    weighted: Figure


def numbers_at(sums: Sums) -> NumbersAt:
    """Return the numbers that sums make."""
    return NumbersAt(
        deals=sums.deals,
        value=sums.value,
        average_size=sums.average_size,
        average_probability=sums.average_probability,
        weighted=sums.weighted,
    )


class TrendPoint(NumbersAt):
    """The five numbers as of a moment."""

    at: datetime


class Trend(BaseModel):
    """How the numbers went from `compared_with` to `as_of`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "comparison": COMPARISON_EXAMPLE,
                    "points": [
                        {
                            "at": "2026-02-23T09:30:00Z",
                            "deals": 205,
                            "value": 46475240.00,
                            "average_size": 226708.49,
                            "average_probability": 53.7,
                            "weighted": 25683185.40,
                        },
                        {
                            "at": "2026-03-02T09:30:00Z",
                            "deals": 214,
                            "value": 48615240.00,
                            "average_size": 230404.93,
                            "average_probability": 54.3,
                            "weighted": 26989605.40,
                        },
                    ],
                }
            ]
        }
    )

    comparison: Comparison
    points: list[TrendPoint] = Field(
        description="Eight, evenly spread, both moments included; none without a comparison. Each "
        "is priced at the rates of its day."
    )
