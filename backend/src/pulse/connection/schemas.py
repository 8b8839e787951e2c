"""What `/api/crm` takes and gives."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pulse.web.paging import Page


class ConnectedOrganisation(BaseModel):
    """The organisation, as far as the connection may read it."""

    id: str
    company_name: str
    edition: str
    users_licensed: int
    time_zone: str | None
    currency: str | None
    credits_a_day: int = Field(description="Limit of the edition and its users, without add-ons.")
    concurrency: int = Field(description="Calls at once.")


class ConnectionStatus(StrEnum):
    """Whether everything that is needed is granted."""

    VALID = "valid"
    INCOMPLETE = "incomplete"


class Validation(BaseModel):
    """A check-up of the connection, made by asking the CRM now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "valid",
                    "organization": {
                        "id": "554023000000000001",
                        "company_name": "Acme",
                        "edition": "Enterprise",
                        "users_licensed": 20,
                        "time_zone": "Asia/Singapore",
                        "currency": "SGD",
                        "credits_a_day": 70000,
                        "concurrency": 20,
                    },
                    "token_expires_at": "2026-03-02T10:30:00Z",
                    "permissions": {"ZohoCRM.modules.ALL": True},
                    "module_access": {"deals": True},
                }
            ]
        }
    )

    status: ConnectionStatus
    organization: ConnectedOrganisation | None = Field(
        description="Null where the scope ZohoCRM.org.READ is missing."
    )
    token_expires_at: datetime | None
    permissions: dict[str, bool] = Field(description="Scope → whether it is granted.")
    module_access: dict[str, bool]


class MirroredModule(StrEnum):
    """Modules whose fields are known."""

    DEALS = "Deals"
    ACCOUNTS = "Accounts"


class FieldDescription(BaseModel):
    """A field as the CRM describes it now."""

    api_name: str
    field_id: str
    label: str
    data_type: str
    json_type: str | None
    length: int | None
    is_custom: bool
    is_read_only: bool
    is_mandatory: bool
    pick_list: list[str] | None = Field(description="Stored values, where it is a picklist.")
    lookup_module: str | None
    canonical_name: str | None = Field(
        description="The canonical field of a deal that it stands for."
    )


class RequiredFieldsStatus(BaseModel):
    """Which canonical fields of a deal the organisation has a field for."""

    available: list[str]
    missing: list[str]
    validation_passed: bool


class FieldMetadata(BaseModel):
    """The fields of a module, and whether what the product needs is among them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "module": "Deals",
                    "refreshed_at": "2026-03-02T09:00:00Z",
                    "fields": [
                        {
                            "api_name": "Deal_Name",
                            "field_id": "554023000000002521",
                            "label": "Deal Name",
                            "data_type": "text",
                            "json_type": "string",
                            "length": 120,
                            "is_custom": False,
                            "is_read_only": False,
                            "is_mandatory": True,
                            "pick_list": None,
                            "lookup_module": None,
                            "canonical_name": "Opportunity_Name",
                        }
                    ],
                    "required_fields_status": {
                        "available": ["Opportunity_Name"],
                        "missing": ["Market_Segment"],
                        "validation_passed": False,
                    },
                }
            ]
        }
    )

    module: MirroredModule
    refreshed_at: datetime | None = Field(
        description="When the CRM was asked last; null if never, as there was no connection."
    )
    fields: list[FieldDescription]
    required_fields_status: RequiredFieldsStatus | None = Field(
        description="Of Deals; null for other modules."
    )


class FieldMapChange(BaseModel):
    """Choices by canonical name; null takes a choice back. What is not named stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"choices": {"OCH_Revenue": "Amount", "Country": None}}]},
    )

    choices: dict[str, str | None]


class SchemaEventLine(BaseModel):
    """A field was added, renamed, retyped, removed, or returned."""

    id: int
    module: str
    kind: str
    api_name: str
    details: dict[str, Any] | None
    noticed_at: datetime


class SchemaEventPage(Page[SchemaEventLine]):
    """Noticed changes of the CRM's fields, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "items": [
                        {
                            "id": 7,
                            "module": "Deals",
                            "kind": "renamed",
                            "api_name": "Territory",
                            "details": {"before": "Region", "field_id": "554023000000002521"},
                            "noticed_at": "2026-03-02T09:00:00Z",
                        }
                    ],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )
