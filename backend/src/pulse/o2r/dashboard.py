"""The O2R dashboard, put together out of the figures of `pulse.analytics.o2r`."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from pulse.analytics.basis import basis_of, open_conflicts
from pulse.analytics.o2r.asking import day_at
from pulse.analytics.o2r.attention import read_told_deals
from pulse.analytics.o2r.paces import read_paces
from pulse.analytics.o2r.realised import read_realised
from pulse.analytics.o2r.standing import Waiting, read_standing
from pulse.analytics.sums import Sums
from pulse.core.o2r.health import AT_RISK, NEEDS_ATTENTION, DealHealth
from pulse.core.o2r.phases import PHASE_TITLE, Phase
from pulse.o2r.dashboard_schemas import (
    Attention,
    ChosenQuarter,
    CycleTime,
    NeedyOpportunity,
    O2rDashboard,
    O2rPace,
    OpportunityTotals,
    PhasePace,
    PhaseStanding,
    RealisedRevenue,
    TerritoryHealth,
    WaitingForInvoice,
    WaitingForPayment,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.attention import NeedyDeal
    from pulse.analytics.o2r.health import Day
    from pulse.analytics.o2r.realised import Realised
    from pulse.analytics.o2r.standing import Standing, StandingGroup
    from pulse.analytics.question import Question
    from pulse.core.o2r.health import Thresholds
    from pulse.core.o2r.pace import Pace
    from pulse.core.quarters import Quarter

SHOWN: Final = 10
"""Deals that need attention in one answer."""


async def o2r_dashboard(db: AsyncSession, question: Question, quarter: Quarter) -> O2rDashboard:
    """Return the dashboard of a question's deals; of past moments by today's thresholds."""
    side, thresholds = question.now, question.now.scope.thresholds
    day = day_at(question.as_of, side.scope, thresholds)
    standing = await read_standing(db, side, day, SHOWN)
    groups = standing.groups
    realised = await read_realised(db, side, day, quarter)
    by_currency: defaultdict[str | None, Sums] = defaultdict(Sums)
    for group in groups:
        by_currency[group.currency] += group.sums
    for code, sums in realised.by_currency.items():
        by_currency[code] += sums
    return O2rDashboard(
        basis=basis_of(question, by_currency, await open_conflicts(db, side)),
        quarter=_quarter(quarter, question.today),
        open=_totals(groups),
        phases=_phases(standing),
        realised=_realised(realised),
        waiting_for_invoice=_invoices(groups),
        waiting_for_payment=_payments(groups, thresholds),
        at_risk=_totals(group for group in groups if group.health in AT_RISK),
        cycle=CycleTime(
            deals=realised.cycle.deals,
            median_days=realised.cycle.median_days,
            before_deals=realised.cycle_before.deals,
            before_median_days=realised.cycle_before.median_days,
        ),
        territories=_territories(groups),
        attention=await _attention(db, question, day, standing),
    )


def _quarter(quarter: Quarter, today: date) -> ChosenQuarter:
    return ChosenQuarter(
        quarter=str(quarter),
        starts_on=quarter.first,
        ends_on=quarter.last,
        is_running=quarter.first <= today <= quarter.last,
    )


def _sum(groups: Iterable[StandingGroup]) -> Sums:
    return sum((group.sums for group in groups), start=Sums())


def _totals(groups: Iterable[StandingGroup]) -> OpportunityTotals:
    sums = _sum(groups)
    return OpportunityTotals(deals=sums.deals, value=sums.value)


def _phases(standing: Standing) -> list[PhaseStanding]:
    return [
        PhaseStanding(
            phase=phase,
            number=phase.number,
            title=PHASE_TITLE[phase],
            **_totals(group for group in standing.groups if group.phase is phase).model_dump(),
            median_days=standing.median_ages.get(phase),
        )
        for phase in Phase
    ]


async def o2r_pace(db: AsyncSession, question: Question) -> O2rPace:
    """Return how a question's deals went through the phases."""
    side = question.now
    day = day_at(question.as_of, side.scope, side.scope.thresholds)
    paces = await read_paces(db, side, day)
    return O2rPace(
        basis=basis_of(question, {}, await open_conflicts(db, side)),
        phases=[_pace(phase, paces[phase]) for phase in Phase],
    )


def _pace(phase: Phase, pace: Pace) -> PhasePace:
    share = pace.share_moved_on
    return PhasePace(
        phase=phase,
        number=phase.number,
        title=PHASE_TITLE[phase],
        entered=pace.entered,
        moved_on=pace.moved_on,
        unfinished=pace.unfinished,
        lost=pace.lost,
        share_moved_on=None if share is None else round(share, 4),
        median_stay_days=pace.median_stay_days,
    )


def _realised(realised: Realised) -> RealisedRevenue:
    sums = sum(realised.by_currency.values(), start=Sums())
    return RealisedRevenue(deals=sums.deals, value=sums.value, this_week=realised.this_week)


def _invoices(groups: list[StandingGroup]) -> WaitingForInvoice:
    waiting = [group for group in groups if group.waiting is Waiting.INVOICE]
    waits = [group.longest_wait_days for group in waiting if group.longest_wait_days is not None]
    return WaitingForInvoice(**_totals(waiting).model_dump(), oldest_days=max(waits, default=None))


def _payments(groups: list[StandingGroup], thresholds: Thresholds) -> WaitingForPayment:
    waiting = [group for group in groups if group.waiting is Waiting.PAYMENT]
    return WaitingForPayment(
        **_totals(waiting).model_dump(),
        overdue_deals=sum(group.sums.deals for group in waiting if group.is_unpaid_too_long),
        limit_days=thresholds.invoice_unpaid_days,
    )


def _territories(groups: list[StandingGroup]) -> list[TerritoryHealth]:
    together: defaultdict[str | None, list[StandingGroup]] = defaultdict(list)
    for group in groups:
        together[group.territory].append(group)
    found = []
    for territory, its in together.items():
        healths = Counter[DealHealth]()
        for group in its:
            healths[group.health] += group.sums.deals
        found.append(
            TerritoryHealth(
                territory=territory,
                **_totals(its).model_dump(),
                blocked=healths[DealHealth.BLOCKED],
                red=healths[DealHealth.RED],
                yellow=healths[DealHealth.YELLOW],
                needs_update=healths[DealHealth.NEEDS_UPDATE],
                green=healths[DealHealth.GREEN],
            )
        )
    return sorted(found, key=lambda each: (-each.deals, each.territory or "~"))


async def _attention(
    db: AsyncSession, question: Question, day: Day, standing: Standing
) -> Attention:
    needy = await read_told_deals(db, question.now, day, standing.worst)
    return Attention(
        count=sum(group.sums.deals for group in standing.groups if group.health in NEEDS_ATTENTION),
        items=[_needy(deal) for deal in needy],
    )


def _needy(deal: NeedyDeal) -> NeedyOpportunity:
    worst = deal.verdict.signals[0]
    return NeedyOpportunity(
        id=str(deal.id),
        name=deal.name,
        phase=deal.phase,
        number=deal.phase.number,
        health=deal.verdict.health,
        score=deal.verdict.score,
        rule=worst.rule,
        reason=worst.words.reason,
        brief=worst.words.brief,
        advice=worst.words.advice,
        next_step=worst.words.next_step,
        signals=len(deal.verdict.signals),
        value=deal.value,
    )
