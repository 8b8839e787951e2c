"""Which notices go out as mail, to whom, and that each does so once.

A notice is claimed before anything is sent: a worker that dies in between loses the mail, never
repeats it, and the application tells all the same. Only where the server took nothing at all is the
claim given back, and the job tried again while the notice is news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from pulse.core.access import Role
from pulse.jobs.catalogue import MailNotice
from pulse.jobs.outbox import enqueue
from pulse.models import Notice, UserAccount
from pulse.notices.words import NoticeKind, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

TRY_AGAIN_AFTER: Final = timedelta(minutes=5)
IS_NEWS_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """A notice as a letter, and who gets one."""

    subject: str
    text: str
    recipients: Sequence[str]


async def claim_mail(
    db: AsyncSession, notice_id: int, public_url: str, now: datetime
) -> NoticeMail | None:
    """Return the mail of a notice, which is then its sender's to send; None if it is not to go.

    Nobody else gets it from the caller's commit on.
    """
    notice = await db.scalar(
        update(Notice)
        .where(
            Notice.id == notice_id,
            Notice.mailed_at.is_(None),
            Notice.created_at > now - IS_NEWS_FOR,
        )
        .values(mailed_at=now)
        .returning(Notice)
    )
    if notice is None:
        return None
    words = words_of(NoticeKind(notice.kind), notice.facts)
    needed = Role(notice.role)
    recipients = await db.scalars(
        select(UserAccount.email)
        .where(
            UserAccount.is_active,
            UserAccount.role.in_([role for role in Role if role.allows(needed)]),
        )
        .order_by(UserAccount.email)
    )
    return NoticeMail(
        subject=words.message.removesuffix("."),
        text=f"{words.message}\n\n{public_url}{words.link}\n\n"
        "You get this because you may edit deals in Pipeline Pulse. It is sent once an hour at"
        " most, and only when there is something new.\n",
        recipients=recipients.all(),
    )


async def put_off(db: AsyncSession, notice_id: int) -> None:
    """Give a claim back, of which nothing was sent, and try again later; the caller commits."""
    await db.execute(update(Notice).where(Notice.id == notice_id).values(mailed_at=None))
    await enqueue(db, MailNotice(notice_id), delay=TRY_AGAIN_AFTER)
