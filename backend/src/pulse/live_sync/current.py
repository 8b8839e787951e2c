"""Where the mirror of Deals stands, put together from what is stored."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pulse.core.modules import DEALS
from pulse.core.sync import SessionStatus, SyncMode, SyncType
from pulse.live_sync.condition import Facts, condition_of, late_by_s
from pulse.live_sync.current_schemas import (
    Credits,
    CurrentStatus,
    EndedSync,
    RunningSync,
    SyncTrouble,
)
from pulse.live_sync.progress import progress_of
from pulse.live_sync.schedule import Hold
from pulse.live_sync.status import mirror_state
from pulse.queries.credits import credit_state
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.live_sync.schedule import NextSync
    from pulse.models import SyncSession


async def current_status(db: AsyncSession, now: datetime, upcoming: NextSync) -> CurrentStatus:
    """Return where the mirror of Deals stands at `now`."""
    state = await mirror_state(db, DEALS, now)
    day = await credit_state(db, now)
    settings = await read_settings(db)
    shown = state.open_session or state.last_ended
    completed = state.last_completed
    data_at = None if completed is None else completed.started_at
    interval = settings.interval_minutes
    facts = Facts(
        is_connected=state.is_connected,
        is_syncing=state.open_session is not None,
        is_failing=state.trouble is not None,
        is_paused=interval is None or settings.mode is SyncMode.LOCAL_TO_CRM,
        data_age_s=None if data_at is None else (now - data_at).total_seconds(),
        interval_s=None if interval is None else interval * 60.0,
    )
    return CurrentStatus(
        condition=condition_of(facts),
        is_syncing=facts.is_syncing,
        session_id=None if state.open_session is None else state.open_session.id,
        status="never_synced" if shown is None else SessionStatus(shown.status),
        error_code=None if shown is None else shown.error_code,
        error_message=None if shown is None else shown.error_message,
        running=None if state.open_session is None else _running(state.open_session, now),
        last_run=None if state.last_ended is None else _ended(state.last_ended),
        trouble=(
            None if state.trouble is None else SyncTrouble.model_validate(asdict(state.trouble))
        ),
        last_sync_at=None if completed is None else completed.completed_at,
        total_records_synced=state.live_records,
        new_records_today=state.new_today,
        api_calls_today=state.calls_today,
        credits=Credits(
            used=day.used,
            limit=day.limit,
            remaining=day.remaining,
            scheduled_share=settings.budget_share,
            scheduled_from=upcoming.at if upcoming.hold is Hold.BUDGET_SPENT else None,
        ),
        data_at=data_at,
        data_age=facts.data_age_s,
        late_by=late_by_s(facts),
        interval_minutes=interval,
        mode=settings.mode,
        next_sync_at=upcoming.at,
        next_sync_in=(
            None if upcoming.at is None else max((upcoming.at - now).total_seconds(), 0.0)
        ),
        next_sync_hold=upcoming.hold,
        next_sync_reason=upcoming.reason,
        pending_changes=state.pending_changes,
        oldest_pending_at=state.oldest_pending_at,
        conflicts=state.conflicts,
    )


def _running(session: SyncSession, now: datetime) -> RunningSync:
    progress = progress_of(
        status=SessionStatus(session.status),
        started_at=session.started_at,
        completed_at=session.completed_at,
        processed=session.records_processed,
        total=session.records_total,
        now=now,
    )
    return RunningSync(
        session_id=session.id,
        sync_type=SyncType(session.sync_type),
        status=SessionStatus(session.status),
        requested_by=session.requested_by,
        started_at=session.started_at,
        records_processed=session.records_processed,
        records_total=session.records_total,
        progress_percentage=progress.percentage,
        rate=progress.rate,
        seconds_left=progress.seconds_left,
        is_stopping=session.cancel_requested_at is not None,
    )


def _ended(session: SyncSession) -> EndedSync:
    duration = (
        None
        if session.started_at is None or session.completed_at is None
        else (session.completed_at - session.started_at).total_seconds()
    )
    return EndedSync(
        session_id=session.id,
        sync_type=SyncType(session.sync_type),
        status=SessionStatus(session.status),
        requested_by=session.requested_by,
        started_at=session.started_at,
        completed_at=session.completed_at,
        duration_s=duration,
        records_processed=session.records_processed,
        records_changed=session.records_changed,
        api_calls_made=session.api_calls_made,
        credits_used=session.credits_used,
    )
