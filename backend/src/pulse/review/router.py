"""Routes of the weekly review."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from pulse.analytics.review.rows import Group
from pulse.analytics.review.week import ReviewedWeeks, before_history, no_week, read_weeks
from pulse.asking.request import Asked
from pulse.core.weeks import Week
from pulse.queries.asked_deals import UNREADABLE
from pulse.review.schemas import ReviewDeals, WeeklyReview
from pulse.review.service import review_deals, weekly_review
from pulse.web.access import Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/review", tags=["o2r"], responses=DATABASE_PROBLEMS)

WEEK_PROBLEMS: Final = merged(
    problems(UNREADABLE),
    problems(no_week(date(2026, 2, 25)), before_history(date(2026, 1, 5), Week(date(2026, 2, 16)))),
)
"""What a week that cannot be reviewed is answered with."""

AskedWeek = Annotated[
    date | None,
    Query(
        description="Its Monday; any since history began. Without it: on a Monday before noon of "
        "the organisation the week that is over, else the week that runs."
    ),
]


async def _weeks(db: ReadDb, clock: ClockOf, asked: Asked, week: AskedWeek = None) -> ReviewedWeeks:
    return await read_weeks(db, asked, week, clock.now())


AskedWeeks = Annotated[ReviewedWeeks, Depends(_weeks)]
"""Filters and `week` of a request, read against the database."""


@router.get("", summary="The weekly review", responses=WEEK_PROBLEMS)
async def get_review(_: Viewer, db: ReadDb, weeks: AskedWeeks) -> WeeklyReview:
    """A week in figures, beside last week's: what moved and why, and what is to be done.

    Each open opportunity is improved, worse, stable or new by its health, then its score, at the
    week's end against its beginning. A week that is over is answered out of history and changes no
    more once `state` is `settled`, unless the CRM later tells of edits with earlier stamps.
    """
    return await weekly_review(db, weeks)


@router.get("/deals", summary="The deals behind a figure of the review", responses=WEEK_PROBLEMS)
async def get_review_deals(
    _: Viewer,
    db: ReadDb,
    weeks: AskedWeeks,
    page: Paging,
    group: Annotated[Group, Query(description="Which figure's deals.")],
) -> ReviewDeals:
    """As many deals as the figure says, worst first."""
    return await review_deals(db, weeks, group, page)
