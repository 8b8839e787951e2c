"""Deals by a few letters, for the command palette: the best ten at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Text, case, cast, func, select

from pulse.core.deal_filters import DealFilter
from pulse.deals.table.schemas import FoundDeal, FoundDeals
from pulse.models import Deal
from pulse.queries.deal_filters import conditions
from pulse.queries.deal_names import ACCOUNT, ACCOUNT_NAME, OWNER, OWNER_NAME

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.deal_filters import Scope
    from pulse.queries.stages import SalesProcess

MOST_FOUND: Final = 10


async def find_deals(
    db: AsyncSession, text: str, scope: Scope, process: SalesProcess
) -> FoundDeals:
    """Return the deals that fit best: those whose name begins so, then by last change.

    `#` and digits look for an id alone, from its beginning.
    """
    text = text.strip()
    digits = text.removeprefix("#")
    if text.startswith("#"):
        found = [cast(Deal.id, Text).startswith(digits)] if digits.isdigit() else None
        wanted = DealFilter()
    else:
        found = []
        wanted = DealFilter(text=text)
    if found is None or not text:
        return FoundDeals(items=[], currency=scope.money.base)
    begins = func.starts_with(func.lower(Deal.name), func.lower(text))
    best = (
        select(Deal.id)
        .where(*conditions(wanted, scope), *found)
        .order_by(case((begins, 0), else_=1), Deal.crm_modified_at.desc(), Deal.id.desc())
        .limit(MOST_FOUND)
    )
    ids = list((await db.scalars(best)).all())
    query = select(
        Deal.id,
        Deal.name,
        Deal.stage,
        ACCOUNT_NAME.label("account"),
        OWNER_NAME.label("owner"),
        scope.money.value().label("value"),
    ).where(Deal.id.in_(ids))
    rows = {row.id: row for row in await db.execute(OWNER.onto(ACCOUNT.onto(query)))}
    return FoundDeals(
        items=[
            FoundDeal(
                id=str(deal),
                name=rows[deal].name,
                account=rows[deal].account,
                owner=rows[deal].owner,
                stage=None if rows[deal].stage is None else process.label(rows[deal].stage),
                value=rows[deal].value,
            )
            for deal in ids
        ],
        currency=scope.money.base,
    )
