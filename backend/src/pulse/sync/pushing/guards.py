"""The read before a write: what the CRM holds now, and under which guard the write may go.

What is read is applied to the mirror like any other observation, so that the merge is made again
with it. While pulls pause, only the edited fields are taken over: they are what the merge needs.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pulse.core.sync import SyncMode
from pulse.sync.changes import settle_absent, settle_vanished
from pulse.sync.domain.canonical import STAMP, instant
from pulse.sync.domain.sending import is_second_over
from pulse.sync.loading import first_error
from pulse.sync.ports import Mark, TheseIds
from pulse.sync.sources import read_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from pulse.sync.ports import Row
    from pulse.sync.pushing.context import PushContext
    from pulse.sync.pushing.ports import PushedChange

IDS_A_READ: Final = 1_000
"""20 lists of 50 ids, within the 25 criteria of a query; two credits."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What was read of the records that are to be written."""

    pages: Sequence[tuple[Sequence[Row], int]]
    """Rows with the number of their read."""
    stamps: Mapping[int, datetime]
    """Modified_Time by record, of those that are there."""
    closed: frozenset[int]
    """Records whose stamp's second was over when they were read."""
    absent: frozenset[int]


async def read_guards(context: PushContext, record_ids: Collection[int]) -> Guarded:
    """Read records as the CRM holds them now, by queries: their answers tell the CRM's own time."""
    ids = sorted(record_ids)
    reads: list[asyncio.Task[tuple[list[Row], int, datetime]]] = []
    try:
        async with asyncio.TaskGroup() as group:
            reads.extend(
                group.create_task(_read(context, ids[start : start + IDS_A_READ]))
                for start in range(0, len(ids), IDS_A_READ)
            )
    except BaseExceptionGroup as errors:
        raise first_error(errors) from errors
    stamps: dict[int, datetime] = {}
    closed: set[int] = set()
    for rows, _, read_at in (read.result() for read in reads):
        for row in rows:
            record_id, stamp = int(str(row["id"])), instant(str(row[STAMP]))
            stamps[record_id] = stamp
            if is_second_over(stamp, read_at):
                closed.add(record_id)
    return Guarded(
        [(rows, number) for rows, number, _ in (read.result() for read in reads)],
        stamps,
        frozenset(closed),
        frozenset(ids) - stamps.keys(),
    )


async def _read(context: PushContext, ids: Sequence[int]) -> tuple[list[Row], int, datetime]:
    """Return rows, the number of their read, and a moment of CRM time that was not after it."""
    started = context.pull.clock.monotonic()
    selection = TheseIds(tuple(ids))
    page, number = await read_whole(context.pull, selection, limit=len(ids))
    took = timedelta(seconds=context.pull.clock.monotonic() - started)
    # A CRM that does not tell its time leaves our own clock.
    read_at = (page.crm_time or context.pull.clock.now()) - took
    rows = list(page.rows)
    while page.has_more and page.rows:  # a CRM may give fewer rows a query than were asked for
        after = int(str(page.rows[-1]["id"]))
        page, _ = await read_whole(context.pull, selection, after=after, limit=len(ids))
        rows.extend(page.rows)
    return rows, number, read_at


async def apply_guards(
    context: PushContext,
    seen: Guarded,
    changes: Iterable[PushedChange],
    landed: Collection[PushedChange],
) -> None:
    """Let the mirror see what was read; `landed` are sent changes that proved to be behind it.

    Records that were not there are settled: deleted ones become tombstones, which makes a conflict
    of their local changes.
    """
    by_record: dict[int, list[PushedChange]] = defaultdict(list)
    for change in changes:
        by_record[change.record_id].append(change)
    for rows, number in seen.pages:
        if context.settings.mode is SyncMode.LOCAL_TO_CRM:
            await _apply_edited_fields(context, rows, number, by_record, landed)
        elif rows:
            await _apply(context, rows, number, None, landed)
    if seen.absent:
        await settle_absent(context.pull, sorted(seen.absent))
    await settle_vanished(context.pull)


async def _apply_edited_fields(
    context: PushContext,
    rows: Sequence[Row],
    number: int,
    by_record: Mapping[int, Sequence[PushedChange]],
    landed: Collection[PushedChange],
) -> None:
    by_fields: dict[frozenset[str], list[Row]] = defaultdict(list)
    for row in rows:
        edited = by_record.get(int(str(row["id"])), ())
        by_fields[frozenset(change.field for change in edited)].append(row)
    for fields, some in by_fields.items():
        if fields:
            await _apply(context, some, number, sorted(fields), landed)


async def _apply(
    context: PushContext,
    rows: Sequence[Row],
    number: int,
    fields: Sequence[str] | None,
    landed: Collection[PushedChange],
) -> None:
    """Apply rows whole, or only some fields of them; then their stamps stay as they were."""
    batch = context.pull.batch(rows, number, fields, is_partial=fields is not None)
    there = {observation.record_id for observation in batch.observations}
    authored = [change.written() for change in landed if change.record_id in there]
    await context.pull.mirror.apply(replace(batch, authored=authored), Mark())
