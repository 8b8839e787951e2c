"""The weekly review, put together out of the figures of `pulse.analytics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from pulse.analytics.basis import basis_of, open_conflicts
from pulse.analytics.names import names_of
from pulse.analytics.o2r.asking import day_at, read_thresholds
from pulse.analytics.o2r.standing import read_median_ages
from pulse.analytics.review.actions import read_actions
from pulse.analytics.review.deals import read_deals, read_group, read_moves
from pulse.analytics.review.figures import STANDING, read_figures
from pulse.analytics.review.insights import Told, insights_of
from pulse.analytics.review.rows import MOVES, Group
from pulse.core.o2r.moves import Move
from pulse.review.schemas import (
    MoveList,
    ReviewAction,
    ReviewActions,
    ReviewDeal,
    ReviewDeals,
    ReviewedWeekShown,
    ReviewFigure,
    ReviewFigures,
    ReviewInsight,
    ReviewPerson,
    WeeklyReview,
    WeekState,
)

if TYPE_CHECKING:
    from typing import Literal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.review.actions import ReviewedAction, ReviewedActions
    from pulse.analytics.review.deals import ReviewedDeal
    from pulse.analytics.review.figures import GroupFigure, WeekFigures
    from pulse.analytics.review.insights import Insight
    from pulse.analytics.review.week import ReviewedWeeks
    from pulse.core.o2r.health import Thresholds
    from pulse.web.paging import PageRequest

SHOWN: Final = 10
"""Deals of each of the four lists in one answer."""


async def weekly_review(db: AsyncSession, weeks: ReviewedWeeks, shown: int = SHOWN) -> WeeklyReview:
    """Return the review of a week; of past weeks, too, by today's thresholds."""
    thresholds, week = await read_thresholds(db), weeks.this
    this = await read_figures(db, week, thresholds)
    last = None if weeks.last is None else await read_figures(db, weeks.last, thresholds, STANDING)
    moves = await read_moves(db, week, thresholds, shown)
    actions = await read_actions(db, week, with_since=weeks.is_latest_complete)
    return WeeklyReview(
        basis=basis_of(weeks.question(), this.by_currency, await open_conflicts(db, week.end)),
        week=_week(weeks),
        figures=_figures(this, last),
        moves=[
            MoveList(
                move=Move(group.value),
                deals=this.of(group).deals,
                value=this.of(group).value,
                items=[_deal(each) for each in moves[group]],
            )
            for group in MOVES
        ],
        actions=_actions(actions),
        insights=[
            _insight(each) for each in insights_of(await _told(db, weeks, thresholds, this, last))
        ],
    )


async def review_deals(
    db: AsyncSession, weeks: ReviewedWeeks, group: Group, page: PageRequest
) -> ReviewDeals:
    """Return the deals behind a figure of a week, worst first."""
    found = await read_group(
        db, weeks.this, await read_thresholds(db), group, limit=page.limit, offset=page.offset
    )
    return ReviewDeals(
        group=group,
        base_currency=weeks.this.end.scope.money.base,
        count=found.count,
        items=[_deal(each) for each in found.items],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(found.items) < found.count,
    )


def _week(weeks: ReviewedWeeks) -> ReviewedWeekShown:
    this = weeks.this
    if this.is_running:
        state = WeekState.RUNNING
    else:
        state = WeekState.SETTLED if weeks.is_settled else WeekState.SETTLING
    return ReviewedWeekShown(
        monday=this.week.monday,
        sunday=this.week.sunday,
        starts_at=this.starts_at,
        ends_at=this.ends_at,
        zone=this.end.scope.zone.key,
        state=state,
        is_usual=weeks.is_usual,
        is_latest_complete=weeks.is_latest_complete,
        is_cut=this.is_cut,
        compared_since=this.since,
        previous=None if this.week == weeks.first else this.week.before.monday,
        next=None if this.is_running else this.week.after.monday,
    )


def _figures(this: WeekFigures, last: WeekFigures | None) -> ReviewFigures:
    def figure(group: Group) -> ReviewFigure:
        return _figure(this.of(group), None if last is None else last.of(group))

    return ReviewFigures(
        open=figure(Group.OPEN),
        weighted=this.weighted,
        weighted_then=None if last is None else last.weighted,
        created=figure(Group.CREATED),
        closed=_figure(this.closed, None if last is None else last.closed),
        won=figure(Group.WON),
        lost=figure(Group.LOST),
        updated=figure(Group.UPDATED),
        share_updated=this.share_updated,
        share_updated_then=None if last is None else last.share_updated,
        blocked=figure(Group.BLOCKED),
        overdue=figure(Group.OVERDUE),
        realised=figure(Group.REALISED),
        at_risk=figure(Group.AT_RISK),
    )


def _figure(now: GroupFigure, then: GroupFigure | None) -> ReviewFigure:
    return ReviewFigure(
        deals=now.deals,
        value=now.value,
        deals_then=None if then is None else then.deals,
        value_then=None if then is None else then.value,
    )


def _deal(deal: ReviewedDeal) -> ReviewDeal:
    worst = deal.verdict.signals[0].words if deal.verdict.signals else None
    before = deal.before
    return ReviewDeal(
        id=str(deal.id),
        name=deal.name,
        account=deal.account,
        owner=deal.owner,
        stage=deal.stage,
        phase=deal.phase,
        number=deal.phase.number,
        closing_date=deal.closing_date,
        value=deal.value,
        health=deal.verdict.health,
        score=deal.verdict.score,
        health_then=None if before is None else before.health,
        score_then=None if before is None else before.score,
        move=deal.move,
        came=[signal.words.brief for signal in deal.came],
        went=[signal.words.brief for signal in deal.went],
        reason=None if worst is None else worst.reason,
        brief=None if worst is None else worst.brief,
        next_step=None if worst is None else worst.next_step,
    )


def _actions(actions: ReviewedActions) -> ReviewActions:
    return ReviewActions(
        open=actions.open,
        overdue=actions.overdue,
        done=actions.done,
        items=[_action(each) for each in actions.items],
        since=[_action(each) for each in actions.since],
    )


def _action(action: ReviewedAction) -> ReviewAction:
    return ReviewAction(
        id=str(action.id),
        deal_id=None if action.deal_id is None else str(action.deal_id),
        deal=action.deal,
        title=action.title,
        # A check constraint of the table allows no other word.
        priority=cast("Literal['high', 'medium', 'low']", action.priority),
        owner=(
            None if action.owner_id is None else ReviewPerson(id=action.owner_id, name=action.owner)
        ),
        due_on=action.due_on,
        is_overdue=action.is_overdue,
        created_at=action.created_at,
        done_at=action.done_at,
        is_done_now=action.done_by_now_at is not None,
        is_deleted_now=action.is_gone,
    )


async def _told(
    db: AsyncSession,
    weeks: ReviewedWeeks,
    thresholds: Thresholds,
    this: WeekFigures,
    last: WeekFigures | None,
) -> Told:
    week = weeks.this
    deals = await read_deals(db, week, thresholds, list(set(this.greatest.values())))
    owners = [owner for owner in this.overdue_by_owner if owner is not None]
    end = day_at(week.moment, week.end.scope, thresholds)
    begin = day_at(week.since, week.begin.scope, thresholds)
    return Told(
        currency=week.end.scope.money.base,
        this=this,
        risk_then=None if last is None else last.of(Group.AT_RISK),
        greatest={group: deals[deal] for group, deal in this.greatest.items()},
        owners={int(key): name for key, name in (await names_of(db, owners)).items()},
        ages=await read_median_ages(db, week.end, end),
        # Against less than a week it would say nothing of a week.
        ages_then={} if week.is_cut else await read_median_ages(db, week.begin, begin),
    )


def _insight(insight: Insight) -> ReviewInsight:
    return ReviewInsight(
        kind=insight.kind,
        tone=insight.tone,
        words=insight.words,
        group=insight.group,
        owner=None if insight.owner_id is None else str(insight.owner_id),
        deal_id=None if insight.deal_id is None else str(insight.deal_id),
        phase=None if insight.phase is None else insight.phase.number,
    )
