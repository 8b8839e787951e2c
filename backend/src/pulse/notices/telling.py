"""The hourly check: tell editors of open conflicts, and again only when new ones came.

An hour's check looks at the conflicts that arose before it. It runs a few minutes past the hour:
a conflict's time is that of the transaction that found it, which may be seen somewhat later.
Ticks that come late, twice or from two workers tell once: what was told up to is kept with the
notice, and ticks exclude each other.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select

from pulse.core.access import Role
from pulse.core.modules import DEALS
from pulse.db.events import Topic, notify
from pulse.jobs.catalogue import MailNotice
from pulse.jobs.outbox import enqueue
from pulse.models import Notice, PendingChange
from pulse.notices.words import NoticeKind
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

PAST_THE_HOUR: Final = timedelta(minutes=5)
KEEP_NOTICES: Final = timedelta(days=90)
_TOLD_UP_TO: Final = "told_up_to"


async def tell_of_conflicts(db: AsyncSession, now: datetime) -> int | None:
    """Write the hour's notice if there is something to tell; return its id. The caller commits."""
    cut = (now.astimezone(UTC) - PAST_THE_HOUR).replace(minute=0, second=0, microsecond=0)
    last = await db.scalar(
        select(Notice.facts[_TOLD_UP_TO].as_string())
        .where(Notice.kind == NoticeKind.CONFLICTS)
        .order_by(Notice.id.desc())
        .limit(1)
    )
    told_up_to = None if last is None else datetime.fromisoformat(last)
    if told_up_to is not None and told_up_to >= cut:
        return None
    # Those that await the CRM's timeline are decided without anybody.
    is_open = (
        (PendingChange.module == DEALS)
        & (PendingChange.state == ChangeState.CONFLICT)
        & ~PendingChange.is_skipped
        & ~PendingChange.awaits_timeline
    )
    is_new = PendingChange.conflict_since < cut
    if told_up_to is not None:
        is_new &= PendingChange.conflict_since >= told_up_to
    records, new = (
        await db.execute(
            select(
                func.count(PendingChange.record_id.distinct()),
                func.count(PendingChange.record_id.distinct()).filter(is_new),
            ).where(is_open)
        )
    ).one()
    if not new:
        return None
    await db.execute(delete(Notice).where(Notice.created_at < now - KEEP_NOTICES))
    notice = Notice(
        kind=NoticeKind.CONFLICTS,
        role=Role.EDITOR,
        facts={"open": records, "new": new, _TOLD_UP_TO: cut.isoformat()},
        created_at=now,
    )
    db.add(notice)
    await db.flush()
    await notify(db, Topic.NOTICES, Role.EDITOR)
    await enqueue(db, MailNotice(notice.id))
    return notice.id
