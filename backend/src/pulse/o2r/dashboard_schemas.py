"""What `/api/o2r/dashboard` and `/thresholds` give."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, Basis
from pulse.core.o2r.health import DealHealth, Rule
from pulse.core.o2r.phases import Phase
from pulse.web.money import Figure

if TYPE_CHECKING:
    from pydantic.config import JsonDict


class ChosenQuarter(BaseModel):
    """The quarter that realised revenue and cycle time are of."""

    quarter: str = Field(description="As 2026-Q3: the parameter that chooses it.")
    starts_on: date
    ends_on: date
    is_running: bool = Field(description="It holds the organisation's day of `as_of`.")


class OpportunityTotals(BaseModel):
    """A group of open opportunities. Those without a value count, and add nothing."""

    deals: int
    value: Figure = Field(description="In the base currency.")


class PhaseStanding(OpportunityTotals):
    """The open opportunities in one phase."""

    phase: Phase
    number: int = Field(ge=1, le=4)
    title: str
    median_days: int | None = Field(
        description="Median of the days that they have been in the phase; null without any."
    )


class PhasePace(BaseModel):
    """How deals went through one phase."""

    phase: Phase
    number: int = Field(ge=1, le=4)
    title: str
    entered: int = Field(description="Deals that entered the phase in the last two years.")
    moved_on: int = Field(description="Of them, those that reached a later phase, or revenue.")
    unfinished: int = Field(description="Of them, those that are still there.")
    lost: int = Field(description="Of them, those that were lost there.")
    share_moved_on: float | None = Field(
        description="Share that moved on within 365 days, 0 to 1: a Kaplan-Meier estimate in which "
        "lost deals never move on and unfinished ones are known up to today. Null without any."
    )
    median_stay_days: int | None = Field(
        description="Days until half of those not lost had moved on, unfinished ones counted as "
        "such; null while fewer than half have."
    )


class RealisedRevenue(OpportunityTotals):
    """Revenue recognised in the quarter, up to the organisation's day."""

    this_week: Figure = Field(description="Of it, since Monday.")


class WaitingForInvoice(OpportunityTotals):
    """Open opportunities that are won, and not invoiced."""

    oldest_days: int | None = Field(
        description="Longest wait since the PO, else since the closing date; null without a date."
    )


class WaitingForPayment(OpportunityTotals):
    """Open opportunities that are invoiced, and not paid."""

    overdue_deals: int = Field(description="Unpaid for longer than `limit_days`.")
    limit_days: int


class CycleTime(BaseModel):
    """Days from creation to recognised revenue, of deals that got there in the quarter."""

    deals: int
    median_days: int | None = Field(description="Null without such a deal.")
    before_deals: int = Field(description="The same of the quarter before.")
    before_median_days: int | None


class TerritoryHealth(OpportunityTotals):
    """The open opportunities of one territory, by health."""

    territory: str | None = Field(description="The deal's region; null: it has none.")
    blocked: int
    red: int
    yellow: int
    needs_update: int
    green: int


class NeedyOpportunity(BaseModel):
    """An opportunity that needs somebody, and why."""

    id: str
    name: str | None
    phase: Phase
    number: int = Field(ge=1, le=4)
    health: DealHealth
    score: int = Field(ge=0, le=100)
    rule: Rule = Field(description="The worst signal; the words are of it.")
    reason: str
    brief: str
    advice: str
    next_step: str
    signals: int = Field(description="How many rules apply.")
    value: Figure | None = Field(description="In the base currency; null without amount or rate.")


class Attention(BaseModel):
    """Opportunities that are blocked, red or yellow, worst first."""

    count: int = Field(description="All of them.")
    items: list[NeedyOpportunity] = Field(description="The worst ten.")


class O2rDashboard(BaseModel):
    """How opportunities become revenue, as of a moment. Money is in the base currency."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "quarter": {
                        "quarter": "2026-Q1",
                        "starts_on": "2026-01-01",
                        "ends_on": "2026-03-31",
                        "is_running": True,
                    },
                    "open": {"deals": 2451, "value": 417002110.40},
                    "phases": [
                        {
                            "phase": "phase_1",
                            "number": 1,
                            "title": "Opportunity",
                            "deals": 1004,
                            "value": 164200118.00,
                            "median_days": 38,
                        }
                    ],
                    "realised": {"deals": 41, "value": 6284917.00, "this_week": 742800.00},
                    "waiting_for_invoice": {
                        "deals": 61,
                        "value": 14120400.00,
                        "oldest_days": 74,
                    },
                    "waiting_for_payment": {
                        "deals": 38,
                        "value": 9412650.00,
                        "overdue_deals": 9,
                        "limit_days": 45,
                    },
                    "at_risk": {"deals": 23, "value": 5918300.00},
                    "cycle": {
                        "deals": 40,
                        "median_days": 222,
                        "before_deals": 57,
                        "before_median_days": 228,
                    },
                    "territories": [
                        {
                            "territory": "ASEAN",
                            "deals": 804,
                            "value": 120400800.00,
                            "blocked": 12,
                            "red": 28,
                            "yellow": 61,
                            "needs_update": 90,
                            "green": 613,
                        }
                    ],
                    "attention": {
                        "count": 142,
                        "items": [
                            {
                                "id": "4876876000000623001",
                                "name": "Grid analytics",
                                "phase": "phase_3",
                                "number": 3,
                                "health": "blocked",
                                "score": 68,
                                "rule": "blocker_open",
                                "reason": "Security review, open for 6 days.",
                                "brief": "Security review, 6 d",
                                "advice": "Settle with the people involved who removes the "
                                "blocker and by when.",
                                "next_step": "Remove the blocker",
                                "signals": 1,
                                "value": 1806000.00,
                            }
                        ],
                    },
                }
            ]
        }
    )

    basis: Basis = Field(description="Of open opportunities and of the quarter's revenue.")
    quarter: ChosenQuarter
    open: OpportunityTotals = Field(
        description="Open opportunities: not lost, and their revenue not recognised."
    )
    phases: list[PhaseStanding] = Field(description="All four, in order.")
    realised: RealisedRevenue
    waiting_for_invoice: WaitingForInvoice
    waiting_for_payment: WaitingForPayment
    at_risk: OpportunityTotals = Field(description="Of them, those that are blocked or red.")
    cycle: CycleTime
    territories: list[TerritoryHealth] = Field(description="Most deals first.")
    attention: Attention


class O2rPace(BaseModel):
    """How deals went through the phases in the last two years."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "phases": [
                        {
                            "phase": "phase_1",
                            "number": 1,
                            "title": "Opportunity",
                            "entered": 3120,
                            "moved_on": 1812,
                            "unfinished": 1004,
                            "lost": 304,
                            "share_moved_on": 0.6203,
                            "median_stay_days": 41,
                        }
                    ],
                }
            ]
        }
    )

    basis: Basis = Field(description="No money is in this answer, so it names no rates.")
    phases: list[PhasePace] = Field(description="All four, in order.")


_RULE: Final[JsonDict] = {
    "rule": "proposal_without_po",
    "health": "red",
    "severity": 5,
    "points": 40,
    "setting": "o2r.proposal_without_po_days",
    "threshold": 30,
    "unit": "days",
}


class RuleOfHealth(BaseModel):
    """One rule of health with its place and its threshold."""

    rule: Rule
    health: DealHealth = Field(description="What it makes of a deal.")
    severity: int
    points: int = Field(description="What it takes off the score.")
    setting: str | None = Field(description="Key of its threshold; null: it has none.")
    threshold: int | None
    unit: str | None = Field(description="`days`: more than that. `percent`: that is included.")


class RulesOfHealth(BaseModel):
    """All rules, worst first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_RULE]}]})

    items: list[RuleOfHealth]
