"""What `GET /api/changes/recent` gives."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from pulse.deals.timeline_schemas import FieldChange
from pulse.fields.values import Named


class RecentKind(StrEnum):
    """What happened to a deal."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    """Deleted, or not shown to us any more where nobody is named."""
    RESTORED = "restored"


class RecentChange(BaseModel):
    """What one author did to one deal at one moment on one side."""

    id: str = Field(description="Grows in the order of arrival.")
    kind: RecentKind
    deal: Named
    account: str | None = Field(description="Name of the deal's account.")
    at: datetime = Field(description="By the CRM's clock.")
    arrived_at: datetime = Field(description="When the mirror took it over.")
    side: str = Field(description="`crm` or `local`.")
    by: Named | None
    changes: list[FieldChange] = Field(
        description="The weightiest first: canonical fields in their order, then the CRM's own."
    )


class RecentChanges(BaseModel):
    """Changes of all deals in the order of their arrival, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "412",
                            "kind": "changed",
                            "deal": {"id": "554023000000235001", "name": "Metro signalling"},
                            "account": "Kaveri Power Grid",
                            "at": "2026-03-02T09:14:40Z",
                            "arrived_at": "2026-03-02T09:15:01Z",
                            "side": "crm",
                            "by": {"id": "554023000000235011", "name": "Mei Tan"},
                            "changes": [
                                {
                                    "api_name": "Stage",
                                    "label": "Stage",
                                    "is_removed": False,
                                    "old": {
                                        "kind": "choice",
                                        "choice": {
                                            "value": "Needs Analysis",
                                            "label": "Needs Analysis",
                                        },
                                    },
                                    "new": {
                                        "kind": "choice",
                                        "choice": {
                                            "value": "Value Proposition",
                                            "label": "Value Proposition",
                                        },
                                    },
                                }
                            ],
                        }
                    ],
                    "before": "412",
                    "has_more": True,
                }
            ]
        }
    )

    items: list[RecentChange]
    before: str | None = Field(description="What to send as `before` for the next part.")
    has_more: bool
