"""Routes of reviews by mail: how they go out, and sending one now."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select

from pulse.analytics.review.week import read_weeks
from pulse.core.deal_filters import DealFilter, Dimension
from pulse.core.periods import Period
from pulse.jobs.catalogue import MailReview
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import ConflictError
from pulse.models import WeeklyReviewMail
from pulse.queries.asked_deals import AskedFilter
from pulse.queries.today import organisation_zone
from pulse.review.mail_schemas import LastMail, MailAsked, MailTo, MailWanted, ReviewMailing
from pulse.review.mailing import (
    SCHEDULED,
    TO_ALL,
    TO_SELF,
    last_to_all,
    next_due,
    read_recipients,
)
from pulse.review.router import WEEK_PROBLEMS
from pulse.settings.service import read_settings
from pulse.web.access import Editor, Viewer
from pulse.web.audit import audit
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/review/mail", tags=["o2r"], responses=DATABASE_PROBLEMS)

_SAME_ASKED_WITHIN: Final = timedelta(minutes=1)
"""A button pressed twice asks once."""
_NOT_SET_UP: Final = ConflictError(
    "There is no mail server, so nothing can be sent.",
    code="mail_not_set_up",
    fix="Set PULSE_SMTP_HOST and PULSE_SMTP_FROM, and start Pipeline Pulse again.",
)
_NO_RECIPIENTS: Final = ConflictError(
    "Nobody would get it: the settings name no recipients, or a token without a person asks.",
    code="no_recipients",
    fix="Name recipients among the settings (review.recipients), or send it to yourself.",
)


def _sends_mail(request: Request) -> bool:
    is_set_up: bool = request.app.state.sends_mail
    return is_set_up


SendsMail = Annotated[bool, Depends(_sends_mail)]


@router.get("", summary="How weekly reviews go out by mail")
async def get_review_mail(
    _: Viewer, db: ReadDb, clock: ClockOf, is_set_up: SendsMail
) -> ReviewMailing:
    """When the next goes out, to how many, and what became of the last one that went to all."""
    settings, zone = await read_settings(db), await organisation_zone(db)
    last = await last_to_all(db)
    is_on = settings.is_review_mail_on
    return ReviewMailing(
        is_set_up=is_set_up,
        is_on=is_on,
        weekday=settings.review_mail_weekday,
        hour=settings.review_mail_hour,
        zone=zone.key,
        next_at=next_due(clock.now(), zone, settings) if is_on and is_set_up else None,
        recipients=len(await read_recipients(db)),
        last=None if last is None else _last(last),
    )


@router.post(
    "",
    summary="Send a weekly review now",
    status_code=HTTPStatus.ACCEPTED,
    responses=merged(WEEK_PROBLEMS, problems(_NOT_SET_UP, _NO_RECIPIENTS)),
)
async def send_review(
    who: Editor, wanted: MailWanted, db: WriteDb, clock: ClockOf, is_set_up: SendsMail
) -> MailAsked:
    """Send a week's review to yourself, or to all whom the settings name."""
    if not is_set_up:
        raise _NOT_SET_UP
    now = clock.now()
    choices = {} if wanted.region is None else {Dimension.REGION: (wanted.region,)}
    asked = AskedFilter(DealFilter(choices=choices), Period.ALL)
    week = (await read_weeks(db, asked, wanted.week, now)).this.week
    is_own = wanted.to is MailTo.ME
    recipients = int(who.email is not None) if is_own else len(await read_recipients(db))
    if recipients == 0 or who.user_id is None:
        raise _NO_RECIPIENTS
    same = await db.scalar(
        select(WeeklyReviewMail.id).where(
            WeeklyReviewMail.week == week.monday,
            WeeklyReviewMail.region.is_not_distinct_from(wanted.region),
            WeeklyReviewMail.kind == (TO_SELF if is_own else TO_ALL),
            WeeklyReviewMail.asked_by == who.user_id,
            WeeklyReviewMail.asked_at > now - _SAME_ASKED_WITHIN,
        )
    )
    if same is None:
        mailing = WeeklyReviewMail(
            week=week.monday,
            region=wanted.region,
            kind=TO_SELF if is_own else TO_ALL,
            asked_at=now,
            asked_by=who.user_id,
            asked_by_name=who.name,
        )
        db.add(mailing)
        await db.flush()
        await enqueue(db, MailReview(mailing.id))
        await audit(
            db,
            who,
            "review.mailed",
            kind="weekly_review",
            subject=week.monday.isoformat(),
            after={"to": wanted.to, "region": wanted.region, "recipients": recipients},
        )
    return MailAsked(week=week.monday, to=wanted.to.value, recipients=recipients)


def _last(mailing: WeeklyReviewMail) -> LastMail:
    return LastMail(
        week=mailing.week,
        asked_at=mailing.asked_at,
        asked_by=mailing.asked_by_name,
        is_scheduled=mailing.kind == SCHEDULED,
        mailed_at=mailing.mailed_at,
        letters=mailing.letters,
        taken=mailing.taken,
        failure=mailing.failure,
    )
