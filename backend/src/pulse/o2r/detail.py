"""One opportunity: where it is, when money comes, how healthy it is, what people added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pulse.analytics.o2r.health import FACTS, read_facts
from pulse.analytics.o2r.paces import read_paces
from pulse.analytics.question import Side
from pulse.core.deal_filters import DealFilter, DealState
from pulse.core.o2r.health import judge
from pulse.core.o2r.milestones import MILESTONE_BY_NAME, Milestone
from pulse.core.o2r.phases import PHASE_TITLE, phase_of, phase_since
from pulse.core.sync import Presence, SyncMode
from pulse.edits.errors import crm_is_read_only, record_gone
from pulse.models import Deal, RecordSyncStatus
from pulse.o2r.actions import read_actions
from pulse.o2r.blockers import read_blockers
from pulse.o2r.comments import read_comments
from pulse.o2r.detail_phases import phase_lines
from pulse.o2r.detail_schemas import (
    NextStep,
    OpportunityDetail,
    OpportunityHealth,
    PhaseNow,
    RevenueExpected,
    Signal,
)
from pulse.o2r.milestones import read_keepers, read_milestones
from pulse.o2r.milestones_expected import Outlook, next_milestone, outlook
from pulse.o2r.milestones_usual import usual_days
from pulse.o2r.notes_showing import action_item, blocker_shown, comment_shown
from pulse.o2r.opportunities import ended_of, read_judging
from pulse.o2r.opportunities_known import deal_not_found
from pulse.o2r.opportunities_schemas import Party
from pulse.o2r.strategic import is_strategic
from pulse.queries.deal_names import ACCOUNT, ACCOUNT_NAME, OWNER, OWNER_NAME
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.o2r.facts import Facts
    from pulse.core.o2r.health import Verdict
    from pulse.core.o2r.phases import Phase
    from pulse.o2r.detail_schemas import MilestoneLine, PhaseLine
    from pulse.o2r.opportunities import Judging
    from pulse.web.access import Principal

    # Any: what the statement below selects.
    DetailRow = Row[*tuple[Any, ...]]


async def read_opportunity(
    db: AsyncSession, deal_id: int, who: Principal, now: datetime
) -> OpportunityDetail:
    """Return a deal as an opportunity, ended ones too. Raises NotFoundError."""
    judging = await read_judging(db, now)
    day = judging.day
    row, facts = await _row(db, deal_id, judging)
    deal: Deal = row.Deal
    milestones = (await read_milestones(db, [deal], await read_keepers(db), day.today, day.zone))[
        deal_id
    ]
    dates = [each.dates for each in milestones]
    ended = ended_of(facts, judging)
    view = (
        outlook(facts.created_on, dates, await usual_days(db, day.zone), day.today)
        if ended is None
        else Outlook(next_milestone(dates))
    )
    phase = phase_of(facts, day.today)
    lines = phase_lines(facts, milestones, view, phase, day.today)
    since = phase_since(facts, day.today)
    return OpportunityDetail(
        id=str(deal.id),
        name=deal.name,
        account=_party(deal.account_id, row.account_name),
        owner=_party(deal.owner_id, row.owner_name),
        country=_label(judging, "country", deal.country),
        region=_label(judging, "business_region", deal.business_region),
        solution=_label(judging, "solution_type", deal.solution_type),
        stage=None if deal.stage is None else day.process.label(deal.stage),
        amount=deal.amount,
        currency=deal.currency,
        value=row.value,
        base_currency=judging.base,
        is_without_rate=deal.amount is not None and row.value is None,
        closing_date=deal.closing_date,
        today=day.today,
        state=(
            DealState.DELETED if row.presence == Presence.DELETED else DealState(row.sync_status)
        ),
        last_synced_at=row.last_sync_at,
        read_only_reason=await _why_read_only(db, deal_id, Presence(row.presence)),
        is_strategic=row.is_strategic,
        ended=ended,
        phase=PhaseNow(
            number=phase.number,
            title=PHASE_TITLE[phase],
            since=since,
            days=None if since is None else (day.today - since).days,
            median_days=await _median(db, judging, phase),
        ),
        next_milestone=_next_step(lines, view) if ended is None else None,
        revenue=_revenue(lines),
        pace=round(float(view.pace), 2) if view.expected else None,
        health=_health(judge(facts, day.thresholds, day.today)),
        phases=lines,
        blockers=[
            blocker_shown(each, day.today, day.zone) for each in await read_blockers(db, deal_id)
        ],
        actions=[action_item(each, day.today) for each in await read_actions(db, deal_id)],
        comments=[comment_shown(each, who) for each in await read_comments(db, deal_id)],
    )


async def _row(db: AsyncSession, deal_id: int, judging: Judging) -> tuple[DetailRow, Facts]:
    judged = judging.judged
    query = (
        select(
            Deal,
            judging.scope.money.value().label("value"),
            is_strategic(Deal.account_id.expression).label("is_strategic"),
            ACCOUNT_NAME.label("account_name"),
            OWNER_NAME.label("owner_name"),
            RecordSyncStatus.sync_status,
            RecordSyncStatus.presence,
            RecordSyncStatus.last_sync_at,
            *judged.facts,
        )
        .join(RecordSyncStatus, RecordSyncStatus.zoho_record_id == Deal.id)
        .where(Deal.id == deal_id)
    )
    row = (await db.execute(OWNER.onto(ACCOUNT.onto(judged.onto(query))))).one_or_none()
    if row is None:
        raise deal_not_found(deal_id)
    return row, read_facts(row[-FACTS:])


async def _why_read_only(db: AsyncSession, deal_id: int, presence: Presence) -> str | None:
    if presence is not Presence.LIVE:
        return record_gone(deal_id, is_hidden=presence is Presence.INVISIBLE).detail
    mode = (await read_settings(db)).mode
    return crm_is_read_only().detail if mode is SyncMode.CRM_TO_LOCAL else None


async def _median(db: AsyncSession, judging: Judging, phase: Phase) -> int | None:
    everything = Side(DealFilter(), None, judging.scope)
    return (await read_paces(db, everything, judging.day))[phase].median_stay_days


def _next_step(lines: Sequence[PhaseLine], view: Outlook) -> NextStep | None:
    if view.next is None:
        return None
    line = _find(lines, view.next)
    return NextStep(
        milestone=view.next,
        label=MILESTONE_BY_NAME[view.next].label,
        planned_on=line.planned_on,
        expected_on=line.expected_on,
        late_days=line.late_days,
    )


def _revenue(lines: Sequence[PhaseLine]) -> RevenueExpected:
    payment = _find(lines, Milestone.PAYMENT)
    return RevenueExpected(
        received_on=payment.actual_on,
        expected_on=payment.expected_on,
        planned_on=payment.planned_on,
    )


def _find(lines: Sequence[PhaseLine], wanted: Milestone) -> MilestoneLine:
    return next(each for line in lines for each in line.milestones if each.milestone is wanted)


def _health(verdict: Verdict) -> OpportunityHealth:
    return OpportunityHealth(
        status=verdict.health,
        score=verdict.score,
        severity=sum(signal.severity for signal in verdict.signals),
        signals=[
            Signal(
                rule=signal.rule,
                health=signal.health,
                severity=signal.severity,
                points=signal.points,
                reason=signal.words.reason,
                advice=signal.words.advice,
                days=signal.days,
            )
            for signal in verdict.signals
        ],
    )


def _party(record_id: int | None, name: str | None) -> Party | None:
    return None if record_id is None else Party(id=str(record_id), name=name)


def _label(judging: Judging, column: str, stored: str | None) -> str | None:
    if stored is None:
        return None
    return judging.scope.fields.labels(column).get(stored, stored)
