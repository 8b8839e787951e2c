"""Deals' amounts in one base currency: the law, and the SQL that follows it.

A rate is units of a currency for one unit of the organisation's *home* currency, as the CRM keeps
it: `exchange_rate` of its currency list, and the deal's own field `Exchange_Rate`, which the CRM
fixes when the deal gets its currency (CRM v8, "Get Organization Currencies": the home currency,
`is_base`, has 1.000000000). So an amount is worth `amount / rate` at home. By order:

1. A deal in the base currency is worth its amount: nothing is converted.
2. A deal in the home currency has the rate 1.
3. Else the deal's own rate holds, if it has one above zero.
4. Else the CRM's rate of its currency holds, the last of its dated rates.
5. What is worth something at home is brought into the base currency by the CRM's rate of the base.

No rate on this way, and the value is NULL: the deal is counted as *without rate* and is in no
total, never guessed. A deal without a currency is in the home currency only where the organisation
has no other; elsewhere it is without rate.

A value is rounded to cents, half away from zero, deal by deal: sums of shown values are exact, so
every way of grouping adds up to the same cent. The weighted value is value by probability / 100,
rounded the same way; without a probability it is zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    null,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import distinct_on

from pulse.db.as_text import as_text, rows_of
from pulse.models import Currency, CurrencyRate, Deal, Organisation

if TYPE_CHECKING:
    from sqlalchemy import Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.models.deals import DealFacts

_CENTS: Final = 2
_MONEY: Final[Numeric[Decimal]] = Numeric()


def computed_once(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return a query whose columns PostgreSQL computes once, wherever they are mentioned outside.

    That is what OFFSET 0 does to a subquery. The quoted zero is a constant from the start, so the
    planner sees that nothing is skipped, and may still share the work out among processes
    (`limit_needed` of PostgreSQL's planner); a number or a parameter would have to be cast first.
    """
    return query.offset(literal_column("'0'"))


def weighted_value(
    value: SQLColumnExpression[Decimal | None], probability: SQLColumnExpression[Decimal | None]
) -> ColumnElement[Decimal | None]:
    """Return the weighted value out of a value that was computed before."""
    # A product is exact and takes half the time of a quotient.
    share = func.coalesce(probability, 0) * literal_column("0.01", _MONEY)
    return type_coerce(func.round(value * share, _CENTS), _MONEY)


@dataclass(frozen=True, slots=True)
class Rate:
    """The CRM's rate of a currency: units for one home unit, and the day since when."""

    exchange_rate: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class Conversion:
    """How amounts become base currency now. Its methods return SQL over a deal's columns."""

    base: str
    home: str | None
    """None before the organisation was read: then only amounts in the base have a value."""
    rates: dict[str, Rate] = field(default_factory=dict)
    """The CRM's last rate above zero, by ISO code; the home currency is not among them."""
    read_at: datetime | None = None
    """When the CRM's list of currencies was read last."""
    is_single: bool = False
    """Whether the organisation has no other currency than its home's."""

    def value(self, deal: type[DealFacts] = Deal) -> ColumnElement[Decimal | None]:
        """Return a deal's amount in the base currency; NULL without amount or without rate."""
        base_rate = self._base_rate
        converted: ColumnElement[Any]
        if base_rate is None:
            converted = null()
        elif self.base == self.home:
            # The usual case, and a product costs a tenth of the whole.
            converted = deal.amount / self._rate(deal)
        else:
            converted = deal.amount * base_rate / self._rate(deal)
        return type_coerce(
            func.round(
                case((self._currency(deal) == self.base, deal.amount), else_=converted), _CENTS
            ),
            _MONEY,
        )

    def weighted(self, deal: type[DealFacts] = Deal) -> ColumnElement[Decimal | None]:
        """Return the value by probability / 100; zero without probability, NULL without value."""
        return weighted_value(self.value(deal), deal.probability)

    def is_without_rate(self, deal: type[DealFacts] = Deal) -> ColumnElement[bool]:
        """Return whether a deal has an amount that could not be converted."""
        return and_(deal.amount.is_not(None), self.value(deal).is_(None))

    def uses_own_rate(self, deal: type[DealFacts] = Deal) -> ColumnElement[bool]:
        """Return whether a deal's own rate, not the CRM's present one, made its value."""
        currency = self._currency(deal)
        is_converted = and_(currency != self.base, currency != (self.home or self.base))
        return and_(
            func.coalesce(is_converted, literal(value=False)),
            func.coalesce(deal.exchange_rate > 0, literal(value=False)),
            self.value(deal).is_not(None),
        )

    def has_same_rates(self, other: Conversion) -> bool:
        """Return whether both price alike, so that nothing needs to be priced twice."""
        return {code: rate.exchange_rate for code, rate in self.rates.items()} == {
            code: rate.exchange_rate for code, rate in other.rates.items()
        }

    def may_price_unlike(
        self, other: Conversion, deal: type[DealFacts] = Deal
    ) -> ColumnElement[bool]:
        """Return whether a deal that did not change may have another value by other rates.

        Both convert into the same base, from the same home currency.
        """
        if self._base_rate != other._base_rate:
            # What is worth something at home is brought into the base by it.
            return deal.currency.is_distinct_from(self.base)
        moved = [
            code
            for code in sorted({*self.rates, *other.rates})
            if self.home_rate(code) != other.home_rate(code)
        ]
        if not moved:
            return false()
        has_own = func.coalesce(deal.exchange_rate > 0, literal(value=False))
        return and_(deal.currency.in_(moved), not_(has_own))

    def worth(
        self, amount: Decimal, currency: str | None, own_rate: Decimal | None = None
    ) -> Decimal | None:
        """Return what `value` says of one amount, unrounded; None where a rate is missing."""
        code = self.home if currency is None and self.is_single else currency
        if code == self.base:
            return amount
        base_rate = self._base_rate
        if base_rate is None:
            return None
        is_own = code not in {None, self.home} and own_rate is not None and own_rate > 0
        rate = own_rate if is_own else self.home_rate(code)
        return None if rate is None else amount * base_rate / rate

    def home_rate(self, currency: str | None) -> Decimal | None:
        """Return the CRM's units of a currency for one home unit; None where it is not known."""
        if currency is None or self.home is None:
            return None
        if currency == self.home:
            return Decimal(1)
        rate = self.rates.get(currency)
        return None if rate is None else rate.exchange_rate

    @property
    def _base_rate(self) -> Decimal | int | None:
        if self.base == self.home:
            return 1
        rate = self.rates.get(self.base)
        return None if rate is None or self.home is None else rate.exchange_rate

    def _currency(self, deal: type[DealFacts]) -> SQLColumnExpression[str | None]:
        if self.is_single and self.home is not None:
            return func.coalesce(deal.currency, self.home)
        column: SQLColumnExpression[str | None] = deal.currency
        return column

    def _rate(self, deal: type[DealFacts]) -> ColumnElement[Any]:
        """Return units of the deal's currency for one home unit; NULL where unknown."""
        currency = self._currency(deal)
        known = {code: rate.exchange_rate for code, rate in self.rates.items()}
        of_crm = case(known, value=currency) if known else null()
        return case(
            (currency == self.home, 1),
            # A rate without a currency tells nothing: of what?
            (and_(currency.is_not(None), deal.exchange_rate > 0), deal.exchange_rate),
            else_=of_crm,
        )


CURRENCIES_AS_TEXT: Final = as_text(
    select(Currency.iso_code, Currency.is_base, Currency.is_active, Currency.refreshed_at)
)
"""The organisation's currencies."""

HOME_OF_ORGANISATION: Final = select(Organisation.currency).limit(1).scalar_subquery()
"""The home currency as the organisation names it, where no currency does."""


def rates_as_text(day: date | ColumnElement[date] | None = None) -> ColumnElement[str]:
    """Return the CRM's rates that held on a day, or the last ones."""
    rates = (
        select(
            CurrencyRate.iso_code,
            cast(CurrencyRate.exchange_rate, Text).label("rate"),
            CurrencyRate.valid_from,
        )
        .ext(distinct_on(CurrencyRate.iso_code))
        .order_by(CurrencyRate.iso_code, CurrencyRate.valid_from.desc())
    )
    return as_text(rates if day is None else rates.where(CurrencyRate.valid_from <= day))


async def read_conversion(db: AsyncSession, base: str) -> Conversion:
    """Return how amounts become `base` (the stored setting `currency.base`) now."""
    told = await db.execute(select(CURRENCIES_AS_TEXT, HOME_OF_ORGANISATION, rates_as_text()))
    return conversion_of(base, *told.one())


@lru_cache(maxsize=32)
def conversion_of(
    base: str, told_currencies: str, home_of_organisation: str | None, told_rates: str
) -> Conversion:
    """Return how amounts become `base`, by the three columns that `read_conversion` asks for."""
    currencies = rows_of(told_currencies)
    home = next((code for code, is_base, *_ in currencies if is_base), home_of_organisation)
    return Conversion(
        base=base,
        home=home,
        rates=rates_of(told_rates, home),
        read_at=max((datetime.fromisoformat(row[-1]) for row in currencies), default=None),
        is_single=home is not None
        and not any(is_active and code != home for code, _, is_active, _ in currencies),
    )


@lru_cache(maxsize=64)
def rates_of(told: str, home: str | None) -> dict[str, Rate]:
    """Return the rates above zero that `rates_as_text` tells of, without the home currency's."""
    return {
        code: Rate(Decimal(rate), date.fromisoformat(since))
        for code, rate, since in rows_of(told)
        if Decimal(rate) > 0 and code != home
    }
