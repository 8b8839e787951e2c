"""The deals as they stood at a moment: now in the mirror, in the past out of their versions.

Now is the table `deals`, local edits included. A past moment is made of what held then: the version
of each deal that was valid (`valid_from` ≤ t < `valid_to`, in CRM time) and the CRM's rates of that
day. Only which stages are open is today's word, as the CRM keeps no history of it.

History begins when the first full sync was complete, by the CRM's clock, as versions are: before,
there are versions only of deals that nobody touched since, so a sum would be of some deals only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Date, DateTime, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from pulse.core.modules import DEALS
from pulse.core.sync import SessionStatus, SyncType
from pulse.models import Deal, DealVersion, SyncSession
from pulse.queries.money import rates_as_text, rates_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import BindParameter, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.models.deals import DealFacts
    from pulse.queries.money import Conversion

Moment = datetime | ColumnElement[datetime]
"""A past moment in a query: itself, or a parameter that is told when the query is asked."""


def parameter(name: str) -> BindParameter[datetime]:
    """Return a moment that is told under a name when the query is asked; it must be."""
    return bindparam(name, type_=DateTime(timezone=True), required=True)


@dataclass(frozen=True, slots=True)
class DealsAt:
    """A table of deals, one row a deal, as they stood at a moment."""

    at: Moment | None
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


# An alias takes a millisecond to make and to read columns off first, so they are used in turns; no
# statement has as many.
_VERSIONS: Final = cycle([aliased(DealVersion) for _ in range(64)])


def deals_at(at: Moment | None) -> DealsAt:
    """Return the deals of a moment; None is now. Within a statement each has its own alias."""
    if at is None:
        return NOW
    version = next(_VERSIONS)
    return DealsAt(at, version, version.deal_id, version)


_BY_THE_CRM: Final = SyncSession.facts["complete_at"].astext.cast(DateTime(timezone=True))
HISTORY_BEGAN: Final = (
    select(func.min(func.coalesce(_BY_THE_CRM, SyncSession.completed_at)))
    .where(
        SyncSession.module == DEALS,
        SyncSession.sync_type == SyncType.FULL,
        SyncSession.status == SessionStatus.COMPLETED,
    )
    .scalar_subquery()
)
"""What `history_began` asks for."""


async def history_began(db: AsyncSession) -> datetime | None:
    """Return when the first full sync of deals was complete, in CRM time; None before.

    It is the moment up to which that sync had replayed changes: everything it had loaded was read
    before, so each deal has the version that held then. Our clock may be ahead of the CRM's or
    behind; only of a session that did not note the CRM's time is our own taken.
    """
    began: datetime | None = await db.scalar(select(HISTORY_BEGAN))
    return began


async def conversions_at(
    db: AsyncSession, money: Conversion, moments: Sequence[datetime | None]
) -> list[Conversion]:
    """Return how amounts became the same base currency on the days (UTC) of moments; None is now.

    One statement, however many there are.
    """
    days = {at.astimezone(UTC).date() for at in moments if at is not None}
    if not days:
        return [money] * len(moments)
    told = (await db.execute(_rates_query(len(days)), _named(days))).one()
    rates = {day: rates_of(text, money.home) for day, text in zip(days, told, strict=True)}
    return [
        money if at is None else replace(money, rates=rates[at.astimezone(UTC).date()])
        for at in moments
    ]


@cache
def _rates_query(count: int) -> Select[*tuple[str, ...]]:
    names = (f"day_{place}" for place in range(count))
    return select(*(rates_as_text(bindparam(name, type_=Date, required=True)) for name in names))


def _named(days: Iterable[date]) -> dict[str, date]:
    return {f"day_{place}": day for place, day in enumerate(days)}


async def conversion_at(db: AsyncSession, money: Conversion, at: datetime | None) -> Conversion:
    """Return how amounts became the same base currency on the day (UTC) of a moment."""
    return (await conversions_at(db, money, [at]))[0]
