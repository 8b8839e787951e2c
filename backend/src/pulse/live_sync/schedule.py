"""When the next sync by schedule is due, or why none is: decided from the database each time.

Nothing is remembered between two looks, so a changed setting holds at once and any worker may
look. `docs/architecture/jobs.md` tells how a due sync becomes a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from pulse.core.sync import OPEN_STATUSES, PULL_TYPES, SyncMode, SyncType
from pulse.models import CrmConnection, Organisation, OutboxMessage, SyncCursor, SyncSession
from pulse.queries.credits import credit_state, used_falls_to
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.settings.schema import SyncSettings

DEALS: Final = "Deals"
ACCOUNTS: Final = "Accounts"
REFRESH_EVERY: Final = timedelta(hours=1)
RETRY_REFRESH_AFTER: Final = timedelta(minutes=5)
"""A refresh that failed is tried again this long after it was asked for."""


class Hold(StrEnum):
    """Why scheduled work does not start."""

    MANUAL_ONLY = "manual_only"
    PULLS_PAUSED = "pulls_paused"
    NOT_CONNECTED = "not_connected"
    SIGN_IN_REFUSED = "sign_in_refused"
    FULL_SYNC_NEEDED = "full_sync_needed"
    BUDGET_SPENT = "budget_spent"
    RUNNING = "running"


_REASONS: Final = {
    Hold.MANUAL_ONLY: "Syncs start by hand only: no interval is set.",
    Hold.PULLS_PAUSED: "The mode is local to CRM only: pulls pause and keep their cursor.",
    Hold.NOT_CONNECTED: "No CRM is connected.",
    Hold.SIGN_IN_REFUSED: "The CRM refuses our sign-in: connect again.",
    Hold.FULL_SYNC_NEEDED: "The mirror was never loaded: start a full sync.",
    Hold.BUDGET_SPENT: "Scheduled work has used its share of the day's credits.",
    Hold.RUNNING: "A sync is running; the next is timed from its start.",
}


@dataclass(frozen=True, slots=True)
class NextSync:
    """The next sync by schedule: when, or what holds it.

    With a hold, `at` is None unless it is known when that ends: credits come back, and after a
    running sync the next is due one interval after its start.
    """

    at: datetime | None
    hold: Hold | None = None

    @property
    def reason(self) -> str | None:
        """Say why none starts; None where one will."""
        return None if self.hold is None else _REASONS[self.hold]

    def is_due(self, now: datetime) -> bool:
        """Return whether it should start now."""
        return self.hold is None and self.at is not None and self.at <= now


async def next_sync(db: AsyncSession, now: datetime, module: str = DEALS) -> NextSync:
    """Return when the next scheduled incremental sync of a module starts, or what holds it."""
    settings = await read_settings(db)
    if settings.interval_minutes is None:
        return NextSync(None, Hold.MANUAL_ONLY)
    held = await _held(db, settings, now, module)
    if held is not None and held.hold is not Hold.RUNNING:
        return held
    last = await _last_start(db, module, (SyncType.FULL, SyncType.INCREMENTAL))
    at = now if last is None else last + timedelta(minutes=settings.interval_minutes)
    return NextSync(at) if held is None else NextSync(max(at, now), held.hold)


async def next_accounts_sync(db: AsyncSession, now: datetime) -> tuple[SyncType, NextSync]:
    """Return what the hourly refresh of accounts is, and when it starts.

    Accounts follow once deals are loaded; the first time they are loaded whole.
    """
    settings = await read_settings(db)
    is_loaded = await db.get(SyncCursor, ACCOUNTS) is not None
    sync_type = SyncType.INCREMENTAL if is_loaded else SyncType.FULL
    held = await _held(db, settings, now, DEALS, busy=ACCOUNTS)
    if held is not None:
        return sync_type, held
    last = await _last_start(db, ACCOUNTS, (SyncType.FULL, SyncType.INCREMENTAL))
    return sync_type, NextSync(now if last is None else last + REFRESH_EVERY)


async def next_reconcile(db: AsyncSession, now: datetime, module: str = DEALS) -> NextSync:
    """Return when the nightly reconcile starts: once a day, at or after its hour.

    A night that was slept through is made up for; a full load since the hour is proof enough.
    """
    settings = await read_settings(db)
    held = await _held(db, settings, now, module)
    if held is not None:
        return held
    tonight = now.replace(hour=settings.reconcile_hour_utc, minute=0, second=0, microsecond=0)
    slot = tonight if tonight <= now else tonight - timedelta(days=1)
    proven = [
        await _last_start(db, module, (SyncType.FULL, SyncType.RECONCILE)),
        await db.scalar(select(SyncCursor.full_sync_at).where(SyncCursor.module == module)),
    ]
    is_done = any(moment is not None and moment >= slot for moment in proven)
    return NextSync(slot + timedelta(days=1) if is_done else slot)


async def is_refresh_due(db: AsyncSession, now: datetime) -> bool:
    """Return whether organisation, users, currencies and fields are to be read again.

    They are read hourly, also while syncs start by hand only: a changed schema is to be noticed.
    """
    if await _connection_hold(db) is not None:
        return False
    read_at = await db.scalar(select(func.min(Organisation.refreshed_at)))
    asked_at = await db.scalar(
        select(func.max(OutboxMessage.created_at)).where(OutboxMessage.job == "refresh_connection")
    )
    return (read_at is None or read_at <= now - REFRESH_EVERY) and (
        asked_at is None or asked_at <= now - RETRY_REFRESH_AFTER
    )


async def _held(
    db: AsyncSession,
    settings: SyncSettings,
    now: datetime,
    module: str,
    busy: str | None = None,
) -> NextSync | None:
    """Return what holds scheduled pulls of a module, or None.

    `busy` names the module whose open run holds it, where that is another one.
    """
    if settings.mode is SyncMode.LOCAL_TO_CRM:
        return NextSync(None, Hold.PULLS_PAUSED)
    hold = await _connection_hold(db)
    if hold is not None:
        return NextSync(None, hold)
    if await db.get(SyncCursor, module) is None:
        return NextSync(None, Hold.FULL_SYNC_NEEDED)
    if await _is_open(db, busy or module):
        return NextSync(None, Hold.RUNNING)
    credits_of_day = await credit_state(db, now)
    if credits_of_day.limit is not None:
        share = int(credits_of_day.limit * settings.budget_share)
        if credits_of_day.used >= share:
            back_at = await used_falls_to(db, share - 1, credits_of_day.used, now)
            return NextSync(back_at, Hold.BUDGET_SPENT)
    return None


async def _connection_hold(db: AsyncSession) -> Hold | None:
    connection = (
        await db.execute(
            select(CrmConnection.refresh_token_encrypted, CrmConnection.refused_at).limit(1)
        )
    ).one_or_none()
    if connection is None or connection.refresh_token_encrypted is None:
        return Hold.NOT_CONNECTED
    return Hold.SIGN_IN_REFUSED if connection.refused_at is not None else None


async def _is_open(db: AsyncSession, module: str) -> bool:
    found = await db.scalar(
        select(func.count()).where(
            SyncSession.module == module,
            SyncSession.status.in_(OPEN_STATUSES),
            SyncSession.sync_type.in_(PULL_TYPES),
        )
    )
    return bool(found)


async def _last_start(
    db: AsyncSession, module: str, types: tuple[SyncType, ...]
) -> datetime | None:
    """Return when the module's last session of these types began (or was asked for)."""
    moment: datetime | None = await db.scalar(
        select(func.max(func.coalesce(SyncSession.started_at, SyncSession.created_at))).where(
            SyncSession.module == module, SyncSession.sync_type.in_(types)
        )
    )
    return moment
