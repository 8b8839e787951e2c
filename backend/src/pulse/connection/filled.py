"""How many deals have a value in each canonical field: one aggregate over the narrow table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from pulse.core.fields import DEAL_FIELDS
from pulse.core.modules import DEALS
from pulse.models import Deal, FieldMapEntry, SyncSession

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

_GOOD_FOR: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Filled:
    """Shares of live deals, from 0 to 1, by canonical name; none while there is no deal."""

    counted_at: datetime
    deals: int
    shares: Mapping[str, float]


class FilledShares:
    """Counts again when a sync has ended, the map has changed, or half a minute has passed.

    So the count is made once for all who look, however often their pages ask.
    """

    def __init__(self) -> None:
        self._key: tuple[object, object] | None = None
        self._last: Filled | None = None

    async def read(self, db: AsyncSession, now: datetime) -> Filled:
        """Return the shares as of `now`, or of a little before."""
        key = (
            await db.scalar(
                select(func.max(FieldMapEntry.updated_at)).where(FieldMapEntry.module == DEALS)
            ),
            await db.scalar(
                select(func.max(SyncSession.completed_at)).where(SyncSession.module == DEALS)
            ),
        )
        last = self._last
        if last is None or key != self._key or not timedelta() <= now - last.counted_at < _GOOD_FOR:
            last = self._last = await _count(db, now)
            self._key = key
        return last


async def _count(db: AsyncSession, now: datetime) -> Filled:
    columns = [getattr(Deal, field.column) for field in DEAL_FIELDS]
    row = (
        await db.execute(
            select(func.count(), *(func.count(column) for column in columns)).where(Deal.is_live)
        )
    ).one()
    deals, *counts = row
    shares = {} if not deals else {
        field.name: count / deals for field, count in zip(DEAL_FIELDS, counts, strict=True)
    }  # fmt: skip
    return Filled(now, deals, shares)
