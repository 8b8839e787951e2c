"""Health of syncing over a range, and the history of sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from pulse.core.modules import DEALS
from pulse.core.sync import RecordStatus, SessionStatus, SyncType
from pulse.kit.errors import NotFoundError
from pulse.models import SyncSession
from pulse.queries.credits import credit_state
from pulse.sync_status import repository
from pulse.sync_status.schemas import (
    ApiUsage,
    Health,
    HealthRange,
    LogLine,
    OperationUse,
    OverallHealth,
    RecordCounts,
    RecordStatusAnswer,
    SessionHistory,
    SessionPage,
    SessionSummary,
    StatusShare,
    SyncStatistics,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.paging import PageRequest

LENGTH_OF_RANGE: Final = {
    HealthRange.HOUR: timedelta(hours=1),
    HealthRange.DAY: timedelta(days=1),
    HealthRange.WEEK: timedelta(days=7),
    HealthRange.MONTH: timedelta(days=30),
}
_HEALTHY_FROM: Final = 0.95
_DEGRADED_FROM: Final = 0.80
_RECENT_SESSIONS: Final = 10
_LONGEST_LOG: Final = 5_000

MEANING: Final = {
    RecordStatus.SYNCED: "Both sides agree.",
    RecordStatus.PENDING: "A local change waits to be accepted by the CRM.",
    RecordStatus.CONFLICT: "Both sides changed a field to different values; somebody decides.",
    RecordStatus.ERROR: "The CRM refused a change, or does not show the record to us any more.",
}


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
    _, recent = await repository.sessions_page(
        db, repository.SessionFilter(created_from=since), _RECENT_SESSIONS, 0
    )
    return Health(
        overall_health=overall_health(rate),
        success_rate=rate,
        sync_statistics=SyncStatistics(
            total_sessions=totals.total,
            successful_sessions=totals.completed,
            failed_sessions=totals.failed,
            avg_sync_time=totals.avg_seconds,
            records_per_minute=(
                totals.completed_records / (totals.completed_seconds / 60)
                if totals.completed_seconds
                else None
            ),
            api_efficiency=(
                totals.records_received / totals.credits_spent if totals.credits_spent else None
            ),
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
            StatusShare(status=status, description=MEANING[status], count=count)
            for status, count in found.items()
        ],
    )


async def history(
    db: AsyncSession, wanted: repository.SessionFilter, page: PageRequest
) -> SessionPage:
    """Return a page of sessions, newest first."""
    count, rows = await repository.sessions_page(db, wanted, page.limit, page.offset)
    return SessionPage(
        count=count,
        items=[summary(session) for session in rows],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(rows) < count,
    )


async def session_history(db: AsyncSession, session_id: UUID) -> SessionHistory:
    """Return one session with its log and what its calls cost. Raises NotFoundError."""
    session = await db.get(SyncSession, session_id)
    if session is None:
        raise session_not_found(session_id)
    is_cut, lines = await repository.log_of(db, session_id, _LONGEST_LOG)
    return SessionHistory(
        session=summary(session),
        metadata=session.facts,
        log=[
            LogLine(
                timestamp=line.timestamp,
                status=line.status,
                message=line.message,
                record_count=line.record_count,
                api_response=line.api_response,
            )
            for line in lines
        ],
        log_is_cut=is_cut,
        credit_use=[_use(entry) for entry in await repository.credit_use_of(db, session_id)],
    )


def session_not_found(session_id: UUID) -> NotFoundError:
    """Return the error for an id that no session has."""
    return NotFoundError(
        f"There is no session {session_id}.",
        code="session_not_found",
        fix="GET /api/sync-status/history lists the sessions.",
    )


def summary(session: SyncSession) -> SessionSummary:
    """Return a session as lists show it."""
    return SessionSummary(
        id=session.id,
        module=session.module,
        sync_type=SyncType(session.sync_type),
        status=SessionStatus(session.status),
        requested_by=session.requested_by,
        created_at=session.created_at,
        started_at=session.started_at,
        completed_at=session.completed_at,
        duration_s=(
            (session.completed_at - session.started_at).total_seconds()
            if session.completed_at is not None and session.started_at is not None
            else None
        ),
        records_processed=session.records_processed,
        records_total=session.records_total,
        records_changed=session.records_changed,
        api_calls_made=session.api_calls_made,
        credits_used=session.credits_used,
        error_code=session.error_code,
        error_message=session.error_message,
    )


def _counts(found: dict[RecordStatus, int]) -> RecordCounts:
    return RecordCounts(
        total_count=sum(found.values()),
        synced_count=found[RecordStatus.SYNCED],
        pending_count=found[RecordStatus.PENDING],
        conflict_count=found[RecordStatus.CONFLICT],
        error_count=found[RecordStatus.ERROR],
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
        by_operation=[_use(use) for use in uses],
        used_24h=day.used,
        limit_24h=day.limit,
        remaining_24h=day.remaining,
    )


def _use(use: repository.UseOfOperation) -> OperationUse:
    return OperationUse(
        operation=use.operation,
        calls=use.calls,
        credits=use.credits,
        failures=use.failures,
        avg_latency_ms=use.latency_ms / use.calls if use.calls else None,
    )
