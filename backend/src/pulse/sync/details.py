"""Detail fields: what only a single-record read gives (subforms, linked records, tags).

A changed record is read once more by itself, a few in each pass, so that a busy hour does not eat
the day's credits; what is left waits for the next passes. Records that nobody touched since they
were loaded are read by and by, at night.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pulse.sync.domain.canonical import STAMP, instant
from pulse.sync.loading import first_error
from pulse.sync.ports import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pulse.sync.loading import PullContext
    from pulse.sync.ports import Row

DETAILS_A_PASS: Final = 100
DETAILS_A_NIGHT: Final = 1_000
_READS_AT_ONCE: Final = 5
_A_SECOND: Final = timedelta(seconds=1)


async def read_details(
    context: PullContext, since: datetime | None, limit: int, now: datetime
) -> int:
    """Read up to `limit` records whose detail fields are older than they are, newest first.

    `now` is a moment of CRM time that is past: what was modified in the second before it may be
    modified in that second again. `since` leaves out records never read that are older. Returns
    how many were read; they do not count as changes, because what changed them was counted when
    their stamp moved.
    """
    if not context.canonical.detail_fields or not limit:
        return 0
    stale = await context.mirror.stale_details(since, limit)
    for start in range(0, len(stale), _READS_AT_ONCE):
        await _read_whole_records(context, stale[start : start + _READS_AT_ONCE], now)
    return len(stale)


async def _read_whole_records(context: PullContext, ids: Sequence[int], now: datetime) -> None:
    number = await context.mirror.next_number()
    reads: list[asyncio.Task[Row | None]] = []
    try:
        async with asyncio.TaskGroup() as group:
            reads.extend(
                group.create_task(context.crm.record(context.module, record_id))
                for record_id in ids
            )
    except BaseExceptionGroup as errors:
        raise first_error(errors) from errors
    # One that is not there any more is settled by the deletions of the next pass.
    rows = [row for read in reads if (row := read.result()) is not None]
    over = now - _A_SECOND
    for is_final in (True, False):
        some = [row for row in rows if (instant(str(row[STAMP])) <= over) is is_final]
        batch = context.batch(
            some, number, context.canonical.all_fields, are_details_final=is_final
        )
        if some:
            await context.mirror.apply(batch, Mark())
