"""The CRM's currencies with the history of their rates.

A rate is units of a currency for one unit of the home currency. The history has a line a day at
most: a line is added when a rate differs from the last one, and a second change on one day (UTC)
takes the place of the first. The day is the CRM's, as versions of deals are in CRM time: a figure
of the past takes the rates of its day. Only where the CRM told no time is our clock taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from pulse.models import Currency, CurrencyRate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.directory import CurrencyFacts


@dataclass(frozen=True, slots=True)
class RateChange:
    """A rate that is not what it was; `before` is None for a currency's first."""

    iso_code: str
    before: Decimal | None
    after: Decimal


async def store_currencies(
    db: AsyncSession, currencies: Sequence[CurrencyFacts], now: datetime
) -> list[RateChange]:
    """Store what the CRM said and return the rates that changed; the caller commits.

    Two readings at once must be kept apart by the caller (`connection.fields.lock_directory`).
    """
    codes = [currency.iso_code for currency in currencies]
    await db.execute(
        update(Currency).where(Currency.iso_code.not_in(codes)).values(is_active=False)
    )
    changes = []
    for currency in currencies:
        await db.merge(
            Currency(
                iso_code=currency.iso_code,
                name=currency.name,
                symbol=currency.symbol,
                exchange_rate=currency.exchange_rate,
                is_base=currency.is_base,
                is_active=currency.is_active,
                refreshed_at=now,
            )
        )
        day = (currency.told_at or now).astimezone(UTC).date()
        change = await _note_rate(db, currency, day)
        if change is not None:
            changes.append(change)
    await db.flush()
    return changes


async def _note_rate(db: AsyncSession, currency: CurrencyFacts, today: date) -> RateChange | None:
    """Add to the history of rates if this one differs from the last."""
    last = await db.scalar(
        select(CurrencyRate.exchange_rate)
        .where(CurrencyRate.iso_code == currency.iso_code)
        .order_by(CurrencyRate.valid_from.desc())
        .limit(1)
    )
    if last == currency.exchange_rate:
        return None
    row = insert(CurrencyRate).values(
        iso_code=currency.iso_code, valid_from=today, exchange_rate=currency.exchange_rate
    )
    await db.execute(
        row.on_conflict_do_update(
            index_elements=[CurrencyRate.iso_code, CurrencyRate.valid_from],
            set_={"exchange_rate": row.excluded.exchange_rate},
        )
    )
    return RateChange(currency.iso_code, last, currency.exchange_rate)
