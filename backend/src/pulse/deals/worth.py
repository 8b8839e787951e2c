"""What a deal is worth, and by which rate its amount became base currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from pulse.deals.detail_schemas import DealValue

if TYPE_CHECKING:
    from datetime import date

    from pulse.models import Deal
    from pulse.queries.money import Conversion

_RATE_DIGITS: Final = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Converted:
    """What `Conversion` made of a deal in SQL."""

    base_amount: Decimal | None
    weighted: Decimal | None
    uses_own_rate: bool
    is_without_rate: bool


def worth(deal: Deal, conversion: Conversion, converted: Converted) -> DealValue:
    """Return a deal's amounts with the rate between them."""
    currency = deal.currency or (conversion.home if conversion.is_single else None)
    source, rate, since = None, None, None
    if converted.base_amount is not None and currency not in {None, conversion.base}:
        is_own = converted.uses_own_rate
        source = "deal" if is_own else "crm"
        rate = conversion_rate(conversion, str(currency), deal.exchange_rate if is_own else None)
        since = _rate_since(conversion, str(currency), is_own=is_own)
    return DealValue(
        amount=_digits(deal.amount),
        currency=currency,
        base_currency=conversion.base,
        base_amount=_digits(converted.base_amount),
        weighted=_digits(converted.weighted),
        probability=_digits(deal.probability),
        rate=_digits(rate),
        rate_source=source,
        rate_since=since,
        is_rate_missing=converted.is_without_rate,
    )


def conversion_rate(conversion: Conversion, currency: str, own: Decimal | None) -> Decimal:
    """Return units of the base currency for one of `currency`, as `Conversion.value` takes them.

    `own` is the deal's own rate where it held. To nine places: for people, not for sums.
    """
    of_base = _to_home(conversion, conversion.base)
    of_deal = _to_home(conversion, currency) if own is None else own
    return (of_base / of_deal).quantize(_RATE_DIGITS, ROUND_HALF_EVEN).normalize()


def _to_home(conversion: Conversion, currency: str) -> Decimal:
    if currency == conversion.home:
        return Decimal(1)
    return conversion.rates[currency].exchange_rate


def _rate_since(conversion: Conversion, currency: str, *, is_own: bool) -> date | None:
    """Return since when the newest of the CRM's rates that were used holds; None if none was."""
    used = {conversion.base} if is_own else {conversion.base, currency}
    return max(
        (conversion.rates[code].since for code in used if code in conversion.rates), default=None
    )


def _digits(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
