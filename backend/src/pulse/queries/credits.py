"""Credits of the rolling day: our ledger, corrected by what the CRM said last.

The ledger counts calls of this product at the prices that we know. The CRM's own count, in its
header past half of the day's credits, also holds what others spend. So a reading of the last 24
hours replaces the ledger up to its moment: what the CRM had counted then, less what has come back
since (as far as the ledger knows it), plus what the ledger counts since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, func, select

from pulse.core.limits import OrganisationLimits, organisation_limits
from pulse.models import CreditReading, CreditUse, Organisation

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CreditState:
    """Where the organisation stands in its rolling day."""

    used: int
    limit: int | None
    """None while the organisation has not been read yet."""

    @property
    def remaining(self) -> int | None:
        """Credits left; None while the limit is not known."""
        return None if self.limit is None else max(self.limit - self.used, 0)


async def limits_of_organisation(db: AsyncSession) -> OrganisationLimits | None:
    """Return the connected organisation's limits, or None before it was read."""
    row = (
        await db.execute(select(Organisation.edition, Organisation.users_licensed).limit(1))
    ).one_or_none()
    return None if row is None else organisation_limits(row.edition, row.users_licensed)


async def credit_state(db: AsyncSession, now: datetime) -> CreditState:
    """Return the credits used in the 24 hours before `now`, and the day's limit."""
    limits = await limits_of_organisation(db)
    limit = None if limits is None else limits.credits_a_day
    reading = await db.scalar(select(CreditReading).where(CreditReading.read_at > now - DAY))
    if reading is None or limit is None:
        return CreditState(await _spent(db, CreditUse.minute > now - DAY), limit)
    counted_by_crm = max(limit - reading.remaining, 0)
    come_back = await _spent(
        db, CreditUse.minute > reading.read_at - DAY, CreditUse.minute <= now - DAY
    )
    spent_since = await _spent(db, CreditUse.minute > reading.read_at)
    return CreditState(max(counted_by_crm - come_back, 0) + spent_since, limit)


async def used_falls_to(db: AsyncSession, target: int, used: int, now: datetime) -> datetime | None:
    """Return when, with nothing more spent, the credits used will have fallen to `target`.

    Credits come back 24 hours after their minute. None where more must come back than our ledger
    knows of: others have spent it.
    """
    freed = func.sum(CreditUse.credits).over(order_by=CreditUse.minute)
    minutes = (
        select(CreditUse.minute, freed.label("freed"))
        .where(CreditUse.minute > now - DAY)
        .subquery()
    )
    minute: datetime | None = await db.scalar(
        select(func.min(minutes.c.minute)).where(minutes.c.freed >= used - target)
    )
    return None if minute is None else minute + DAY


async def _spent(db: AsyncSession, *when: ColumnElement[bool]) -> int:
    spent = await db.scalar(select(func.coalesce(func.sum(CreditUse.credits), 0)).where(*when))
    return int(spent or 0)


async def usual_latency_s(db: AsyncSession, now: datetime) -> float | None:
    """Return what a call took on average in the last hour; None if there was none."""
    calls, latency_ms = (
        await db.execute(
            select(func.sum(CreditUse.calls), func.sum(CreditUse.latency_ms)).where(
                CreditUse.minute > now - timedelta(hours=1)
            )
        )
    ).one()
    return float(latency_ms) / float(calls) / 1000 if calls else None
