"""What the list of opportunities gives."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from pulse.core.deal_filters import DealState
from pulse.core.o2r.health import DealHealth
from pulse.core.o2r.milestones import Milestone
from pulse.web.money import Figure


class OpportunityOrder(StrEnum):
    """What opportunities can be ordered by; ties go by id."""

    HEALTH = "health"
    """Worst first; of equal health the most valuable first."""
    SCORE = "score"
    NAME = "name"
    ACCOUNT = "account"
    OWNER = "owner"
    REGION = "region"
    PHASE = "phase"
    DAYS = "days_in_phase"
    VALUE = "value"
    CLOSING = "closing_date"


class Ended(StrEnum):
    """Why a deal is no opportunity any more."""

    LOST = "lost"
    RECOGNISED = "recognised"


class Party(BaseModel):
    """An account or a person; the name is null if it was never seen."""

    id: str
    name: str | None


class NextMilestone(BaseModel):
    """The first milestone after the last one reached."""

    milestone: Milestone
    label: str
    planned_on: date | None


class OpportunityRow(BaseModel):
    """One opportunity in the list."""

    id: str
    state: DealState
    name: str | None
    account: Party | None
    owner: Party | None
    region: str | None
    solution: str | None
    country: str | None
    is_strategic: bool
    ended: Ended | None = Field(description="Null while it is on its way.")
    phase: int = Field(ge=1, le=4)
    phase_title: str
    phase_since: date | None
    days_in_phase: int | None
    next_milestone: NextMilestone | None
    health: DealHealth
    score: int = Field(ge=0, le=100)
    reason: str | None = Field(description="Why its health is not green, in short.")
    next_step: str | None = Field(description="What to do about it, in short.")
    further_signals: int = Field(description="How many signals there are beside the worst.")
    value: Figure | None = Field(description="In the base currency; null without a rate.")
    amount: Figure | None
    currency: str | None
    closing_date: date | None


_ROW: Final[dict[str, JsonValue]] = {
    "id": "554023000000235001",
    "state": "synced",
    "name": "Grid analytics",
    "account": {"id": "554023000000111001", "name": "Kaveri Power Grid"},
    "owner": {"id": "554023000000012003", "name": "Arjun Mehta"},
    "region": "South Asia",
    "solution": "Analytics",
    "country": "India",
    "is_strategic": True,
    "ended": None,
    "phase": 3,
    "phase_title": "Execution",
    "phase_since": "2026-06-30",
    "days_in_phase": 48,
    "next_milestone": {
        "milestone": "customer_sign_off",
        "label": "Customer sign-off",
        "planned_on": "2026-09-14",
    },
    "health": "blocked",
    "score": 68,
    "reason": "Security review, 6 d",
    "next_step": "Remove the blocker",
    "further_signals": 0,
    "value": 1806000.25,
    "amount": 118503937.00,
    "currency": "INR",
    "closing_date": "2026-06-30",
}


class OpportunityWindow(BaseModel):
    """A stretch of the list."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [_ROW], "limit": 50, "offset": 0, "has_more": False}]
        }
    )

    items: list[OpportunityRow]
    limit: int
    offset: int
    has_more: bool


class HealthCount(BaseModel):
    """Opportunities of one health."""

    health: DealHealth
    deals: int
    value: Figure


class OpportunityWithoutRate(BaseModel):
    """Deals whose amount could not be converted; they are in no total."""

    currency: str | None
    count: int


class OpportunitySummary(BaseModel):
    """What the opportunities under the filters add up to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "all_count": 412,
                    "value": 1806000.25,
                    "at_risk_value": 1806000.25,
                    "needs_attention": 1,
                    "by_health": [{"health": "blocked", "deals": 1, "value": 1806000.25}],
                    "base_currency": "SGD",
                    "today": "2026-08-17",
                    "without_rate": [],
                    "conflicts": 0,
                    "rates_read_at": "2026-08-17T00:31:00Z",
                }
            ]
        }
    )

    count: int
    all_count: int = Field(description="Opportunities without any filter.")
    value: Figure = Field(description="In the base currency.")
    at_risk_value: Figure = Field(description="Of those that are blocked or red.")
    needs_attention: int
    by_health: list[HealthCount] = Field(description="Worst first; those without deals are absent.")
    base_currency: str
    today: date = Field(description="The organisation's, by which all days are counted.")
    without_rate: list[OpportunityWithoutRate]
    conflicts: int = Field(description="Deals among these with a conflict that nobody skipped.")
    rates_read_at: datetime | None
