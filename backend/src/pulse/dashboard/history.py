"""What the open pipeline was at a past moment, and which deals moved since.

A past figure is made of what held then: the version of each deal, and the CRM's rates of that day.
Only which stages are open is today's word, as the CRM keeps no history of it. History begins when
the first full sync was complete: before, versions are those of deals that nobody touched since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select, text, true
from sqlalchemy.orm import aliased

from pulse.analytics.kept import kept
from pulse.analytics.sums import priced
from pulse.models import DealVersion

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.moments import Moment
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


def open_deals_then(
    process: SalesProcess, money: Conversion, moment: Moment
) -> Select[*tuple[Any, ...]]:
    """Return the deals that were open at a past moment, priced; `money` is of that day."""
    was_open = and_(_held(DealVersion, moment), process.is_open(DealVersion))
    return priced(DealVersion, money).where(was_open)


async def movement_since(db: AsyncSession, process: SalesProcess, moment: datetime) -> Movement:
    """Count the deals that moved since a moment, by what holds now against what held then."""
    return Movement(*(await db.execute(*_movement_query(process, moment))).one())


@kept
def _movement_query(process: SalesProcess, moment: Moment) -> Select[int, int, int, int]:
    now, then = aliased(DealVersion), aliased(DealVersion)
    was_there = then.deal_id.is_not(None)
    return (
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
        # The version of then has ended, as that of now began since: so one range holds both.
        .outerjoin_from(
            now,
            then,
            and_(then.deal_id == now.deal_id, _held(then, moment), then.valid_to < _STILL),
        )
        # Whose present version is no younger did not move.
        .where(now.valid_to == _STILL, now.valid_from > moment)
    )


def _held(version: type[DealVersion], moment: Moment) -> ColumnElement[bool]:
    return and_(version.valid_from <= moment, version.valid_to > moment)
