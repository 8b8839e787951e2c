"""One's own sessions: where one is logged in, and how to end that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse.accounts.login import end_sessions
from pulse.db.events import Topic, notify
from pulse.kit.errors import NotFoundError
from pulse.models import BrowserSession
from pulse.web.audit import audit
from pulse.web.credentials import IDLE_EXPIRY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal


def login_not_found(session_id: UUID) -> NotFoundError:
    """Return the error of an id that is no session of the caller's."""
    return NotFoundError(
        f"You have no log-in {session_id}.",
        code="login_not_found",
        fix="It may have ended already; GET /api/auth/sessions lists yours.",
    )


async def own_sessions(db: AsyncSession, who: Principal, now: datetime) -> Sequence[BrowserSession]:
    """Return the caller's sessions that have not ended, last used first."""
    rows = await db.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.user_id == who.user_id,
            BrowserSession.expires_at > now,
            BrowserSession.last_seen_at > now - IDLE_EXPIRY,
        )
        .order_by(BrowserSession.last_seen_at.desc(), BrowserSession.id.desc())
    )
    return rows.all()


async def end_session(db: AsyncSession, who: Principal, session_id: UUID) -> None:
    """End one session of the caller's. Raises NotFoundError."""
    session = await db.scalar(
        select(BrowserSession)
        .where(BrowserSession.id == session_id, BrowserSession.user_id == who.user_id)
        .with_for_update()
    )
    if session is None:
        raise login_not_found(session_id)
    await db.delete(session)
    await notify(db, Topic.ACCESS, who.user_id)
    await audit(
        db,
        who,
        "session.ended",
        kind="session",
        subject=str(session_id),
        name=who.name,
        before={"user_agent": session.user_agent, "address": session.address},
    )


async def end_other_sessions(db: AsyncSession, who: Principal) -> int:
    """End all sessions of the caller's but the one that asks; return how many."""
    assert who.user_id is not None  # noqa: S101 - a session belongs to a user
    ended = await end_sessions(db, who.user_id, but=who.session_id)
    await audit(
        db,
        who,
        "session.others_ended",
        kind="session",
        subject=str(who.session_id),
        after={"sessions_ended": ended},
    )
    return ended
