"""Notices for whoever asks: those for their role or a lower one, and how far they have read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from pulse.core.access import Role
from pulse.db.events import Topic, notify
from pulse.models import Notice, NoticeRead
from pulse.notices.schemas import NoticeItem, Notices
from pulse.notices.words import NoticeKind, words_of
from pulse.web.audit import audit

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal


async def read_notices(db: AsyncSession, who: Principal, limit: int) -> Notices:
    """Return the newest notices for somebody, and how many they have not read."""
    up_to = await _read_up_to(db, who)
    rows = await db.scalars(
        select(Notice).where(_is_for(who)).order_by(Notice.id.desc()).limit(limit)
    )
    unread = await db.scalar(select(func.count()).where(_is_for(who), Notice.id > up_to))
    return Notices(unread=unread or 0, items=[_item(row, up_to) for row in rows])


async def mark_read(db: AsyncSession, who: Principal, up_to: int, limit: int) -> Notices:
    """Note how far somebody has read, never back, and return their notices; the caller commits."""
    newest = await db.scalar(select(func.max(Notice.id)).where(_is_for(who))) or 0
    before = await _read_up_to(db, who)
    after = max(before, min(up_to, newest))
    if who.user_id is not None and after > before:
        row = insert(NoticeRead).values(user_id=who.user_id, read_up_to=after)
        await db.execute(
            row.on_conflict_do_update(
                index_elements=[NoticeRead.user_id],
                set_={"read_up_to": func.greatest(NoticeRead.read_up_to, row.excluded.read_up_to)},
            )
        )
        await audit(
            db,
            who,
            "notices.read",
            kind="notices",
            subject=str(after),
            before={"read_up_to": before},
            after={"read_up_to": after},
        )
        await notify(db, Topic.NOTICES, who.role)
    return await read_notices(db, who, limit)


def _is_for(who: Principal) -> ColumnElement[bool]:
    return Notice.role.in_([role for role in Role if who.role.allows(role)])


async def _read_up_to(db: AsyncSession, who: Principal) -> int:
    found = await db.scalar(select(NoticeRead.read_up_to).where(NoticeRead.user_id == who.user_id))
    return found or 0


def _item(row: Notice, up_to: int) -> NoticeItem:
    kind = NoticeKind(row.kind)
    words = words_of(kind, row.facts)
    return NoticeItem(
        id=str(row.id),
        kind=kind,
        message=words.message,
        link=words.link,
        created_at=row.created_at,
        is_read=row.id <= up_to,
    )
