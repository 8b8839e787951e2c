"""What the table of deals gives."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from pulse.core.deal_filters import DealState, FieldTest, Outcome
from pulse.deals.marks_schemas import FieldMark
from pulse.deals.table.columns import ColumnKind
from pulse.web.money import Figure

_ID = "554023000000235001"


class Reference(BaseModel):
    """A record or person that a deal refers to; the name is null if it was never seen."""

    id: str
    name: str | None


class StageOfDeal(BaseModel):
    """Where a deal stands in the sales process."""

    value: str = Field(description="As the CRM stores it.")
    label: str
    step: int | None = Field(
        ge=1, le=4, description="How far along the open stages, in quarters; null if closed."
    )
    outcome: Outcome | None = Field(description="Null where the CRM does not describe the stage.")


class RateSource(StrEnum):
    """What brought an amount into the base currency."""

    NONE_NEEDED = "none_needed"
    DEAL = "deal"
    """The deal's own exchange rate."""
    CRM = "crm"
    """The CRM's rate of the deal's currency."""


class DealRow(BaseModel):
    """One deal in the table."""

    id: str
    state: DealState | None = Field(description="Null as of a past moment.")
    error: str | None = Field(description="Why the state is `error`.")
    name: str | None
    account: Reference | None
    owner: Reference | None
    stage: StageOfDeal | None
    probability: Figure | None
    amount: Figure | None = Field(description="In the deal's own currency.")
    currency: str | None
    exchange_rate: Figure | None = Field(description="The deal's own: units for one home unit.")
    value: Figure | None = Field(description="In the base currency; null without a rate.")
    weighted: Figure | None
    rate_source: RateSource | None = Field(description="Null where there is no value.")
    closing_date: date | None
    country: str | None
    region: str | None
    solution: str | None
    funding: str | None
    segment: str | None
    created_at: datetime | None
    changed_at: datetime = Field(
        description="Last change in the CRM; as of a past moment that of a value shown here."
    )
    proposal_submitted_on: date | None
    po_generated_on: date | None
    kicked_off_on: date | None
    invoiced_on: date | None
    payment_received_on: date | None
    revenue_recognised_on: date | None
    fields: dict[str, Any] = Field(
        description="The CRM fields that were asked for, by column key; empty ones are absent. "
        "References are {id, name}, several choices a list, rows and files their number."
    )
    marks: dict[str, FieldMark] = Field(
        default_factory=dict,
        description="By column key: cells whose value was edited here and is not agreed yet.",
    )


_ROW: dict[str, JsonValue] = {
    "id": _ID,
    "state": "synced",
    "error": None,
    "name": "Metro signalling",
    "account": {"id": "554023000000235021", "name": "Straits Ports Pte Ltd"},
    "owner": {"id": "554023000000235011", "name": "Mei Tan"},
    "stage": {
        "value": "Negotiation/Review",
        "label": "Negotiation/Review",
        "step": 4,
        "outcome": "open",
    },
    "probability": 80,
    "amount": 612000,
    "currency": "USD",
    "exchange_rate": 0.7465,
    "value": 819825.85,
    "weighted": 655860.68,
    "rate_source": "deal",
    "closing_date": "2026-09-24",
    "country": "Singapore",
    "region": "ASEAN",
    "solution": "IoT & Edge",
    "funding": "Capex",
    "segment": "Enterprise",
    "created_at": "2026-02-03T07:45:36Z",
    "changed_at": "2026-08-17T00:39:12Z",
    "proposal_submitted_on": "2026-05-04",
    "po_generated_on": None,
    "kicked_off_on": None,
    "invoiced_on": None,
    "payment_received_on": None,
    "revenue_recognised_on": None,
    "fields": {"crm.Seats": 250, "crm.Technologies": ["AWS", "SAP"]},
    "marks": {},
}


class DealWindow(BaseModel):
    """A stretch of the table. How long the whole is, GET /api/deals/summary counts.

    Where `as_of` is told, rows are as they stood then: without sync status and marks, and there is
    nothing to edit.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [_ROW],
                    "limit": 100,
                    "offset": 0,
                    "has_more": False,
                    "as_of": None,
                }
            ]
        }
    )

    items: list[DealRow]
    limit: int
    offset: int
    has_more: bool
    as_of: datetime | None = Field(
        default=None, description="The past moment asked about; null is now."
    )


class WithoutRate(BaseModel):
    """Deals of a currency whose amounts could not be converted; they are in no total."""

    currency: str | None
    count: int


class RateLine(BaseModel):
    """The CRM's rate of a currency."""

    currency: str
    rate: Figure = Field(description="Units for one unit of the home currency.")
    since: date


class DealSummary(BaseModel):
    """What the deals that fulfil the filters add up to; deals that are gone add nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 214,
                    "total_count": 48210,
                    "value": 48615240.12,
                    "weighted": 26989605.5,
                    "currency": "SGD",
                    "without_rate": [{"currency": "LKR", "count": 3}],
                    "conflicts": 2,
                    "rates": [{"currency": "USD", "rate": 0.7465, "since": "2026-08-16"}],
                    "rates_read_at": "2026-08-17T00:40:00Z",
                    "as_of": None,
                    "is_past": False,
                    "history_began": "2026-03-02T09:30:00Z",
                }
            ]
        }
    )

    count: int = Field(description="Deals that fulfil the filters.")
    total_count: int = Field(description="Deals in the mirror that are in the CRM.")
    value: Figure = Field(description="Sum of the values in the base currency.")
    weighted: Figure
    currency: str = Field(description="The base currency.")
    without_rate: list[WithoutRate]
    conflicts: int | None = Field(
        description="How many of the deals have an open conflict; null as of a past moment."
    )
    rates: list[RateLine] = Field(description="Of the day of `as_of`.")
    rates_read_at: datetime | None
    as_of: datetime | None = Field(
        default=None, description="The past moment asked about; null is now."
    )
    is_past: bool = False
    history_began: datetime | None = Field(
        default=None,
        description="The earliest moment that can be asked about; null before the first full sync.",
    )


class FacetValue(BaseModel):
    """A value that deals have in a field, and how many of them."""

    value: str = Field(description="Send this as the filter; empty: the field is empty.")
    label: str | None = Field(description="What people read; null where a name was never seen.")
    count: int


class Facet(BaseModel):
    """The most frequent values of a field among the deals that the other filters leave."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "field": "country",
                    "values": [
                        {"value": "Singapore", "label": "Singapore", "count": 96},
                        {"value": "", "label": "Empty", "count": 4},
                    ],
                    "has_more": True,
                }
            ]
        }
    )

    field: str
    values: list[FacetValue]
    has_more: bool


class FoundDeal(BaseModel):
    """A deal as the command palette shows it."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    value: Figure | None


class FoundDeals(BaseModel):
    """The ten deals that fit a few letters best."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": _ID,
                            "name": "Metro signalling",
                            "account": "Straits Ports Pte Ltd",
                            "owner": "Mei Tan",
                            "stage": "Negotiation/Review",
                            "value": 819825.85,
                        }
                    ],
                    "currency": "SGD",
                }
            ]
        }
    )

    items: list[FoundDeal]
    currency: str


class ColumnLine(BaseModel):
    """A column that the table can show."""

    key: str
    label: str
    kind: ColumnKind
    data_type: str | None = Field(description="The CRM's type, of its own fields.")
    api_name: str | None = Field(
        default=None, description="The CRM's field; null where the column is computed."
    )
    read_only_reason: str | None = Field(
        default=None, description="Why its cells cannot be edited, a sentence."
    )
    is_crm_field: bool = Field(description="Not canonical: ask for it by `columns`.")
    is_default: bool
    is_sortable: bool
    has_facet: bool = Field(description="Whether GET /api/deals/facets gives its values.")
    tests: list[FieldTest] = Field(description="How the filter `field` compares it.")


class ColumnList(BaseModel):
    """All columns: the canonical ones in their first order, then the CRM's further fields."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "columns": [
                        {
                            "key": "country",
                            "label": "Country",
                            "kind": "text",
                            "data_type": None,
                            "api_name": "Country",
                            "read_only_reason": None,
                            "is_crm_field": False,
                            "is_default": True,
                            "is_sortable": True,
                            "has_facet": True,
                            "tests": [],
                        }
                    ],
                    "default_sort": "-changed_at",
                    "base_currency": "SGD",
                    "today": "2026-08-17",
                }
            ]
        }
    )

    columns: list[ColumnLine]
    default_sort: str
    base_currency: str
    today: date = Field(description="The organisation's date: what closed before is overdue.")
