"""What `/api/dashboard/revenue` and `/api/dashboard/revenue/deals` give."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, Basis
from pulse.web.money import Figure
from pulse.web.paging import Page


class RevenueKind(StrEnum):
    """How sure revenue is."""

    REALISED = "realised"
    """Recognised."""
    EXPECTED = "expected"
    """Of open deals, by their probability."""


class RealisedDeals(BaseModel):
    """Deals whose revenue was recognised."""

    deals: int
    value: Figure = Field(description="In the base currency.")


class ExpectedDeals(BaseModel):
    """Open deals by closing date; those without a value or a probability add nothing."""

    deals: int
    value: Figure = Field(description="What they are worth if all are won.")
    weighted: Figure = Field(description="Sum of value by probability / 100.")


class RevenueMonth(BaseModel):
    """One month of the calendar."""

    starts_on: date
    ends_on: date
    realised: RealisedDeals = Field(description="Up to the organisation's day.")
    expected: ExpectedDeals | None = Field(description="Null before the running month.")


class RealisedQuarter(RealisedDeals):
    """Revenue recognised in the running quarter, up to the organisation's day."""

    quarter: str = Field(description="As 2026-Q3.")
    starts_on: date
    this_week: Figure = Field(description="Of it, since Monday.")


class Revenue(BaseModel):
    """What was recognised and what is expected, month by month."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "quarter": {
                        "quarter": "2026-Q1",
                        "starts_on": "2026-01-01",
                        "deals": 41,
                        "value": 6284917.00,
                        "this_week": 742800.00,
                    },
                    "months": [
                        {
                            "starts_on": "2026-02-01",
                            "ends_on": "2026-02-28",
                            "realised": {"deals": 21, "value": 4109300.00},
                            "expected": None,
                        },
                        {
                            "starts_on": "2026-03-01",
                            "ends_on": "2026-03-31",
                            "realised": {"deals": 2, "value": 310200.00},
                            "expected": {
                                "deals": 31,
                                "value": 7410000.00,
                                "weighted": 3980400.00,
                            },
                        },
                    ],
                }
            ]
        }
    )

    basis: Basis = Field(description="Of all deals in `months`.")
    quarter: RealisedQuarter
    months: list[RevenueMonth] = Field(
        description="Three that passed, the one that runs, three to come."
    )


class RevenueDeal(BaseModel):
    """A deal that brought revenue, or is expected to."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    on: date = Field(description="Revenue recognised, or the closing date.")
    probability: int | None = Field(description="In percent.")
    value: Figure | None = Field(description="In the base currency; null without amount or rate.")


class RevenueDealPage(Page[RevenueDeal]):
    """Deals of a range of days, greatest value first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "items": [
                        {
                            "id": "4876876000000623001",
                            "name": "Grid analytics",
                            "account": "Kaveri Power Grid",
                            "owner": "Arjun Mehta",
                            "on": "2026-03-01",
                            "probability": 100,
                            "value": 310200.00,
                        }
                    ],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )
