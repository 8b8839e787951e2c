"""Which week a review is of, and the two moments at which its deals are looked at.

A week that is over is answered out of history, as of its last moment; one that runs as of now. What
it is compared with is its beginning: the last moment of the week before. Where history began later
than that, the week *is cut*: it is compared with the beginning of history, and only what came after
can be told.

A week that is over changes no more once the mirror has read the CRM past its end (`is_settled`),
unless the CRM itself tells later of edits with earlier stamps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.analytics.question import NO_HISTORY, Question, Side
from pulse.asking.moment import InvalidMomentError
from pulse.asking.scope import day_of, read_scope, scope_at
from pulse.core.modules import DEALS
from pulse.core.weeks import TICK, Week, usual_week, week_of
from pulse.kit.errors import InvalidInputError
from pulse.models import SyncCursor
from pulse.queries.moments import history_began

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.asked_deals import AskedFilter
    from pulse.queries.deal_filters import Scope


def no_week(monday: date) -> InvalidInputError:
    """Return the error of a day that names no week."""
    return InvalidInputError(
        f"week: {monday} is a {monday:%A}, and a week is named by its Monday.",
        code="invalid_week",
        fix=f"Ask for {week_of(monday).monday}.",
        extra={"field": "week"},
    )


def week_to_come(monday: date, running: Week) -> InvalidInputError:
    """Return the error of a week that has not begun."""
    return InvalidInputError(
        f"week: the week of {monday} has not begun.",
        code="invalid_week",
        fix=f"Ask for {running.monday} or an earlier Monday.",
        extra={"field": "week"},
    )


def before_history(monday: date, first: Week) -> InvalidMomentError:
    """Return the error of a week of which history tells nothing."""
    return InvalidMomentError(
        f"week: the week of {monday} was over when history began, in the week of {first.monday}.",
        fix=f"Ask for {first.monday} or a later Monday.",
        extra={"field": "week", "first_week": first.monday.isoformat()},
    )


NO_REVIEW: Final = InvalidMomentError(
    f"week: {NO_HISTORY[0].lower()}{NO_HISTORY[1:]}",
    fix="Run a full sync first; history begins when it is complete.",
    extra={"field": "week"},
)
"""What is answered while there is no history at all."""


@dataclass(frozen=True, slots=True)
class ReviewedWeek:
    """A week, with the deals at its end and at its beginning."""

    week: Week
    starts_at: datetime
    ends_at: datetime
    end: Side
    moment: datetime
    """The moment of `end`: now while it runs, else the last of the week."""
    last_day: date
    """The organisation's day at `moment`."""
    begin: Side
    since: datetime
    """The moment of `begin`."""
    is_cut: bool

    @property
    def is_running(self) -> bool:
        """Whether it is not over."""
        return self.end.at is None


@dataclass(frozen=True, slots=True)
class ReviewedWeeks:
    """The week that is asked about, and the one before it."""

    this: ReviewedWeek
    last: ReviewedWeek | None
    """None where history tells nothing of it."""
    is_usual: bool
    """It is the one that a review without a week is of."""
    is_latest_complete: bool
    """It is over, and no later week is."""
    is_settled: bool
    """The mirror has read the CRM past its end."""
    first: Week
    """The first week that can be asked about."""
    running: Week
    history_began: datetime

    def question(self) -> Question:
        """Return the week as the question that the basis of an answer is told of."""
        week = self.this
        return Question(
            now=week.end,
            then=week.begin,
            as_of=week.moment,
            today=week.last_day,
            is_cut=week.is_cut,
            uncompared_because=None,
            history_began=self.history_began,
        )


async def read_weeks(
    db: AsyncSession, asked: AskedFilter, monday: date | None, now: datetime
) -> ReviewedWeeks:
    """Read which week is meant; without `monday` the usual one, if history tells of it.

    Raises InvalidInputError, InvalidMomentError and InvalidFilterError, naming the parameter.
    """
    present = await read_scope(db)
    zone = present.zone
    running, usual = week_of(day_of(now, present)), usual_week(now, zone)
    began = await history_began(db)
    # The CRM's clock, by which history begins, may be ahead of ours.
    if began is None or began > now:
        raise NO_REVIEW
    first = week_of(day_of(began, present))
    week = max(usual, first) if monday is None else Week(monday)
    if week_of(week.monday) != week:
        raise no_week(week.monday)
    if week > running:
        raise week_to_come(week.monday, running)
    if week < first:
        raise before_history(week.monday, first)
    this = await _reviewed(db, asked, week, present, now, began)
    return ReviewedWeeks(
        this=this,
        last=None if week == first else await _reviewed(db, asked, week.before, present, now, began,
                                                         read_on=this.last_day),
        is_usual=week == max(usual, first),
        is_latest_complete=week.after == running,
        is_settled=not this.is_running and await _is_settled(db, this.ends_at),
        first=first,
        running=running,
        history_began=began,
    )  # fmt: skip


async def _reviewed(
    db: AsyncSession,
    asked: AskedFilter,
    week: Week,
    present: Scope,
    now: datetime,
    began: datetime,
    *,
    read_on: date | None = None,
) -> ReviewedWeek:
    starts_at, ends_at = week.starts_at(present.zone), week.ends_at(present.zone)
    is_running = now < ends_at
    moment = now if is_running else ends_at - TICK
    last_day = day_of(moment, present)
    # Both weeks mean the same closing days, so that a new quarter makes nothing grow.
    wanted = asked.on(read_on or last_day)
    end = None if is_running else moment
    since = max(starts_at - TICK, began)
    found = ReviewedWeek(
        week=week,
        starts_at=starts_at,
        ends_at=ends_at,
        end=Side(wanted, end, await scope_at(db, present, end)),
        moment=moment,
        last_day=last_day,
        begin=Side(wanted, since, await scope_at(db, present, since)),
        since=since,
        is_cut=since >= starts_at,
    )
    # What has no history can choose the deals of no week: refused before anything is read.
    found.begin.meets(found.begin.deals())
    return found


async def _is_settled(db: AsyncSession, ends_at: datetime) -> bool:
    cursor = await db.scalar(select(SyncCursor.changed_since).where(SyncCursor.module == DEALS))
    return cursor is not None and cursor >= ends_at
