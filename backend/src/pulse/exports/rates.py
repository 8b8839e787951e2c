"""Which rate made a value, for people who read a file: the number and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pulse.queries.money import Conversion

_DIGITS: Final = Decimal("1e-9")
Explained = tuple[Decimal | None, str | None]
"""Units of the base currency for one of the deal's, to nine places, and where that comes from."""
NO_RATE: Final = "no rate"


@dataclass(slots=True)
class RateBook:
    """Explains values by `pulse.queries.money`; it remembers, as deals share few rates."""

    money: Conversion
    _known: dict[tuple[str | None, Decimal | None], Explained] = field(default_factory=dict)

    def of(self, currency: str | None, own: Decimal | None, value: Decimal | None) -> Explained:
        """Return what made `value` of an amount in `currency`; `own` is the deal's own rate."""
        if value is None:
            return None, NO_RATE
        key = (currency, own)
        if key not in self._known:
            self._known[key] = self._explain(currency, own)
        return self._known[key]

    def _explain(self, currency: str | None, own: Decimal | None) -> Explained:
        money = self.money
        code = currency or (money.home if money.is_single else None)
        if code is None or code == money.base:
            return Decimal(1), "base currency"
        is_own = code != money.home and own is not None and own > 0
        of_deal = own if is_own and own is not None else self._at_home(code)
        rate = (self._at_home(money.base) / of_deal).quantize(_DIGITS, ROUND_HALF_EVEN)
        if is_own:
            return rate.normalize(), "the deal's own rate"
        used = [money.rates[each].since for each in (code, money.base) if each in money.rates]
        return rate.normalize(), f"CRM rate of {max(used)}" if used else "CRM rate"

    def _at_home(self, code: str) -> Decimal:
        return Decimal(1) if code == self.money.home else self.money.rates[code].exchange_rate
