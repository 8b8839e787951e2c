"""Start, follow and configure syncing of Deals."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.core.modules import DEALS
from pulse.core.sync import SessionStatus, SyncMode, SyncType
from pulse.kit.errors import ConflictError
from pulse.live_sync.progress import progress_of
from pulse.live_sync.rate import rate_history
from pulse.live_sync.schemas import (
    Activity,
    Cancellation,
    Configuration,
    ConfigurationChange,
    RateOverTime,
    SessionDetail,
    SessionProgress,
    SliceState,
    StartedSession,
)
from pulse.live_sync.sessions import SyncOptions, start_session
from pulse.live_sync.slices import slices_of
from pulse.live_sync.status import session_with_log, spent_so_far
from pulse.models import CrmConnection, SyncCursor, SyncSession, SyncStatusLog
from pulse.settings.service import change_settings, read_settings
from pulse.sync.domain.errors import FullSyncNeededError, NotConnectedError
from pulse.sync.domain.steps import START
from pulse.web.audit import audit

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.settings.schema import SyncSettings
    from pulse.web.access import Principal
    from pulse.web.checks import Check

# No CRM holds anything older, and earlier moments leave no room for the overlap.
_BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STARTED: Final = {
    SyncType.FULL: "sync.full.started",
    SyncType.INCREMENTAL: "sync.quick.started",
    SyncType.RECONCILE: "sync.reconcile.started",
}
_WORDS: Final = {
    SyncType.FULL: "Full sync",
    SyncType.INCREMENTAL: "Quick sync",
    SyncType.RECONCILE: "Drift check",
}


class PullsPausedError(ConflictError):
    """The mode lets nothing flow from the CRM to the mirror."""

    code = "pulls_paused"
    title = "Pulls are paused"


def pulls_paused() -> PullsPausedError:
    """Return the error of a pull that the mode forbids."""
    return PullsPausedError(
        f"Nothing is read from the CRM while the mode is {SyncMode.LOCAL_TO_CRM}.",
        fix="Choose another mode in Live Sync Control (PUT /api/live-sync/configuration).",
    )


def not_connected() -> NotConnectedError:
    """Return the error of a product that has no CRM yet."""
    return NotConnectedError(
        "No CRM is connected.",
        fix="Set ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN, with ZOHO_BASE_URL and "
        "ZOHO_ACCOUNTS_URL of your data centre, and start again.",
    )


def full_sync_needed() -> FullSyncNeededError:
    """Return the error of an incremental sync that has nothing to start from."""
    return FullSyncNeededError(
        "Deals have never been loaded completely, so there is no cursor to start from.",
        fix="Run a full sync first (POST /api/live-sync/sync/full, or `pulse sync full`).",
    )


async def start_pull(
    db: AsyncSession, sync_type: SyncType, options: SyncOptions, who: Principal, worker: Check
) -> StartedSession:
    """Open a session for a pull of Deals, after checking that it can do something.

    A session that no worker is there to run says so in its log: `worker` is what is known of them.
    Raises NotConnectedError, PullsPausedError, FullSyncNeededError, AlreadyRunningError.
    """
    refresh_token = await db.scalar(select(CrmConnection.refresh_token_encrypted))
    if refresh_token is None:
        raise not_connected()
    if (await read_settings(db)).mode is SyncMode.LOCAL_TO_CRM:
        raise pulls_paused()
    cursor = await db.get(SyncCursor, DEALS)
    has_full_load = cursor is not None and cursor.full_sync_at is not None
    if sync_type is not SyncType.FULL and not has_full_load:
        raise full_sync_needed()
    sync_since = None
    if sync_type is SyncType.INCREMENTAL and cursor is not None:
        sync_since = _read_since(options.since, cursor.changed_since)
        if options.since is not None:
            options = replace(options, since=sync_since)
    session = await start_session(db, DEALS, sync_type, options, who.label)
    await audit(
        db,
        who,
        _STARTED[sync_type],
        kind="sync",
        subject=str(session.id),
        name=DEALS,
        after=options.facts(),
    )
    note = None if worker.ok else " ".join(filter(None, (worker.message, worker.fix)))
    if note is not None:
        db.add(
            SyncStatusLog(session_id=session.id, step=START, status=session.status, message=note)
        )
        await db.flush()
    return StartedSession(
        message=f"{_WORDS[sync_type]} of {DEALS} started.",
        session_id=session.id,
        status=SessionStatus(session.status),
        sync_since=sync_since,
        note=note,
    )


def _read_since(wanted: datetime | None, cursor: datetime) -> datetime:
    """Return where reading starts: a caller can only widen, the cursor never jumps over changes."""
    return cursor if wanted is None else min(max(wanted, _BEFORE_ALL), cursor)


async def session_detail(db: AsyncSession, session_id: UUID, now: datetime) -> SessionDetail:
    """Return a session, its progress at `now` and its newest log lines. Raises NotFoundError."""
    session, lines = await session_with_log(db, session_id)
    history = await rate_history(db, session, now)
    calls, spent = await spent_so_far(db, session)
    progress = session_progress(session, now)
    return SessionDetail(
        session=progress.model_copy(update={"api_calls_made": calls, "credits_used": spent}),
        slices=[SliceState.model_validate(asdict(each)) for each in slices_of(session)],
        rate_over_time=(None if history is None else RateOverTime.model_validate(asdict(history))),
        recent_activity=[
            Activity(
                timestamp=line.timestamp,
                step=line.step,
                status=line.status,
                message=line.message,
                record_count=line.record_count,
            )
            for line in lines
        ],
    )


def session_progress(session: SyncSession, now: datetime) -> SessionProgress:
    """Return a session with its progress at `now`."""
    status = SessionStatus(session.status)
    progress = progress_of(
        status=status,
        started_at=session.started_at,
        completed_at=session.completed_at,
        processed=session.records_processed,
        total=session.records_total,
        now=now,
    )
    return SessionProgress(
        id=session.id,
        module=session.module,
        sync_type=SyncType(session.sync_type),
        status=status,
        started_at=session.started_at,
        completed_at=session.completed_at,
        progress_percentage=progress.percentage,
        records_processed=session.records_processed,
        records_total=session.records_total,
        records_changed=session.records_changed,
        api_calls_made=session.api_calls_made,
        credits_used=session.credits_used,
        rate=progress.rate,
        seconds_left=progress.seconds_left,
        plan=session.facts.get("plan"),
        requested_by=session.requested_by,
        resumed_from=session.facts.get("resumed_from"),
        cancel_requested_at=session.cancel_requested_at,
        error_code=session.error_code,
        error_message=session.error_message,
    )


def cancellation(session: SyncSession) -> Cancellation:
    """Return what became of the wish to stop a session."""
    is_over = session.status == SessionStatus.CANCELLED
    return Cancellation(
        message=(
            "Cancelled before it started."
            if is_over
            else "The run stops at its next batch and keeps its checkpoint."
        ),
        session_id=session.id,
        status=SessionStatus(session.status),
    )


async def read_configuration(db: AsyncSession) -> Configuration:
    """Return the stored interval, mode and share."""
    return _configuration(await read_settings(db))


_SETTING: Final = {
    "interval_minutes": "sync.interval_minutes",
    "mode": "sync.mode",
    "scheduled_share": "sync.budget_share",
}


async def change_configuration(
    db: AsyncSession, wanted: ConfigurationChange, who: Principal
) -> Configuration:
    """Store what is given in `wanted`; the audit log tells what changed from what."""
    given = wanted.model_dump(mode="json", exclude_unset=True)
    before = (await read_configuration(db)).model_dump(mode="json")
    stored = await change_settings(
        db, {_SETTING[name]: value for name, value in given.items()}, changed_by=who.label
    )
    configuration = _configuration(stored)
    after = configuration.model_dump(mode="json")
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        await audit(
            db,
            who,
            "sync.configuration.changed",
            kind="settings",
            subject="sync",
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return configuration


def _configuration(stored: SyncSettings) -> Configuration:
    return Configuration(
        interval_minutes=stored.interval_minutes,
        mode=stored.mode,
        scheduled_share=stored.budget_share,
    )
