"""Which deals stand before and after one in the table, in any order and under any filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pulse.deals.detail import require_deal
from pulse.deals.neighbours_schemas import Neighbours
from pulse.deals.table.rows import in_order
from pulse.models import Deal
from pulse.queries.deal_filters import conditions

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.deal_filters import DealFilter
    from pulse.queries.deal_filters import Scope
    from pulse.queries.stages import SalesProcess


async def read_neighbours(
    db: AsyncSession,
    deal_id: int,
    wanted: DealFilter,
    sort: str,
    scope: Scope,
    process: SalesProcess,
) -> Neighbours:
    """Return who stands beside a deal; nobody does if the filters leave it out.

    Raises NotFoundError, and InvalidInputError that names an unknown column.
    """
    await require_deal(db, deal_id)
    table, order = in_order(select(Deal.id).where(*conditions(wanted, scope)), sort, scope, process)
    placed = table.add_columns(
        func.lag(Deal.id).over(order_by=order).label("previous"),
        func.lead(Deal.id).over(order_by=order).label("next"),
        func.row_number().over(order_by=order).label("place"),
        func.count().over().label("all_deals"),
    ).subquery()
    row = (await db.execute(select(placed).where(placed.c.id == deal_id))).first()
    if row is None:
        return Neighbours(previous=None, next=None, place=None, count=None)
    return Neighbours(
        previous=None if row.previous is None else str(row.previous),
        next=None if row.next is None else str(row.next),
        place=row.place,
        count=row.all_deals,
    )
