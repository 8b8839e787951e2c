"""Which reviews go out as mail, when, to whom, and that each does so once.

By schedule the review of the last complete week goes out once a week, from the day and hour of the
settings on, where the organisation is. A person may send any week's, to themselves or to all.

A mailing is a row, written with its job. It is claimed before anything is sent: a worker that dies
in between loses the mail and never repeats it. Only where the server took nothing at all is the
claim given back, and the job tried again while the review is news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from pulse.analytics.review.week import read_weeks
from pulse.core.access import Role
from pulse.core.deal_filters import DealFilter, Dimension
from pulse.core.modules import DEALS
from pulse.core.periods import Period
from pulse.core.weeks import Week, week_of
from pulse.jobs.catalogue import MailReview
from pulse.jobs.outbox import enqueue
from pulse.models import Setting, SyncCursor, UserAccount, WeeklyReviewMail
from pulse.queries.asked_deals import AskedFilter
from pulse.queries.moments import history_began
from pulse.queries.today import organisation_zone
from pulse.review.letter import letter_of
from pulse.review.service import weekly_review
from pulse.settings.schema import addresses_in
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.review.letter import ReviewLetter
    from pulse.settings.schema import SyncSettings

SCHEDULED: Final = "scheduled"
TO_ALL: Final = "to_all"
TO_SELF: Final = "to_self"

TRY_AGAIN_AFTER: Final = timedelta(minutes=5)
IS_NEWS_FOR: Final = timedelta(hours=24)
"""How late a review may go out; then the next week's comes first."""
WAITS_FOR_CRM: Final = timedelta(hours=6)
"""How long a due review waits for the mirror to have read the CRM past the week's end."""
_KEYS: Final = ("review.mail_on", "review.mail_weekday", "review.mail_hour")


@dataclass(frozen=True, slots=True)
class ReviewMail:
    """A review as a letter, and who gets one."""

    letter: ReviewLetter
    recipients: Sequence[str]


def due_before(now: datetime, zone: ZoneInfo, settings: SyncSettings) -> datetime:
    """Return when a review was last due by the schedule, in UTC."""
    this_week = week_of(now.astimezone(zone).date())
    for week in (this_week, this_week.before):
        due = _due_in(week, zone, settings)
        if due <= now:
            return due
    return _due_in(this_week.before.before, zone, settings)


def next_due(now: datetime, zone: ZoneInfo, settings: SyncSettings) -> datetime:
    """Return when a review is due next by the schedule, in UTC."""
    this_week = week_of(now.astimezone(zone).date())
    due = _due_in(this_week, zone, settings)
    return due if due > now else _due_in(this_week.after, zone, settings)


def _due_in(week: Week, zone: ZoneInfo, settings: SyncSettings) -> datetime:
    day = week.monday + timedelta(days=settings.review_mail_day)
    return datetime.combine(day, time(settings.review_mail_hour), zone).astimezone(UTC)


async def start_weekly_mail(db: AsyncSession, now: datetime, *, is_set_up: bool) -> int | None:
    """Begin the week's mailing if it is due; return its id. The caller commits.

    A schedule that was set after its hour waits for the next one: switching it on sends nothing.
    """
    settings = await read_settings(db)
    if not is_set_up or not settings.is_review_mail_on:
        return None
    zone = await organisation_zone(db)
    due = due_before(now, zone, settings)
    set_at = await db.scalar(select(func.max(Setting.updated_at)).where(Setting.key.in_(_KEYS)))
    if now - due >= IS_NEWS_FOR or (set_at is not None and set_at > due):
        return None
    week = week_of(due.astimezone(zone).date()).before
    began = await history_began(db)
    if began is None or began >= week.ends_at(zone):
        return None
    read_up_to = await db.scalar(select(SyncCursor.changed_since).where(SyncCursor.module == DEALS))
    is_read = read_up_to is not None and read_up_to >= week.ends_at(zone)
    if not is_read and now - due < WAITS_FOR_CRM:
        return None
    mailing: int | None = await db.scalar(
        insert(WeeklyReviewMail)
        .values(week=week.monday, kind=SCHEDULED, asked_at=now, asked_by_name="Pipeline Pulse")
        .on_conflict_do_nothing()
        .returning(WeeklyReviewMail.id)
    )
    if mailing is not None:
        await enqueue(db, MailReview(mailing))
    return mailing


async def claim_review(
    db: AsyncSession, mailing: int, public_url: str, now: datetime
) -> ReviewMail | None:
    """Return the mail of a review, which is then its sender's to send; None if it is not to go.

    Nobody else gets it from the caller's commit on.
    """
    row = await db.scalar(
        update(WeeklyReviewMail)
        .where(
            WeeklyReviewMail.id == mailing,
            WeeklyReviewMail.mailed_at.is_(None),
            WeeklyReviewMail.asked_at > now - IS_NEWS_FOR,
        )
        .values(mailed_at=now, failure=None)
        .returning(WeeklyReviewMail)
    )
    if row is None:
        return None
    choices = {} if row.region is None else {Dimension.REGION: (row.region,)}
    asked = AskedFilter(DealFilter(choices=choices), Period.ALL)
    review = await weekly_review(db, await read_weeks(db, asked, row.week, now))
    if row.kind == TO_SELF:
        found = await db.scalars(
            select(UserAccount.email).where(UserAccount.id == row.asked_by, UserAccount.is_active)
        )
        recipients: Sequence[str] = found.all()
    else:
        recipients = await read_recipients(db)
    sender = None if row.kind == SCHEDULED else row.asked_by_name
    row.letters = len(recipients)
    return ReviewMail(letter_of(review, public_url, row.region, sender), recipients)


async def read_recipients(db: AsyncSession) -> list[str]:
    """Return who gets a review that goes to all, each address once."""
    wanted = (await read_settings(db)).review_recipients
    people: list[str] = []
    if wanted.least_role is not None:
        least = wanted.least_role
        people = list(
            await db.scalars(
                select(UserAccount.email)
                .where(
                    UserAccount.is_active,
                    UserAccount.role.in_([role for role in Role if role.allows(least)]),
                )
                .order_by(UserAccount.email)
            )
        )
    known = {each.lower() for each in people}
    return [
        *people,
        *(each for each in addresses_in(wanted.addresses) if each.lower() not in known),
    ]


async def note_taken(db: AsyncSession, mailing: int, taken: int) -> None:
    """Keep how many letters the server took; the caller commits."""
    await db.execute(
        update(WeeklyReviewMail).where(WeeklyReviewMail.id == mailing).values(taken=taken)
    )


async def put_off(db: AsyncSession, mailing: int, failure: str) -> None:
    """Give a claim back, of which nothing was sent, and try again later; the caller commits."""
    await db.execute(
        update(WeeklyReviewMail)
        .where(WeeklyReviewMail.id == mailing)
        .values(mailed_at=None, failure=failure)
    )
    await enqueue(db, MailReview(mailing), delay=TRY_AGAIN_AFTER)


async def last_to_all(db: AsyncSession) -> WeeklyReviewMail | None:
    """Return the mailing to all that was asked for last."""
    found: WeeklyReviewMail | None = await db.scalar(
        select(WeeklyReviewMail)
        .where(or_(WeeklyReviewMail.kind == SCHEDULED, WeeklyReviewMail.kind == TO_ALL))
        .order_by(WeeklyReviewMail.id.desc())
        .limit(1)
    )
    return found
