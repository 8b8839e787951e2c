"""Ask an operation to stop: what is on its way is settled, what was not sent stays unwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse.bulk import errors
from pulse.bulk.schemas import BulkCancellation
from pulse.core.bulk import BULK_TYPES
from pulse.core.sync import OPEN_STATUSES, SessionStatus
from pulse.db.events import Topic, notify
from pulse.models import SyncSession, SyncStatusLog
from pulse.web.audit import audit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal


async def cancel_operation(
    db: AsyncSession, session_id: UUID, who: Principal, now: datetime
) -> BulkCancellation:
    """Note that an operation shall stop; asking twice is no error.

    Raises BulkNotFoundError, and ConflictError `session_ended` where it is too late.
    """
    # The row is locked: a worker that is just starting the run waits, and then sees the request.
    session = await db.scalar(
        select(SyncSession)
        .where(SyncSession.id == session_id, SyncSession.sync_type.in_(BULK_TYPES))
        .with_for_update()
    )
    if session is None:
        raise errors.bulk_not_found(session_id)
    if session.status not in OPEN_STATUSES:
        raise errors.bulk_ended(session_id, session.status)
    was_waiting = session.status == SessionStatus.PENDING
    if session.cancel_requested_at is None:
        session.cancel_requested_at = now
        if was_waiting:
            session.status = SessionStatus.CANCELLED
            session.completed_at = now
        db.add(
            SyncStatusLog(
                session_id=session_id,
                timestamp=now,
                step=SessionStatus.CANCELLED,
                status=session.status,
                message=(
                    f"Cancelled by {who.label} before it started."
                    if was_waiting
                    else f"{who.label} asked to stop."
                ),
            )
        )
        await audit(
            db, who, "bulk.cancelled", kind="bulk", subject=str(session_id), name=session.module
        )
        await notify(db, Topic.SESSION, session_id)
        await db.flush()
    return BulkCancellation(
        message=(
            "Cancelled before it started: nothing was written."
            if was_waiting
            else "It stops after the records that are on their way; the rest stays unwritten."
        ),
        session_id=session_id,
        status=SessionStatus(session.status),
    )
