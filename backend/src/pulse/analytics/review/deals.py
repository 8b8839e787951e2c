"""The deals behind the figures of a review: each with its health at both ends of the week, and why.

Facts are asked of the few rows that are shown, and judged once more by the pure law, whose words
tell which signals came in the week and which went.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pulse.analytics.names import names_of
from pulse.analytics.o2r.asking import judge_side
from pulse.analytics.o2r.health import read_facts
from pulse.analytics.review.rows import MOVES, Group, is_in, move_in, week_rows
from pulse.core.o2r.health import judge
from pulse.core.o2r.moves import Standing, move_of
from pulse.core.o2r.phases import is_opportunity, phase_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Side
    from pulse.analytics.review.rows import Rows
    from pulse.analytics.review.week import ReviewedWeek
    from pulse.core.o2r.facts import Facts
    from pulse.core.o2r.health import Signal, Thresholds, Verdict
    from pulse.core.o2r.moves import Move
    from pulse.core.o2r.phases import Phase


@dataclass(frozen=True, slots=True)
class ReviewedDeal:
    """A deal as it stood at the end of a week, beside how it stood at its beginning."""

    id: int
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    phase: Phase
    closing_date: date | None
    value: Decimal | None
    """In the base currency; None without amount or rate."""
    verdict: Verdict
    before: Verdict | None
    """None where it was no open opportunity then."""
    move: Move | None
    """None where it is no open opportunity any more."""

    @property
    def came(self) -> tuple[Signal, ...]:
        """Signals that it did not have a week before, worst first."""
        had = set() if self.before is None else {signal.rule for signal in self.before.signals}
        return tuple(signal for signal in self.verdict.signals if signal.rule not in had)

    @property
    def went(self) -> tuple[Signal, ...]:
        """Signals that it had a week before and has no more, worst first."""
        has = {signal.rule for signal in self.verdict.signals}
        before = () if self.before is None else self.before.signals
        return tuple(signal for signal in before if signal.rule not in has)


@dataclass(frozen=True, slots=True)
class GroupOfDeals:
    """Some deals of a group, worst first, and how many it has."""

    count: int
    items: tuple[ReviewedDeal, ...]


def _worst_first(rows: Rows) -> tuple[ColumnElement[object], ...]:
    return (rows.rank.asc(), rows.score.asc(), rows.value.desc().nulls_last(), rows.id.asc())


async def read_moves(
    db: AsyncSession, week: ReviewedWeek, thresholds: Thresholds, most: int
) -> dict[Group, tuple[ReviewedDeal, ...]]:
    """Return the first of each of the four lists, worst first."""
    rows = week_rows(week, thresholds).c
    move = move_in(rows)
    placed = (
        select(
            rows.id,
            move.label("move"),
            func.row_number().over(partition_by=move, order_by=_worst_first(rows)).label("place"),
        )
        .where(rows.is_open)
        .subquery()
        .c
    )
    found = (
        await db.execute(
            select(placed.id, placed.move).where(placed.place <= most).order_by(placed.place)
        )
    ).all()
    deals = await read_deals(db, week, thresholds, [row.id for row in found])
    return {
        group: tuple(deals[row.id] for row in found if row.move == group.value) for group in MOVES
    }


async def read_group(
    db: AsyncSession,
    week: ReviewedWeek,
    thresholds: Thresholds,
    group: Group,
    *,
    limit: int,
    offset: int,
) -> GroupOfDeals:
    """Return deals of a group."""
    rows = week_rows(week, thresholds).c
    is_meant = is_in(group, rows)
    found = (
        await db.execute(
            select(rows.id, func.count().over().label("whole"))
            .where(is_meant)
            .order_by(*_worst_first(rows))
            .limit(limit)
            .offset(offset)
        )
    ).all()
    count = found[0].whole if found else 0
    if not found and offset:
        count = await db.scalar(select(func.count(rows.id)).where(is_meant)) or 0
    ids = [row.id for row in found]
    deals = await read_deals(db, week, thresholds, ids)
    return GroupOfDeals(count, tuple(deals[each] for each in ids))


async def read_deals(
    db: AsyncSession, week: ReviewedWeek, thresholds: Thresholds, ids: Sequence[int]
) -> Mapping[int, ReviewedDeal]:
    """Return deals by id, as they stood at both ends of a week."""
    if not ids:
        return {}
    judged = judge_side(week.end, week.moment, thresholds)
    deals, deal = judged.deals, judged.deals.deal
    columns = (deal.name, deal.account_id, deal.owner_id, deal.stage, deal.closing_date)
    value = week.end.scope.money.value(deal)
    rows = (
        await db.execute(
            judged.onto(
                select(deals.id, *columns, value, *judged.facts).select_from(deals.table)
            ).where(deals.held(), deals.id.in_(ids))
        )
    ).all()
    before = await _verdicts(db, week.begin, week.since, thresholds, ids)
    names = await names_of(db, [each for row in rows for each in row[2:4] if each is not None])
    found = {}
    for row in rows:
        deal_id, name, account, owner, stage, closing, worth, *known = row
        facts: Facts = read_facts(known)
        verdict, then = judge(facts, thresholds, week.last_day), before.get(deal_id)
        found[deal_id] = ReviewedDeal(
            id=deal_id,
            name=name,
            account=_name(account, names),
            owner=_name(owner, names),
            stage=None if stage is None else week.end.scope.process.label(stage),
            phase=phase_of(facts, week.last_day),
            closing_date=closing,
            value=worth,
            verdict=verdict,
            before=then,
            move=(
                move_of(_standing(verdict), None if then is None else _standing(then))
                if is_opportunity(facts, week.last_day)
                else None
            ),
        )
    return found


async def _verdicts(
    db: AsyncSession, side: Side, moment: datetime, thresholds: Thresholds, ids: Sequence[int]
) -> dict[int, Verdict]:
    """Return the verdicts on those that were open opportunities at an earlier moment."""
    judged = judge_side(side, moment, thresholds)
    deals, today = judged.deals, judged.day.today
    rows = await db.execute(
        judged.onto(select(deals.id, *judged.facts).select_from(deals.table)).where(
            deals.held(), deals.id.in_(ids)
        )
    )
    facts = {row[0]: read_facts(row[1:]) for row in rows}
    return {
        deal_id: judge(each, thresholds, today)
        for deal_id, each in facts.items()
        if is_opportunity(each, today)
    }


def _standing(verdict: Verdict) -> Standing:
    return Standing(verdict.health, verdict.score)


def _name(record_id: int | None, names: Mapping[str, str]) -> str | None:
    return None if record_id is None else names.get(str(record_id), f"#{record_id}")
