"""Rates as they held on a day, and amounts converted by them; Decimal all the way.

The law is that of `pulse.queries.money`: an amount goes over the home currency, by the CRM's rate
of the one and of the other. A rate that is missing is an error that names the currency; none is
ever guessed. Days are those of the history of rates, in UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from pulse.kit.errors import InvalidInputError
from pulse.models import CurrencyRate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.queries.money import Conversion, Rate

_CENTS: Final = Decimal("0.01")
_SHOWN: Final = Context(prec=12)
"""Digits of a shown cross rate; results are computed with all that there are."""
_EXACT: Final = Context(prec=60)


class MissingRateError(InvalidInputError):
    """There is no rate on the way from one currency to the other."""

    code = "missing_rate"


class InvalidDayError(InvalidInputError):
    """Rates of a day that has not come yet are asked for."""

    code = "invalid_day"


def missing_rate(field: str, currency: str, on: date | None = None) -> MissingRateError:
    """Return the error of a currency without a rate; `field` is the parameter that named it."""
    when = "" if on is None else f" on {on.isoformat()}"
    fix = "Add it to the CRM's currencies, or set its rate there; then refresh the rates."
    if on is not None:
        fix = "Ask for a later day: the history of rates begins when it was read first."
    return MissingRateError(
        f"{field}: there is no rate of {currency}{when}.",
        fix=fix,
        extra={"field": field, "currency": currency},
    )


def future_day(on: date, today: date) -> InvalidDayError:
    """Return the error of a day of which no rates are known yet."""
    return InvalidDayError(
        f"on: {on.isoformat()} has not come yet; today is {today.isoformat()} (UTC).",
        fix="Ask for today or for a day of the past, or leave it out for now.",
        extra={"field": "on"},
    )


def check_day(on: date | None, now: datetime) -> None:
    """Raise InvalidDayError for a day of the future."""
    today = now.astimezone(UTC).date()
    if on is not None and on > today:
        raise future_day(on, today)


def end_of(on: date | None) -> datetime | None:
    """Return a moment of a day, to ask `conversion_at` for; None is now."""
    return None if on is None else datetime(on.year, on.month, on.day, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, with the rates that were used."""

    result: Decimal
    """To cents, half away from zero."""
    rate: Decimal
    """Units of the wanted currency for one of the given, to twelve digits."""
    used: Mapping[str, Rate]
    """The CRM's rates of these currencies; that of the home currency is always 1."""


def convert(
    amount: Decimal, given: str, wanted: str, money: Conversion, on: date | None = None
) -> Converted:
    """Convert an amount by the CRM's rates. Raises MissingRateError that names the currency."""
    if given == wanted:
        return Converted(_to_cents(amount), Decimal(1), {})
    rates = []
    for field, code in (("from", given), ("to", wanted)):
        rate = money.home_rate(code)
        if rate is None:
            raise missing_rate(field, code, on)
        rates.append(rate)
    of_given, of_wanted = rates
    exact = _EXACT.divide(_EXACT.multiply(amount, of_wanted), of_given)
    return Converted(
        _to_cents(exact),
        cross_rate(of_given, of_wanted),
        {code: money.rates[code] for code in (given, wanted) if code in money.rates},
    )


def cross_rate(of_given: Decimal, of_wanted: Decimal) -> Decimal:
    """Return units of the one currency for one of the other, to twelve digits."""
    return _SHOWN.divide(of_wanted, of_given).normalize(_SHOWN)


def _to_cents(exact: Decimal) -> Decimal:
    return exact.quantize(_CENTS, ROUND_HALF_UP, _EXACT)


@dataclass(frozen=True, slots=True)
class Step:
    """A rate that held from a day on."""

    since: date
    exchange_rate: Decimal


@dataclass(frozen=True, slots=True)
class History:
    """The rates that currencies had, oldest first."""

    steps: Mapping[str, Sequence[Step]]

    def at(self, iso_code: str, day: date) -> Decimal | None:
        """Return the rate that a currency had on a day."""
        steps = self.steps.get(iso_code, ())
        place = bisect_right(steps, day, key=lambda step: step.since)
        return steps[place - 1].exchange_rate if place else None


async def read_history(
    db: AsyncSession, codes: Sequence[str], *, last: int, until: date | None = None
) -> History:
    """Return the last so many steps of each currency, those after `until` left out."""
    place = func.row_number().over(
        partition_by=CurrencyRate.iso_code, order_by=CurrencyRate.valid_from.desc()
    )
    query = select(
        CurrencyRate.iso_code, CurrencyRate.valid_from, CurrencyRate.exchange_rate, place.label("n")
    ).where(CurrencyRate.iso_code.in_(codes), CurrencyRate.exchange_rate > 0)
    if until is not None:
        query = query.where(CurrencyRate.valid_from <= until)
    ranked = query.subquery()
    rows = await db.execute(
        select(ranked).where(ranked.c.n <= last).order_by(ranked.c.iso_code, ranked.c.valid_from)
    )
    steps: dict[str, list[Step]] = {}
    for row in rows:
        steps.setdefault(row.iso_code, []).append(Step(row.valid_from, row.exchange_rate))
    return History(steps)
