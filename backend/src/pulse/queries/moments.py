"""The deals as they stood at a moment: now in the mirror, in the past out of their versions.

Now is the table `deals`, local edits included. A past moment is made of what held then: the version
of each deal that was valid (`valid_from` ≤ t < `valid_to`, in CRM time) and the CRM's rates of that
day. Only which stages are open is today's word, as the CRM keeps no history of it.

History begins when the first full sync was complete, by the CRM's clock, as versions are: before,
there are versions only of deals that nobody touched since, so a sum would be of some deals only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import DateTime, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from pulse.core.modules import DEALS
from pulse.core.sync import SessionStatus, SyncType
from pulse.models import CurrencyRate, Deal, DealVersion, SyncSession
from pulse.queries.money import Rate

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.models.deals import DealFacts
    from pulse.queries.money import Conversion


@dataclass(frozen=True, slots=True)
class DealsAt:
    """A table of deals, one row a deal, as they stood at a moment."""

    at: datetime | None
    """None is now."""
    deal: type[DealFacts]
    """Its columns: `Deal`, or an alias of `DealVersion`."""
    id: SQLColumnExpression[int]
    # Any: a table or an alias of one, to select from and to join.
    table: Any

    @property
    def is_now(self) -> bool:
        """Whether the mirror itself is meant."""
        return self.at is None

    def held(self) -> ColumnElement[bool]:
        """Return what a row must fulfil to have been there: in the CRM and shown to us."""
        if self.at is None:
            # Bare, not IS TRUE: only so do partial indexes answer without the table.
            return and_(Deal.is_live)
        return and_(self.table.valid_from <= self.at, self.table.valid_to > self.at)


NOW: Final = DealsAt(None, Deal, Deal.id, Deal)
"""The mirror."""


def deals_at(at: datetime | None) -> DealsAt:
    """Return the deals of a moment; None is now. Each call gives an alias of its own."""
    if at is None:
        return NOW
    version = aliased(DealVersion)
    return DealsAt(at, version, version.deal_id, version)


async def history_began(db: AsyncSession) -> datetime | None:
    """Return when the first full sync of deals was complete, in CRM time; None before.

    It is the moment up to which that sync had replayed changes: everything it had loaded was read
    before, so each deal has the version that held then. Our clock may be ahead of the CRM's or
    behind; only of a session that did not note the CRM's time is our own taken.
    """
    by_the_crm = SyncSession.facts["complete_at"].astext.cast(DateTime(timezone=True))
    began: datetime | None = await db.scalar(
        select(func.min(func.coalesce(by_the_crm, SyncSession.completed_at))).where(
            SyncSession.module == DEALS,
            SyncSession.sync_type == SyncType.FULL,
            SyncSession.status == SessionStatus.COMPLETED,
        )
    )
    return began


async def conversion_at(db: AsyncSession, money: Conversion, at: datetime | None) -> Conversion:
    """Return how amounts became the same base currency on the day (UTC) of a moment."""
    if at is None:
        return money
    rates = await db.execute(
        select(CurrencyRate.iso_code, CurrencyRate.exchange_rate, CurrencyRate.valid_from)
        .ext(distinct_on(CurrencyRate.iso_code))
        .where(CurrencyRate.valid_from <= at.astimezone(UTC).date())
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
