"""The deals behind a figure of stages: who entered one in the window, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from pulse.analytics.names import names_of
from pulse.analytics.stages.flow import Became, became
from pulse.analytics.stages.spans import FOR_EVER, stays_in

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Side
    from pulse.analytics.stages.spans import Window


@dataclass(frozen=True, slots=True)
class StayingDeal:
    """One stay of a deal; a deal that came back has several."""

    id: int
    name: str | None
    account: str | None
    owner: str | None
    value: Decimal | None
    """As of the moment asked about, in the base currency."""
    entered_at: datetime
    left_at: datetime | None
    """None: it is still there."""
    next_stage: str | None
    is_imported: bool


@dataclass(frozen=True, slots=True)
class StayingDeals:
    """Some of them, and how many there are."""

    count: int
    items: tuple[StayingDeal, ...]


async def read_staying_deals(
    db: AsyncSession,
    side: Side,
    window: Window,
    stage: str,
    way: Became | None,
    *,
    limit: int,
    offset: int,
) -> StayingDeals:
    """Return stays in a stage that began in the window, the longest first, ties by deal."""
    process = side.scope.process
    stays = stays_in(side, window)
    wanted = [stays.c.is_start_known, stays.c.stage == stage]
    if way is not None:
        wanted.append(became(stays.c, process) == way.value)
    count = await db.scalar(select(func.count()).select_from(stays).where(*wanted)) or 0
    deals = side.deals()
    # Any: an alias does not say what its columns hold.
    columns: list[Any] = [
        stays.c.deal_id,
        stays.c.start,
        # Python has no moment that is infinite.
        func.nullif(stays.c.finish, FOR_EVER).label("finish"),
        stays.c.next_stage,
        stays.c.is_imported,
        deals.deal.name,
        deals.deal.account_id,
        deals.deal.owner_id,
        side.scope.money.value(deals.deal).label("value"),
    ]
    rows = (
        await db.execute(
            select(*columns)
            .join(deals.table, deals.id == stays.c.deal_id)
            .where(*wanted, deals.held())
            .order_by(
                (func.least(stays.c.finish, window.as_of) - stays.c.start).desc(),
                stays.c.deal_id,
                stays.c.start,
            )
            .limit(limit)
            .offset(offset)
        )
    ).all()
    referred = {each for row in rows for each in (row.account_id, row.owner_id)}
    names = await names_of(db, [each for each in referred if each is not None])
    return StayingDeals(
        count,
        tuple(
            StayingDeal(
                row.deal_id,
                row.name,
                names.get(str(row.account_id)),
                names.get(str(row.owner_id)),
                row.value,
                row.start,
                row.finish,
                None if row.next_stage is None else process.label(row.next_stage),
                row.is_imported,
            )
            for row in rows
        ),
    )
