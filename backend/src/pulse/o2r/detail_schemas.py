"""What one opportunity gives: where it is, when money comes, and what people added to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.deal_filters import DealState
from pulse.core.o2r.health import DealHealth, Rule
from pulse.core.o2r.milestones import Milestone
from pulse.o2r.actions_schemas import ActionItem
from pulse.o2r.detail_example import EXAMPLE
from pulse.o2r.notes_schemas import Blocker, Comment
from pulse.o2r.opportunities_schemas import Ended, Party
from pulse.web.money import Figure


class Signal(BaseModel):
    """A rule of health that applies."""

    rule: Rule
    health: DealHealth
    severity: int
    points: int = Field(description="What it takes off the score.")
    reason: str
    advice: str
    days: int | None


class OpportunityHealth(BaseModel):
    """How healthy the deal is."""

    status: DealHealth
    score: int = Field(ge=0, le=100)
    severity: int = Field(description="Sum of the severities.")
    signals: list[Signal] = Field(description="Worst first.")


class MilestoneLine(BaseModel):
    """A milestone with its dates."""

    milestone: Milestone
    label: str
    planned_on: date | None
    actual_on: date | None = Field(description="When it was reached.")
    expected_on: date | None = Field(
        description="An estimate from this deal's pace so far, for milestones still to come; it "
        "does not count in the score."
    )
    late_days: int | None = Field(
        description="Days that it was reached, else is expected, after the plan; below 0: before."
    )
    is_late: bool = Field(description="Over 5 days late.")
    is_passed_over: bool = Field(description="Without a date, though a later one has one.")
    kept: Literal["crm", "here", "nowhere"] = Field(
        description="Who keeps the actual date: a field of the CRM, we, or nobody as its field is "
        "not mapped."
    )
    crm_field: str | None = Field(description="How people call the field in the CRM.")
    change: Literal["pending", "conflict", "error"] | None = Field(
        description="How an edit of it stands that the CRM has not accepted."
    )
    error: str | None
    planned_by: str | None


class PhaseLine(BaseModel):
    """A phase with its milestones."""

    number: int = Field(ge=1, le=4)
    title: str
    state: Literal["done", "now", "to_come", "skipped"]
    starts_on: date | None
    ends_on: date | None = Field(description="When the next phase began.")
    expected_start_on: date | None
    expected_end_on: date | None
    days: int | None = Field(description="So far, where it is the present one.")
    planned_days: int | None
    milestones: list[MilestoneLine]


class PhaseNow(BaseModel):
    """The phase that the deal is in."""

    number: int = Field(ge=1, le=4)
    title: str
    since: date | None
    days: int | None
    median_days: int | None = Field(
        description="Median time in this phase over all deals, unfinished ones counted as such."
    )


class NextStep(BaseModel):
    """The next milestone."""

    milestone: Milestone
    label: str
    planned_on: date | None
    expected_on: date | None
    late_days: int | None


class RevenueExpected(BaseModel):
    """When money comes: the payment."""

    received_on: date | None
    expected_on: date | None = Field(description="An estimate from this deal's pace so far.")
    planned_on: date | None


class OpportunityDetail(BaseModel):
    """One opportunity."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str
    name: str | None
    account: Party | None
    owner: Party | None
    country: str | None
    region: str | None
    solution: str | None
    stage: str | None
    amount: Figure | None
    currency: str | None
    value: Figure | None = Field(description="In the base currency; null without a rate.")
    base_currency: str
    is_without_rate: bool
    closing_date: date | None
    today: date = Field(description="The organisation's.")
    state: DealState
    last_synced_at: datetime | None
    read_only_reason: str | None = Field(description="Why milestones of the CRM cannot be set.")
    is_strategic: bool
    ended: Ended | None
    phase: PhaseNow
    next_milestone: NextStep | None
    revenue: RevenueExpected
    pace: float | None = Field(description="1.2: a fifth slower than planned or usual.")
    health: OpportunityHealth
    phases: list[PhaseLine]
    blockers: list[Blocker] = Field(description="Open ones first, oldest first.")
    actions: list[ActionItem] = Field(description="Open ones first, by priority and due date.")
    comments: list[Comment] = Field(description="Newest first.")
