"""Read the records of a chunk as the CRM holds them now; what is seen is applied to the mirror."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pulse.core.bulk import Way
from pulse.sync.bulking.items import authored
from pulse.sync.bulking.plan import IDS_A_READ
from pulse.sync.bulking.ports import Seen
from pulse.sync.changes import chunked
from pulse.sync.planner import PAGE_ROWS
from pulse.sync.ports import Mark, TheseIds
from pulse.sync.sources import read_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pulse.sync.bulking.context import BulkContext
    from pulse.sync.bulking.ports import Item

_SECOND: Final = timedelta(seconds=1)
SECOND_S: Final = 1.1
"""Stamps have whole seconds: one that may still be open is read again after this long."""


async def read_now(
    context: BulkContext, items: Sequence[Item], *, own: Sequence[Item] = ()
) -> tuple[Mapping[int, Seen], datetime | None]:
    """Return what the CRM holds of records, and the greatest stamp among them: the guard.

    Before a guarded write the second of that stamp is over, so no later change can hide behind it.
    `own` are items that we have just written: their values are told as their author's.
    """
    seen, guard, crm_time = await _read(context, items, own)
    is_open = guard is not None and (crm_time is None or guard > crm_time - _SECOND)
    if is_open and not own and context.way is Way.PUT:
        await context.pull.sleep(SECOND_S)
        seen, guard, _ = await _read(context, items, own)
    return seen, guard


async def _read(
    context: BulkContext, items: Sequence[Item], own: Sequence[Item]
) -> tuple[dict[int, Seen], datetime | None, datetime | None]:
    pull = context.pull
    seen: dict[int, Seen] = {}
    crm_time: datetime | None = None
    # While pulls pause, the mirror takes over the fields of the operation and nothing else.
    fields = None if context.takes_over else sorted({name for each in items for name in each.after})
    for part in chunked(sorted(item.record_id for item in items), IDS_A_READ):
        limit = PAGE_ROWS if len(part) <= PAGE_ROWS else IDS_A_READ
        after: int | None = None
        while True:
            page, number = await read_whole(pull, TheseIds(tuple(part)), after=after, limit=limit)
            crm_time = page.crm_time or crm_time
            if not page.rows:
                break
            batch = pull.batch(page.rows, number)
            found = {each.record_id: Seen(each.stamp, each.values) for each in batch.observations}
            seen |= found
            ours = authored(own, found, context.author)
            if fields is not None:
                batch = pull.batch(page.rows, number, fields, is_partial=True)
            await pull.mirror.apply(replace(batch, authored=ours), Mark())
            after = max(found)
            if not page.has_more:
                break
    return seen, max((each.stamp for each in seen.values()), default=None), crm_time
