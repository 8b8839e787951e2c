"""The deals of a week, one row each: how they stand at its end, how they stood at its beginning.

Deals are those that meet the filters at the week's end; how one stood before is read by its id,
wherever it then belonged. Every figure of a review is a group of these rows, so the deals behind a
figure are always as many as it says.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, false, func, literal, not_, null, or_, select, true

from pulse.analytics.o2r.additions import changed_between
from pulse.analytics.o2r.asking import judge_side
from pulse.analytics.sums import priced
from pulse.core.o2r.health import Rule
from pulse.core.o2r.moves import Move

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.analytics.o2r.health import Judged
    from pulse.analytics.review.week import ReviewedWeek
    from pulse.core.o2r.health import Thresholds

    Rows = ReadOnlyColumnCollection[str, Any]


class Group(StrEnum):
    """Deals behind a figure of a review."""

    OPEN = "open"
    """Open opportunities at the week's end: not lost, revenue not recognised."""
    CREATED = "created"
    """Created in the CRM in the week."""
    WON = "won"
    """Won at the end and not at the beginning; of deals unknown then, those that were created."""
    LOST = "lost"
    """The same of lost ones."""
    UPDATED = "updated"
    """Open opportunities that somebody changed in the week, in the CRM or here."""
    NOT_UPDATED = "not_updated"
    """Open opportunities that nobody changed in the week."""
    BLOCKED = "blocked"
    """Open opportunities with an open blocker."""
    OVERDUE = "overdue"
    """Open opportunities whose closing date has passed."""
    REALISED = "realised"
    """Their revenue was recognised on a day of the week."""
    AT_RISK = "at_risk"
    """Open opportunities that are blocked or red."""
    WORSE = "worse"
    IMPROVED = "improved"
    NEW = "new"
    STABLE = "stable"


MOVES = tuple(Group(move.value) for move in Move)


def week_rows(week: ReviewedWeek, thresholds: Thresholds) -> Subquery:
    """Return the rows that `is_in` speaks of."""
    judged = judge_side(week.end, week.moment, thresholds)
    before = _before(week, thresholds)
    deals, deal, process = judged.deals, judged.deals.deal, judged.day.process
    then = before.c
    was_there = then.id.is_not(None)
    is_created = func.coalesce(
        and_(deal.crm_created_at >= week.starts_at, deal.crm_created_at < week.ends_at), false()
    )

    def has_become(is_now: ColumnElement[bool], was: ColumnElement[bool]) -> ColumnElement[bool]:
        return and_(is_now, or_(and_(was_there, not_(was)), and_(not_(was_there), is_created)))

    is_won = func.coalesce(
        has_become(func.coalesce(process.is_won(deal), false()), then.is_won), false()
    )
    is_lost = func.coalesce(has_become(judged.is_lost, then.is_lost), false())
    is_realised = func.coalesce(
        deal.revenue_recognised_on.between(week.week.monday, week.last_day), false()
    )
    return (
        judged.onto(
            priced(
                deal,
                week.end.scope.money,
                deals.id.label("id"),
                deal.currency.label("currency"),
                deal.owner_id.label("owner_id"),
                judged.is_opportunity.label("is_open"),
                judged.rank.label("rank"),
                judged.score.label("score"),
                is_created.label("is_created"),
                is_won.label("is_won"),
                is_lost.label("is_lost"),
                _is_updated(week, judged).label("is_updated"),
                judged.is_at_risk.label("is_at_risk"),
                func.coalesce(judged.signals[Rule.BLOCKER_OPEN], false()).label("is_blocked"),
                func.coalesce(judged.signals[Rule.CLOSING_PASSED], false()).label("is_overdue"),
                is_realised.label("is_realised"),
                case((then.is_open, then.rank)).label("rank_then"),
                case((then.is_open, then.score)).label("score_then"),
            ).select_from(deals.table)
        )
        .outerjoin(before, then.id == deals.id)
        .where(
            *week.end.meets(deals),
            # Most deals were closed long ago and are in no group: nothing is computed of them.
            or_(judged.is_opportunity, is_created, is_won, is_lost, is_realised),
        )
        .subquery("week_rows")
    )


def _before(week: ReviewedWeek, thresholds: Thresholds) -> Subquery:
    judged = judge_side(week.begin, week.since, thresholds)
    deals, process = judged.deals, judged.day.process
    return (
        judged.onto(
            select(
                deals.id.label("id"),
                judged.is_opportunity.label("is_open"),
                judged.rank.label("rank"),
                judged.score.label("score"),
                func.coalesce(process.is_won(deals.deal), false()).label("is_won"),
                judged.is_lost.label("is_lost"),
            ).select_from(deals.table)
        )
        .where(deals.held())
        .subquery("before")
    )


def _is_updated(week: ReviewedWeek, judged: Judged) -> ColumnElement[bool]:
    table = judged.deals.table
    is_touched = func.coalesce(judged.touches.c.at >= week.starts_at, false())
    if week.end.at is None:
        return or_(table.crm_modified_at >= week.starts_at, is_touched)
    changed = changed_between(week.starts_at, week.end.at)
    return or_(
        table.valid_from >= week.starts_at,
        judged.deals.id.in_(select(changed.c.deal_id)),
        is_touched,
    )


def move_in(rows: Rows) -> ColumnElement[str | None]:
    """Return how an open opportunity moved (`pulse.core.o2r.moves`); NULL of other deals."""
    is_same_health = rows.rank == rows.rank_then
    is_worse = or_(rows.rank < rows.rank_then, and_(is_same_health, rows.score < rows.score_then))
    is_better = or_(rows.rank > rows.rank_then, and_(is_same_health, rows.score > rows.score_then))
    return case(
        (not_(rows.is_open), null()),
        (rows.rank_then.is_(None), literal(Move.NEW.value)),
        (is_worse, literal(Move.WORSE.value)),
        (is_better, literal(Move.IMPROVED.value)),
        else_=literal(Move.STABLE.value),
    )


def is_in(group: Group, rows: Rows) -> ColumnElement[bool]:
    """Return whether a row belongs to a group."""
    if group in MOVES:
        return move_in(rows) == group.value
    of_any = {
        Group.CREATED: rows.is_created,
        Group.WON: rows.is_won,
        Group.LOST: rows.is_lost,
        Group.REALISED: rows.is_realised,
    }
    if group in of_any:
        return and_(of_any[group])
    of_open = {
        Group.OPEN: true(),
        Group.UPDATED: rows.is_updated,
        Group.NOT_UPDATED: not_(rows.is_updated),
        Group.BLOCKED: rows.is_blocked,
        Group.OVERDUE: rows.is_overdue,
        Group.AT_RISK: rows.is_at_risk,
    }
    return and_(rows.is_open, of_open[group])
