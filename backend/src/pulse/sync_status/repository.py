"""Counts over sessions, records and the credit ledger; all arithmetic in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select

from pulse.core.sync import PULL_TYPES, Presence, RecordStatus, SessionStatus, SyncType
from pulse.models import CreditUse, RecordSyncStatus, SyncSession, SyncStatusLog

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

_DURATION = func.extract("epoch", SyncSession.completed_at - SyncSession.started_at)
_RECEIVING: Final = (*PULL_TYPES, SyncType.MANUAL, SyncType.WEBHOOK)


@dataclass(frozen=True, slots=True)
class SessionTotals:
    """Sums over the sessions of a range."""

    total: int
    completed: int
    failed: int
    avg_seconds: float | None
    records_received: int
    """By all sessions that read from the CRM, however they ended."""
    credits_spent: int
    """By the same sessions."""
    completed_records: int
    completed_seconds: float


async def session_totals(db: AsyncSession, since: datetime) -> SessionTotals:
    """Sum up the sessions that were created since a moment."""
    is_completed = SyncSession.status == SessionStatus.COMPLETED
    reads = SyncSession.sync_type.in_(_RECEIVING)
    row = (
        await db.execute(
            select(
                func.count(),
                func.count().filter(is_completed),
                func.count().filter(SyncSession.status == SessionStatus.FAILED),
                func.avg(_DURATION).filter(is_completed),
                _sum(SyncSession.records_processed, reads),
                _sum(SyncSession.credits_used, reads),
                _sum(SyncSession.records_processed, reads & is_completed),
                func.coalesce(func.sum(_DURATION).filter(reads & is_completed), 0),
            ).where(SyncSession.created_at >= since)
        )
    ).one()
    return SessionTotals(
        total=row[0],
        completed=row[1],
        failed=row[2],
        avg_seconds=None if row[3] is None else float(row[3]),
        records_received=int(row[4]),
        credits_spent=int(row[5]),
        completed_records=int(row[6]),
        completed_seconds=float(row[7]),
    )


def _sum(column: SQLColumnExpression[int], condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column).filter(condition), 0)


async def records_by_status(db: AsyncSession, module: str) -> dict[RecordStatus, int]:
    """Count a module's records by sync status; those deleted in the CRM are left out."""
    rows = await db.execute(
        select(RecordSyncStatus.sync_status, func.count())
        .where(RecordSyncStatus.module == module, RecordSyncStatus.presence != Presence.DELETED)
        .group_by(RecordSyncStatus.sync_status)
    )
    found = {RecordStatus(status): count for status, count in rows}
    return {status: found.get(status, 0) for status in RecordStatus}


@dataclass(frozen=True, slots=True)
class UseOfOperation:
    """What one operation of the CRM cost."""

    operation: str
    calls: int
    credits: int
    failures: int
    latency_ms: int
    """Sum over the calls."""


async def credit_use_since(db: AsyncSession, since: datetime) -> list[UseOfOperation]:
    """Return calls and credits by operation since a moment, dearest first."""
    return await _credit_use(db, CreditUse.minute >= since)


async def credit_use_of(db: AsyncSession, session_id: UUID) -> list[UseOfOperation]:
    """Return calls and credits of one session by operation, dearest first."""
    return await _credit_use(db, CreditUse.session_id == session_id)


async def _credit_use(db: AsyncSession, which: ColumnElement[bool]) -> list[UseOfOperation]:
    rows = await db.execute(
        select(
            CreditUse.operation,
            func.sum(CreditUse.calls),
            func.sum(CreditUse.credits),
            func.sum(CreditUse.failures),
            func.sum(CreditUse.latency_ms),
        )
        .where(which)
        .group_by(CreditUse.operation)
        .order_by(func.sum(CreditUse.credits).desc(), CreditUse.operation)
    )
    return [
        UseOfOperation(name, int(calls), int(credits_), int(failures), int(latency))
        for name, calls, credits_, failures, latency in rows
    ]


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions of the history are wanted; None leaves a side open."""

    statuses: tuple[SessionStatus, ...] = ()
    sync_types: tuple[SyncType, ...] = ()
    module: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as SQL conditions."""
        wanted: list[ColumnElement[bool]] = []
        if self.statuses:
            wanted.append(SyncSession.status.in_(self.statuses))
        if self.sync_types:
            wanted.append(SyncSession.sync_type.in_(self.sync_types))
        if self.module is not None:
            wanted.append(SyncSession.module == self.module)
        if self.created_from is not None:
            wanted.append(SyncSession.created_at >= self.created_from)
        if self.created_before is not None:
            wanted.append(SyncSession.created_at < self.created_before)
        return wanted


async def sessions_page(
    db: AsyncSession, wanted: SessionFilter, limit: int, offset: int
) -> tuple[int, Sequence[SyncSession]]:
    """Return how many sessions match, and one page of them, newest first."""
    conditions = wanted.conditions()
    count = await db.scalar(select(func.count()).select_from(SyncSession).where(*conditions))
    rows = await db.scalars(
        _newest_first(select(SyncSession).where(*conditions)).limit(limit).offset(offset)
    )
    return int(count or 0), rows.all()


def _newest_first(query: Select[SyncSession]) -> Select[SyncSession]:
    return query.order_by(SyncSession.created_at.desc(), SyncSession.id.desc())


async def log_of(
    db: AsyncSession, session_id: UUID, limit: int
) -> tuple[bool, Sequence[SyncStatusLog]]:
    """Return a session's log, oldest line first, and whether more than `limit` lines exist."""
    lines = (
        await db.scalars(
            select(SyncStatusLog)
            .where(SyncStatusLog.session_id == session_id)
            .order_by(SyncStatusLog.timestamp, SyncStatusLog.id)
            .limit(limit + 1)
        )
    ).all()
    return len(lines) > limit, lines[:limit]
