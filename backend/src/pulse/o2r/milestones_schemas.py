"""What setting a milestone takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.o2r.milestones import Milestone
from pulse.core.sync import RecordStatus

_FIRST_DAY: Final = date(1990, 1, 1)
_LAST_DAY: Final = date(2199, 12, 31)

Day = Annotated[date, Field(ge=_FIRST_DAY, le=_LAST_DAY)]


class MilestoneChange(BaseModel):
    """What to set of a milestone; what is left out stays, null empties."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"actual_on": "2026-08-14"}]}
    )

    planned_on: Day | None = Field(default=None, description="When it is planned.")
    actual_on: Day | None = Field(
        default=None,
        description="When it happened, up to the organisation's today. Where the CRM keeps it, "
        "this is an edit of the deal.",
    )


class MilestoneDay(BaseModel):
    """The two dates of a milestone."""

    planned_on: date | None
    actual_on: date | None


class MilestoneSet(BaseModel):
    """What setting a milestone did."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "554023000000235001",
                    "milestone": "kick_off",
                    "before": {"planned_on": "2026-08-07", "actual_on": None},
                    "after": {"planned_on": "2026-08-07", "actual_on": "2026-08-14"},
                    "is_in_crm": True,
                    "status": "pending",
                }
            ]
        }
    )

    id: str
    milestone: Milestone
    before: MilestoneDay = Field(description="Sent again, it undoes.")
    after: MilestoneDay
    is_in_crm: bool = Field(description="The CRM keeps the actual date.")
    status: RecordStatus = Field(description="How the deal stands after it.")
