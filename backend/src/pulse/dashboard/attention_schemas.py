"""What `/api/dashboard/attention` and `/api/dashboard/risk` give."""

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, COMPARISON_EXAMPLE, Basis, Comparison
from pulse.core.o2r.health import DealHealth, Rule
from pulse.web.money import Figure


class OwnDeals(BaseModel):
    """How many of the deals are the reader's own."""

    owner: str = Field(description="Id of the CRM user with the reader's e-mail address.")
    deals: int


class NeedyDeal(BaseModel):
    """An open opportunity that needs somebody, and why."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    is_own: bool = Field(description="The reader owns it in the CRM.")
    phase: int = Field(ge=1, le=4)
    health: DealHealth
    rule: Rule = Field(description="The worst signal; the words are of it.")
    reason: str
    brief: str
    next_step: str
    signals: int = Field(description="How many rules apply.")
    value: Figure | None = Field(description="In the base currency; null without amount or rate.")


class NeedyDeals(BaseModel):
    """Open opportunities that are blocked, red or yellow, worst first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "count": 142,
                    "own": {"owner": "4876876000000225013", "deals": 3},
                    "items": [
                        {
                            "id": "4876876000000623001",
                            "name": "Grid analytics",
                            "account": "Kaveri Power Grid",
                            "owner": "Arjun Mehta",
                            "is_own": False,
                            "phase": 3,
                            "health": "blocked",
                            "rule": "blocker_open",
                            "reason": "Security review, open for 6 days.",
                            "brief": "Security review, 6 d",
                            "next_step": "Remove the blocker",
                            "signals": 1,
                            "value": 1806000.00,
                        }
                    ],
                    "undescribed_deals": 0,
                }
            ]
        }
    )

    basis: Basis = Field(description="Of the deals that need somebody.")
    count: int = Field(description="All of them.")
    own: OwnDeals | None = Field(description="Null where the reader is no user of the CRM.")
    items: list[NeedyDeal] = Field(description="The worst six.")
    undescribed_deals: int = Field(
        description="Live deals in stages that the CRM does not describe: neither open nor won nor "
        "lost, so in no figure of open deals. Filters do not hold for them."
    )


class RevenueAtRisk(BaseModel):
    """Open opportunities that are blocked or red, now and at the earlier moment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "comparison": COMPARISON_EXAMPLE,
                    "deals": 23,
                    "value": 5918300.00,
                    "deals_then": 20,
                    "value_then": 5307100.00,
                }
            ]
        }
    )

    basis: Basis = Field(description="Of the deals at risk.")
    comparison: Comparison
    deals: int
    value: Figure = Field(description="In the base currency.")
    deals_then: int | None = Field(description="Null where nothing can be compared.")
    value_then: Figure | None = Field(
        description="At `compared_with`, by today's thresholds and the rates of that day."
    )
