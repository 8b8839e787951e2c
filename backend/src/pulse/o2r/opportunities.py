"""The list of opportunities: judged, filtered, ordered and counted in SQL.

Two statements of one snapshot, as in the table of deals: one finds the ids at the places asked for,
the other reads what their rows show; the pure law then puts the worst signal into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, func, select

from pulse.analytics.kept import kept
from pulse.analytics.o2r.asking import day_at
from pulse.analytics.o2r.health import FACTS, Day, health_of, judge_deals, read_facts
from pulse.asking.scope import read_scope
from pulse.core.deal_filters import DealState
from pulse.core.modules import DEALS
from pulse.core.o2r.health import AT_RISK, NEEDS_ATTENTION, DealHealth, judge
from pulse.core.o2r.milestones import MILESTONE_BY_NAME
from pulse.core.o2r.phases import PHASE_TITLE, Phase, has_happened
from pulse.core.sync import Presence
from pulse.models import Deal, PendingChange, RecordSyncStatus
from pulse.o2r.milestones import read_keepers, read_milestones
from pulse.o2r.milestones_expected import next_milestone
from pulse.o2r.opportunities_filter import opportunity_conditions
from pulse.o2r.opportunities_schemas import (
    Ended,
    HealthCount,
    NextMilestone,
    OpportunityOrder,
    OpportunityRow,
    OpportunitySummary,
    OpportunityWindow,
    OpportunityWithoutRate,
    Party,
)
from pulse.o2r.strategic import is_strategic
from pulse.queries.deal_names import ACCOUNT, ACCOUNT_NAME, OWNER, OWNER_NAME
from pulse.queries.moments import NOW
from pulse.queries.money import computed_once
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Judged
    from pulse.core.deal_filters import DealFilter
    from pulse.core.o2r.facts import Facts
    from pulse.o2r.milestones import MilestoneOfDeal
    from pulse.o2r.opportunities_filter import OpportunityFilter
    from pulse.queries.asked_deals import AskedFilter
    from pulse.queries.deal_filters import Scope
    from pulse.queries.money import Conversion
    from pulse.web.paging import PageRequest

    # Any: what the statements below select.
    OpportunityColumns = Row[*tuple[Any, ...]]

DEFAULT_SORT: Final = "health"

_JOIN_OF: Final = {OpportunityOrder.ACCOUNT: ACCOUNT, OpportunityOrder.OWNER: OWNER}


@dataclass(frozen=True)
class Judging:
    """What opportunities are read with, all of one moment."""

    scope: Scope
    day: Day

    @cached_property
    def judged(self) -> Judged:
        """How the mirror's deals are judged."""
        return judge_deals(self.day, NOW)

    @property
    def base(self) -> str:
        """The currency of values."""
        return self.scope.money.base


async def read_judging(db: AsyncSession, now: datetime) -> Judging:
    """Return what opportunities are judged by now."""
    scope = await read_scope(db)
    return Judging(scope, day_at(now, scope, scope.thresholds))


# A stretch of a list has as many sides.
async def opportunity_window(
    db: AsyncSession,
    asked: AskedFilter,
    wanted: OpportunityFilter,
    sort: str,
    page: PageRequest,
    now: datetime,
) -> OpportunityWindow:
    """Return the rows asked for. `sort` is an `OpportunityOrder`, after a minus backwards."""
    judging = await read_judging(db, now)
    places = _places_query(
        judging.scope,
        judging.day,
        asked.on(judging.day.today),
        wanted,
        sort,
        limit=page.limit + 1,
        offset=page.offset,
    )
    found = [row.id for row in await db.execute(*places)]
    ids = found[: page.limit]
    return OpportunityWindow(
        items=await read_rows(db, ids, judging),
        limit=page.limit,
        offset=page.offset,
        has_more=len(found) > len(ids),
    )


# Any: the tables that an order takes are joined to it.
@kept
def _places_query(
    scope: Scope,
    day: Day,
    deals: DealFilter,
    wanted: OpportunityFilter,
    sort: str,
    *,
    limit: int,
    offset: int,
) -> Select[Any]:
    judging = Judging(scope, day)
    return _in_order(deals, wanted, sort, judging).limit(limit).offset(offset)


def in_order(
    asked: AskedFilter, wanted: OpportunityFilter, sort: str, judging: Judging
) -> Select[Any]:
    """Return the ids of all opportunities that are meant, in their order."""
    return _in_order(asked.on(judging.day.today), wanted, sort, judging)


def _in_order(
    deals: DealFilter, wanted: OpportunityFilter, sort: str, judging: Judging
) -> Select[Any]:
    judged = judging.judged
    meets = opportunity_conditions(deals, wanted, judging.scope, judged)
    chosen: Select[Any] = judged.onto(select(Deal.id.label("id")).select_from(Deal))
    query, order = _ordered(chosen, sort, judging)
    return query.where(*meets).order_by(*order)


def _ordered(
    query: Select[Any], sort: str, judging: Judging
) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    judged, value = judging.judged, judging.scope.money.value()
    is_backwards = sort.startswith("-")
    order = OpportunityOrder(sort.removeprefix("-"))
    if order in _JOIN_OF:
        query = _JOIN_OF[order].onto(query)
    expressions: dict[OpportunityOrder, SQLColumnExpression[Any]] = {
        OpportunityOrder.HEALTH: judged.rank,
        OpportunityOrder.SCORE: judged.score,
        OpportunityOrder.NAME: func.lower(Deal.name),
        OpportunityOrder.ACCOUNT: func.lower(ACCOUNT_NAME),
        OpportunityOrder.OWNER: func.lower(OWNER_NAME),
        OpportunityOrder.REGION: func.lower(Deal.business_region),
        OpportunityOrder.PHASE: judged.phase,
        OpportunityOrder.DAYS: judged.days_in_phase,
        OpportunityOrder.VALUE: value,
        OpportunityOrder.CLOSING: Deal.closing_date,
    }
    first = expressions[order]
    by = [(first.desc() if is_backwards else first.asc()).nulls_last()]
    if order is OpportunityOrder.HEALTH:
        by.append(value.desc().nulls_last())
    return query, [*by, Deal.id.desc() if is_backwards else Deal.id.asc()]


async def read_rows(db: AsyncSession, ids: Sequence[int], judging: Judging) -> list[OpportunityRow]:
    """Return what rows show, in the order of their ids; unknown ids are passed over."""
    query, moments = _rows_query(judging.scope.money, judging.day)
    rows = {row.Deal.id: row for row in await db.execute(query, {**moments, _IDS: list(ids)})}
    keepers = await read_keepers(db)
    milestones = await read_milestones(
        db, [row.Deal for row in rows.values()], keepers, judging.day.today, judging.day.zone
    )
    return [
        _row(rows[deal_id], read_facts(rows[deal_id][-FACTS:]), milestones[deal_id], judging)
        for deal_id in ids
        if deal_id in rows
    ]


_IDS: Final = "ids"


# Any: what a row shows.
@kept
def _rows_query(money: Conversion, day: Day) -> Select[*tuple[Any, ...]]:
    judged = judge_deals(day, NOW)
    query = (
        select(
            Deal,
            money.value().label("value"),
            judged.phase.label("phase"),
            judged.phase_since.label("phase_since"),
            judged.is_opportunity.label("is_opportunity"),
            is_strategic(Deal.account_id.expression).label("is_strategic"),
            ACCOUNT_NAME.label("account_name"),
            OWNER_NAME.label("owner_name"),
            RecordSyncStatus.sync_status,
            RecordSyncStatus.presence,
            *judged.facts,
        )
        .join(RecordSyncStatus, RecordSyncStatus.zoho_record_id == Deal.id)
        .where(Deal.id == any_(bindparam(_IDS, type_=ARRAY(BigInteger), required=True)))
    )
    return OWNER.onto(ACCOUNT.onto(judged.onto(query)))


def _row(
    row: OpportunityColumns,
    facts: Facts,
    milestones: Sequence[MilestoneOfDeal],
    judging: Judging,
) -> OpportunityRow:
    deal: Deal = row.Deal
    verdict = judge(facts, judging.day.thresholds, judging.day.today)
    worst = verdict.signals[0].words if verdict.signals else None
    phase = Phase(row.phase)
    return OpportunityRow(
        id=str(deal.id),
        state=(
            DealState.DELETED if row.presence == Presence.DELETED else DealState(row.sync_status)
        ),
        name=deal.name,
        account=_party(deal.account_id, row.account_name),
        owner=_party(deal.owner_id, row.owner_name),
        region=_label(judging.scope, "business_region", deal.business_region),
        solution=_label(judging.scope, "solution_type", deal.solution_type),
        country=_label(judging.scope, "country", deal.country),
        is_strategic=row.is_strategic,
        ended=ended_of(facts, judging),
        phase=phase.number,
        phase_title=PHASE_TITLE[phase],
        phase_since=row.phase_since,
        days_in_phase=(
            None if row.phase_since is None else (judging.day.today - row.phase_since).days
        ),
        next_milestone=_next(milestones) if row.is_opportunity else None,
        health=verdict.health,
        score=verdict.score,
        reason=None if worst is None else worst.brief,
        next_step=None if worst is None else worst.next_step,
        further_signals=max(len(verdict.signals) - 1, 0),
        value=row.value,
        amount=deal.amount,
        currency=deal.currency,
        closing_date=deal.closing_date,
    )


def ended_of(facts: Facts, judging: Judging) -> Ended | None:
    """Return why a deal is no opportunity any more; None while it is one."""
    if facts.is_lost:
        return Ended.LOST
    return Ended.RECOGNISED if has_happened(facts.recognised_on, judging.day.today) else None


def _next(milestones: Sequence[MilestoneOfDeal]) -> NextMilestone | None:
    following = next_milestone([each.dates for each in milestones])
    if following is None:
        return None
    planned = next(each for each in milestones if each.dates.milestone is following)
    return NextMilestone(
        milestone=following,
        label=MILESTONE_BY_NAME[following].label,
        planned_on=planned.dates.planned_on,
    )


def _party(record_id: int | None, name: str | None) -> Party | None:
    return None if record_id is None else Party(id=str(record_id), name=name)


def _label(scope: Scope, column: str, stored: str | None) -> str | None:
    return None if stored is None else scope.fields.labels(column).get(stored, stored)


async def opportunity_summary(
    db: AsyncSession, asked: AskedFilter, wanted: OpportunityFilter, now: datetime
) -> OpportunitySummary:
    """Count and sum the opportunities under the filters, by health."""
    judging = await read_judging(db, now)
    judged = judging.judged
    meets = opportunity_conditions(asked.on(judging.day.today), wanted, judging.scope, judged)
    priced = judged.onto(
        select(
            Deal.id,
            Deal.currency,
            Deal.amount,
            judging.scope.money.value().label("value"),
            judged.rank.label("rank"),
            judged.is_opportunity.label("is_opportunity"),
        ).select_from(Deal)
    )
    deals = computed_once(priced.where(*meets)).subquery().c
    lacks_rate = deals.amount.is_not(None) & deals.value.is_(None)
    in_conflict = select(PendingChange.record_id).where(
        PendingChange.module == DEALS,
        PendingChange.state == ChangeState.CONFLICT,
        PendingChange.is_skipped.is_(False),
    )
    groups = (
        await db.execute(
            select(
                deals.rank,
                deals.is_opportunity,
                func.count().label("deals"),
                func.coalesce(func.sum(deals.value), 0).label("value"),
                func.count().filter(lacks_rate).label("without_rate"),
                func.count().filter(deals.id.in_(in_conflict)).label("conflicts"),
            ).group_by(deals.rank, deals.is_opportunity)
        )
    ).all()
    without_rate = []
    if any(group.without_rate for group in groups):
        lines = await db.execute(
            select(deals.currency, func.count())
            .where(lacks_rate)
            .group_by(deals.currency)
            .order_by(func.count().desc(), deals.currency)
        )
        without_rate = [OpportunityWithoutRate(currency=row[0], count=row[1]) for row in lines]
    by_health = [
        HealthCount(
            health=health,
            deals=sum(group.deals for group in groups if health_of(group.rank) is health),
            value=sum(
                (group.value for group in groups if health_of(group.rank) is health), Decimal(0)
            ),
        )
        for health in DealHealth
        if any(health_of(group.rank) is health for group in groups)
    ]
    return OpportunitySummary(
        count=sum(each.deals for each in by_health),
        all_count=await _all_opportunities(db, judged),
        value=sum((each.value for each in by_health), Decimal(0)),
        at_risk_value=sum((each.value for each in by_health if each.health in AT_RISK), Decimal(0)),
        needs_attention=sum(each.deals for each in by_health if each.health in NEEDS_ATTENTION),
        by_health=by_health,
        base_currency=judging.base,
        today=judging.day.today,
        without_rate=without_rate,
        conflicts=sum(group.conflicts for group in groups),
        rates_read_at=judging.scope.money.read_at,
    )


async def _all_opportunities(db: AsyncSession, judged: Judged) -> int:
    query = select(func.count()).select_from(Deal)
    count = await db.scalar(query.where(judged.deals.held(), judged.is_opportunity))
    return count or 0
