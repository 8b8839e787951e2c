"""What every answer of analytics rests on: moment, rates, conflicts, and what it leaves out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, Field
from sqlalchemy import func, literal, select, union_all

from pulse.analytics.kept import kept
from pulse.analytics.sums import Sums, priced, read_sums, sums_of
from pulse.core.modules import DEALS
from pulse.models import Deal, PendingChange
from pulse.sync.domain.merge import ChangeState
from pulse.web.money import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.config import JsonDict
    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question, Side
    from pulse.queries.money import Conversion


class RateUsed(BaseModel):
    """A rate of the CRM's that made values of this answer."""

    currency: str
    rate: str = Field(description="Units of the currency for one of the home currency, exact.")
    since: date


class MissingRate(BaseModel):
    """Deals whose amount has no rate: they count, and add nothing to any value."""

    currency: str | None = Field(description="Null for deals without a currency.")
    deals: int


class OpenConflicts(BaseModel):
    """Deals of this answer with an open conflict that nobody skipped."""

    deals: int
    value: Figure = Field(description="What they are worth here, in the base currency.")


class Basis(BaseModel):
    """What an answer rests on."""

    as_of: datetime
    is_past: bool = Field(description="As of a past moment; else of now, local edits included.")
    today: date = Field(description="The organisation's date at `as_of`: periods are read on it.")
    closing_from: date | None = Field(description="First closing day meant; null: no bound.")
    closing_to: date | None
    base_currency: str = Field(description="Of all money in the answer.")
    home_currency: str | None = Field(description="The organisation's, in which rates are told.")
    rates: list[RateUsed] = Field(
        description="The CRM's rates that made values here, by currency; of the day of `as_of`."
    )
    own_rate_deals: int = Field(description="Deals converted by an exchange rate of their own.")
    rates_read_at: datetime | None = Field(
        description="When the CRM's rates were read last; null before."
    )
    without_rate: list[MissingRate] = Field(description="By currency, most deals first.")
    conflicts: OpenConflicts | None = Field(description="Null as of a past moment.")
    history_began: datetime | None = Field(
        description="When the first full sync was complete; null before: nothing is compared."
    )


class Comparison(BaseModel):
    """Which earlier moment figures are compared with."""

    compared_with: datetime | None = Field(description="Null where there is no comparison.")
    is_cut: bool = Field(description="History is shorter than seven days, so it is its beginning.")
    missing_because: str | None = Field(
        description="In a sentence, why there is no comparison; then every `then` is null."
    )


BASIS_EXAMPLE: Final[JsonDict] = {
    "as_of": "2026-03-02T09:30:00Z",
    "is_past": False,
    "today": "2026-03-02",
    "closing_from": "2026-01-01",
    "closing_to": "2026-03-31",
    "base_currency": "SGD",
    "home_currency": "SGD",
    "rates": [{"currency": "USD", "rate": "0.743", "since": "2026-03-01"}],
    "own_rate_deals": 118,
    "rates_read_at": "2026-03-02T09:00:00Z",
    "without_rate": [{"currency": "LKR", "deals": 3}],
    "conflicts": {"deals": 2, "value": 3210000.00},
    "history_began": "2025-06-02T07:12:40Z",
}
COMPARISON_EXAMPLE: Final[JsonDict] = {
    "compared_with": "2026-02-23T09:30:00Z",
    "is_cut": False,
    "missing_because": None,
}


async def read_basis(db: AsyncSession, question: Question) -> Basis:
    """Return the basis of answers about a question's deals."""
    (by_currency,) = await sums_by_currency(db, question.now)
    return basis_of(question, by_currency, await open_conflicts(db, question.now))


def comparison_of(question: Question) -> Comparison:
    """Return what a question compares with."""
    return Comparison(
        compared_with=None if question.then is None else question.then.at,
        is_cut=question.is_cut,
        missing_because=question.uncompared_because,
    )


async def sums_by_currency(db: AsyncSession, *sides: Side) -> list[dict[str | None, Sums]]:
    """Return, for each side, the sums of its deals by the currency of their amounts.

    One statement for all, which PostgreSQL may share out among processes.
    """
    found: list[dict[str | None, Sums]] = [{} for _ in sides]
    if not sides:
        return found
    for place, currency, *sums in await db.execute(*_by_currency(*sides)):
        found[place][currency] = read_sums(sums)
    return found


async def sums_of_both(
    db: AsyncSession, question: Question
) -> tuple[dict[str | None, Sums], dict[str | None, Sums] | None]:
    """Return the sums by currency at a question's moment, and at the earlier one if there is one.

    One statement for both.
    """
    if question.then is None:
        return (await sums_by_currency(db, question.now))[0], None
    now, then = await sums_by_currency(db, question.now, question.then)
    return now, then


# Any: which side, the currency, and sums.
@kept
def _by_currency(*sides: Side) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(*(_side_by_currency(side, place) for place, side in enumerate(sides)))


def _side_by_currency(side: Side, place: int) -> Select[*tuple[Any, ...]]:
    deals = side.deals()
    rows = (
        priced(deals.deal, side.scope.money, deals.deal.currency.label("currency"))
        .where(*side.meets(deals))
        .subquery()
        .c
    )
    return select(literal(place), rows.currency, *sums_of(rows)).group_by(rows.currency)


async def open_conflicts(db: AsyncSession, side: Side) -> OpenConflicts | None:
    """Return which of a side's deals are in an open conflict; None as of a past moment."""
    if side.at is not None:
        return None
    row = (await db.execute(*_conflicts_query(side))).one()
    return OpenConflicts(deals=row[0], value=Decimal(row[1]))


@kept
def _conflicts_query(side: Side) -> Select[int, Decimal]:
    rows = (
        priced(Deal, side.scope.money)
        .where(*side.meets(side.deals()), Deal.id.in_(conflicted_deals()))
        .subquery()
        .c
    )
    return select(func.count(), func.coalesce(func.sum(rows.value), 0))


def conflicted_deals() -> Select[int]:
    """Return a query of the ids of deals with an open conflict that nobody skipped."""
    return select(PendingChange.record_id).where(
        PendingChange.module == DEALS,
        PendingChange.state == ChangeState.CONFLICT,
        PendingChange.is_skipped.is_(False),
    )


def basis_of(
    question: Question, by_currency: Mapping[str | None, Sums], conflicts: OpenConflicts | None
) -> Basis:
    """Return the basis of an answer whose deals were summed by currency before."""
    money = question.now.scope.money
    days = question.now.wanted.closing
    without = [
        MissingRate(currency=code, deals=sums.without_rate)
        for code, sums in by_currency.items()
        if sums.without_rate
    ]
    converted = {
        code: sums
        for code, sums in by_currency.items()
        if code is not None and code not in {money.base, money.home} and sums.valued
    }
    return Basis(
        as_of=question.as_of,
        is_past=question.now.at is not None,
        today=question.today,
        closing_from=days.first,
        closing_to=days.last,
        base_currency=money.base,
        home_currency=money.home,
        rates=_rates_used(money, by_currency, converted),
        own_rate_deals=sum(sums.own_rates for sums in converted.values()),
        rates_read_at=money.read_at,
        without_rate=sorted(without, key=lambda each: (-each.deals, each.currency or "")),
        conflicts=conflicts,
        history_began=question.history_began,
    )


def _rates_used(
    money: Conversion, by_currency: Mapping[str | None, Sums], converted: Mapping[str, Sums]
) -> list[RateUsed]:
    used = {code for code, sums in converted.items() if sums.valued > sums.own_rates}
    # What is worth something at home is brought into the base by the base's own rate.
    if any(sums.valued and code != money.base for code, sums in by_currency.items()):
        used.add(money.base)
    return [
        RateUsed(currency=code, rate=f"{rate.exchange_rate.normalize():f}", since=rate.since)
        for code, rate in sorted(money.rates.items())
        if code in used
    ]
