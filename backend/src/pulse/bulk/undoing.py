"""Undo an operation: put back what it replaced, where nobody has touched the field since.

Touched fields (`pulse.bulk.undo_items`) stay and are listed. The run looks once more: it restores
a field only while the CRM still holds what the operation had written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from pulse.bulk import errors
from pulse.bulk.planning import plan_operation
from pulse.bulk.preview import plan_of
from pulse.bulk.reading import UNDO, bulk_session, undone_by
from pulse.bulk.schemas import LeftRecord, PreviewRow, UndoPreview
from pulse.bulk.starting import count_in, open_session, require_writable, started
from pulse.bulk.undo_items import field_sets, insert_undo_items, sample_left, sample_restored
from pulse.core.bulk import LIMITS, ItemState
from pulse.core.modules import DEALS
from pulse.core.sync import OPEN_STATUSES, SyncType
from pulse.jobs.catalogue import RunSession
from pulse.jobs.outbox import enqueue
from pulse.models import BulkItem
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.schemas import StartedBulk
    from pulse.bulk.undo_items import FieldSet
    from pulse.sync.bulking.plan import Plan
    from pulse.web.access import Principal

_LOCK: Final = 7_163_011
"""Class of the advisory locks under which an operation is undone once."""


async def undo_operation(
    db: AsyncSession, session_id: UUID, who: Principal, now: datetime
) -> StartedBulk:
    """Start a new operation that restores what this one replaced; the caller commits.

    Raises BulkNotFoundError, and ConflictError `bulk_running`, `already_undone`,
    `nothing_to_undo`, `crm_is_read_only`.
    """
    # Of two who undo at once, the second sees the first.
    await db.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(str(session_id)))))
    written = await _written(db, session_id)
    await require_writable(db)
    is_small = written <= LIMITS[SyncType.SMALL_BATCH]
    # Any: the JSON of a session.
    facts: dict[str, Any] = {
        "operation_type": UNDO,
        "choice": f"undo of {session_id}",
        "undo_of": str(session_id),
        "fields": None,
    }
    session = await open_session(
        db, SyncType.SMALL_BATCH if is_small else SyncType.BULK_WRITE, facts, who
    )
    plan = await _plan(db, await field_sets(db, session_id), now)
    await insert_undo_items(db, session_id, session.id)
    if not plan.is_affordable:
        raise errors.credits_short(plan)
    await count_in(db, session, plan)
    await audit(
        db,
        who,
        "bulk.undo.started",
        kind="bulk",
        subject=str(session.id),
        name=DEALS,
        after={"undo_of": str(session_id), "records": session.records_total},
    )
    await enqueue(db, RunSession(session.id))
    return await started(db, session, f"Undo of {session.records_total or 0:,} deals started.")


async def preview_undo(db: AsyncSession, session_id: UUID, now: datetime) -> UndoPreview:
    """Return what an undo would put back and what it would leave; nothing is written.

    Raises BulkNotFoundError, and ConflictError `bulk_running`, `already_undone`,
    `nothing_to_undo`.
    """
    await _written(db, session_id)
    sets = await field_sets(db, session_id)

    def count(state: ItemState) -> int:
        return sum(each.count for each in sets if each.state is state)

    restored = await sample_restored(db, session_id)
    left = await sample_left(db, session_id)
    return UndoPreview(
        session_id=session_id,
        will_restore=count(ItemState.WAITING),
        in_part=sum(
            each.count for each in sets if each.is_partial and each.state is ItemState.WAITING
        ),
        left_alone=count(ItemState.LEFT_ALONE),
        will_fail=count(ItemState.FAILED),
        sample=[
            PreviewRow(
                id=str(row.record_id), name=row.name, before=dict(row.before), after=dict(row.after)
            )
            for row in restored
        ],
        left=[
            LeftRecord(
                id=str(row.record_id),
                name=row.name,
                state=row.state,
                code=row.code,
                message=row.message,
                fields=[] if row.touched is None else row.touched.split(", "),
            )
            for row in left
        ],
        plan=plan_of((await _plan(db, sets, now)).as_json()),
    )


async def _written(db: AsyncSession, session_id: UUID) -> int:
    """Return how many records an operation wrote, if it can be undone."""
    undone = await bulk_session(db, session_id)
    if undone.status in OPEN_STATUSES:
        raise errors.bulk_running(session_id)
    earlier = (await undone_by(db, [session_id])).get(session_id)
    if earlier is not None:
        raise errors.already_undone(session_id, earlier)
    written = await db.scalar(
        select(func.count())
        .select_from(BulkItem)
        .where(BulkItem.session_id == session_id, BulkItem.state == ItemState.DONE)
    )
    if not written:
        raise errors.nothing_to_undo(session_id)
    return written


async def _plan(db: AsyncSession, sets: Sequence[FieldSet], now: datetime) -> Plan:
    """Plan what is to be restored; records that were touched in part need files of their own."""
    waiting = [each for each in sets if each.state is ItemState.WAITING]
    return await plan_operation(
        db,
        sum(each.count for each in waiting),
        sorted({name for each in waiting for name in each.fields}),
        now,
        are_values_shared=False,
        field_sets=len({each.fields for each in waiting}) or 1,
    )
