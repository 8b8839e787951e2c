"""Detail fields: what only a single-record read gives (subforms, linked records, tags).

A changed record is read once more by itself, a few in each pass, so that a busy hour does not eat
the day's credits; what is left waits for the next passes. Records that nobody touched since they
were loaded are read by and by, at night.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from pulse.sync.ports import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pulse.sync.loading import PullContext
    from pulse.sync.ports import Row

DETAILS_A_PASS: Final = 100
DETAILS_A_NIGHT: Final = 1_000
_READS_AT_ONCE: Final = 5


async def read_details(context: PullContext, since: datetime | None, limit: int) -> int:
    """Read up to `limit` records whose detail fields are older than they are, newest first.

    `since` leaves out records that were modified before. Returns how many were read; they do not
    count as changes, because what changed them was counted when their stamp moved.
    """
    if not context.canonical.detail_fields:
        return 0
    stale = await context.mirror.stale_details(since, limit)
    for start in range(0, len(stale), _READS_AT_ONCE):
        await _read_whole_records(context, stale[start : start + _READS_AT_ONCE])
    return len(stale)


async def _read_whole_records(context: PullContext, ids: Sequence[int]) -> None:
    number = await context.mirror.next_number()
    reads: list[asyncio.Task[Row | None]] = []
    async with asyncio.TaskGroup() as group:
        reads.extend(
            group.create_task(context.crm.record(context.module, record_id)) for record_id in ids
        )
    # One that is not there any more is settled by the deletions of the next pass.
    rows = [row for read in reads if (row := read.result()) is not None]
    batch = context.batch(rows, number, context.canonical.all_fields)
    await context.mirror.apply(batch, Mark())
