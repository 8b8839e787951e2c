"""Health of syncing over a range, and records by status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pulse.core.modules import DEALS
from pulse.core.sync import RecordStatus
from pulse.queries.credits import credit_state
from pulse.sync_status import repository
from pulse.sync_status.out_of_sync import MEANING
from pulse.sync_status.runs import operation_use, summary
from pulse.sync_status.schemas import (
    LENGTH_OF_RANGE,
    ApiUsage,
    Health,
    HealthRange,
    OverallHealth,
    RecordCounts,
    RecordStatusAnswer,
    StatusShare,
    SyncStatistics,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

_HEALTHY_FROM: Final = 0.95
_DEGRADED_FROM: Final = 0.80
_RECENT_SESSIONS: Final = 10


def success_rate(completed: int, failed: int) -> float | Literal["unknown"]:
    """Return completed ÷ (completed + failed); `unknown` when there were none."""
    ended = completed + failed
    return completed / ended if ended else "unknown"


def overall_health(rate: float | Literal["unknown"]) -> OverallHealth:
    """Return what a success rate means."""
    if rate == "unknown":
        return OverallHealth.UNKNOWN
    if rate >= _HEALTHY_FROM:
        return OverallHealth.HEALTHY
    return OverallHealth.DEGRADED if rate >= _DEGRADED_FROM else OverallHealth.UNHEALTHY


async def health(db: AsyncSession, wanted: HealthRange, now: datetime) -> Health:
    """Return how well syncing went in the `wanted` time before `now`."""
    since = now - LENGTH_OF_RANGE[wanted]
    totals = await repository.session_totals(db, since)
    rate = success_rate(totals.completed, totals.failed)
    recent = await repository.sessions_page(
        db, repository.SessionFilter(created_from=since), _RECENT_SESSIONS
    )
    return Health(
        since=since,
        until=now,
        overall_health=overall_health(rate),
        success_rate=rate,
        sync_statistics=SyncStatistics(
            total_sessions=totals.total,
            successful_sessions=totals.completed,
            failed_sessions=totals.failed,
            avg_sync_time=totals.avg_seconds,
            records_per_minute=totals.records_per_minute,
            api_efficiency=totals.api_efficiency,
        ),
        record_status=_counts(await repository.records_by_status(db, DEALS)),
        api_usage=await _api_usage(db, since, now),
        recent_sessions=[summary(session) for session in recent],
    )


async def record_status(db: AsyncSession) -> RecordStatusAnswer:
    """Return the deals of the mirror by sync status."""
    found = await repository.records_by_status(db, DEALS)
    return RecordStatusAnswer(
        **_counts(found).model_dump(),
        status_breakdown=[
            StatusShare(status=status, description=MEANING[status], count=records.count)
            for status, records in found.items()
        ],
    )


def _counts(found: Mapping[RecordStatus, repository.RecordsOfStatus]) -> RecordCounts:
    return RecordCounts(
        total_count=sum(records.count for records in found.values()),
        synced_count=found[RecordStatus.SYNCED].count,
        pending_count=found[RecordStatus.PENDING].count,
        conflict_count=found[RecordStatus.CONFLICT].count,
        error_count=found[RecordStatus.ERROR].count,
        oldest_pending_at=found[RecordStatus.PENDING].oldest,
        oldest_conflict_at=found[RecordStatus.CONFLICT].oldest,
        oldest_error_at=found[RecordStatus.ERROR].oldest,
    )


async def _api_usage(db: AsyncSession, since: datetime, now: datetime) -> ApiUsage:
    uses = await repository.credit_use_since(db, since)
    calls = sum(use.calls for use in uses)
    failures = sum(use.failures for use in uses)
    day = await credit_state(db, now)
    return ApiUsage(
        calls=calls,
        credits=sum(use.credits for use in uses),
        failures=failures,
        error_rate=failures / calls if calls else None,
        by_operation=[operation_use(use) for use in uses],
        used_24h=day.used,
        limit_24h=day.limit,
        remaining_24h=day.remaining,
    )
