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
from sqlalchemy.dialects.postgresql import distinct_on, insert

from pulse.models import Currency, CurrencyRate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
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
    described = ("name", "symbol", "exchange_rate", "is_base", "is_active")
    row = insert(Currency)
    if currencies:
        await db.execute(
            row.on_conflict_do_update(
                index_elements=[Currency.iso_code],
                set_={name: getattr(row.excluded, name) for name in (*described, "refreshed_at")},
            ),
            [
                {"iso_code": currency.iso_code, "refreshed_at": now}
                | {name: getattr(currency, name) for name in described}
                for currency in currencies
            ],
        )
    return await _note_rates(db, currencies, now)


async def _note_rates(
    db: AsyncSession, currencies: Sequence[CurrencyFacts], now: datetime
) -> list[RateChange]:
    """Add to the history those rates that differ from the last."""
    found = await db.execute(
        select(CurrencyRate.iso_code, CurrencyRate.exchange_rate)
        .ext(distinct_on(CurrencyRate.iso_code))
        .order_by(CurrencyRate.iso_code, CurrencyRate.valid_from.desc())
    )
    last = {known.iso_code: known.exchange_rate for known in found}
    changed = [
        currency for currency in currencies if last.get(currency.iso_code) != currency.exchange_rate
    ]
    if changed:
        row = insert(CurrencyRate)
        await db.execute(
            row.on_conflict_do_update(
                index_elements=[CurrencyRate.iso_code, CurrencyRate.valid_from],
                set_={"exchange_rate": row.excluded.exchange_rate},
            ),
            [
                {
                    "iso_code": currency.iso_code,
                    "valid_from": (currency.told_at or now).astimezone(UTC).date(),
                    "exchange_rate": currency.exchange_rate,
                }
                for currency in changed
            ],
        )
    return [
        RateChange(currency.iso_code, last.get(currency.iso_code), currency.exchange_rate)
        for currency in changed
    ]
