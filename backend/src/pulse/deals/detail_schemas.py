"""What `GET /api/deals/{id}` gives."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pulse.core.deal_filters import Outcome
from pulse.core.sync import ChangeKind, Presence, RecordStatus
from pulse.deals.marks_schemas import FieldMark
from pulse.deals.stages import StageState
from pulse.fields.values import DecimalText, Named, Value


class FieldGroup(StrEnum):
    """Under which heading a field stands."""

    DEAL = "deal"
    DATES = "dates"
    CUSTOM = "custom"
    SYSTEM = "system"


class DealFieldValue(BaseModel):
    """One field of the deal with what it holds."""

    api_name: str
    canonical_name: str | None = Field(description="Our name for it, where it is mapped.")
    label: str = Field(description="As the CRM shows it; our own word where it is mapped.")
    group: FieldGroup
    data_type: str = Field(description="The CRM's type.")
    value: Value | None = Field(description="Null: empty.")
    is_read_only: bool
    is_mandatory: bool
    applies: bool = Field(
        description="False where an empty field has no meaning now: revenue dates of a lost deal, "
        "the reason of loss of one that is not lost."
    )
    change: FieldMark | None = Field(
        default=None, description="The local edit that the value comes from, if there is one."
    )


class DealValue(BaseModel):
    """What the deal is worth, in its own currency and in the base currency."""

    amount: DecimalText | None
    currency: str | None
    base_currency: str
    base_amount: DecimalText | None = Field(description="Null without amount or without rate.")
    weighted: DecimalText | None = Field(description="Base amount times probability / 100.")
    probability: DecimalText | None
    rate: DecimalText | None = Field(
        description="Units of the base currency for one unit of the deal's; null if nothing was "
        "converted or there is no rate."
    )
    rate_source: str | None = Field(
        description="`deal`: fixed on the deal. `crm`: the CRM's rate of the currency.",
        examples=["deal", "crm"],
    )
    rate_since: date | None = Field(description="Day since when the CRM's rate holds.")
    is_rate_missing: bool


class StageOnPath(BaseModel):
    """One stage of the deal's way."""

    stage: str
    label: str
    state: StageState
    days: int | None = Field(description="Whole days in all visits; null if never or unknown.")
    is_at_least: bool = Field(description="It may have been longer: history begins in this stage.")


class StagePath(BaseModel):
    """The stages in the CRM's order, and how long the deal was in each."""

    current: str | None
    current_label: str | None
    entered_at: datetime | None
    days_in_stage: int | None = Field(description="Whole days since it was entered last.")
    is_at_least: bool
    stages: list[StageOnPath]


class LastChange(BaseModel):
    """The newest change of the deal that is known."""

    at: datetime
    kind: ChangeKind
    side: str = Field(description="`crm` or `local`.")
    by: Named | None


class DealSync(BaseModel):
    """How the mirror's copy stands to the CRM's."""

    status: RecordStatus
    reason: str | None = Field(description="Why the status is `error`.")
    presence: Presence
    gone_at: datetime | None = Field(
        description="When it was deleted, or when we noticed that it is not shown any more."
    )
    gone_by: Named | None
    last_synced_at: datetime | None
    crm_modified_at: datetime | None
    details_read_at: datetime | None = Field(
        description="Version of which subforms, tags and links were read; null: not read yet."
    )


class DealHistory(BaseModel):
    """How far back the deal's past is known."""

    known_since: datetime | None = Field(description="Stamp of the first version in the mirror.")
    is_whole: bool = Field(description="Whether nothing happened before that but its creation.")


_ID = "554023000000235001"
_PERSON: JsonDict = {"id": "554023000000235011", "name": "Marcus Tan"}

_EXAMPLE: JsonDict = {
    "id": _ID,
    "name": "Claims platform renewal",
    "account": {"id": "554023000000235021", "name": "Meridian General"},
    "owner": _PERSON,
    "country": "Singapore",
    "market_segment": "Enterprise",
    "closing_date": "2026-08-14",
    "days_overdue": 3,
    "outcome": "open",
    "created_at": "2026-05-11T02:04:00Z",
    "value": {
        "amount": "1350000.00",
        "currency": "SGD",
        "base_currency": "SGD",
        "base_amount": "1350000.00",
        "weighted": "945000.00",
        "probability": "70",
        "rate": None,
        "rate_source": None,
        "rate_since": None,
        "is_rate_missing": False,
    },
    "path": {
        "current": "Negotiation",
        "current_label": "Negotiation",
        "entered_at": "2026-07-25T00:30:00Z",
        "days_in_stage": 23,
        "is_at_least": False,
        "stages": [
            {
                "stage": "Negotiation",
                "label": "Negotiation",
                "state": "current",
                "days": 23,
                "is_at_least": False,
            }
        ],
    },
    "last_change": {
        "at": "2026-08-17T00:30:00Z",
        "kind": "updated",
        "side": "crm",
        "by": _PERSON,
    },
    "sync": {
        "status": "synced",
        "reason": None,
        "presence": "live",
        "gone_at": None,
        "gone_by": None,
        "last_synced_at": "2026-08-17T00:41:20Z",
        "crm_modified_at": "2026-08-17T00:30:00Z",
        "details_read_at": "2026-08-17T00:30:00Z",
    },
    "history": {"known_since": "2026-05-11T02:04:00Z", "is_whole": True},
    "crm_url": "https://crm.zoho.in/crm/org60001234567/tab/Potentials/554023000000235001",
    "fields": [
        {
            "api_name": "Amount",
            "canonical_name": "OCH_Revenue",
            "label": "Amount",
            "group": "deal",
            "data_type": "currency",
            "value": {"kind": "money", "amount": "1350000.00", "currency": "SGD"},
            "is_read_only": False,
            "is_mandatory": False,
            "applies": True,
            "change": None,
        }
    ],
}


class DealDetail(BaseModel):
    """One deal, with everything that the mirror holds of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    name: str | None
    account: Named | None
    owner: Named | None
    country: str | None
    market_segment: str | None
    closing_date: date | None
    days_overdue: int | None = Field(
        description="Whole days since the closing date by the organisation's calendar; null unless "
        "the deal is open, not gone, and the date has passed."
    )
    outcome: Outcome | None = Field(description="Null where the CRM does not describe its stage.")
    created_at: datetime | None
    value: DealValue
    path: StagePath
    last_change: LastChange | None
    sync: DealSync
    history: DealHistory
    crm_url: str | None = Field(
        description="The deal's page in the CRM; null where no address of that CRM is known."
    )
    fields: list[DealFieldValue] = Field(
        description="By group; in each the mapped fields first, then as the organisation made them."
    )
