"""The action items of a week: what was open at its end, what was done in it, what came since.

Items of a past week are told as they then stood, out of their versions; beside that, whether they
are done by now. An item of a deal belongs to a review if its deal meets the filters at the week's
end; general ones belong to every review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, or_, select, text

from pulse.models import Deal, O2rAction, O2rActionVersion, UserAccount

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.review.week import ReviewedWeek

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
    # The end of a version that holds is infinity, which Python cannot read: not among the columns.
    rows = await db.execute(
        select(*_columns(held, now))
        .join(now, now.id == held.action_id)
        .outerjoin(UserAccount, UserAccount.id == held.owner_id)
        .outerjoin(Deal, Deal.id == held.deal_id)
        .where(*conditions)
        .order_by(*_by_priority(held), held.action_id)
        .limit(MOST)
    )
    return ReviewedActions(
        open=counts[0],
        overdue=counts[1],
        done=counts[2],
        items=tuple(_item(row, week.last_day) for row in rows),
        since=await _since(db, week) if with_since else (),
    )


async def _since(db: AsyncSession, week: ReviewedWeek) -> tuple[ReviewedAction, ...]:
    now = O2rAction
    rows = await db.execute(
        select(*_columns(now, now))
        .outerjoin(UserAccount, UserAccount.id == now.owner_id)
        .outerjoin(Deal, Deal.id == now.deal_id)
        .where(now.created_at > week.moment, now.deleted_at.is_(None), _is_meant(week, now.deal_id))
        .order_by(*_by_priority(now), now.id)
        .limit(MOST)
    )
    return tuple(_item(row, week.last_day) for row in rows)


_Table = type[O2rActionVersion] | type[O2rAction]


def _columns(then: _Table, now: type[O2rAction]) -> tuple[Any, ...]:
    return (
        now.id,
        then.deal_id,
        Deal.name.label("deal"),
        then.title,
        then.priority,
        then.owner_id,
        UserAccount.name.label("owner"),
        then.due_on,
        now.created_at,
        then.done_at.label("done_then"),
        now.done_at.label("done_now"),
        now.deleted_at,
    )


def _by_priority(table: _Table) -> tuple[ColumnElement[Any], ...]:
    return (
        table.done_at.desc().nulls_first(),
        case(_PLACE_OF_PRIORITY, value=table.priority),
        table.due_on.asc().nulls_last(),
    )


def _is_meant(week: ReviewedWeek, deal_id: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    deals = week.end.deals()
    meant = select(deals.id).select_from(deals.table).where(*week.end.meets(deals))
    return or_(deal_id.is_(None), deal_id.in_(meant))


# Any: a row of `_columns`.
def _item(row: Any, last_day: date) -> ReviewedAction:  # noqa: ANN401 - as above
    return ReviewedAction(
        id=row.id,
        deal_id=row.deal_id,
        deal=row.deal,
        title=row.title,
        priority=row.priority,
        owner_id=row.owner_id,
        owner=row.owner,
        due_on=row.due_on,
        is_overdue=row.done_then is None and row.due_on is not None and row.due_on < last_day,
        created_at=row.created_at,
        done_at=row.done_then,
        done_by_now_at=row.done_now,
        is_gone=row.deleted_at is not None,
    )
