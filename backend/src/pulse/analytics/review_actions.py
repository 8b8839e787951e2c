"""The action items of a week: what was open at its end, what was done in it, what came since.

Items of a past week are told as they then stood, out of their versions; beside that, whether they
are done by now. An item of a deal belongs to a review if its deal meets the filters at the week's
end; general ones belong to every review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, func, or_, select, text

from pulse.models import Deal, O2rAction, O2rActionVersion, UserAccount

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.review_week import ReviewedWeek

MOST: Final = 200
"""Items in one answer; open ones come first."""
_FOR_EVER: Final = text("'infinity'::timestamptz")
_PLACE_OF_PRIORITY: Final = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class ReviewedAction:
    """An action item as it stood at the end of a week."""

    id: int
    deal_id: int | None
    deal: str | None
    title: str
    priority: str
    owner_id: UUID | None
    owner: str | None
    due_on: date | None
    is_overdue: bool
    """Open at the week's end, and due before its last day."""
    created_at: datetime
    done_at: datetime | None
    """In the week; None if it was open at its end."""
    done_by_now_at: datetime | None
    """When it was done, in the week or since; None if it is open now."""
    is_gone: bool
    """Somebody has deleted it since."""


@dataclass(frozen=True, slots=True)
class ReviewedActions:
    """The action items of a review."""

    open: int
    overdue: int
    done: int
    items: tuple[ReviewedAction, ...]
    """Open ones by priority, then due date; then done ones, latest first."""
    since: tuple[ReviewedAction, ...]
    """Added since the end of the week that was complete last, as they stand now."""


async def read_actions(
    db: AsyncSession, week: ReviewedWeek, *, with_since: bool
) -> ReviewedActions:
    """Return the action items of a week, and those that were added after it."""
    held, now = O2rActionVersion, O2rAction
    stands = (
        [held.valid_to == _FOR_EVER]
        if week.is_running
        else [held.valid_from <= week.moment, held.valid_to > week.moment]
    )
    conditions = [
        *stands,
        held.deleted_at.is_(None),
        or_(held.done_at.is_(None), held.done_at >= week.starts_at),
        _is_meant(week, held.deal_id),
    ]
    is_overdue = and_(held.done_at.is_(None), held.due_on < week.last_day)
    counts = (
        await db.execute(
            select(
                func.count().filter(held.done_at.is_(None)),
                func.count().filter(is_overdue),
                func.count().filter(held.done_at.is_not(None)),
            ).where(*conditions)
        )
    ).one()
    rows = await db.execute(
        select(held, now, UserAccount.name, Deal.name)
        .join(now, now.id == held.action_id)
        .outerjoin(UserAccount, UserAccount.id == held.owner_id)
        .outerjoin(Deal, Deal.id == held.deal_id)
        .where(*conditions)
        .order_by(
            held.done_at.desc().nulls_first(),
            case(_PLACE_OF_PRIORITY, value=held.priority),
            held.due_on.asc().nulls_last(),
            held.action_id,
        )
        .limit(MOST)
    )
    return ReviewedActions(
        open=counts[0],
        overdue=counts[1],
        done=counts[2],
        items=tuple(_item(*row, last_day=week.last_day) for row in rows),
        since=await _since(db, week) if with_since else (),
    )


async def _since(db: AsyncSession, week: ReviewedWeek) -> tuple[ReviewedAction, ...]:
    rows = await db.execute(
        select(O2rAction, UserAccount.name, Deal.name)
        .outerjoin(UserAccount, UserAccount.id == O2rAction.owner_id)
        .outerjoin(Deal, Deal.id == O2rAction.deal_id)
        .where(
            O2rAction.created_at > week.moment,
            O2rAction.deleted_at.is_(None),
            _is_meant(week, O2rAction.deal_id),
        )
        .order_by(
            O2rAction.done_at.desc().nulls_first(),
            case(_PLACE_OF_PRIORITY, value=O2rAction.priority),
            O2rAction.due_on.asc().nulls_last(),
            O2rAction.id,
        )
        .limit(MOST)
    )
    return tuple(_item(now, now, *names, last_day=week.last_day) for now, *names in rows)


def _is_meant(week: ReviewedWeek, deal_id: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    deals = week.end.deals()
    meant = select(deals.id).select_from(deals.table).where(*week.end.meets(deals))
    return or_(deal_id.is_(None), deal_id.in_(meant))


def _item(
    then: O2rActionVersion | O2rAction,
    now: O2rAction,
    owner: str | None,
    deal: str | None,
    *,
    last_day: date,
) -> ReviewedAction:
    return ReviewedAction(
        id=now.id,
        deal_id=then.deal_id,
        deal=deal,
        title=then.title,
        priority=then.priority,
        owner_id=then.owner_id,
        owner=owner,
        due_on=then.due_on,
        is_overdue=then.done_at is None and then.due_on is not None and then.due_on < last_day,
        created_at=now.created_at,
        done_at=then.done_at,
        done_by_now_at=now.done_at,
        is_gone=now.deleted_at is not None,
    )
