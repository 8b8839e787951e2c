"""What a small batch answers: it was run at once, so its records have their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse.bulk.reading import bulk_session, item_counts, item_result
from pulse.bulk.schemas import SmallBatchResult
from pulse.core.bulk import ItemState
from pulse.core.sync import SessionStatus
from pulse.models import BulkItem

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession


async def small_batch_result(db: AsyncSession, session_id: UUID) -> SmallBatchResult:
    """Return what became of each record of a small batch."""
    session = await bulk_session(db, session_id)
    counts = (await item_counts(db, [session_id]))[session_id]
    items = await db.scalars(
        select(BulkItem).where(BulkItem.session_id == session_id).order_by(BulkItem.position)
    )
    done, total = counts[ItemState.DONE], sum(counts.values())
    message = f"{done} of {total} records updated."
    if session.status != SessionStatus.COMPLETED and session.error_message:
        message = f"{message} {session.error_message}"
    return SmallBatchResult(
        message=message,
        session_id=session_id,
        total_records=total,
        successful_updates=done,
        failed_updates=counts[ItemState.FAILED],
        unchanged=counts[ItemState.UNCHANGED],
        left_alone=counts[ItemState.LEFT_ALONE],
        not_written=counts[ItemState.WAITING] + counts[ItemState.SENT],
        details=[item_result(item) for item in items],
    )
