"""What `/api/alerts` takes and gives."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.alerts import AlertRule
from pulse.core.deal_filters import Outcome
from pulse.fields.values import Named, Value
from pulse.web.money import Figure
from pulse.web.paging import Page

if TYPE_CHECKING:
    from pydantic.config import JsonDict

AlertId = Annotated[str, Field(pattern=r"^[1-9]\d{0,17}$", description="A number, as text.")]
MOST_AT_ONCE = 500


class AlertState(StrEnum):
    """Which alerts are meant."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ALL = "all"


_SIZE = "Signed: percent of the old amount, points, days, or places in the order of stages."
_ALERT: JsonDict = {
    "id": "417",
    "rule": "amount_moved",
    "deal": {"id": "5725767000001482019", "name": "Claims platform renewal"},
    "account": {"id": "5725767000000871002", "name": "Meridian General"},
    "owner": {"id": "5725767000000310001", "name": "Marcus Tan"},
    "stage": "Negotiation",
    "outcome": "open",
    "value": 620000.0,
    "field": "Amount",
    "old": {"kind": "money", "amount": "1350000.00", "currency": "SGD"},
    "new": {"kind": "money", "amount": "620000.00", "currency": "SGD"},
    "size": -54.07,
    "is_reopened": False,
    "threshold": 50,
    "compared": None,
    "side": "crm",
    "by": {"id": "5725767000000310004", "name": "Nurul Aisyah"},
    "at": "2026-08-17T00:30:00Z",
    "raised_at": "2026-08-17T00:30:20Z",
    "acknowledged_at": None,
    "acknowledged_by": None,
}
_THRESHOLDS: JsonDict = {"amount_percent": 50, "probability_points": 30, "closing_days": 90}
_BY_RULE: JsonDict = {
    "amount_moved": 1,
    "probability_fell": 0,
    "closing_pushed": 0,
    "stage_backwards": 0,
}


class Compared(BaseModel):
    """Both amounts in the base currency, where the deal got another currency with its amount."""

    currency: str
    old: Figure
    new: Figure


class Alert(BaseModel):
    """A change of a deal that passed a threshold."""

    id: AlertId
    rule: AlertRule
    deal: Named
    account: Named | None
    owner: Named | None
    stage: str | None = Field(description="Of the deal now, as people read it.")
    outcome: Outcome | None = Field(description="What the CRM forecasts of this stage.")
    value: Figure | None = Field(description="Of the deal now, in the base currency.")
    field: str = Field(description="Label of the field that changed.")
    old: Value | None = Field(description="Null: it was empty.")
    new: Value | None = Field(description="Null: it was emptied.")
    size: Figure = Field(description=_SIZE)
    is_reopened: bool = Field(description="A stage that went back out of a closed one.")
    threshold: int | None = Field(description="What it was compared with when it was raised.")
    compared: Compared | None
    side: str = Field(description="Where the change was made: crm or local.")
    by: Named | None = Field(description="Who made it; null if the CRM does not tell.")
    at: datetime = Field(description="When it was made, by the CRM's clock.")
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None


class ThresholdsInForce(BaseModel):
    """How far a value may move before an alert is raised; stored settings."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_THRESHOLDS]})

    amount_percent: int
    probability_points: int
    closing_days: int


class AlertPage(Page[Alert]):
    """Alerts, those of the latest changes first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "items": [_ALERT],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                    "by_rule": _BY_RULE,
                    "open": 1,
                    "acknowledged": 12,
                    "base_currency": "SGD",
                    "thresholds": _THRESHOLDS,
                }
            ]
        }
    )

    by_rule: dict[AlertRule, int] = Field(
        description="How many there are of each rule, whichever rules are asked for."
    )
    open: int = Field(description="Under the same filters, rules included.")
    acknowledged: int = Field(description="As `open`.")
    base_currency: str
    thresholds: ThresholdsInForce


class OpenAlerts(BaseModel):
    """How many alerts nobody has acknowledged."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"open": 1, "by_rule": _BY_RULE, "thresholds": _THRESHOLDS}]
        }
    )

    open: int
    by_rule: dict[AlertRule, int]
    thresholds: ThresholdsInForce


class AlertChoice(BaseModel):
    """Alerts, by id."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ids": ["417"]}]})

    ids: list[AlertId] = Field(min_length=1, max_length=MOST_AT_ONCE)


class AlertsChanged(BaseModel):
    """What became of alerts."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"changed": ["417"], "unchanged": [], "open": 0}]}
    )

    changed: list[AlertId]
    unchanged: list[AlertId] = Field(description="They were so already.")
    open: int = Field(description="Alerts that nobody has acknowledged now.")
