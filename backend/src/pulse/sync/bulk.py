"""Bulk operations: write many records, chunk by chunk, and know of each what became of it.

A chunk is read; what holds the values already, or is gone, is settled; the rest is frozen as sent,
written, read again, and settled by what the CRM said of each row *and* by what it holds now. Frozen
is committed before the call, so a worker that takes over finds what may be on its way: it settles
that by reading before it sends anything. Only what was certainly not written is sent again, so each
record is written at most once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.core.bulk import BY_JOB, ROWS_A_CALL, UNGUARDED, ItemState, Way
from pulse.sync.bulking.items import after_writing, before_writing
from pulse.sync.bulking.jobs import Answered, follow
from pulse.sync.bulking.plan import IDS_A_READ
from pulse.sync.bulking.ports import Item, Verdict
from pulse.sync.bulking.reading import read_now
from pulse.sync.changes import chunked
from pulse.sync.domain.errors import SyncError
from pulse.sync.domain.steps import PLAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pulse.sync.bulking.context import BulkContext

TRIES: Final = 5
"""How often a record is sent whose guard fails again and again."""
SETTLE_S: Final = 2.0
"""A request whose answer was lost may still be at work: it is looked for after this long."""
LATE_S: Final = (8.0, 20.0, 30.0)
"""Further looks for a request without a guard: sent twice, it would write twice."""
_REPEATABLE: Final = frozenset({Way.PUT, Way.MASS_UPDATE})
"""Ways that answer at once: a record that holds its old value afterwards was not written."""


async def run_bulk(context: BulkContext) -> Mapping[ItemState, int]:
    """Write all records that wait and return how many stand where.

    Raises CancelledByUserError and ConflictError between two chunks once somebody asked to stop, or
    the mode lets nothing out. An error of the CRM leaves the rest waiting, for whoever goes on or
    says why none of it can be written.
    """
    await _settle_sent(context)
    while True:
        await context.items.check_may_go_on()
        items = await context.items.waiting(ROWS_A_CALL[context.way])
        if not items:
            return await context.items.counts()
        context.chunk += 1
        await _write_chunk(context, items)


async def fail_rest(context: BulkContext, refused: SyncError) -> None:
    """Fail all that wait: the CRM refuses the whole operation, and not for a field's new name."""
    code = str(refused.extra.get("crm_code") or refused.code)
    await context.items.fail_waiting(code, refused.detail)


async def _settle_sent(context: BulkContext) -> None:
    """Settle what a worker before us may have written; nothing of it is sent before that."""
    items = await context.items.sent()
    if not items:
        return
    await context.pull.run.log(
        f"Looking what became of {len(items):,} records that were on their way.", step=PLAN
    )
    answered = None
    if context.job_id is not None:
        answered = await follow(context, context.job_id)
    await _settle(context, items, answered)


async def _write_chunk(context: BulkContext, items: Sequence[Item]) -> None:
    seen, guard = await read_now(context, items)
    known = context.pull.canonical.all_fields
    decided = [before_writing(item, seen.get(item.record_id), known) for item in items]
    verdicts = [each for each in decided if isinstance(each, Verdict)]
    to_write = [each for each in decided if isinstance(each, Item)]
    if context.way is Way.BULK_WRITE:
        # A file has one set of columns, and an empty cell empties its field: the others wait.
        to_write = [each for each in to_write if each.after.keys() == to_write[0].after.keys()]
    if verdicts:
        await context.items.end(verdicts)
    if not to_write:
        return
    allowed = await context.items.mark_sent(to_write, context.chunk)
    sending = [item for item in to_write if item.record_id in allowed]
    if context.way is Way.MASS_UPDATE_VIEW and not await _is_whole_view(context, sending):
        # The CRM's job takes the whole view: not all of it is to be written any more.
        await context.items.back_to_waiting([item.record_id for item in sending])
        context.way = Way.MASS_UPDATE
        await context.pull.run.note(way=context.way.value)
        await context.pull.run.log(
            "The view holds other records than those to be written: going on by ids.", step=PLAN
        )
    elif sending:
        answered = await _send(context, sending, guard)
        if answered is None and context.way in UNGUARDED:
            await _wait_for(context, sending)
        await _settle(context, sending, answered)


async def _wait_for(context: BulkContext, items: Sequence[Item]) -> None:
    """Wait for a request that may come late, until it shows or has had a minute."""
    first = items[:1]
    for wait_s in (SETTLE_S, *LATE_S):
        await context.pull.sleep(wait_s)
        seen, _ = await read_now(context, first, own=first)
        if any(
            after_writing(item, seen.get(item.record_id), None, may_repeat=True).state
            is not ItemState.WAITING
            for item in first
        ):
            return


async def _is_whole_view(context: BulkContext, items: Sequence[Item]) -> bool:
    assert context.view_id is not None  # noqa: S101 - the way is planned for views only
    held = await context.writer.view_ids(context.pull.module, context.view_id)
    return set(held) == {item.record_id for item in items}


async def _send(
    context: BulkContext, items: Sequence[Item], guard: datetime | None
) -> Answered | None:
    """Write records that are marked sent; None where the answer was lost.

    What the CRM did not execute waits again before the error is raised. Once a job of the CRM has
    them they stay sent, whatever happens while it is followed.
    """
    ids = [item.record_id for item in items]
    module = context.pull.module
    try:
        match context.way:
            case Way.PUT:
                assert guard is not None  # noqa: S101 - each of them was just read
                answers = await context.writer.update(module, items, guard)
            case Way.MASS_UPDATE:
                answers = await context.writer.mass_update(module, ids, items[0].after)
            case Way.MASS_UPDATE_VIEW | Way.BULK_WRITE:
                context.job_id = await _start_job(context, items)
    except SyncError:
        await context.items.back_to_waiting(ids)
        raise
    if context.way in BY_JOB:
        return None if context.job_id is None else await _follow_new(context, context.job_id)
    if answers is None:
        return None
    by_id = dict(zip(ids, answers, strict=True))
    await context.items.note_accepted([each for each, said in by_id.items() if said.is_written])
    return Answered(by_id)


async def _start_job(context: BulkContext, items: Sequence[Item]) -> str | None:
    if context.way is Way.BULK_WRITE:
        return await context.writer.start_bulk_write(context.pull.module, items)
    assert context.view_id is not None  # noqa: S101 - as above
    return await context.writer.start_view_update(
        context.pull.module, context.view_id, items[0].after, len(items)
    )


async def _follow_new(context: BulkContext, job_id: str) -> Answered:
    await context.items.note_job({"kind": context.way.value, "id": job_id, "state": "ADDED"})
    return await follow(context, job_id)


async def _settle(context: BulkContext, items: Sequence[Item], answered: Answered | None) -> None:
    """Settle sent records by what the CRM said of them and by what it holds now."""
    said = answered or Answered()
    by_id = {item.record_id: item for item in items}
    if answered is None:
        await context.pull.sleep(SETTLE_S)
    for part in chunked(list(by_id), IDS_A_READ):
        to_read = [by_id[each] for each in part if not said.is_refused(each)]
        seen, _ = await read_now(context, to_read, own=to_read)
        verdicts = [
            after_writing(
                by_id[record_id],
                seen.get(record_id),
                said.rows.get(record_id),
                may_repeat=context.way in _REPEATABLE and context.tries[record_id] < TRIES,
                otherwise=said.otherwise,
            )
            for record_id in part
        ]
        again = [each.record_id for each in verdicts if each.state is ItemState.WAITING]
        context.tries.update(again)
        await context.items.back_to_waiting(again)
        await context.items.end([each for each in verdicts if each.record_id not in set(again)])
    context.job_id = None
    await context.items.note_job(None)
