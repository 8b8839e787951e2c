"""What the open pipeline was at a past moment, and which deals moved since.

A past figure is made of what held then: the version of each deal, and the CRM's rates of that day.
Only which stages are open is today's word, as the CRM keeps no history of it. History begins when
the first full sync was complete: before, versions are those of deals that nobody touched since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select, text, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from pulse.core.modules import DEALS
from pulse.core.sync import SessionStatus, SyncType
from pulse.dashboard.pipeline import Sums, priced, sums_of
from pulse.models import CurrencyRate, DealVersion, SyncSession
from pulse.queries.money import Rate

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.money import Conversion
    from pulse.queries.stages import SalesProcess

_STILL = text("'infinity'::timestamptz")


@dataclass(frozen=True, slots=True)
class Movement:
    """Deals that moved since a moment."""

    new: int
    """Created since then, and still there."""
    won: int
    lost: int
    postponed: int
    """Open then and now, with a later closing date."""


async def history_began(db: AsyncSession) -> datetime | None:
    """Return when the first full sync of deals was complete; None before."""
    began: datetime | None = await db.scalar(
        select(func.min(SyncSession.completed_at)).where(
            SyncSession.module == DEALS,
            SyncSession.sync_type == SyncType.FULL,
            SyncSession.status == SessionStatus.COMPLETED,
        )
    )
    return began


async def conversion_then(db: AsyncSession, money: Conversion, moment: datetime) -> Conversion:
    """Return how amounts became the same base currency on the day of a past moment."""
    rates = await db.execute(
        select(CurrencyRate.iso_code, CurrencyRate.exchange_rate, CurrencyRate.valid_from)
        .ext(distinct_on(CurrencyRate.iso_code))
        .where(CurrencyRate.valid_from <= moment.astimezone(UTC).date())
        .order_by(CurrencyRate.iso_code, CurrencyRate.valid_from.desc())
    )
    return replace(
        money,
        rates={
            row.iso_code: Rate(row.exchange_rate, row.valid_from)
            for row in rates
            if row.exchange_rate > 0 and row.iso_code != money.home
        },
    )


async def open_pipeline_then(
    db: AsyncSession, process: SalesProcess, money: Conversion, moment: datetime
) -> Sums:
    """Return the sums of the deals that were open at a past moment; `money` is of that day."""
    was_open = and_(_held(DealVersion, moment), process.is_open(DealVersion))
    deals = priced(DealVersion, money).where(was_open).subquery().c
    return Sums(*(await db.execute(select(*sums_of(deals)))).one())


async def movement_since(db: AsyncSession, process: SalesProcess, moment: datetime) -> Movement:
    """Count the deals that moved since a moment, by what holds now against what held then."""
    now, then = aliased(DealVersion), aliased(DealVersion)
    was_there = then.deal_id.is_not(None)
    row = (
        await db.execute(
            select(
                func.count().filter(~was_there, now.crm_created_at > moment),
                func.count().filter(process.is_won(now), process.is_won(then).is_not(true())),
                func.count().filter(process.is_lost(now), process.is_lost(then).is_not(true())),
                func.count().filter(
                    process.is_open(now),
                    process.is_open(then),
                    now.closing_date > then.closing_date,
                ),
            )
            .outerjoin_from(now, then, and_(then.deal_id == now.deal_id, _held(then, moment)))
            # Whose present version is no younger did not move.
            .where(now.valid_to == _STILL, now.valid_from > moment)
        )
    ).one()
    return Movement(*row)


def _held(version: type[DealVersion], moment: datetime) -> ColumnElement[bool]:
    return and_(version.valid_from <= moment, version.valid_to > moment)
