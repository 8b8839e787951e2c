"""When the CRM's own stage history is imported, and how that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, func, or_, select

from pulse.core.stage_history import (
    FIRST_SYNC,
    IMPORT_DEAD_AFTER,
    OPEN_IMPORTS,
    ImportState,
)
from pulse.core.sync import SyncMode
from pulse.jobs.catalogue import ImportStageHistory
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import ConflictError
from pulse.models import OutboxMessage, StageHistoryImport
from pulse.queries.moments import history_began
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

_START_LOCK: Final = 7_163_012


class ImportRunningError(ConflictError):
    """An import of the stage history is open already."""

    code = "stage_import_running"


def import_running(import_id: UUID) -> ImportRunningError:
    """Return the error that names the open import."""
    return ImportRunningError(
        "The CRM's stage history is being imported already.",
        fix="Wait for its end; GET /api/analysis/stage-history tells how far it is.",
        extra={"import_id": str(import_id)},
    )


async def latest_import(db: AsyncSession) -> StageHistoryImport | None:
    """Return the import that was asked for last; None before the first."""
    found: StageHistoryImport | None = await db.scalar(
        # By the database's clock, which made the ids: those of the processes may differ.
        select(StageHistoryImport).order_by(StageHistoryImport.id.desc()).limit(1)
    )
    return found


async def start_import(db: AsyncSession, who: str, now: datetime) -> StageHistoryImport:
    """Ask for an import; one that failed before is taken up where it stopped.

    The caller commits. Raises ImportRunningError.
    """
    # Of two requests at once, the second finds the import of the first.
    await db.execute(select(func.pg_advisory_xact_lock(_START_LOCK)))
    last = await latest_import(db)
    if last is not None and last.state in OPEN_IMPORTS:
        raise import_running(last.id)
    begun = StageHistoryImport(requested_by=who, requested_at=now, state=ImportState.WAITING)
    if last is not None and last.state == ImportState.FAILED:
        begun.checkpoint, begun.source, begun.reason = last.checkpoint, last.source, last.reason
        begun.rows_total, begun.rows_read, begun.rows_kept = (
            last.rows_total,
            last.rows_read,
            last.rows_kept,
        )
    db.add(begun)
    await db.flush()
    await enqueue(db, ImportStageHistory())
    return begun


async def tend_import(db: AsyncSession, now: datetime) -> None:
    """Start the first import, try a failed one again, revive one that died; the caller commits."""
    last = await latest_import(db)
    if last is not None and last.state in OPEN_IMPORTS:
        if (last.heartbeat_at or last.requested_at) < now - IMPORT_DEAD_AFTER:
            await _send_again(db, now)
        return
    is_due = (
        last.next_try_at is not None and last.next_try_at <= now
        if last is not None
        else await history_began(db) is not None
    )
    if is_due and (await read_settings(db)).mode is not SyncMode.LOCAL_TO_CRM:
        await start_import(db, FIRST_SYNC, now)


async def _send_again(db: AsyncSession, now: datetime) -> None:
    is_on_its_way = exists().where(
        OutboxMessage.job == ImportStageHistory.name,
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at > now - IMPORT_DEAD_AFTER),
    )
    if not await db.scalar(select(is_on_its_way)):
        await enqueue(db, ImportStageHistory())
