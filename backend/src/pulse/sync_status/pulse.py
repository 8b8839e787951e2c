"""The pulse: one bar a run; if there are more than have room, thinned in SQL.

A range of weeks holds thousands of runs and a strip a few hundred pixels. What thinning leaves out
is counted (`stands_for`); a failed run is never left out for one that went well.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, case, cast, func, select

from pulse.core.sync import OPEN_STATUSES, SessionStatus, SyncType
from pulse.models import SyncSession
from pulse.sync_status.run_schemas import Pulse, PulseRun
from pulse.sync_status.trigger import trigger_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

_SHOWN: Final = (
    SyncSession.id,
    SyncSession.module,
    SyncSession.sync_type,
    SyncSession.requested_by,
    SyncSession.status,
    SyncSession.created_at,
    SyncSession.started_at,
    SyncSession.completed_at,
    SyncSession.records_changed,
    SyncSession.credits_used,
)


async def pulse(db: AsyncSession, hours: int, bars: int, now: datetime) -> Pulse:
    """Return the runs of the `hours` before `now`.

    Of more than `bars` runs, one of a kind is returned for each of `bars` parts of the time. The
    kinds are: failed, open, other.
    """
    length = timedelta(hours=hours)
    since = now - length
    has_failed = SyncSession.status == SessionStatus.FAILED
    total, failed, last_failed_at, changed, spent = (
        await db.execute(
            select(
                func.count(),
                func.count().filter(has_failed),
                func.max(SyncSession.created_at).filter(has_failed),
                func.coalesce(func.sum(SyncSession.records_changed), 0),
                func.coalesce(func.sum(SyncSession.credits_used), 0),
            ).where(SyncSession.created_at >= since)
        )
    ).one()
    return Pulse(
        since=since,
        until=now,
        total_runs=total,
        failed_runs=failed,
        last_failed_at=last_failed_at,
        records_changed=int(changed),
        credits_used=int(spent),
        runs=await _bars(db, since, None if total <= bars else length / bars),
    )


async def _bars(db: AsyncSession, since: datetime, width: timedelta | None) -> list[PulseRun]:
    alike = [SyncSession.id] if width is None else _part_and_kind(since, width)
    runs = (
        select(
            *_SHOWN,
            func.row_number()
            .over(
                partition_by=alike,
                order_by=[SyncSession.records_changed.desc(), SyncSession.created_at.desc()],
            )
            .label("rank"),
            func.count().over(partition_by=alike).label("stands_for"),
        )
        .where(SyncSession.created_at >= since)
        .subquery()
    )
    rows = await db.execute(
        select(runs).where(runs.c.rank == 1).order_by(runs.c.created_at, runs.c.id)
    )
    return [
        PulseRun(
            id=row.id,
            module=row.module,
            sync_type=SyncType(row.sync_type),
            trigger=trigger_of(SyncType(row.sync_type), row.requested_by),
            status=SessionStatus(row.status),
            created_at=row.created_at,
            started_at=row.started_at,
            completed_at=row.completed_at,
            records_changed=row.records_changed,
            credits_used=row.credits_used,
            stands_for=row.stands_for,
        )
        for row in rows
    ]


def _part_and_kind(since: datetime, width: timedelta) -> list[SQLColumnExpression[Any]]:
    age_s = func.extract("epoch", SyncSession.created_at - since)
    kind = case(
        (SyncSession.status == SessionStatus.FAILED, "failed"),
        (SyncSession.status.in_(OPEN_STATUSES), "open"),
        else_="other",
    )
    return [cast(func.floor(age_s / width.total_seconds()), Integer), kind]
