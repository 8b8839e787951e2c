"""The answers of `/api/currency`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.currency import rates, schemas
from pulse.currency.touched import Touched, read_touched
from pulse.models import Currency
from pulse.queries.moments import conversion_at
from pulse.queries.money import read_conversion
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.currency.ports import Refreshed
    from pulse.queries.money import Conversion

FRESH_FOR: Final = timedelta(days=7)
"""Rates that were read at least so lately are fresh; the hourly refresh keeps them so."""
_STEPS_SHOWN: Final = 30


async def read_rates(db: AsyncSession, on: date | None, now: datetime) -> schemas.CurrencyRates:
    """Return the rates of a day, or of now. Raises InvalidDayError."""
    rates.check_day(on, now)
    money = await _money(db, on)
    known = {row.iso_code: row for row in await db.scalars(select(Currency))}
    touched = await read_touched(db, money)
    in_use = {each.currency for each in touched if each.currency is not None}
    codes = sorted({*known, *in_use, money.base}, key=lambda code: (code != money.home, code))
    history = await rates.read_history(db, codes, last=_STEPS_SHOWN, until=on)
    today = on or now.astimezone(UTC).date()
    table = _Table(money, known, {each.currency: each for each in touched}, history, today)
    return schemas.CurrencyRates(
        on=on,
        base_currency=money.base,
        home_currency=money.home,
        read_at=money.read_at,
        items=[table.row(code) for code in codes],
        deals_without_currency=sum(each.without_rate for each in touched if each.currency is None),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """What the rows of the table of rates are made of."""

    money: Conversion
    known: dict[str, Currency]
    touched: dict[str | None, Touched]
    history: rates.History
    today: date

    def row(self, code: str) -> schemas.CurrencyRate:
        """Return one currency."""
        listed = self.known.get(code)
        touched = self.touched.get(code) or Touched(code, 0, 0, 0)
        rate, since = self.money.home_rate(code), None
        if code in self.money.rates:
            since = self.money.rates[code].since
        of_base = self.money.home_rate(self.money.base)
        in_base = None
        if code == self.money.base:
            in_base = "1"
        elif rate is not None and of_base is not None:
            in_base = _digits(rates.cross_rate(rate, of_base))
        return schemas.CurrencyRate(
            currency=code,
            name=None if listed is None else listed.name,
            symbol=None if listed is None else listed.symbol,
            is_home=code == self.money.home,
            is_base=code == self.money.base,
            is_active=listed is not None and listed.is_active,
            is_known=listed is not None,
            rate=None if rate is None else _digits(rate),
            in_base=in_base,
            since=since,
            deals=touched.deals,
            without_rate=touched.without_rate,
            by_crm_rate=touched.by_crm_rate,
            history=[] if code == self.money.home else self._steps(code),
        )

    def _steps(self, code: str) -> list[schemas.RateStep]:
        shown = []
        for step in self.history.steps.get(code, ()):
            of_base = self._base_on(step.since)
            shown.append(
                schemas.RateStep(
                    since=step.since,
                    rate=_digits(step.exchange_rate),
                    in_base=None
                    if of_base is None
                    else _digits(rates.cross_rate(step.exchange_rate, of_base)),
                )
            )
        return shown

    def _base_on(self, day: date) -> Decimal | None:
        if self.money.base == self.money.home:
            return self.money.home_rate(self.money.home)
        return self.history.at(self.money.base, day)


async def read_supported(db: AsyncSession) -> schemas.SupportedCurrencies:
    """Return the currencies that the CRM lists."""
    money = await _money(db, None)
    rows = await db.scalars(select(Currency).order_by(Currency.iso_code))
    of_base = money.home_rate(money.base)
    return schemas.SupportedCurrencies(
        base_currency=money.base,
        items=[
            schemas.SupportedCurrency(
                currency=row.iso_code,
                name=row.name,
                symbol=row.symbol,
                is_home=row.iso_code == money.home,
                is_base=row.iso_code == money.base,
                is_active=row.is_active,
                is_convertible=row.iso_code == money.base
                or (of_base is not None and money.home_rate(row.iso_code) is not None),
            )
            for row in rows
        ],
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """An amount that is to be converted."""

    amount: Decimal
    given: str
    wanted: str
    on: date | None


async def convert_amount(db: AsyncSession, asked: Wanted, now: datetime) -> schemas.ConvertedAmount:
    """Convert an amount. Raises MissingRateError and InvalidDayError."""
    rates.check_day(asked.on, now)
    money = await _money(db, asked.on)
    found = rates.convert(asked.amount, asked.given, asked.wanted, money, asked.on)
    return schemas.ConvertedAmount(
        amount=_digits(asked.amount),
        from_currency=asked.given,
        to_currency=asked.wanted,
        on=asked.on,
        result=_digits(found.result),
        rate=_digits(found.rate),
        rates=[
            schemas.RateOfConversion(
                currency=code, rate=_digits(rate.exchange_rate), since=rate.since
            )
            for code, rate in found.used.items()
        ],
    )


async def cache_status(db: AsyncSession, now: datetime) -> schemas.CacheStatus:
    """Return how old the rates are, and which deals a missing or an old one touches."""
    money = await _money(db, None)
    active = (await db.scalars(select(Currency.iso_code).where(Currency.is_active))).all()
    touched = await read_touched(db, money)
    age = None if money.read_at is None else now - money.read_at
    status = schemas.CacheState.NEVER
    if age is not None:
        status = schemas.CacheState.FRESH if age < FRESH_FOR else schemas.CacheState.STALE
    return schemas.CacheStatus(
        status=status,
        read_at=money.read_at,
        age_seconds=None if age is None else max(0, int(age.total_seconds())),
        fresh_for_seconds=int(FRESH_FOR.total_seconds()),
        currencies=len(active),
        without_rate=_counted((each.currency, each.without_rate) for each in touched),
        by_crm_rate=_counted((each.currency, each.by_crm_rate) for each in touched),
    )


def refreshed(found: Refreshed) -> schemas.RatesRefreshed:
    """Return what a refresh brought, in words and figures."""
    codes = [each.iso_code for each in found.changed]
    words = "No rate has changed."
    if codes:
        words = f"{len(codes)} rate{'s' if len(codes) > 1 else ''} changed: {', '.join(codes)}."
    return schemas.RatesRefreshed(
        message=words,
        changed=[
            schemas.ChangedRate(
                currency=each.iso_code,
                before=None if each.before is None else _digits(each.before),
                after=_digits(each.after),
            )
            for each in found.changed
        ],
        calls=found.calls,
        credits=found.credits,
    )


async def _money(db: AsyncSession, on: date | None) -> Conversion:
    base = (await read_settings(db)).base_currency
    return await conversion_at(db, await read_conversion(db, base), rates.end_of(on))


def _counted(pairs: Iterable[tuple[str | None, int]]) -> list[schemas.TouchedDeals]:
    return [schemas.TouchedDeals(currency=code, deals=deals) for code, deals in pairs if deals]


def _digits(number: Decimal) -> str:
    """Write a number out, without an exponent and without zeros that say nothing."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text and number == number.to_integral() else text
