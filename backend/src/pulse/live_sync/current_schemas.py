"""Where the mirror stands, as header, pages and programs read it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.sync import SessionStatus, SyncMode, SyncType
from pulse.live_sync.condition import Condition
from pulse.live_sync.schedule import Hold

_SESSION_ID = "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11"


class Credits(BaseModel):
    """Credits of the rolling 24 hours: each comes back 24 hours after it was spent."""

    used: int
    limit: int | None = Field(description="Of the organisation; null until it was read.")
    remaining: int | None
    resets_gradually: Literal[True] = True
    scheduled_share: float = Field(
        description="Share of the limit that scheduled work never passes."
    )
    scheduled_from: datetime | None = Field(
        description="Scheduled syncs pause until then, because their share is used up; null while "
        "they do not, and where it cannot be known."
    )


class RunningSync(BaseModel):
    """The run that is open, as far as it is."""

    session_id: UUID
    sync_type: SyncType
    status: SessionStatus
    requested_by: str
    started_at: datetime | None
    records_processed: int
    records_total: int | None
    progress_percentage: float | None
    rate: float | None
    seconds_left: float | None
    is_stopping: bool = Field(description="Somebody asked it to stop.")


class EndedSync(BaseModel):
    """The last run that ended, however it did."""

    session_id: UUID
    sync_type: SyncType
    status: SessionStatus
    requested_by: str
    started_at: datetime | None
    completed_at: datetime | None
    duration_s: float | None
    records_processed: int
    records_changed: int
    api_calls_made: int
    credits_used: int


class SyncTrouble(BaseModel):
    """Why the mirror does not get newer: every run since then has failed."""

    since: datetime
    code: str
    title: str
    detail: str
    fix: str | None = Field(description="What to do about it, if anything.")


class CurrentStatus(BaseModel):
    """Where the mirror of Deals stands now. "Today" is the organisation's day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "condition": "in_sync",
                    "is_syncing": False,
                    "session_id": None,
                    "status": "completed",
                    "error_code": None,
                    "error_message": None,
                    "running": None,
                    "last_run": {
                        "session_id": _SESSION_ID,
                        "sync_type": "incremental",
                        "status": "completed",
                        "requested_by": "schedule",
                        "started_at": "2026-03-02T09:15:03.200Z",
                        "completed_at": "2026-03-02T09:15:04Z",
                        "duration_s": 0.8,
                        "records_processed": 12,
                        "records_changed": 9,
                        "api_calls_made": 2,
                        "credits_used": 2,
                    },
                    "trouble": None,
                    "last_sync_at": "2026-03-02T09:15:04Z",
                    "total_records_synced": 5000,
                    "new_records_today": 12,
                    "api_calls_today": 240,
                    "credits": {
                        "used": 310,
                        "limit": 70000,
                        "remaining": 69690,
                        "resets_gradually": True,
                        "scheduled_share": 0.8,
                        "scheduled_from": None,
                    },
                    "data_at": "2026-03-02T09:15:03.200Z",
                    "data_age": 341.2,
                    "late_by": None,
                    "interval_minutes": 15,
                    "mode": "bidirectional",
                    "next_sync_at": "2026-03-02T09:30:03.200Z",
                    "next_sync_in": 558.8,
                    "next_sync_hold": None,
                    "next_sync_reason": None,
                    "pending_changes": 0,
                    "oldest_pending_at": None,
                    "conflicts": 0,
                }
            ]
        }
    )

    condition: Condition = Field(description="All of it in one word; the worst goes first.")
    is_syncing: bool
    session_id: UUID | None = Field(description="The session that is open, if one is.")
    status: SessionStatus | Literal["never_synced"] = Field(
        description="Of the open session, else of the last one."
    )
    error_code: str | None = Field(description="Why it failed, for programs; null if it did not.")
    error_message: str | None = Field(description="The same for people, with what to do.")
    running: RunningSync | None
    last_run: EndedSync | None
    trouble: SyncTrouble | None = Field(
        description="Null once a run has completed; a run that was cancelled changes nothing."
    )
    last_sync_at: datetime | None = Field(description="When the last completed run ended.")
    total_records_synced: int = Field(description="Live records in the mirror.")
    new_records_today: int = Field(description="Those of them created in the CRM today.")
    api_calls_today: int
    credits: Credits
    data_at: datetime | None = Field(
        description="The start of the last completed run: what is older is in."
    )
    data_age: float | None = Field(description="Seconds since then.")
    late_by: float | None = Field(
        description="Seconds by which the next sync is late, once the data is older than two "
        "intervals; else null."
    )
    interval_minutes: int | None = Field(description="Null: syncs start by hand only.")
    mode: SyncMode
    next_sync_at: datetime | None
    next_sync_in: float | None = Field(
        description="Seconds to the next scheduled run; null if none is due."
    )
    next_sync_hold: Hold | None = Field(
        description="What holds it. While a sync is `running` the time holds nevertheless."
    )
    next_sync_reason: str | None = Field(description="The same in a sentence.")
    pending_changes: int = Field(
        description="Local edits, by field, that are queued or on their way to the CRM."
    )
    oldest_pending_at: datetime | None = Field(description="Since when the oldest of them waits.")
    conflicts: int = Field(description="Records in conflict, but for those that were skipped.")
