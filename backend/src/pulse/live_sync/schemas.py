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
    requested_by: str
    resumed_from: UUID | None = Field(description="The session that it goes on with.")
    cancel_requested_at: datetime | None
    error_code: str | None
    error_message: str | None


class SliceState(BaseModel):
    """One slice of a load that is read side by side with others."""

    key: str
    loaded: int
    total: int = Field(description="What its cut aimed at; the true number once it is done.")
    is_done: bool


class RatePoint(BaseModel):
    """Records per second over the window before `at_s`, in seconds since the start."""

    at_s: float
    rate: float


class RateWait(BaseModel):
    """A call that had to be made again: `at_s` seconds after the start it waited for `wait_s`."""

    at_s: float
    wait_s: float
    http_status: int | None = Field(description="What the CRM answered; null without an answer.")
    step: str | None


class RateOverTime(BaseModel):
    """How fast the run was; at most 60 samples, oldest first."""

    window_s: float
    samples: list[RatePoint]
    waits: list[RateWait]


class Activity(BaseModel):
    """One line of a session's log."""

    timestamp: datetime
    step: str | None = Field(
        description="Which part of the run it tells of: a slice by its key, or `start`, `plan`, "
        "`count`, `changes`, `deleted`, `compare`, `done`, `failed`, `cancelled`."
    )
    status: str = Field(description="Of the session, or `waited` for a call made again.")
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
                        "plan": {"source": "coql", "reason": "it costs the fewest credits"},
                        "requested_by": "Priya Raghunathan",
                        "resumed_from": None,
                        "cancel_requested_at": None,
                        "error_code": None,
                        "error_message": None,
                    },
                    "slices": [
                        {"key": "slice 1", "loaded": 1666, "total": 1666, "is_done": True},
                        {"key": "slice 2", "loaded": 334, "total": 1667, "is_done": False},
                        {"key": "slice 3", "loaded": 0, "total": 1667, "is_done": False},
                    ],
                    "rate_over_time": {
                        "window_s": 1.0,
                        "samples": [{"at_s": 0.25, "rate": 8000.0}],
                        "waits": [
                            {"at_s": 0.1, "wait_s": 1.2, "http_status": 429, "step": "slice 3"}
                        ],
                    },
                    "recent_activity": [
                        {
                            "timestamp": "2026-03-02T09:15:00.250Z",
                            "step": "slice 1",
                            "status": "in_progress",
                            "message": "Done, 1,666 loaded",
                            "record_count": 1666,
                        }
                    ],
                }
            ]
        }
    )

    session: SessionProgress
    slices: list[SliceState] = Field(description="Of a full load; else empty.")
    rate_over_time: RateOverTime | None = Field(description="Null before it started.")
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
        json_schema_extra={
            "examples": [{"interval_minutes": 15, "mode": "bidirectional", "scheduled_share": 0.8}]
        },
    )

    interval_minutes: IntervalMinutes | None = Field(
        description="Minutes between scheduled syncs; null: by hand only."
    )
    mode: SyncMode
    scheduled_share: float = Field(
        gt=0, le=1, description="Share of the day's credits that scheduled work never passes."
    )


class ConfigurationChange(BaseModel):
    """What shall be different; what is left out stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"interval_minutes": 30}]}
    )

    # Set or left out is told by `model_fields_set`: null is a value of the interval.
    interval_minutes: IntervalMinutes | None = Field(
        default=None, description="Minutes between scheduled syncs; null: by hand only."
    )
    mode: SyncMode = SyncMode.BIDIRECTIONAL
    scheduled_share: float = Field(
        default=1, gt=0, le=1, description="Share of the day's credits for scheduled work."
    )
