"""What `/api/sync-status` gives."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pulse.core.sync import RecordStatus, SessionStatus, SyncType
from pulse.web.paging import Page

_SESSION_ID = "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11"


class HealthRange(StrEnum):
    """How far back health looks."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"


class OverallHealth(StrEnum):
    """Healthy at 95 % successful sessions or more, degraded at 80 % or more, else unhealthy."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


class SessionSummary(BaseModel):
    """One session in a list."""

    id: UUID
    module: str
    sync_type: SyncType
    status: SessionStatus
    requested_by: str
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


_SUMMARY_EXAMPLE: JsonDict = {
    "id": _SESSION_ID,
    "module": "Deals",
    "sync_type": "incremental",
    "status": "completed",
    "requested_by": "schedule",
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


class SessionPage(Page[SessionSummary]):
    """A page of sessions, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 1,
                    "items": [_SUMMARY_EXAMPLE],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )


class SyncStatistics(BaseModel):
    """Sessions that were created within the range; pulls only where records are meant."""

    total_sessions: int
    successful_sessions: int
    failed_sessions: int
    avg_sync_time: float | None = Field(description="Seconds, of completed sessions.")
    records_per_minute: float | None = Field(
        description="Records received per minute of running time, of completed sessions."
    )
    api_efficiency: float | None = Field(
        description="Records received per credit spent; null when none was spent."
    )


class RecordCounts(BaseModel):
    """Records of the mirror by whether both sides agree."""

    total_count: int
    synced_count: int
    pending_count: int
    conflict_count: int
    error_count: int


class OperationUse(BaseModel):
    """What one operation of the CRM cost."""

    operation: str
    calls: int
    credits: int
    failures: int
    avg_latency_ms: float | None


class ApiUsage(BaseModel):
    """Calls within the range, and the organisation's rolling day."""

    calls: int
    credits: int
    failures: int
    error_rate: float | None = Field(description="Failed calls ÷ calls; null without calls.")
    by_operation: list[OperationUse]
    used_24h: int
    limit_24h: int | None
    remaining_24h: int | None


class Health(BaseModel):
    """How well syncing went over a range of time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "overall_health": "healthy",
                    "success_rate": 0.99,
                    "sync_statistics": {
                        "total_sessions": 96,
                        "successful_sessions": 95,
                        "failed_sessions": 1,
                        "avg_sync_time": 0.8,
                        "records_per_minute": 900.0,
                        "api_efficiency": 6.2,
                    },
                    "record_status": {
                        "total_count": 5000,
                        "synced_count": 4999,
                        "pending_count": 0,
                        "conflict_count": 0,
                        "error_count": 1,
                    },
                    "api_usage": {
                        "calls": 192,
                        "credits": 192,
                        "failures": 0,
                        "error_rate": 0.0,
                        "by_operation": [
                            {
                                "operation": "get_records",
                                "calls": 96,
                                "credits": 96,
                                "failures": 0,
                                "avg_latency_ms": 141.5,
                            }
                        ],
                        "used_24h": 192,
                        "limit_24h": 70000,
                        "remaining_24h": 69808,
                    },
                    "recent_sessions": [_SUMMARY_EXAMPLE],
                }
            ]
        }
    )

    overall_health: OverallHealth
    success_rate: float | Literal["unknown"] = Field(
        description="Completed ÷ (completed + failed), 0 to 1; `unknown` when there were none."
    )
    sync_statistics: SyncStatistics
    record_status: RecordCounts
    api_usage: ApiUsage
    recent_sessions: list[SessionSummary]


class StatusShare(BaseModel):
    """How many records have a status, and what it means."""

    status: RecordStatus
    description: str
    count: int


class RecordStatusAnswer(RecordCounts):
    """Records of the mirror by sync status."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total_count": 5000,
                    "synced_count": 4999,
                    "pending_count": 0,
                    "conflict_count": 0,
                    "error_count": 1,
                    "status_breakdown": [
                        {
                            "status": "synced",
                            "description": "Both sides agree.",
                            "count": 4999,
                        }
                    ],
                }
            ]
        }
    )

    status_breakdown: list[StatusShare]


class LogLine(BaseModel):
    """One line of a session's log."""

    timestamp: datetime
    status: str
    message: str
    record_count: int | None
    api_response: dict[str, Any] | None


class SessionHistory(BaseModel):
    """One session with its whole log, oldest line first, and its credits by operation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "session": _SUMMARY_EXAMPLE,
                    "metadata": {"plan": {"source": "pages"}},
                    "log": [
                        {
                            "timestamp": "2026-03-02T09:15:00.400Z",
                            "status": "in_progress",
                            "message": "Reading changes since 09:00:00.",
                            "record_count": None,
                            "api_response": None,
                        }
                    ],
                    "log_is_cut": False,
                    "credit_use": [
                        {
                            "operation": "get_records",
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
    metadata: dict[str, Any] = Field(description="Options, plan, cursor and counts of the run.")
    log: list[LogLine]
    log_is_cut: bool = Field(description="True if the log has more lines than are shown.")
    credit_use: list[OperationUse]
