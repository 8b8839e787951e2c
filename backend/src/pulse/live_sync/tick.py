"""What beat sets off every few seconds: start what is due, revive what died, clear what is old.

All of it in one transaction under one advisory lock: of two ticks at once, one does it all and the
other nothing. A tick that comes late or twice changes nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import CursorResult, Text, cast, delete, exists, func, or_, select

from pulse.core.sync import SessionStatus, SyncMode, SyncType
from pulse.jobs.catalogue import PushChanges, RefreshConnection, RunSession
from pulse.jobs.outbox import enqueue
from pulse.kit.logging import get_logger
from pulse.live_sync.schedule import (
    ACCOUNTS,
    DEALS,
    is_refresh_due,
    next_accounts_sync,
    next_reconcile,
    next_sync,
)
from pulse.live_sync.sessions import start_session
from pulse.models import CreditUse, OutboxMessage, SyncLease, SyncSession
from pulse.queries.due_changes import modules_with_due_changes
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.elements import ColumnElement

LEASE_EXPIRES_AFTER: Final = timedelta(seconds=30)
"""A run whose lease has had no heartbeat for this long is dead."""
MESSAGE_LOST_AFTER: Final = timedelta(seconds=60)
"""A session still pending this long after its message was sent gets another."""
PUSH_TAKEN_WITHIN: Final = timedelta(seconds=10)
"""A message to push that was sent so lately is on its way to a worker."""
KEEP_SENT: Final = timedelta(days=1)
KEEP_LEDGER: Final = timedelta(days=92)

_TICK_LOCK: Final = 7_163_002

_log = get_logger(__name__)


@dataclass(slots=True)
class TickSummary:
    """What one tick did; `is_skipped` when another tick held the lock."""

    is_skipped: bool = False
    started: list[UUID] = field(default_factory=list)
    revived: list[UUID] = field(default_factory=list)
    resent: list[UUID] = field(default_factory=list)
    is_refresh_started: bool = False
    pushes: list[str] = field(default_factory=list)
    """Modules of which local changes waited that nobody was pushing."""
    pruned: int = 0


async def tick(db: AsyncSession, now: datetime) -> TickSummary:
    """Do all that is due at `now`; the caller commits.

    `now` is the database's own time in the product: workers on several machines share one clock.
    """
    summary = TickSummary()
    if not await db.scalar(select(func.pg_try_advisory_xact_lock(_TICK_LOCK))):
        summary.is_skipped = True
        return summary
    summary.revived = await _enqueue_runs(db, _is_dead(now), now - LEASE_EXPIRES_AFTER)
    summary.resent = await _enqueue_runs(db, _is_forgotten(now), now - MESSAGE_LOST_AFTER)
    if await is_refresh_due(db, now):
        await enqueue(db, RefreshConnection())
        summary.is_refresh_started = True
    await _start_due(db, now, summary)
    summary.pushes = await _enqueue_pushes(db, now)
    summary.pruned = await _prune(db, now)
    if summary.revived or summary.resent:
        _log.warning(
            "sync.runs.revived",
            dead=[str(session_id) for session_id in summary.revived],
            forgotten=[str(session_id) for session_id in summary.resent],
        )
    return summary


async def _start_due(db: AsyncSession, now: datetime, summary: TickSummary) -> None:
    # Reconcile first: it covers what an incremental run would read, and one runs at a time.
    if (await next_reconcile(db, now)).is_due(now):
        summary.started.append((await start_session(db, DEALS, SyncType.RECONCILE)).id)
    if (await next_sync(db, now)).is_due(now):
        summary.started.append((await start_session(db, DEALS, SyncType.INCREMENTAL)).id)
    sync_type, accounts = await next_accounts_sync(db, now)
    if accounts.is_due(now):
        summary.started.append((await start_session(db, ACCOUNTS, sync_type)).id)


def _is_dead(now: datetime) -> ColumnElement[bool]:
    """Match running sessions whose lease has no live holder, or is not theirs any more."""
    is_alive = exists().where(
        SyncLease.session_id == SyncSession.id, SyncLease.heartbeat_at > now - LEASE_EXPIRES_AFTER
    )
    return (SyncSession.status == SessionStatus.IN_PROGRESS) & ~is_alive


def _is_forgotten(now: datetime) -> ColumnElement[bool]:
    """Match sessions that no worker has begun, long after they were asked for."""
    return (SyncSession.status == SessionStatus.PENDING) & (
        SyncSession.created_at <= now - MESSAGE_LOST_AFTER
    )


async def _enqueue_runs(
    db: AsyncSession, which: ColumnElement[bool], unless_sent_since: datetime
) -> list[UUID]:
    """Enqueue the runs of these sessions, but of none whose message waits or has just been sent."""
    has_message = exists().where(
        OutboxMessage.job == RunSession.name,
        OutboxMessage.payload["session_id"].astext == cast(SyncSession.id, Text),
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at > unless_sent_since),
    )
    sessions = (await db.scalars(select(SyncSession.id).where(which, ~has_message))).all()
    for session_id in sessions:
        await enqueue(db, RunSession(session_id))
    return list(sessions)


async def _enqueue_pushes(db: AsyncSession, now: datetime) -> list[str]:
    """Have local changes pushed that wait: a backlog, a try that is due, what a dead push left."""
    if (await read_settings(db)).mode is SyncMode.CRM_TO_LOCAL:
        return []
    is_on_its_way = select(OutboxMessage.payload["module"].astext).where(
        OutboxMessage.job == PushChanges.name,
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at > now - PUSH_TAKEN_WITHIN),
    )
    on_its_way = set(await db.scalars(is_on_its_way))
    modules = [each for each in await modules_with_due_changes(db) if each not in on_its_way]
    for module in modules:
        await enqueue(db, PushChanges(module))
    return modules


async def _prune(db: AsyncSession, now: datetime) -> int:
    """Delete messages and counts that nobody looks at any more."""
    sent = await db.execute(delete(OutboxMessage).where(OutboxMessage.sent_at < now - KEEP_SENT))
    counted = await db.execute(delete(CreditUse).where(CreditUse.minute < now - KEEP_LEDGER))
    assert isinstance(sent, CursorResult)  # noqa: S101 - what a DELETE returns
    assert isinstance(counted, CursorResult)  # noqa: S101 - as above
    return sent.rowcount + counted.rowcount
