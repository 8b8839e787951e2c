"""What `/api/sync-status` gives."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.sync import RecordStatus
from pulse.sync_status.run_schemas import SUMMARY_EXAMPLE, OperationUse, SessionSummary


class HealthRange(StrEnum):
    """How far back health looks."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"


LENGTH_OF_RANGE: Final = {
    HealthRange.HOUR: timedelta(hours=1),
    HealthRange.DAY: timedelta(days=1),
    HealthRange.WEEK: timedelta(days=7),
    HealthRange.MONTH: timedelta(days=30),
}


class OverallHealth(StrEnum):
    """Healthy at 95 % successful sessions or more, degraded at 80 % or more, else unhealthy."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


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
    oldest_pending_at: datetime | None = Field(description="Null where there is none.")
    oldest_conflict_at: datetime | None
    oldest_error_at: datetime | None


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
                    "since": "2026-03-01T09:15:02Z",
                    "until": "2026-03-02T09:15:02Z",
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
                        "oldest_pending_at": None,
                        "oldest_conflict_at": None,
                        "oldest_error_at": "2026-03-02T06:12:40Z",
                    },
                    "api_usage": {
                        "calls": 192,
                        "credits": 192,
                        "failures": 0,
                        "error_rate": 0.0,
                        "by_operation": [
                            {
                                "operation": "records.list",
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
                    "recent_sessions": [SUMMARY_EXAMPLE],
                }
            ]
        }
    )

    since: datetime
    until: datetime
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
                    "oldest_pending_at": None,
                    "oldest_conflict_at": None,
                    "oldest_error_at": "2026-03-02T06:12:40Z",
                    "status_breakdown": [
                        {
                            "status": "synced",
                            "description": "Both sides hold the same values",
                            "count": 4999,
                        }
                    ],
                }
            ]
        }
    )

    status_breakdown: list[StatusShare]
