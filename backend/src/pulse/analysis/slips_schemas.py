"""What `/api/analysis/slips` gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, COMPARISON_EXAMPLE, Basis, Comparison
from pulse.web.money import Figure
from pulse.web.paging import Page

if TYPE_CHECKING:
    from pulse.analytics.slips import Slipped


class SlippedSum(BaseModel):
    """Deals and what they are worth."""

    deals: int
    value: Figure


class SlippedDealRow(BaseModel):
    """An open deal that was moved, or that is past its closing date."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    value: Figure | None = Field(description="Of `moved_out` at `compared_with`, else at `as_of`.")
    closed_on: date | None = Field(
        description="Its closing date at `compared_with`; null if it was not open then."
    )
    closes_on: date
    days: int = Field(description="By how much it was moved; of overdue ones since when it is due.")
    moves: int | None = Field(description="How often it was moved later; null of overdue ones.")
    moved_by: str | None = Field(description="Who moved it last; null where that is not known.")
    moved_at: datetime | None


class SlippedDeals(Page[SlippedDealRow]):
    """How much slipped, and the deals of one kind, most days first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "comparison": COMPARISON_EXAMPLE,
                    "overdue": {"deals": 23, "value": 5918300.00},
                    "moved": {"deals": 9, "value": 1570000.00},
                    "moved_out": {"deals": 4, "value": 870000.00},
                    "moved_out_share": 0.01872,
                    "count": 9,
                    "items": [
                        {
                            "id": "554023000000235001",
                            "name": "Metro signalling",
                            "account": "Straits Ports Pte Ltd",
                            "owner": "Mei Tan",
                            "stage": "Negotiation/Review",
                            "value": 819825.85,
                            "closed_on": "2026-03-24",
                            "closes_on": "2026-04-15",
                            "days": 22,
                            "moves": 2,
                            "moved_by": "Mei Tan",
                            "moved_at": "2026-02-27T03:12:00Z",
                        }
                    ],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )

    basis: Basis
    comparison: Comparison
    overdue: SlippedSum = Field(description="Open, though the closing date is before today.")
    moved: SlippedSum | None = Field(
        description="Open then and now, and closing later; null where nothing can be compared."
    )
    moved_out: SlippedSum | None = Field(
        description="In the pipeline at `compared_with` and moved behind its last closing day, at "
        "their value of then; null too where the filter has no last closing day."
    )
    moved_out_share: float | None = Field(
        description="Of the pipeline's value at `compared_with`; null where that was zero."
    )


def sum_of(found: Slipped) -> SlippedSum:
    """Return deals and their worth."""
    return SlippedSum(deals=found.deals, value=found.value)
