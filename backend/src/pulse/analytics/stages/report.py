"""How deals go through the stages, and how fast that makes money: the whole answer of a question.

Deals move *between* stages, probabilities and outcomes, and their closing dates move with them: a
filter by one of these would keep the deals that came this far and hide those that did not. So, as
for win rates, what a filter says of closing date, probability, stage and outcome is left out, and
the answer says so. Everything else (country, owner, account, value, text, …) holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.analytics.stages.flow import read_flow
from pulse.analytics.stages.spans import Window
from pulse.analytics.sums import Sums, priced, read_sums, sums_of
from pulse.analytics.wins import year_before
from pulse.core.deal_filters import Dimension, Outcome
from pulse.core.periods import Days
from pulse.kit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Question, Side
    from pulse.analytics.stages.flow import Cycle, StageFlow
    from pulse.core.deal_filters import DealFilter

_CENT: Final = Decimal("0.01")
_LONGEST: Final = timedelta(days=366 * 30)

EXAMPLE: Final = InvalidInputError(
    "window_from: 2026-04-01T00:00:00+00:00 is not before the window's end.",
    fix="Give an earlier moment, or leave both out for the last twelve months.",
    extra={"field": "window_from"},
)
"""What a window that ends before it begins is answered with."""


@dataclass(frozen=True, slots=True)
class Velocity:
    """What a pipeline brings in a day, and what that is made of."""

    open_deals: int
    win_rate: Decimal | None
    """Won of those closed in the window, as a share from 0 to 1."""
    average_size: Decimal | None
    """Of the open deals that have a value, in the base currency."""
    cycle_days: float | None
    """Median from creation to the win."""
    a_day: Decimal | None
    """Open deals by win rate by average size by 1 / cycle; None where a part is missing."""


@dataclass(frozen=True, slots=True)
class StageReport:
    """Stages, cycles and velocity."""

    window: Window
    stages: list[StageFlow]
    won: Cycle
    lost: Cycle
    velocity: Velocity
    open_sums: Mapping[str | None, Sums]
    """Of the open deals, by currency: what the money of the report rests on."""


def window_of(
    as_of: datetime, start: datetime | None = None, end: datetime | None = None
) -> Window:
    """Return the window: as given, else the twelve months up to its end; it ends at `as_of`.

    Raises InvalidInputError for one that ends before it begins, or later than `as_of`.
    """
    last = as_of if end is None else end
    if last > as_of:
        raise InvalidInputError(
            f"window_to: {last.isoformat()} is later than the moment asked about.",
            fix="Give an earlier moment, or leave it out.",
            extra={"field": "window_to"},
        )
    day = last.astimezone(UTC)
    first = datetime.combine(year_before(day.date()), day.timetz()) if start is None else start
    if first >= last or last - first > _LONGEST:
        raise InvalidInputError(
            f"window_from: {first.isoformat()} is not before the window's end, or over 30 years "
            "before it.",
            fix=EXAMPLE.fix,
            extra={"field": "window_from"},
        )
    return Window(first, last, as_of)


def passing(question: Question) -> Question:
    """Return the question of the same deals wherever they stand in the process."""
    wanted = question.now.wanted.without_dimension(Dimension.STAGE)
    wanted = replace(wanted, closing=Days(), bands=(), outcomes=())
    return replace(question, now=replace(question.now, wanted=wanted), then=None)


def left_out(wanted: DealFilter) -> tuple[str, ...]:
    """Return which parts of a filter the figures of stages leave out, by their parameters."""
    parts = {
        "closing": wanted.closing != Days(),
        "probability": bool(wanted.bands),
        "stage": bool(wanted.choices.get(Dimension.STAGE)),
        "outcome": bool(wanted.outcomes),
    }
    return tuple(name for name, is_said in parts.items() if is_said)


async def read_stage_report(db: AsyncSession, question: Question, window: Window) -> StageReport:
    """Return the figures of a question that `passing` gave."""
    side = question.now
    stages, cycles = await read_flow(db, side, side.scope.process, window)
    won, lost = cycles[Outcome.WON], cycles[Outcome.LOST]
    open_sums = await _open_sums(db, side)
    return StageReport(
        window=window,
        stages=stages,
        won=won,
        lost=lost,
        velocity=velocity(sum(open_sums.values(), start=Sums()), won, lost),
        open_sums=open_sums,
    )


async def _open_sums(db: AsyncSession, side: Side) -> dict[str | None, Sums]:
    deals = side.deals()
    rows = (
        priced(deals.deal, side.scope.money, deals.deal.currency.label("currency"))
        .where(*side.meets(deals), side.scope.process.is_open(deals.deal))
        .subquery()
        .c
    )
    found = await db.execute(select(rows.currency, *sums_of(rows)).group_by(rows.currency))
    return {row[0]: read_sums(row[1:]) for row in found}


def velocity(open_deals: Sums, won: Cycle, lost: Cycle) -> Velocity:
    """Return what open deals bring a day; money with two places, half away from zero."""
    closed = won.deals + lost.deals
    rate = None if closed == 0 else Decimal(won.deals) / closed
    size = open_deals.average_size
    a_day = None
    if rate is not None and size is not None and won.median_days:
        a_day = (open_deals.deals * rate * size / Decimal(str(won.median_days))).quantize(
            _CENT, ROUND_HALF_UP
        )
    return Velocity(open_deals.deals, rate, size, won.median_days, a_day)
