"""Which deals a missing or an old rate touches, by currency; counted in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from pulse.models import Deal

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.money import Conversion


@dataclass(frozen=True, slots=True)
class Touched:
    """Deals in one currency; None for those without a currency."""

    currency: str | None
    deals: int
    without_rate: int
    """They have an amount that no rate brings into the base currency."""
    by_crm_rate: int
    """The CRM's rates, not their own alone, made their value."""


async def read_touched(db: AsyncSession, money: Conversion) -> list[Touched]:
    """Return what rates mean for the deals that are there, most deals first."""
    value = money.value()
    is_converted = and_(value.is_not(None), func.coalesce(Deal.currency != money.base, False))
    # A deal's own rate leads to the home currency; from there on the CRM's rate of the base counts.
    by_crm = is_converted if money.base != money.home else is_converted & ~money.uses_own_rate()
    rows = await db.execute(
        select(
            Deal.currency,
            func.count().label("deals"),
            func.count().filter(money.is_without_rate()).label("without_rate"),
            func.count().filter(by_crm).label("by_crm_rate"),
        )
        .where(Deal.is_live)
        .group_by(Deal.currency)
        .order_by(func.count().desc(), Deal.currency)
    )
    return [Touched(row.currency, row.deals, row.without_rate, row.by_crm_rate) for row in rows]
