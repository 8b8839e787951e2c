"""What the deals under the filters add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select, true

from pulse.core.modules import DEALS
from pulse.core.sync import RecordStatus
from pulse.deals.table.schemas import DealSummary, RateLine, WithoutRate
from pulse.models import Deal, RecordSyncStatus
from pulse.queries.deal_filters import conditions
from pulse.queries.moments import deals_at, history_began
from pulse.queries.money import weighted_value

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.deal_filters import DealFilter
    from pulse.queries.deal_filters import Scope


async def deal_summary(
    db: AsyncSession, wanted: DealFilter, scope: Scope, as_of: datetime | None = None
) -> DealSummary:
    """Count and sum the deals under the filters; those that are gone count and add nothing.

    `scope` has the rates of the moment; of a past one deals that were gone are not there at all.
    """
    money, at = scope.money, deals_at(as_of)
    deal = at.deal
    # OFFSET 0 keeps the value from being computed once for each mention.
    deals = (
        select(
            at.id.label("id"),
            (Deal.is_live if at.is_now else true()).label("is_live"),
            deal.amount,
            deal.currency,
            deal.probability,
            money.value(deal).label("value"),
        )
        .where(*conditions(wanted, scope, at))
        .offset(0)
        .subquery()
    )
    in_conflict = select(RecordSyncStatus.zoho_record_id).where(
        RecordSyncStatus.module == DEALS, RecordSyncStatus.sync_status == RecordStatus.CONFLICT
    )
    lacks_rate = deals.c.is_live & deals.c.amount.is_not(None) & deals.c.value.is_(None)
    found = (
        await db.execute(
            select(
                func.count(),
                func.coalesce(func.sum(deals.c.value).filter(deals.c.is_live), 0),
                func.coalesce(
                    func.sum(weighted_value(deals.c.value, deals.c.probability)).filter(
                        deals.c.is_live
                    ),
                    0,
                ),
                func.count().filter(lacks_rate),
                func.count().filter(deals.c.id.in_(in_conflict)),
            ).select_from(deals)
        )
    ).one()
    without_rate = []
    if found[3]:
        lines = await db.execute(
            select(deals.c.currency, func.count())
            .where(lacks_rate)
            .group_by(deals.c.currency)
            .order_by(func.count().desc(), deals.c.currency)
        )
        without_rate = [WithoutRate(currency=row[0], count=row[1]) for row in lines]
    total = await db.scalar(select(func.count()).select_from(at.table).where(at.held()))
    return DealSummary(
        count=found[0],
        total_count=total or 0,
        value=Decimal(found[1]),
        weighted=Decimal(found[2]),
        currency=money.base,
        without_rate=without_rate,
        conflicts=found[4] if at.is_now else None,
        rates=[
            RateLine(currency=code, rate=rate.exchange_rate, since=rate.since)
            for code, rate in sorted(money.rates.items())
        ],
        rates_read_at=money.read_at,
        as_of=as_of,
        is_past=not at.is_now,
        history_began=await history_began(db),
    )
