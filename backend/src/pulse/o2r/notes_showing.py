"""From rows of comments, blockers and action items to what their routes give."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pulse.o2r.actions_schemas import ActionItem, Person, Priority
from pulse.o2r.comments import is_author, may_delete
from pulse.o2r.notes_schemas import Blocker, Comment

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from pulse.models import O2rBlocker, O2rComment
    from pulse.o2r.actions import OwnedAction
    from pulse.web.access import Principal


def comment_shown(comment: O2rComment, who: Principal) -> Comment:
    """Return a comment as somebody sees it."""
    return Comment(
        id=str(comment.id),
        text=comment.text,
        author=comment.author_name,
        is_mine=is_author(who, comment),
        may_delete=may_delete(who, comment),
        created_at=comment.created_at,
        edited_at=comment.edited_at,
    )


def blocker_shown(blocker: O2rBlocker, today: date, zone: ZoneInfo) -> Blocker:
    """Return a blocker with the organisation's days that it was open."""
    opened_on = blocker.opened_at.astimezone(zone).date()
    resolved = blocker.resolved_at
    until = today if resolved is None else resolved.astimezone(zone).date()
    return Blocker(
        id=str(blocker.id),
        title=blocker.title,
        opened_at=blocker.opened_at,
        opened_by=blocker.opened_by_name,
        days=max((until - opened_on).days, 0),
        resolved_at=resolved,
        resolved_by=blocker.resolved_by_name,
        resolution=blocker.resolution,
    )


def action_item(found: OwnedAction, today: date) -> ActionItem:
    """Return an action item as it stands on the organisation's day."""
    action, owner = found
    return ActionItem(
        id=str(action.id),
        deal_id=None if action.deal_id is None else str(action.deal_id),
        title=action.title,
        # A check constraint of the table allows no other word.
        priority=cast("Priority", action.priority),
        owner=None if action.owner_id is None else Person(id=action.owner_id, name=owner),
        due_on=action.due_on,
        is_overdue=action.done_at is None and action.due_on is not None and action.due_on < today,
        created_at=action.created_at,
        created_by=action.created_by_name,
        done_at=action.done_at,
        done_by=action.done_by_name,
    )
