"""Blockers: what holds a deal up, from when until when.

A past week asks which were open then, so a blocker that comes back is a new one. What was done by
mistake is taken back within `UNDO_WINDOW`: a resolution, or the whole blocker as if never opened.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.kit.errors import ConflictError, NotFoundError
from pulse.models import O2rBlocker
from pulse.o2r.opportunities_known import known_deal, tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal

UNDO_WINDOW: Final = timedelta(minutes=15)
"""How long opening and resolving a blocker can be taken back, its last moment included."""


def blocker_not_found(blocker_id: int) -> NotFoundError:
    """Return the error of a blocker that is not there."""
    return NotFoundError(
        f"There is no blocker {blocker_id}.",
        code="blocker_not_found",
        fix="It may have been withdrawn; read the opportunity again.",
    )


def blocker_resolved(by: str) -> ConflictError:
    """Return the error of resolving a blocker twice."""
    return ConflictError(
        f"{by} resolved this blocker already.",
        code="blocker_resolved",
        fix="Read the opportunity again; if it is back, open a new blocker.",
        extra={"resolved_by": by},
    )


def too_late_to_undo() -> ConflictError:
    """Return the error of taking something back that past figures rest on."""
    minutes = UNDO_WINDOW // timedelta(minutes=1)
    return ConflictError(
        f"This can be taken back for {minutes} minutes only: later, past weeks would change.",
        code="too_late_to_undo",
        fix="Resolve the blocker if it is gone; open a new one if it is back.",
        extra={"minutes": minutes},
    )


async def read_blockers(db: AsyncSession, deal_id: int) -> Sequence[O2rBlocker]:
    """Return a deal's blockers: open ones first, oldest first; then resolved, latest first."""
    found = await db.scalars(
        select(O2rBlocker)
        .where(O2rBlocker.deal_id == deal_id, O2rBlocker.withdrawn_at.is_(None))
        .order_by(O2rBlocker.resolved_at.desc().nulls_first(), O2rBlocker.opened_at, O2rBlocker.id)
    )
    return found.all()


async def open_blocker(
    db: AsyncSession, who: Principal, deal_id: int, title: str, now: datetime
) -> O2rBlocker:
    """Say what holds a deal up. Raises NotFoundError."""
    deal = await known_deal(db, deal_id)
    blocker = O2rBlocker(
        deal_id=deal_id,
        title=title,
        opened_at=now,
        opened_by=who.user_id,
        opened_by_name=who.name,
    )
    db.add(blocker)
    await db.flush()
    await tell(db, who, "blocker.opened", deal, after={"blocker": blocker.id, "title": title})
    return blocker


async def resolve_blocker(
    db: AsyncSession, who: Principal, blocker_id: int, resolution: str | None, now: datetime
) -> O2rBlocker:
    """End a blocker. Raises NotFoundError, and ConflictError if it has ended."""
    blocker = await _blocker(db, blocker_id)
    if blocker.withdrawn_at is not None:
        raise blocker_not_found(blocker_id)
    if blocker.resolved_at is not None:
        raise blocker_resolved(blocker.resolved_by_name or "Somebody")
    # Two processes' clocks may differ by a little.
    blocker.resolved_at = max(now, blocker.opened_at)
    blocker.resolved_by, blocker.resolved_by_name = who.user_id, who.name
    blocker.resolution = resolution
    await _tell(db, who, "blocker.resolved", blocker, after={"resolution": resolution})
    return blocker


async def reopen_blocker(
    db: AsyncSession, who: Principal, blocker_id: int, now: datetime
) -> O2rBlocker:
    """Take a resolution back. Raises NotFoundError, and ConflictError after the window."""
    blocker = await _blocker(db, blocker_id)
    if blocker.withdrawn_at is not None:
        raise blocker_not_found(blocker_id)
    if blocker.resolved_at is None:
        return blocker
    if now - blocker.resolved_at > UNDO_WINDOW:
        raise too_late_to_undo()
    before = {"resolution": blocker.resolution, "resolved_at": blocker.resolved_at}
    blocker.resolved_at = blocker.resolved_by = blocker.resolved_by_name = None
    blocker.resolution = None
    await _tell(db, who, "blocker.reopened", blocker, before=before)
    return blocker


async def withdraw_blocker(
    db: AsyncSession, who: Principal, blocker_id: int, now: datetime
) -> O2rBlocker:
    """Undo the opening, as if it never was. Raises NotFoundError, and ConflictError when late."""
    blocker = await _blocker(db, blocker_id)
    if blocker.withdrawn_at is not None:
        return blocker
    if now - blocker.opened_at > UNDO_WINDOW:
        raise too_late_to_undo()
    blocker.withdrawn_at = now
    await _tell(db, who, "blocker.withdrawn", blocker, before={"title": blocker.title})
    return blocker


async def _blocker(db: AsyncSession, blocker_id: int) -> O2rBlocker:
    found = await db.scalar(select(O2rBlocker).where(O2rBlocker.id == blocker_id).with_for_update())
    if found is None:
        raise blocker_not_found(blocker_id)
    return found


async def _tell(
    db: AsyncSession,
    who: Principal,
    action: str,
    blocker: O2rBlocker,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    await db.flush()
    which: dict[str, object] = {"blocker": blocker.id}
    await tell(
        db,
        who,
        action,
        await known_deal(db, blocker.deal_id),
        before=None if before is None else {**which, **before},
        after=None if after is None else {**which, **after},
    )
