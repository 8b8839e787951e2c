"""Where the open opportunities stand: by phase, health and territory, and what money waits.

The few groups that deals make are added up by the caller.
An *open opportunity* is a deal that is not lost and whose revenue is not recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median_low
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, Text, case, cast, func, literal, literal_column, select

from pulse.analytics.kept import kept
from pulse.analytics.o2r.health import health_of, judge_deals, rank_of, score_of
from pulse.analytics.sums import Sums, priced, sums_of
from pulse.core.o2r.health import NEEDS_ATTENTION, Rule
from pulse.core.o2r.phases import Phase
from pulse.db.as_text import as_text, rows_of
from pulse.queries.money import computed_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.o2r.health import Day, Judged
    from pulse.analytics.question import Side
    from pulse.core.o2r.health import DealHealth


class Waiting(StrEnum):
    """For what money waits."""

    INVOICE = "invoice"
    """Won, and not invoiced."""
    PAYMENT = "payment"
    """Invoiced, and not paid."""


@dataclass(frozen=True, slots=True)
class StandingGroup:
    """Open opportunities that agree in all of this."""

    territory: str | None
    currency: str | None
    phase: Phase
    health: DealHealth
    waiting: Waiting | None
    sums: Sums
    """Of deals and their values; nothing is weighted here."""
    longest_wait_days: int | None
    """Since the PO (else since the closing date), or since the invoice; None if no date came."""
    is_unpaid_too_long: bool
    """Invoiced, and unpaid past the threshold."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a side's open opportunities stand."""

    groups: list[StandingGroup]
    median_ages: Mapping[Phase, int]
    """Median of the days that they have been in their phase, where there are any."""
    worst: list[int]
    """Ids of those that need somebody most: by health, then score, then value."""


async def read_standing(db: AsyncSession, side: Side, day: Day, worst: int) -> Standing:
    """Return where open opportunities stand, with so many of the worst; in one statement."""
    told_groups, needy = (await db.execute(*_standing_query(side, day, worst))).one()
    ages: dict[Phase, list[int]] = {phase: [] for phase in Phase}
    groups = []
    for row in rows_of(told_groups):
        group, days = _group(row)
        groups.append(group)
        ages[group.phase] += days or ()
    return Standing(
        groups=groups,
        # The middle of an even number is the lower of both, as PostgreSQL says in `_ages_query`.
        median_ages={phase: median_low(days) for phase, days in ages.items() if days},
        worst=[row[0] for row in rows_of(needy)],
    )


@kept
def _standing_query(side: Side, day: Day, worst: int) -> Select[str, str]:
    # Each reads for itself: neither needs all columns of the other, and rows that were kept for
    # both cost more than reading them twice.
    return select(
        as_text(_groups(side, judge_deals(day, side.deals()))),
        as_text(_needy(side, judge_deals(day, side.deals()), worst)),
    )


# Any: a territory, a currency, their signs, the longest wait, days in the phase, and sums.
def _groups(side: Side, judged: Judged) -> Select[*tuple[Any, ...]]:
    deals, deal = judged.deals, judged.deals.deal
    rows = (
        judged.onto(
            priced(
                deal,
                side.scope.money,
                deal.business_region.label("territory"),
                deal.currency.label("currency"),
                _signs(judged).label("signs"),
                _waits_days(judged).label("waits_days"),
                judged.days_in_phase.label("days"),
            ).select_from(deals.table)
        )
        .where(*side.meets(deals), judged.is_opportunity)
        .subquery("opportunities")
        .c
    )
    keys = (rows.territory, rows.currency, rows.signs)
    # JSON has no exact numbers. Nobody asks for the other sums, and weighing takes its time.
    sums = (cast(each, Text) for each in sums_of(rows) if each.name in _SUMMED)
    # A median of each phase would sort all of them once more: days come as they are.
    days = func.array_agg(rows.days).filter(rows.days.is_not(None))
    return select(*keys, func.max(rows.waits_days), days, *sums).group_by(*keys)


def _signs(judged: Judged) -> ColumnElement[int]:
    """Return phase, rank, for what money waits, and whether too long, as digits of one number.

    One number is grouped by sooner than four columns are; `_signs_of` reads it.
    """
    waiting = case(
        (judged.lacks_invoice, _whole(_WAITINGS.index(Waiting.INVOICE))),
        (judged.lacks_payment, _whole(_WAITINGS.index(Waiting.PAYMENT))),
        else_=_whole(0),
    )
    is_too_long = case((judged.signals[Rule.INVOICE_UNPAID], _whole(1)), else_=_whole(0))
    number = judged.phase_number
    for digit in (rank_of(judged.signals), waiting, is_too_long):
        number = number * _whole(_BASE) + digit
    return number


_BASE: Final = 10
_WAITINGS: Final = (None, *Waiting)


def _signs_of(number: int) -> tuple[Phase, int, Waiting | None, bool]:
    digits = []
    for _ in range(3):
        number, digit = divmod(number, _BASE)
        digits.append(digit)
    is_too_long, waiting, rank = digits
    return tuple(Phase)[number - 1], rank, _WAITINGS[waiting], bool(is_too_long)


def _whole(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer())


def _needy(side: Side, judged: Judged, count: int) -> Select[int]:
    """Return the ids of those that need somebody most."""
    deals = judged.deals
    rows = (
        judged.onto(
            computed_once(
                select(
                    deals.id.label("id"),
                    rank_of(judged.signals).label("rank"),
                    score_of(judged.signals).label("score"),
                    side.scope.money.value(deals.deal).label("value"),
                ).select_from(deals.table)
            )
        )
        .where(*side.meets(deals), judged.is_any_of(NEEDS_ATTENTION))
        .subquery("needy")
        .c
    )
    order = (rows.rank, rows.score, rows.value.desc().nulls_last(), rows.id)
    return select(rows.id).order_by(*order).limit(count)


_SUMMED: Final = {"deals": int, "value": Decimal, "valued": int, "amounts": int, "own_rates": int}
"""Members of `Sums` in their order, and how each is read."""


# Any: a row of JSON.
def _group(row: list[Any]) -> tuple[StandingGroup, list[int] | None]:
    """Return a group, and the days that its deals have been in their phase."""
    territory, currency, signs, longest, days, *sums = row
    phase, rank, waiting, is_too_long = _signs_of(signs)
    group = StandingGroup(
        territory=territory,
        currency=currency,
        phase=phase,
        health=health_of(rank),
        waiting=waiting,
        is_unpaid_too_long=is_too_long,
        longest_wait_days=longest,
        sums=Sums(
            **{name: kind(each) for (name, kind), each in zip(_SUMMED.items(), sums, strict=True)}
        ),
    )
    return group, days


def _waits_days(judged: Judged) -> ColumnElement[int | None]:
    deal, today = judged.deals.deal, judged.day.today
    since = case(
        (deal.invoiced_on <= today, deal.invoiced_on),
        (deal.po_generated_on <= today, deal.po_generated_on),
        (deal.closing_date <= today, deal.closing_date),
    )
    return cast(literal(today) - since, Integer)


async def read_value_at_risk(db: AsyncSession, side: Side, day: Day) -> tuple[int, Decimal]:
    """Return how many open opportunities are blocked or red, and their value."""
    row = (await db.execute(*_risk_query(side, day))).one()
    return row[0], row[1]


@kept
def _risk_query(side: Side, day: Day) -> Select[int, Decimal]:
    deals = side.deals()
    judged = judge_deals(day, deals)
    rows = (
        judged.onto(priced(deals.deal, side.scope.money).select_from(deals.table))
        .where(*side.meets(deals), judged.is_at_risk)
        .subquery()
        .c
    )
    return select(func.count(), func.coalesce(func.sum(rows.value), 0))


async def read_median_ages(db: AsyncSession, side: Side, day: Day) -> Mapping[Phase, int]:
    """Return the median of the days that open opportunities have been in their phase."""
    found = (await db.execute(*_ages_query(side, day))).one()
    return {phase: days for phase, days in zip(Phase, found, strict=True) if days is not None}


@kept
def _ages_query(side: Side, day: Day) -> Select[*tuple[int | None, ...]]:
    """Return the median of the days in the phase, a column for each phase."""
    deals = side.deals()
    judged = judge_deals(day, deals)
    rows = (
        computed_once(
            select(
                judged.phase_number.label("phase"), judged.days_in_phase.label("days")
            ).select_from(deals.table)
        )
        .where(*side.meets(deals), judged.is_opportunity)
        .subquery()
        .c
    )
    middle = func.percentile_disc(0.5).within_group(rows.days)
    return select(*(middle.filter(rows.phase == _whole(phase.number)) for phase in Phase))
