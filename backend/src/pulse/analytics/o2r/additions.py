"""What people here added to deals as of a moment: open blockers, and when they last did anything.

Both are made of small tables, so that joining them costs little, however many deals there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from pulse.core.modules import DEALS
from pulse.models import ChangeLogEntry, O2rBlocker, O2rComment, O2rMilestone, PendingChange

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery

    from pulse.queries.moments import Moment

UPDATES = ("created", "updated", "deleted", "restored")
"""Entries of the change log that say that somebody changed a deal."""


def open_blockers(at: Moment | None) -> Subquery:
    """Return (deal_id, count, title and opened_at of the oldest); one row a deal that has any."""
    order = (O2rBlocker.opened_at, O2rBlocker.id)
    titles = func.array_agg(aggregate_order_by(O2rBlocker.title, *order))
    return (
        select(
            O2rBlocker.deal_id,
            func.count().label("count"),
            titles[1].label("title"),
            func.min(O2rBlocker.opened_at).label("opened_at"),
        )
        .where(is_open_at(at))
        .group_by(O2rBlocker.deal_id)
        .subquery("open_blockers")
    )


def is_open_at(at: Moment | None) -> ColumnElement[bool]:
    """Return whether a blocker was open at a moment; None is now."""
    stands = O2rBlocker.withdrawn_at.is_(None)
    if at is None:
        return and_(stands, O2rBlocker.resolved_at.is_(None))
    return and_(
        stands,
        O2rBlocker.opened_at <= at,
        or_(O2rBlocker.resolved_at.is_(None), O2rBlocker.resolved_at > at),
    )


def last_touches(at: Moment | None) -> Subquery:
    """Return (deal_id, at): when people here last edited, commented, blocked or dated a deal.

    An edit that the CRM accepted is a change of the deal itself, and no longer among these.
    """
    kinds = (
        select(PendingChange.record_id.label("deal_id"), PendingChange.edited_at.label("at")).where(
            PendingChange.module == DEALS
        ),
        select(
            O2rComment.deal_id, func.coalesce(O2rComment.edited_at, O2rComment.created_at)
        ).where(O2rComment.deleted_at.is_(None)),
        select(O2rComment.deal_id, O2rComment.created_at).where(O2rComment.deleted_at.is_(None)),
        select(O2rBlocker.deal_id, O2rBlocker.opened_at).where(O2rBlocker.withdrawn_at.is_(None)),
        select(O2rBlocker.deal_id, O2rBlocker.resolved_at).where(
            O2rBlocker.withdrawn_at.is_(None), O2rBlocker.resolved_at.is_not(None)
        ),
        select(O2rMilestone.deal_id, O2rMilestone.set_at),
    )
    touches = union_all(*kinds).subquery("touches").c
    return (
        select(touches.deal_id, func.max(touches.at).label("at"))
        .where(*(() if at is None else (touches.at <= at,)))
        .group_by(touches.deal_id)
        .subquery("last_touches")
    )


def changed_between(first: datetime, last: Moment) -> Subquery:
    """Return (deal_id) of deals that the change log saw change, both ends included."""
    return (
        select(ChangeLogEntry.record_id.label("deal_id"))
        .where(
            ChangeLogEntry.module == DEALS,
            ChangeLogEntry.changed_at.between(first, last),
            ChangeLogEntry.kind.in_(UPDATES),
        )
        .distinct()
        .subquery("changed_deals")
    )
