"""Where the open opportunities stand: by phase, health and territory, and what money waits.

Deals are read, priced and judged once; the few groups that they make are added up by the caller.
An *open opportunity* is a deal that is not lost and whose revenue is not recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, Text, case, cast, func, literal, null, select

from pulse.analytics.o2r.health import health_of, rank_of, score_of
from pulse.analytics.o2r.kept import kept_for_now
from pulse.analytics.sums import Sums, priced, sums_of
from pulse.core.o2r.health import NEEDS_ATTENTION, Rule
from pulse.core.o2r.phases import Phase
from pulse.db.as_text import as_text, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import CTE, ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Judged
    from pulse.analytics.question import Side
    from pulse.core.o2r.health import DealHealth


class Waiting(StrEnum):
    """For what money waits."""

    INVOICE = "invoice"
    """Won, and not invoiced."""
    PAYMENT = "payment"
    """Invoiced, and not paid."""


@dataclass(frozen=True, slots=True)
class StandingGroup:
    """Open opportunities that agree in all of this."""

    territory: str | None
    currency: str | None
    phase: Phase
    health: DealHealth
    waiting: Waiting | None
    sums: Sums
    """Of deals and their values; nothing is weighted here."""
    longest_wait_days: int | None
    """Since the PO (else since the closing date), or since the invoice; None if no date came."""
    is_unpaid_too_long: bool
    """Invoiced, and unpaid past the threshold."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a side's open opportunities stand."""

    groups: list[StandingGroup]
    median_ages: Mapping[Phase, int]
    """Median of the days that they have been in their phase, where there are any."""
    worst: list[int]
    """Ids of those that need somebody most: by health, then score, then value."""


async def read_standing(db: AsyncSession, side: Side, judged: Judged, worst: int) -> Standing:
    """Return where open opportunities stand, with so many of the worst; one pass over them.

    `judged` is over the deals of the side.
    """
    told = (await db.execute(_standing_query(side, judged, worst))).one()
    return Standing(
        groups=[_group(row) for row in rows_of(told[0])],
        median_ages={Phase(phase): days for phase, days in rows_of(told[1])},
        worst=[row[0] for row in rows_of(told[2])],
    )


@kept_for_now
def _standing_query(side: Side, judged: Judged, worst: int) -> Select[str, str, str]:
    rows = _opportunities(side, judged)
    keys = (
        rows.c.territory,
        rows.c.currency,
        rows.c.phase,
        rows.c.rank,
        rows.c.waiting,
        func.coalesce(rows.c[Rule.INVOICE_UNPAID], literal(value=False)).label("is_too_long"),
    )
    # JSON has no exact numbers. Nobody asks for the other sums, and weighing takes its time.
    sums = (cast(each, Text) for each in sums_of(rows.c) if each.name in _SUMMED)
    groups = select(*keys, func.max(rows.c.waits_days), *sums).group_by(*keys)
    middle = func.percentile_disc(0.5).within_group(rows.c.days)
    ages = select(rows.c.phase, middle).where(rows.c.days.is_not(None)).group_by(rows.c.phase)
    needy = (
        select(rows.c.id)
        .where(rows.c.rank <= max(health.rank for health in NEEDS_ATTENTION))
        .order_by(rows.c.rank, rows.c.score, rows.c.value.desc().nulls_last(), rows.c.id)
        .limit(worst)
    )
    return select(as_text(groups), as_text(ages), as_text(needy))


def _opportunities(side: Side, judged: Judged) -> CTE:
    """Return the open opportunities, each judged once."""
    deals, deal = judged.deals, judged.deals.deal
    waiting = case(
        (judged.waits_for_invoice, literal(Waiting.INVOICE.value)),
        (judged.waits_for_payment, literal(Waiting.PAYMENT.value)),
        else_=null(),
    )
    signs = (
        judged.onto(
            priced(
                deal,
                side.scope.money,
                deals.id.label("id"),
                deal.business_region.label("territory"),
                deal.currency.label("currency"),
                judged.phase.label("phase"),
                judged.days_in_phase.label("days"),
                waiting.label("waiting"),
                _waits_days(judged).label("waits_days"),
                *(signal.label(rule) for rule, signal in judged.signals.items()),
            ).select_from(deals.table)
        )
        .where(*side.meets(deals), judged.is_opportunity)
        .subquery("signs")
        .c
    )
    signals = {rule: signs[rule] for rule in Rule}
    return select(*signs, rank_of(signals).label("rank"), score_of(signals).label("score")).cte(
        "opportunities"
    )


_SUMMED: Final = {"deals": int, "value": Decimal, "valued": int, "amounts": int, "own_rates": int}
"""Members of `Sums` in their order, and how each is read."""


# Any: a row of JSON.
def _group(row: list[Any]) -> StandingGroup:
    territory, currency, phase, rank, waits, is_too_long, longest, *sums = row
    return StandingGroup(
        territory=territory,
        currency=currency,
        phase=Phase(phase),
        health=health_of(rank),
        waiting=None if waits is None else Waiting(waits),
        is_unpaid_too_long=is_too_long,
        longest_wait_days=longest,
        sums=Sums(
            **{name: kind(each) for (name, kind), each in zip(_SUMMED.items(), sums, strict=True)}
        ),
    )


def _waits_days(judged: Judged) -> ColumnElement[int | None]:
    deal, today = judged.deals.deal, judged.day.today
    since = case(
        (deal.invoiced_on <= today, deal.invoiced_on),
        (deal.po_generated_on <= today, deal.po_generated_on),
        (deal.closing_date <= today, deal.closing_date),
    )
    return cast(literal(today) - since, Integer)


async def read_value_at_risk(db: AsyncSession, side: Side, judged: Judged) -> tuple[int, Decimal]:
    """Return how many open opportunities are blocked or red, and their value."""
    deals = judged.deals
    rows = (
        judged.onto(priced(deals.deal, side.scope.money).select_from(deals.table))
        .where(*side.meets(deals), judged.is_at_risk)
        .subquery()
        .c
    )
    row = (await db.execute(select(func.count(), func.coalesce(func.sum(rows.value), 0)))).one()
    return row[0], row[1]


async def read_median_ages(db: AsyncSession, side: Side, judged: Judged) -> Mapping[Phase, int]:
    """Return the median of the days that open opportunities have been in their phase."""
    deals = judged.deals
    rows = (
        select(judged.phase.label("phase"), judged.days_in_phase.label("days"))
        .select_from(deals.table)
        .where(*side.meets(deals), judged.is_opportunity)
        .subquery()
        .c
    )
    median = func.percentile_disc(0.5).within_group(rows.days)
    found = await db.execute(
        select(rows.phase, median).where(rows.days.is_not(None)).group_by(rows.phase)
    )
    return {Phase(phase): days for phase, days in found}
