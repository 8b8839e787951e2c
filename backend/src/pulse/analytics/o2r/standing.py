"""Where the open opportunities stand: by phase, health and territory, and what money waits.

Deals are read, priced and judged once; the few groups that they make are added up by the caller.
An *open opportunity* is a deal that is not lost and whose revenue is not recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Integer, case, cast, func, literal, null, select

from pulse.analytics.o2r.health import health_of
from pulse.analytics.sums import priced, read_sums, sums_of
from pulse.core.o2r.health import Rule
from pulse.core.o2r.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Judged
    from pulse.analytics.question import Side
    from pulse.analytics.sums import Sums
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
    longest_wait_days: int | None
    """Since the PO (else since the closing date), or since the invoice; None if no date came."""
    is_unpaid_too_long: bool
    """Invoiced, and unpaid past the threshold."""


async def read_standing(db: AsyncSession, side: Side, judged: Judged) -> list[StandingGroup]:
    """Return the groups that a side's open opportunities make; `judged` is over its deals."""
    deals, deal = judged.deals, judged.deals.deal
    waiting = case(
        (judged.waits_for_invoice, literal(Waiting.INVOICE.value)),
        (judged.waits_for_payment, literal(Waiting.PAYMENT.value)),
        else_=null(),
    )
    rows = (
        judged.onto(
            priced(
                deal,
                side.scope.money,
                deal.business_region.label("territory"),
                deal.currency.label("currency"),
                judged.phase.label("phase"),
                judged.rank.label("rank"),
                waiting.label("waiting"),
                _waits_days(judged).label("waits_days"),
                judged.signals[Rule.INVOICE_UNPAID].label("is_unpaid_too_long"),
            ).select_from(deals.table)
        )
        .where(*side.meets(deals), judged.is_opportunity)
        .subquery()
        .c
    )
    keys = (
        rows.territory,
        rows.currency,
        rows.phase,
        rows.rank,
        rows.waiting,
        func.coalesce(rows.is_unpaid_too_long, literal(value=False)).label("is_too_long"),
    )
    found = await db.execute(
        select(*keys, func.max(rows.waits_days), *sums_of(rows)).group_by(*keys)
    )
    return [
        StandingGroup(
            territory=territory,
            currency=currency,
            phase=Phase(phase),
            health=health_of(rank),
            waiting=None if waits is None else Waiting(waits),
            is_unpaid_too_long=is_too_long,
            longest_wait_days=longest,
            sums=read_sums(sums),
        )
        for territory, currency, phase, rank, waits, is_too_long, longest, *sums in found
    ]


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
