"""The deals behind a figure of revenue, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from pulse.analytics.names import names_of
from pulse.dashboard.revenue import Days, deals_of
from pulse.dashboard.revenue_schemas import RevenueDeal, RevenueDealPage
from pulse.kit.errors import InvalidInputError

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question
    from pulse.dashboard.revenue_schemas import RevenueKind
    from pulse.web.paging import PageRequest

EXAMPLE: Final = InvalidInputError(
    "first: 2026-04-01 is later than the last day, 2026-03-02.",
    fix="Give an earlier first day, or a later last one.",
    extra={"field": "first"},
)
"""What a range that ends before it begins is answered with."""


def read_days(first: date, last: date) -> Days:
    """Return a range of days. Raises InvalidInputError for one that ends before it begins."""
    if first > last:
        raise InvalidInputError(
            f"first: {first} is later than the last day, {last}.",
            fix=EXAMPLE.fix,
            extra={"field": "first"},
        )
    return Days(first, last)


async def read_revenue_deals(
    db: AsyncSession, question: Question, kind: RevenueKind, days: Days, page: PageRequest
) -> RevenueDealPage:
    """Return the deals that count in a range of days, greatest value first."""
    side = question.now
    deals = side.deals()
    deal = deals.deal
    day, is_meant = deals_of(kind, days, side, deals, question.today)
    meant = (*side.meets(deals), is_meant)
    count = await db.scalar(select(func.count()).select_from(deals.table).where(*meant)) or 0
    value = side.scope.money.value(deal)
    # Any: what is selected.
    query: Select[*tuple[Any, ...]] = select(
        deals.id.label("id"),
        deal.name,
        deal.account_id,
        deal.owner_id,
        day.label("day"),
        deal.probability,
        value.label("value"),
    ).select_from(deals.table)
    places = query.where(*meant).order_by(value.desc().nulls_last(), deals.id)
    rows = (await db.execute(places.limit(page.limit).offset(page.offset))).all()
    references = {each for row in rows for each in (row.account_id, row.owner_id)}
    names = await names_of(db, [each for each in references if each is not None])
    return RevenueDealPage(
        count=count,
        items=[
            RevenueDeal(
                id=str(row.id),
                name=row.name,
                account=names.get(str(row.account_id)),
                owner=names.get(str(row.owner_id)),
                on=row.day,
                probability=row.probability,
                value=row.value,
            )
            for row in rows
        ],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(rows) < count,
    )
