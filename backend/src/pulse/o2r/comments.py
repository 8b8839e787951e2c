"""Comments on a deal: their author rewrites them, their author or an admin deletes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse.core.access import Role
from pulse.kit.errors import ForbiddenError, NotFoundError
from pulse.models import O2rComment
from pulse.o2r.opportunities_known import known_deal, tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal


def comment_not_found(comment_id: int) -> NotFoundError:
    """Return the error of a comment that is not there."""
    return NotFoundError(
        f"There is no comment {comment_id}.",
        code="comment_not_found",
        fix="It may have been deleted; read the opportunity again.",
    )


def not_your_comment(author: str) -> ForbiddenError:
    """Return the error of changing what somebody else wrote."""
    return ForbiddenError(
        f"This comment is {author}'s.",
        code="not_your_comment",
        fix=f"Add one of your own, or ask {author}; an admin may delete it.",
        extra={"author": author},
    )


async def read_comments(db: AsyncSession, deal_id: int) -> Sequence[O2rComment]:
    """Return a deal's comments, newest first."""
    found = await db.scalars(
        select(O2rComment)
        .where(O2rComment.deal_id == deal_id, O2rComment.deleted_at.is_(None))
        .order_by(O2rComment.created_at.desc(), O2rComment.id.desc())
    )
    return found.all()


async def add_comment(
    db: AsyncSession, who: Principal, deal_id: int, text: str, now: datetime
) -> O2rComment:
    """Add a comment to a deal. Raises NotFoundError."""
    deal = await known_deal(db, deal_id)
    comment = O2rComment(
        deal_id=deal_id, text=text, author_id=who.user_id, author_name=who.name, created_at=now
    )
    db.add(comment)
    await db.flush()
    await tell(db, who, "comment.added", deal, after={"comment": comment.id, "text": text})
    return comment


async def rewrite_comment(
    db: AsyncSession, who: Principal, comment_id: int, text: str, now: datetime
) -> O2rComment:
    """Replace the words of a comment of one's own. Raises NotFoundError and ForbiddenError."""
    comment = await _comment(db, comment_id)
    if comment.deleted_at is not None:
        raise comment_not_found(comment_id)
    if not is_author(who, comment):
        raise not_your_comment(comment.author_name)
    if comment.text != text:
        before, comment.text, comment.edited_at = comment.text, text, now
        await _tell(db, who, "comment.rewritten", comment, {"text": before}, {"text": text})
    return comment


async def delete_comment(
    db: AsyncSession, who: Principal, comment_id: int, now: datetime
) -> O2rComment:
    """Hide a comment; `restore_comment` takes it back. Raises NotFoundError, ForbiddenError."""
    comment = await _comment(db, comment_id)
    if not may_delete(who, comment):
        raise not_your_comment(comment.author_name)
    if comment.deleted_at is None:
        comment.deleted_at = now
        await _tell(db, who, "comment.deleted", comment, {"text": comment.text}, None)
    return comment


async def restore_comment(db: AsyncSession, who: Principal, comment_id: int) -> O2rComment:
    """Show a deleted comment again. Raises NotFoundError and ForbiddenError."""
    comment = await _comment(db, comment_id)
    if not may_delete(who, comment):
        raise not_your_comment(comment.author_name)
    if comment.deleted_at is not None:
        comment.deleted_at = None
        await _tell(db, who, "comment.restored", comment, None, {"text": comment.text})
    return comment


def is_author(who: Principal, comment: O2rComment) -> bool:
    """Return whether somebody wrote a comment; a command on the server wrote none."""
    return who.user_id is not None and comment.author_id == who.user_id


def may_delete(who: Principal, comment: O2rComment) -> bool:
    """Return whether somebody may hide a comment and show it again."""
    return is_author(who, comment) or who.role is Role.ADMIN


async def _comment(db: AsyncSession, comment_id: int) -> O2rComment:
    found = await db.scalar(select(O2rComment).where(O2rComment.id == comment_id).with_for_update())
    if found is None:
        raise comment_not_found(comment_id)
    return found


async def _tell(
    db: AsyncSession,
    who: Principal,
    action: str,
    comment: O2rComment,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    await db.flush()
    which: dict[str, object] = {"comment": comment.id}
    await tell(
        db,
        who,
        action,
        await known_deal(db, comment.deal_id),
        before=None if before is None else {**which, **before},
        after=None if after is None else {**which, **after},
    )
