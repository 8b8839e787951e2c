"""What the preview of a full sync gives."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.sync import SyncType
from pulse.sync.planner import Source


class SourceOption(BaseModel):
    """One way to read the module, with what it would cost."""

    source: Source
    slices: int = Field(description="Read side by side; for Bulk Read the number of jobs.")
    calls: int
    credits: int
    seconds: float = Field(description="Expected, by the latency of the last hour.")
    reason: str


class ResumedLoad(BaseModel):
    """A full load that was broken off: the next one goes on where it stopped."""

    session_id: UUID
    records_loaded: int
    records_total: int


class CreditForecast(BaseModel):
    """Credits of the rolling day before and after the load."""

    used_before: int
    used_after: int
    limit: int | None = Field(description="Of the organisation; null until it was read.")
    remaining_after: int | None
    scheduled_share: float = Field(description="Share that scheduled work never passes.")


class PreviewCost(BaseModel):
    """What looking ahead has itself spent."""

    calls: int
    credits: int


class LoadPreview(BaseModel):
    """What a full sync of Deals would do if it were started now; nothing is started."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sync_type": "full_sync",
                    "records": 5000,
                    "counted_by": "mirror",
                    "chosen": {
                        "source": "coql",
                        "slices": 3,
                        "calls": 3,
                        "credits": 9,
                        "seconds": 0.7,
                        "reason": "5,000 records: 3 queries of up to 2,000 records, 3 at a time; "
                        "it costs the fewest credits",
                    },
                    "rejected": [
                        {
                            "source": "pages",
                            "slices": 1,
                            "calls": 25,
                            "credits": 25,
                            "seconds": 5.5,
                            "reason": "25 pages of 200, one after the other: 16 credits more",
                        }
                    ],
                    "is_affordable": True,
                    "credits": {
                        "used_before": 310,
                        "used_after": 319,
                        "limit": 70000,
                        "remaining_after": 69681,
                        "scheduled_share": 0.8,
                    },
                    "resumes": None,
                    "spent_by_preview": {"calls": 0, "credits": 0},
                }
            ]
        }
    )

    sync_type: Literal[SyncType.FULL] = SyncType.FULL
    records: int
    counted_by: Literal["crm", "mirror"] = Field(
        description="The mirror counts for nothing once it was loaded; the CRM takes a credit."
    )
    chosen: SourceOption
    rejected: list[SourceOption] = Field(description="Those not chosen, with why not.")
    is_affordable: bool = Field(description="False: the run would end with `credits_spent`.")
    credits: CreditForecast
    resumes: ResumedLoad | None
    spent_by_preview: PreviewCost
