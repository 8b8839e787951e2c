"""Exports in the database: asked for, taken by a worker, told of, ended, and cleared away.

The database's clock alone says whether a worker is alive. A worker that takes an export raises its
`attempt`; whatever an older one still writes finds no row. The parts of a file appear in one
transaction with the end of the export, so a file is whole or not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import CursorResult, and_, delete, func, insert, or_, select, update

from pulse.core.exports import (
    DEAD_AFTER,
    KEPT_FOR,
    MOST_AT_ONCE,
    MOST_TRIES,
    OPEN_STATES,
    ExportState,
)
from pulse.db.events import Topic, notify
from pulse.exports.errors import ExportStoppedError
from pulse.models import Export, ExportPart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.kit.errors import PulseError
    from pulse.web.database import Database

PART_BYTES: Final = 2**20
_CLAIM_LOCK: Final = 7_163_003
_DIED_CODE: Final = "export_worker_died"


@dataclass(frozen=True, slots=True)
class Claim:
    """An export that this worker makes, and by which attempt."""

    export: Export
    attempt: int


def _is_dead() -> ColumnElement[bool]:
    return and_(Export.state == ExportState.RUNNING, Export.heartbeat_at <= func.now() - DEAD_AFTER)


def needs_worker() -> ColumnElement[bool]:
    """Match exports that nobody makes: those that wait, and those whose worker died."""
    return or_(Export.state == ExportState.WAITING, _is_dead())


async def claim_next(db: AsyncSession) -> Claim | None:
    """Take the oldest export that nobody makes; None if there is none, or enough are being made.

    One whose workers died too often fails instead.
    """
    await db.execute(select(func.pg_advisory_xact_lock(_CLAIM_LOCK)))
    running = await db.scalar(
        select(func.count()).where(Export.state == ExportState.RUNNING, ~_is_dead())
    )
    if (running or 0) >= MOST_AT_ONCE:
        return None
    # Locked, so that a cancellation comes before or after.
    waiting = await db.scalars(
        select(Export)
        .where(needs_worker())
        .order_by(Export.created_at, Export.id)
        .with_for_update()
    )
    for export in waiting:
        if export.attempt < MOST_TRIES:
            export.state = ExportState.RUNNING
            export.attempt += 1
            export.rows_done = 0
            now = await db.scalar(select(func.now()))
            export.heartbeat_at = now
            export.started_at = now
            await notify(db, Topic.EXPORTS, export.id)
            await db.flush()
            return Claim(export, export.attempt)
        export.state = ExportState.FAILED
        export.finished_at = await db.scalar(select(func.now()))
        export.error_code = _DIED_CODE
        export.error_message = f"It was begun {MOST_TRIES} times, and its worker died each time."
        await notify(db, Topic.EXPORTS, export.id)
        await db.flush()
    return None


async def tell(db: AsyncSession, claim: Claim, rows_done: int) -> None:
    """Say that the export is being made. Raises ExportStoppedError if it is not ours any more."""
    await _change(db, claim, {"heartbeat_at": func.now(), "rows_done": rows_done})


async def store_file(
    db: AsyncSession, claim: Claim, path: Path, file_name: str, rows: int | None
) -> int:
    """Store a file and end the export; return its size in bytes. Raises ExportStoppedError."""
    size = 0
    with path.open("rb") as file:
        number = 0
        while content := file.read(PART_BYTES):
            await db.execute(
                insert(ExportPart).values(export_id=claim.export.id, number=number, content=content)
            )
            number += 1
            size += len(content)
    ended: dict[str, object] = {
        "state": ExportState.COMPLETED,
        "finished_at": func.now(),
        "file_name": file_name,
        "size_bytes": size,
    }
    if rows is not None:
        ended |= {"rows_done": rows, "rows_total": rows}
    await _change(db, claim, ended)
    return size


async def fail(db: AsyncSession, claim: Claim, error: PulseError) -> None:
    """End an export that cannot be made, with what its owner reads."""
    await _change(
        db,
        claim,
        {
            "state": ExportState.FAILED,
            "finished_at": func.now(),
            "error_code": error.code,
            "error_message": str(error),
        },
    )


async def _change(db: AsyncSession, claim: Claim, values: Mapping[str, object]) -> None:
    changed = await db.execute(
        update(Export)
        .where(
            Export.id == claim.export.id,
            Export.attempt == claim.attempt,
            Export.state == ExportState.RUNNING,
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, CursorResult)  # noqa: S101 - what an UPDATE returns
    if changed.rowcount == 0:
        raise ExportStoppedError
    await notify(db, Topic.EXPORTS, claim.export.id)


async def read_parts(database: Database, export_id: UUID, size_bytes: int) -> AsyncIterator[bytes]:
    """Yield a file part by part, each by a transaction of its own: a slow reader holds none.

    It ends early if the file expires meanwhile; its length, sent before, tells that it is cut.
    """
    for number in range(-(-size_bytes // PART_BYTES)):
        async with database.reading.begin() as db:
            content = await db.scalar(
                select(ExportPart.content).where(
                    ExportPart.export_id == export_id, ExportPart.number == number
                )
            )
        if content is None:
            return
        yield content


async def prune_exports(db: AsyncSession, now: datetime) -> int:
    """Delete exports, with their files, whose time is over; return how many."""
    gone = await db.execute(
        delete(Export).where(Export.expires_at <= now, Export.state.not_in(OPEN_STATES))
    )
    # One that nobody made in a day, as no worker was there, is not worth making any more.
    forgotten = await db.execute(delete(Export).where(Export.expires_at <= now - KEPT_FOR))
    assert isinstance(gone, CursorResult)  # noqa: S101 - what a DELETE returns
    assert isinstance(forgotten, CursorResult)  # noqa: S101 - as above
    return gone.rowcount + forgotten.rowcount
