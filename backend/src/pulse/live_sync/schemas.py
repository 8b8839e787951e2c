"""What `/api/live-sync` takes and gives."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.sync import SessionStatus, SyncMode, SyncType

_SESSION_ID = "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11"


class StartedSession(BaseModel):
    """A session was opened; its run begins as soon as a worker takes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "Full sync of Deals started.",
                    "session_id": _SESSION_ID,
                    "status": "pending",
                    "sync_since": None,
                    "note": None,
                }
            ]
        }
    )

    message: str
    session_id: UUID
    status: SessionStatus
    sync_since: datetime | None = Field(
        default=None,
        description="Incremental only: the CRM time from which changes are read, before the "
        "overlap is taken off.",
    )
    note: str | None = Field(
        default=None,
        description="What it waits for and what to do about it; null where a worker is there.",
    )


class Credits(BaseModel):
    """Credits of the rolling 24 hours: each comes back 24 hours after it was spent."""

    used: int
    limit: int | None = Field(description="Of the organisation; null until it was read.")
    remaining: int | None
    resets_gradually: Literal[True] = True


class CurrentStatus(BaseModel):
    """Where the mirror of Deals stands now. "Today" is the organisation's day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "is_syncing": False,
                    "session_id": None,
                    "status": "completed",
                    "error_code": None,
                    "error_message": None,
                    "last_sync_at": "2026-03-02T09:15:04Z",
                    "total_records_synced": 5000,
                    "new_records_today": 12,
                    "api_calls_today": 240,
                    "credits": {
                        "used": 310,
                        "limit": 70000,
                        "remaining": 69690,
                        "resets_gradually": True,
                    },
                    "data_age": 341.2,
                    "next_sync_in": 558.8,
                    "next_sync_reason": None,
                    "pending_changes": 0,
                    "conflicts": 0,
                }
            ]
        }
    )

    is_syncing: bool
    session_id: UUID | None = Field(description="The session that is open, if one is.")
    status: SessionStatus | Literal["never_synced"] = Field(
        description="Of the open session, else of the last one."
    )
    error_code: str | None = Field(description="Why it failed, for programs; null if it did not.")
    error_message: str | None = Field(description="The same for people, with what to do.")
    last_sync_at: datetime | None = Field(description="When the last completed run ended.")
    total_records_synced: int = Field(description="Live records in the mirror.")
    new_records_today: int = Field(description="Those of them created in the CRM today.")
    api_calls_today: int
    credits: Credits
    data_age: float | None = Field(
        description="Seconds since the start of the last completed run: what is older is in."
    )
    next_sync_in: float | None = Field(
        description="Seconds to the next scheduled run; null if none is due."
    )
    next_sync_reason: str | None = Field(description="Why none is due, in a sentence.")
    pending_changes: int
    conflicts: int


class SessionProgress(BaseModel):
    """One run and how far it is."""

    id: UUID
    module: str
    sync_type: SyncType
    status: SessionStatus
    started_at: datetime | None
    completed_at: datetime | None
    progress_percentage: float | None = Field(
        ge=0, le=100, description="100 only when completed; null while the total is unknown."
    )
    records_processed: int
    records_total: int | None
    records_changed: int
    api_calls_made: int
    credits_used: int
    rate: float | None = Field(description="Records per second over the run.")
    seconds_left: float | None = Field(description="Null when it cannot be known.")
    plan: dict[str, Any] | None = Field(
        description="Chosen source, slices, expected calls, credits and seconds, and the reason."
    )
    cancel_requested_at: datetime | None
    error_code: str | None
    error_message: str | None


class Activity(BaseModel):
    """One line of a session's log."""

    timestamp: datetime
    status: str
    message: str
    record_count: int | None


class SessionDetail(BaseModel):
    """A session with the newest lines of its log, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "session": {
                        "id": _SESSION_ID,
                        "module": "Deals",
                        "sync_type": "full_sync",
                        "status": "in_progress",
                        "started_at": "2026-03-02T09:15:00Z",
                        "completed_at": None,
                        "progress_percentage": 40.0,
                        "records_processed": 2000,
                        "records_total": 5000,
                        "records_changed": 2000,
                        "api_calls_made": 3,
                        "credits_used": 7,
                        "rate": 8000.0,
                        "seconds_left": 0.4,
                        "plan": {"source": "coql", "reason": "fewest seconds within the budget"},
                        "cancel_requested_at": None,
                        "error_code": None,
                        "error_message": None,
                    },
                    "recent_activity": [
                        {
                            "timestamp": "2026-03-02T09:15:00.250Z",
                            "status": "in_progress",
                            "message": "2,000 of 5,000 records loaded.",
                            "record_count": 2000,
                        }
                    ],
                }
            ]
        }
    )

    session: SessionProgress
    recent_activity: list[Activity]


class Cancellation(BaseModel):
    """What became of the wish to stop a session."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "The run stops at its next batch and keeps its checkpoint.",
                    "session_id": _SESSION_ID,
                    "status": "in_progress",
                }
            ]
        }
    )

    message: str
    session_id: UUID
    status: SessionStatus


IntervalMinutes = Literal[15, 30, 60]


class Configuration(BaseModel):
    """How the mirror is kept up to date; obeyed within seconds, without a restart."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"interval_minutes": 15, "mode": "bidirectional"}]},
    )

    interval_minutes: IntervalMinutes | None = Field(
        description="Minutes between scheduled syncs; null: by hand only."
    )
    mode: SyncMode
