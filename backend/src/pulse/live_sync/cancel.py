"""Ask a run to stop. A waiting one ends at once; a running one at its next batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CursorResult, update

from pulse.core.sync import OPEN_STATUSES, SESSION_TRANSITIONS, SessionStatus
from pulse.db.events import Topic, notify
from pulse.kit.errors import ConflictError, NotFoundError
from pulse.models import SyncSession, SyncStatusLog
from pulse.web.audit import audit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal


class SessionNotFoundError(NotFoundError):
    """There is no session of this id."""

    code = "session_not_found"

    def __init__(self, session_id: UUID) -> None:
        super().__init__(
            f"There is no session {session_id}.",
            fix="GET /api/sync-status/history lists the sessions.",
        )


class SessionEndedError(ConflictError):
    """The session has ended, so nothing is left to cancel."""

    code = "session_ended"

    def __init__(self, session_id: UUID, status: str) -> None:
        super().__init__(
            f"Session {session_id} has already ended: it is {status}.",
            fix="Start a new one if you need it.",
            extra={"session_id": str(session_id), "session_status": status},
        )


async def move_session(
    db: AsyncSession, session: SyncSession, new: SessionStatus, at: datetime
) -> bool:
    """Move a session to another status; return whether it still had the one we saw.

    Raises ValueError for a move that `SESSION_TRANSITIONS` does not have.
    """
    old = SessionStatus(session.status)
    if (old, new) not in SESSION_TRANSITIONS:
        raise ValueError(f"a session does not go from {old} to {new}")
    moved = await db.execute(
        update(SyncSession)
        .where(SyncSession.id == session.id, SyncSession.status == old)
        .values(
            status=new,
            started_at=at if new is SessionStatus.IN_PROGRESS else SyncSession.started_at,
            completed_at=None if new in OPEN_STATUSES else at,
        )
        .execution_options(synchronize_session="fetch")
    )
    assert isinstance(moved, CursorResult)  # noqa: S101 - what an UPDATE returns
    return moved.rowcount == 1


async def cancel_session(
    db: AsyncSession, session_id: UUID, now: datetime, who: Principal
) -> SyncSession:
    """Note that the run shall stop and return the session as it stands; asking twice is no error.

    Raises SessionNotFoundError, and SessionEndedError where it is too late.
    """
    # The row is locked: a worker that is just starting the run waits, and then sees the request.
    session = await db.get(SyncSession, session_id, with_for_update=True)
    if session is None:
        raise SessionNotFoundError(session_id)
    if session.status not in OPEN_STATUSES:
        raise SessionEndedError(session_id, session.status)
    if session.cancel_requested_at is not None:
        return session
    session.cancel_requested_at = now
    await db.flush()
    was_waiting = session.status == SessionStatus.PENDING
    if was_waiting:
        await move_session(db, session, SessionStatus.CANCELLED, now)
    db.add(
        SyncStatusLog(
            session_id=session_id,
            timestamp=now,
            step=SessionStatus.CANCELLED,
            status=SessionStatus.CANCELLED if was_waiting else session.status,
            message=(
                f"Cancelled by {who.label} before it started."
                if was_waiting
                else f"{who.label} asked to stop."
            ),
        )
    )
    await audit(
        db, who, "sync.cancelled", kind="sync", subject=str(session_id), name=session.module
    )
    await notify(db, Topic.SESSION, session_id)
    await db.flush()
    return session
