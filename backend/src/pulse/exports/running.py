"""Make the exports that wait, one after the other, as a worker does.

A message carries no export: whoever gets one makes what waits, so a message that is lost, late or
doubled changes nothing. An export whose worker died is taken again from its beginning.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, func, or_, select
from sqlalchemy.exc import DBAPIError

from pulse.exports.errors import ExportStoppedError
from pulse.exports.making import attended, make_file
from pulse.exports.storing import (
    claim_next,
    fail,
    needs_worker,
    prune_exports,
    store_file,
    tell,
)
from pulse.jobs.catalogue import MakeExports
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import PulseError
from pulse.kit.logging import get_logger
from pulse.models import OutboxMessage
from pulse.web.database import Database

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.exports.making import Readers
    from pulse.exports.storing import Claim

TAKEN_WITHIN: Final = timedelta(seconds=10)
"""A message that was sent so lately is on its way to a worker."""

_log = get_logger(__name__)


async def make_exports(database_url: str, readers: Readers) -> int:
    """Make exports until none waits, or enough are being made elsewhere; return how many."""
    database = Database(database_url, pool_size=2)
    made = 0
    try:
        while True:
            async with database.writing.begin() as db:
                claim = await claim_next(db)
            if claim is None:
                return made
            await _make(database, claim, readers)
            made += 1
    finally:
        await database.close()


async def _make(database: Database, claim: Claim, readers: Readers) -> None:
    """Make one export; what can be expected to fail is told to its owner."""
    export = claim.export
    log = _log.bind(export_id=str(export.id), kind=export.kind, format=export.format)
    try:
        size = await _file(database, claim, readers)
    except ExportStoppedError:
        log.info("exports.stopped")
    except PulseError as error:
        await _fail(database, claim, error)
        log.warning("exports.failed", code=error.code)
    except DBAPIError:
        # The database is away or in trouble: the export is taken again when it is back.
        raise
    except Exception:
        await _fail(database, claim, PulseError("The file could not be made: a fault of ours."))
        raise
    else:
        log.info("exports.made", rows=export.rows_total, size_bytes=size)


async def _file(database: Database, claim: Claim, readers: Readers) -> int:
    rows_done = 0

    async def tell_rows(rows: int) -> None:
        nonlocal rows_done
        rows_done = rows
        async with database.writing.begin() as db:
            await tell(db, claim, rows)

    async def store(path: Path, name: str, rows: int | None) -> int:
        async with database.writing.begin() as db:
            return await store_file(db, claim, path, name, rows)

    with tempfile.TemporaryDirectory(prefix="pulse-export-") as folder:
        async with database.reading.begin() as db:
            made = await make_file(db, claim.export, Path(folder), tell_rows, readers)
        return await attended(store(made.path, made.name, made.rows), lambda: tell_rows(rows_done))


async def _fail(database: Database, claim: Claim, error: PulseError) -> None:
    try:
        async with database.writing.begin() as db:
            await fail(db, claim, error)
    except ExportStoppedError:
        _log.info("exports.stopped", export_id=str(claim.export.id))


async def tend_exports(db: AsyncSession, now: datetime) -> int:
    """Clear away what expired and have made what nobody makes; return how many were cleared."""
    gone = await prune_exports(db, now)
    is_waited_for = await db.scalar(select(exists().where(needs_worker())))
    on_its_way = exists().where(
        OutboxMessage.job == MakeExports.name,
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at > func.now() - TAKEN_WITHIN),
    )
    if is_waited_for and not await db.scalar(select(on_its_way)):
        await enqueue(db, MakeExports())
    return gone
