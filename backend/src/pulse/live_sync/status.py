"""What is known of the mirror and of one session, read in a few queries, counted in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select, true

from pulse.core.sync import OPEN_STATUSES, PULL_TYPES, Presence, SessionStatus
from pulse.edits.counting import waiting_changes
from pulse.live_sync.cancel import SessionNotFoundError
from pulse.models import (
    CreditUse,
    CrmConnection,
    Organisation,
    RecordSyncStatus,
    SyncSession,
    SyncStatusLog,
)
from pulse.sync.domain.errors import SignInRefusedError, SyncError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

RECENT_LINES: Final = 20
_A_MINUTE: Final = timedelta(minutes=1)
_ENDED: Final = (SessionStatus.COMPLETED, SessionStatus.FAILED, SessionStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class MirrorState:
    """Runs and counts of one module's mirror."""

    is_connected: bool
    open_session: SyncSession | None
    last_ended: SyncSession | None
    last_completed: SyncSession | None
    live_records: int
    new_today: int
    calls_today: int
    pending_changes: int
    oldest_pending_at: datetime | None
    conflicts: int
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the mirror does not get newer: the last run failed, or the CRM refuses our sign-in."""

    since: datetime
    code: str
    title: str
    detail: str
    fix: str | None


async def mirror_state(db: AsyncSession, module: str, now: datetime) -> MirrorState:
    """Return where a module's mirror stands at `now`."""
    day_start = await _start_of_day(db, now)
    live_records, new_today = (
        await db.execute(
            select(
                func.count(),
                func.count().filter(RecordSyncStatus.crm_created_at >= day_start),
            ).where(RecordSyncStatus.module == module, RecordSyncStatus.presence == Presence.LIVE)
        )
    ).one()
    waiting = await waiting_changes(db, module)
    last_completed = await _latest(db, module, (SessionStatus.COMPLETED,))
    calls_today = await db.scalar(
        select(func.coalesce(func.sum(CreditUse.calls), 0)).where(CreditUse.minute >= day_start)
    )
    connected = await db.scalar(
        select(func.count()).where(CrmConnection.refresh_token_encrypted.is_not(None))
    )
    return MirrorState(
        is_connected=bool(connected),
        open_session=await _latest(db, module, OPEN_STATUSES),
        last_ended=await _latest(db, module, _ENDED),
        last_completed=last_completed,
        live_records=live_records,
        new_today=new_today,
        calls_today=int(calls_today or 0),
        pending_changes=waiting.pending,
        oldest_pending_at=waiting.oldest_pending_at,
        conflicts=waiting.conflicts,
        trouble=await _trouble(db, module, last_completed),
    )


async def _trouble(
    db: AsyncSession, module: str, last_completed: SyncSession | None
) -> Trouble | None:
    """Return what has failed since the last run that completed; cancelled runs tell nothing."""
    refused = (
        await db.execute(
            select(CrmConnection.refused_at, CrmConnection.refusal).where(
                CrmConnection.refused_at.is_not(None),
                CrmConnection.refresh_token_encrypted.is_not(None),
            )
        )
    ).one_or_none()
    if refused is not None:
        return Trouble(
            refused.refused_at,
            SignInRefusedError.code,
            SignInRefusedError.title,
            refused.refusal or "The CRM refuses our sign-in.",
            "Connect again in CRM Integration.",
        )
    failed = await _latest(db, module, (SessionStatus.FAILED,))
    if failed is None or (
        last_completed is not None and failed.created_at <= last_completed.created_at
    ):
        return None
    since = await db.scalar(
        select(func.min(SyncSession.completed_at)).where(
            SyncSession.module == module,
            SyncSession.sync_type.in_(PULL_TYPES),
            SyncSession.status == SessionStatus.FAILED,
            true()
            if last_completed is None
            else SyncSession.created_at > last_completed.created_at,
        )
    )
    told = failed.facts.get("error", {})
    return Trouble(
        since or failed.created_at,
        failed.error_code or SyncError.code,
        str(told.get("title", SyncError.title)),
        str(told.get("detail", failed.error_message or "The last sync failed.")),
        None if "fix" not in told else str(told["fix"]),
    )


async def session_with_log(
    db: AsyncSession, session_id: UUID, lines: int = RECENT_LINES
) -> tuple[SyncSession, Sequence[SyncStatusLog]]:
    """Return a session and the newest lines of its log, newest first.

    Raises SessionNotFoundError.
    """
    session = await db.get(SyncSession, session_id)
    if session is None:
        raise SessionNotFoundError(session_id)
    log = await db.scalars(
        select(SyncStatusLog)
        .where(SyncStatusLog.session_id == session_id)
        # Lines of one transaction share their time; the id keeps their order.
        .order_by(SyncStatusLog.timestamp.desc(), SyncStatusLog.id.desc())
        .limit(lines)
    )
    return session, log.all()


async def spent_so_far(db: AsyncSession, session: SyncSession) -> tuple[int, int]:
    """Return the calls and credits of a session; of an open one as the ledger has them now."""
    if session.started_at is None or session.status not in OPEN_STATUSES:
        return session.api_calls_made, session.credits_used
    calls, spent = (
        await db.execute(
            select(
                func.coalesce(func.sum(CreditUse.calls), 0),
                func.coalesce(func.sum(CreditUse.credits), 0),
            ).where(
                # The key begins with the minute: only those of the run are looked at.
                CreditUse.minute >= session.started_at - _A_MINUTE,
                CreditUse.session_id == session.id,
            )
        )
    ).one()
    return max(int(calls), session.api_calls_made), max(int(spent), session.credits_used)


async def _latest(
    db: AsyncSession, module: str, statuses: tuple[SessionStatus, ...]
) -> SyncSession | None:
    found: SyncSession | None = await db.scalar(
        select(SyncSession)
        .where(
            SyncSession.module == module,
            SyncSession.sync_type.in_(PULL_TYPES),
            SyncSession.status.in_(statuses),
        )
        .order_by(SyncSession.created_at.desc())
        .limit(1)
    )
    return found


async def _start_of_day(db: AsyncSession, now: datetime) -> datetime:
    """Return when today began for the organisation, or in UTC while its time zone is unknown."""
    name = await db.scalar(select(Organisation.time_zone).limit(1))
    try:
        zone = ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
