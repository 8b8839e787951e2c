"""Set a milestone: what the CRM keeps becomes an edit of the deal, the rest is stated here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pulse.core.modules import DEALS
from pulse.core.o2r.milestones import MILESTONE_BY_NAME, Milestone
from pulse.edits.authors import author_of
from pulse.edits.store import change_record
from pulse.edits.validation import check, invalid_fields
from pulse.kit.errors import ConflictError, InvalidInputError
from pulse.models import Deal, O2rMilestone
from pulse.o2r.milestones import milestone_not_found, read_keepers, read_milestones
from pulse.o2r.opportunities_known import deal_not_found, known_deal, tell

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.o2r.milestones import Keeper
    from pulse.o2r.milestones_expected import MilestoneDates
    from pulse.o2r.milestones_schemas import MilestoneChange
    from pulse.o2r.opportunities_known import KnownDeal
    from pulse.web.access import Principal


def milestone_unmapped(canonical: str) -> ConflictError:
    """Return the error of a milestone whose canonical field the field map does not map."""
    return ConflictError(
        f"No field of the CRM stands for {canonical}, which keeps this milestone.",
        code="milestone_unmapped",
        fix="Ask an admin to map it in CRM Integration, under Field map.",
        extra={"field": "actual_on", "canonical": canonical},
    )


def milestone_to_come(day: date, today: date) -> InvalidInputError:
    """Return the error of saying that something happened on a day that is still to come."""
    return InvalidInputError(
        f"actual_on: {day} is still to come; today is {today}.",
        code="milestone_to_come",
        fix="Send it as planned_on, or a day up to today.",
        extra={"field": "actual_on"},
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is set: the instant, and the organisation's day and zone."""

    now: datetime
    today: date
    zone: ZoneInfo


async def set_milestone(
    db: AsyncSession,
    who: Principal,
    deal_id: int,
    name: str,
    wanted: MilestoneChange,
    moment: Moment,
) -> tuple[MilestoneDates, MilestoneDates]:
    """Set what is given of a milestone and return its dates before and after.

    Raises NotFoundError `deal_not_found`, `milestone_not_found`; InvalidInputError
    `milestone_to_come`, `invalid_fields`; ConflictError `milestone_unmapped`, `record_gone`,
    `crm_is_read_only`.
    """
    if name not in tuple(Milestone):
        raise milestone_not_found(name)
    milestone = Milestone(name)
    deal = await _deal(db, deal_id)
    keeper = (await read_keepers(db))[milestone]
    before = await _dates(db, deal_id, milestone, moment)
    given = wanted.model_fields_set
    actual_on = wanted.actual_on if "actual_on" in given else before.actual_on
    planned_on = wanted.planned_on if "planned_on" in given else before.planned_on
    if actual_on != before.actual_on:
        if actual_on is not None and actual_on > moment.today:
            raise milestone_to_come(actual_on, moment.today)
        if keeper.canonical is not None and keeper.api_name is None:
            raise milestone_unmapped(keeper.canonical)
        if keeper.api_name is not None:
            await _edit(db, who, deal_id, keeper, actual_on, moment)
    is_stated = planned_on != before.planned_on or (
        actual_on != before.actual_on and not keeper.is_crm
    )
    if is_stated:
        db.add(
            O2rMilestone(
                deal_id=deal_id,
                milestone=milestone,
                planned_on=planned_on,
                actual_on=None if keeper.is_crm else actual_on,
                set_at=moment.now,
                set_by=who.user_id,
                set_by_name=who.name,
            )
        )
        await db.flush()
    after = await _dates(db, deal_id, milestone, moment)
    if after != before:
        await tell(
            db,
            who,
            "milestone.set",
            deal,
            before=_facts(milestone, before),
            after=_facts(milestone, after),
        )
    return before, after


async def _deal(db: AsyncSession, deal_id: int) -> KnownDeal:
    """Return a deal and let two statements on it come one after the other.

    Its row is not locked: the mirror locks in another order, and each would wait for the other.
    """
    deal = await known_deal(db, deal_id)
    await db.execute(
        select(func.pg_advisory_xact_lock(func.hashtext("o2r_milestones"), _key(deal_id)))
    )
    return deal


def _key(deal_id: int) -> ColumnElement[int]:
    return func.hashtext(str(deal_id))


async def _dates(
    db: AsyncSession, deal_id: int, milestone: Milestone, moment: Moment
) -> MilestoneDates:
    deal = await db.scalar(
        # The edit has changed the row behind this session's back.
        select(Deal).where(Deal.id == deal_id).execution_options(populate_existing=True)
    )
    if deal is None:
        raise deal_not_found(deal_id)
    keepers = await read_keepers(db)
    found = await read_milestones(db, [deal], keepers, moment.today, moment.zone)
    return next(each.dates for each in found[deal_id] if each.dates.milestone is milestone)


async def _edit(
    db: AsyncSession,
    who: Principal,
    deal_id: int,
    keeper: Keeper,
    day: date | None,
    moment: Moment,
) -> None:
    api_name = str(keeper.api_name)
    checked = await check(db, DEALS, deal_id, {api_name: _value(keeper, day, moment.zone)})
    if checked.problems:
        raise invalid_fields(checked.problems)
    await change_record(db, DEALS, deal_id, checked.values, author_of(who), source="edit")


def _value(keeper: Keeper, day: date | None, zone: ZoneInfo) -> str | None:
    """Return a day as the field takes it: of a moment, the organisation's beginning of the day."""
    if day is None:
        return None
    if keeper.data_type == "datetime":
        return datetime.combine(day, time(), zone).isoformat()
    return day.isoformat()


def _facts(milestone: Milestone, dates: MilestoneDates) -> dict[str, object]:
    return {
        "milestone": MILESTONE_BY_NAME[milestone].label,
        "planned_on": dates.planned_on,
        "actual_on": dates.actual_on,
    }
