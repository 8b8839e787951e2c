"""Counts over sessions, records and the credit ledger; all arithmetic in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select

from pulse.core.sync import PULL_TYPES, Presence, RecordStatus, SessionStatus, SyncType
from pulse.models import CreditUse, RecordSyncStatus, SyncSession, SyncStatusLog
from pulse.sync_status.out_of_sync import apart_since
from pulse.sync_status.trigger import Trigger, was_set_off_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Label, Row
    from sqlalchemy.ext.asyncio import AsyncSession

_DURATION = func.extract("epoch", SyncSession.completed_at - SyncSession.started_at)
_RECEIVING: Final = (*PULL_TYPES, SyncType.MANUAL, SyncType.WEBHOOK)


@dataclass(frozen=True, slots=True)
class SessionTotals:
    """Sums over the sessions of a time."""

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

    @property
    def records_per_minute(self) -> float | None:
        """Records received per minute of running time; None without completed sessions."""
        if not self.completed_seconds:
            return None
        return self.completed_records / (self.completed_seconds / 60)

    @property
    def api_efficiency(self) -> float | None:
        """Records received per credit spent; None when none was spent."""
        return self.records_received / self.credits_spent if self.credits_spent else None


def session_sums() -> list[Label[Any]]:
    """Return the columns of SessionTotals, as sums over whatever sessions a query chooses."""
    is_completed = SyncSession.status == SessionStatus.COMPLETED
    reads = SyncSession.sync_type.in_(_RECEIVING)
    return [
        func.count().label("total"),
        func.count().filter(is_completed).label("completed"),
        func.count().filter(SyncSession.status == SessionStatus.FAILED).label("failed"),
        func.avg(_DURATION).filter(is_completed).label("avg_seconds"),
        _sum(SyncSession.records_processed, reads).label("records_received"),
        _sum(SyncSession.credits_used, reads).label("credits_spent"),
        _sum(SyncSession.records_processed, reads & is_completed).label("completed_records"),
        _sum(_DURATION, reads & is_completed).label("completed_seconds"),
    ]


def totals_of(row: Row[Any] | None) -> SessionTotals:
    """Return a row of `session_sums` with the types that it means; no row is no sessions."""
    if row is None:
        return SessionTotals(0, 0, 0, None, 0, 0, 0, 0.0)
    return SessionTotals(
        total=row.total,
        completed=row.completed,
        failed=row.failed,
        avg_seconds=None if row.avg_seconds is None else float(row.avg_seconds),
        records_received=int(row.records_received),
        credits_spent=int(row.credits_spent),
        completed_records=int(row.completed_records),
        completed_seconds=float(row.completed_seconds),
    )


async def session_totals(db: AsyncSession, since: datetime) -> SessionTotals:
    """Sum up the sessions that were created since a moment."""
    row = await db.execute(select(*session_sums()).where(SyncSession.created_at >= since))
    return totals_of(row.one())


def _sum(column: SQLColumnExpression[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(column).filter(condition), 0)


@dataclass(frozen=True, slots=True)
class RecordsOfStatus:
    """How many records have a status, and since when the oldest has it."""

    count: int
    oldest: datetime | None


async def records_by_status(db: AsyncSession, module: str) -> dict[RecordStatus, RecordsOfStatus]:
    """Count a module's records by sync status; tombstones are left out.

    One that was deleted in the CRM and edited here is in conflict, and counts.
    """
    rows = await db.execute(
        select(RecordSyncStatus.sync_status, func.count(), func.min(apart_since()))
        .where(
            RecordSyncStatus.module == module,
            or_(
                RecordSyncStatus.presence != Presence.DELETED,
                RecordSyncStatus.sync_status != RecordStatus.SYNCED,
            ),
        )
        .group_by(RecordSyncStatus.sync_status)
    )
    found = {RecordStatus(status): RecordsOfStatus(count, oldest) for status, count, oldest in rows}
    return {status: found.get(status, RecordsOfStatus(0, None)) for status in RecordStatus}


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
    triggers: tuple[Trigger, ...] = ()
    module: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as SQL conditions."""
        by_status = [SyncSession.status.in_(self.statuses)] if self.statuses else []
        return [*self.conditions_beside_status(), *by_status]

    def conditions_beside_status(self) -> list[ColumnElement[bool]]:
        """Return the conditions that do not ask for a status."""
        wanted: list[ColumnElement[bool]] = []
        if self.sync_types:
            wanted.append(SyncSession.sync_type.in_(self.sync_types))
        if self.triggers:
            wanted.append(was_set_off_by(self.triggers))
        if self.module is not None:
            wanted.append(SyncSession.module == self.module)
        if self.created_from is not None:
            wanted.append(SyncSession.created_at >= self.created_from)
        if self.created_before is not None:
            wanted.append(SyncSession.created_at < self.created_before)
        return wanted


async def sessions_by_status(db: AsyncSession, wanted: SessionFilter) -> dict[SessionStatus, int]:
    """Count by status the sessions that match all of the filter but its statuses."""
    rows = await db.execute(
        select(SyncSession.status, func.count())
        .where(*wanted.conditions_beside_status())
        .group_by(SyncSession.status)
    )
    return {SessionStatus(status): count for status, count in rows}


async def sessions_page(
    db: AsyncSession, wanted: SessionFilter, limit: int, offset: int = 0
) -> Sequence[SyncSession]:
    """Return one page of the sessions that match, newest first."""
    rows = await db.scalars(
        _newest_first(select(SyncSession).where(*wanted.conditions())).limit(limit).offset(offset)
    )
    return rows.all()


def _newest_first(query: Select[SyncSession]) -> Select[SyncSession]:
    return query.order_by(SyncSession.created_at.desc(), SyncSession.id.desc())


async def log_page(
    db: AsyncSession, session_id: UUID, limit: int, offset: int = 0
) -> tuple[int, Sequence[SyncStatusLog]]:
    """Return how many lines a session's log has, and some of them, oldest first."""
    count = await db.scalar(
        select(func.count())
        .select_from(SyncStatusLog)
        .where(SyncStatusLog.session_id == session_id)
    )
    lines = await db.scalars(
        select(SyncStatusLog)
        .where(SyncStatusLog.session_id == session_id)
        # Lines of one transaction share their time; the id keeps their order.
        .order_by(SyncStatusLog.timestamp, SyncStatusLog.id)
        .limit(limit)
        .offset(offset)
    )
    return int(count or 0), lines.all()
