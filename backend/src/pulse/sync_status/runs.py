"""The history of sessions, and one of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulse.core.sync import OPEN_STATUSES, SessionStatus, SyncType
from pulse.kit.errors import NotFoundError
from pulse.models import SyncSession
from pulse.sync_status import repository
from pulse.sync_status.run_schemas import (
    LogLine,
    LogPage,
    OperationUse,
    RunChanges,
    RunError,
    RunEvent,
    RunMoment,
    RunPlan,
    SessionHistory,
    SessionPage,
    SessionSummary,
    StatusCounts,
)
from pulse.sync_status.trigger import trigger_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.models import SyncStatusLog
    from pulse.web.paging import PageRequest

_FIRST_LINES: Final = 200


async def history(
    db: AsyncSession, wanted: repository.SessionFilter, page: PageRequest
) -> SessionPage:
    """Return a page of sessions, newest first."""
    by_status = await repository.sessions_by_status(db, wanted)
    count = sum(by_status.get(status, 0) for status in wanted.statuses or SessionStatus)
    rows = await repository.sessions_page(db, wanted, page.limit, page.offset)
    return SessionPage(
        count=count,
        items=[summary(session) for session in rows],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(rows) < count,
        by_status=StatusCounts(**{status.value: number for status, number in by_status.items()}),
    )


async def session_history(db: AsyncSession, session_id: UUID) -> SessionHistory:
    """Return one session with the start of its log and what its calls cost.

    Raises NotFoundError.
    """
    session = await _session(db, session_id)
    count, lines = await repository.log_page(db, session_id, _FIRST_LINES)
    uses = await repository.credit_use_of(db, session_id)
    plan, counts = session.facts.get("plan"), session.facts.get("counts")
    return SessionHistory(
        session=summary(session),
        timeline=_timeline(session),
        changes=None if counts is None else RunChanges.model_validate(counts),
        error=_error(session),
        plan=None if plan is None else _plan(plan),
        metadata=session.facts,
        log=[_log_line(line) for line in lines],
        log_is_cut=count > len(lines),
        credit_use=[operation_use(use) for use in uses],
    )


# Any: the JSON of a plan.
def _plan(plan: Mapping[str, Any]) -> RunPlan:
    """Return a plan as history shows it; one of a bulk operation names a way, not a source."""
    options = [plan, *plan.get("rejected", ())]
    chosen, *rejected = ({"source": each.get("way"), **each} for each in options)
    return RunPlan.model_validate({**chosen, "rejected": rejected})


async def session_log(db: AsyncSession, session_id: UUID, page: PageRequest) -> LogPage:
    """Return a page of a session's log, oldest line first. Raises NotFoundError."""
    await _session(db, session_id)
    count, lines = await repository.log_page(db, session_id, page.limit, page.offset)
    return LogPage(
        count=count,
        items=[_log_line(line) for line in lines],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(lines) < count,
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
    sync_type = SyncType(session.sync_type)
    return SessionSummary(
        id=session.id,
        module=session.module,
        sync_type=sync_type,
        status=SessionStatus(session.status),
        requested_by=session.requested_by,
        trigger=trigger_of(sync_type, session.requested_by),
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


def operation_use(use: repository.UseOfOperation) -> OperationUse:
    """Return what an operation cost, with what a call of it took on average."""
    return OperationUse(
        operation=use.operation,
        calls=use.calls,
        credits=use.credits,
        failures=use.failures,
        avg_latency_ms=use.latency_ms / use.calls if use.calls else None,
    )


async def _session(db: AsyncSession, session_id: UUID) -> SyncSession:
    session = await db.get(SyncSession, session_id)
    if session is None:
        raise session_not_found(session_id)
    return session


def _timeline(session: SyncSession) -> list[RunMoment]:
    turns = [
        (session.created_at, RunEvent.REQUESTED),
        (session.started_at, RunEvent.STARTED),
        (session.cancel_requested_at, RunEvent.CANCEL_REQUESTED),
    ]
    if session.status not in OPEN_STATUSES:
        turns.append((session.completed_at, RunEvent(session.status)))
    return [RunMoment(at=at, event=event) for at, event in turns if at is not None]


def _error(session: SyncSession) -> RunError | None:
    """Return why a session failed: the problem that its run kept, else its code and message."""
    if session.error_code is None:
        return None
    told = session.facts.get("error", {})
    return RunError(
        code=session.error_code,
        title=told.get("title"),
        detail=told.get("detail", session.error_message or session.error_code),
        fix=told.get("fix"),
    )


def _log_line(line: SyncStatusLog) -> LogLine:
    return LogLine(
        timestamp=line.timestamp,
        status=line.status,
        message=line.message,
        record_count=line.record_count,
        api_response=line.api_response,
    )
