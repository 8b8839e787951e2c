"""What `/api/sync-status` gives of runs: in lists, in the pulse, and one in full."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pulse.core.sync import SessionStatus, SyncType
from pulse.sync_status.trigger import Trigger
from pulse.web.paging import Page

_SESSION_ID = "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11"


class SessionSummary(BaseModel):
    """One session in a list."""

    id: UUID
    module: str
    sync_type: SyncType
    status: SessionStatus
    requested_by: str = Field(description="`schedule`, `cli`, `api`, or a person's name.")
    trigger: Trigger
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    duration_s: float | None = Field(description="Null until it has ended.")
    records_processed: int
    records_total: int | None
    records_changed: int
    api_calls_made: int
    credits_used: int
    error_code: str | None
    error_message: str | None


SUMMARY_EXAMPLE: JsonDict = {
    "id": _SESSION_ID,
    "module": "Deals",
    "sync_type": "incremental",
    "status": "completed",
    "requested_by": "schedule",
    "trigger": "schedule",
    "created_at": "2026-03-02T09:15:00Z",
    "started_at": "2026-03-02T09:15:00.400Z",
    "completed_at": "2026-03-02T09:15:01.100Z",
    "duration_s": 0.7,
    "records_processed": 12,
    "records_total": 12,
    "records_changed": 9,
    "api_calls_made": 2,
    "credits_used": 2,
    "error_code": None,
    "error_message": None,
}


class StatusCounts(BaseModel):
    """How many sessions stand where."""

    pending: int = 0
    in_progress: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0


class SessionPage(Page[SessionSummary]):
    """A page of sessions, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "items": [SUMMARY_EXAMPLE],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                    "by_status": {
                        "pending": 0,
                        "in_progress": 0,
                        "completed": 1,
                        "failed": 0,
                        "cancelled": 0,
                    },
                }
            ]
        }
    )

    by_status: StatusCounts = Field(
        description="Sessions that match all filters but the one by status."
    )


class PulseRun(BaseModel):
    """One bar of the pulse."""

    id: UUID
    module: str
    sync_type: SyncType
    trigger: Trigger
    status: SessionStatus
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    records_changed: int
    credits_used: int
    stands_for: int = Field(
        description="Runs that this bar stands for, itself included: 1 unless more runs fell into "
        "its part of the time than have room."
    )


class Pulse(BaseModel):
    """The runs of the last hours, oldest first.

    If there are more than bars are wanted, the time is cut into as many parts. Of each part the run
    with the most changes is given, beside it one that failed and one that is open, if there are
    such.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "since": "2026-03-01T09:30:00Z",
                    "until": "2026-03-02T09:30:00Z",
                    "total_runs": 1,
                    "failed_runs": 0,
                    "last_failed_at": None,
                    "records_changed": 9,
                    "credits_used": 2,
                    "runs": [
                        {
                            "id": _SESSION_ID,
                            "module": "Deals",
                            "sync_type": "incremental",
                            "trigger": "schedule",
                            "status": "completed",
                            "created_at": "2026-03-02T09:15:00Z",
                            "started_at": "2026-03-02T09:15:00.400Z",
                            "completed_at": "2026-03-02T09:15:01.100Z",
                            "records_changed": 9,
                            "credits_used": 2,
                            "stands_for": 1,
                        }
                    ],
                }
            ]
        }
    )

    since: datetime
    until: datetime
    total_runs: int
    failed_runs: int
    last_failed_at: datetime | None = Field(description="When the last failed run was asked for.")
    records_changed: int = Field(description="By all runs.")
    credits_used: int = Field(description="By all runs.")
    runs: list[PulseRun]


class OperationUse(BaseModel):
    """What one operation of the CRM cost."""

    operation: str
    calls: int
    credits: int
    failures: int
    avg_latency_ms: float | None


class LogLine(BaseModel):
    """One line of a session's log."""

    timestamp: datetime
    status: str
    message: str
    record_count: int | None
    api_response: dict[str, Any] | None


_LOG_LINE: JsonDict = {
    "timestamp": "2026-03-02T09:15:00.400Z",
    "status": "in_progress",
    "message": "Looking for changes since 2026-03-02 08:59:55 UTC.",
    "record_count": None,
    "api_response": None,
}


class LogPage(Page[LogLine]):
    """A page of a session's log, oldest line first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"count": 1, "items": [_LOG_LINE], "limit": 50, "offset": 0, "has_more": False}
            ]
        }
    )


class RunEvent(StrEnum):
    """A turn in the life of a run."""

    REQUESTED = "requested"
    STARTED = "started"
    CANCEL_REQUESTED = "cancel_requested"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunMoment(BaseModel):
    """When a run took a turn."""

    at: datetime
    event: RunEvent


class RunChanges(BaseModel):
    """What a completed run did to the mirror, in records."""

    created: int = 0
    changed: int = 0
    restored: int = 0
    deleted: int = 0
    hidden: int = Field(default=0, description="No longer shown to the connected user.")
    touched: int = Field(default=0, description="Only their stamp moved.")
    same: int = Field(default=0, description="Read again and found the same.")


class RunError(BaseModel):
    """Why a run failed."""

    code: str
    title: str | None
    detail: str
    fix: str | None


class PlanOption(BaseModel):
    """A source with what reading from it was expected to cost."""

    source: str
    slices: int | None = None
    calls: int | None = None
    credits: int | None = None
    seconds: float | None = None
    reason: str | None = None


class RunPlan(PlanOption):
    """The source that the planner chose, and those that it did not."""

    rejected: list[PlanOption] = Field(default_factory=list)


class SessionHistory(BaseModel):
    """One session in full: its turns, what it changed, what it cost, and the start of its log."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "session": SUMMARY_EXAMPLE,
                    "timeline": [{"at": "2026-03-02T09:15:00Z", "event": "requested"}],
                    "changes": {
                        "created": 2,
                        "changed": 6,
                        "restored": 0,
                        "deleted": 1,
                        "hidden": 0,
                        "touched": 0,
                        "same": 3,
                    },
                    "error": None,
                    "plan": {
                        "source": "coql",
                        "slices": 3,
                        "calls": 3,
                        "credits": 9,
                        "seconds": 0.8,
                        "reason": "Fewest seconds within the budget.",
                        "rejected": [],
                    },
                    "metadata": {"phase": "load"},
                    "log": [_LOG_LINE],
                    "log_is_cut": False,
                    "credit_use": [
                        {
                            "operation": "records.list",
                            "calls": 1,
                            "credits": 1,
                            "failures": 0,
                            "avg_latency_ms": 150.0,
                        }
                    ],
                }
            ]
        }
    )

    session: SessionSummary
    timeline: list[RunMoment] = Field(description="Oldest first.")
    changes: RunChanges | None = Field(description="Null unless it completed.")
    error: RunError | None
    plan: RunPlan | None = Field(description="Null where nothing was chosen: a quick sync.")
    metadata: dict[str, Any] = Field(description="Options, plan, cursor and counts of the run.")
    log: list[LogLine] = Field(description="Its first 200 lines, oldest first.")
    log_is_cut: bool = Field(description="True if more lines follow: see `…/log`.")
    credit_use: list[OperationUse] = Field(description="By kind of call, dearest first.")
