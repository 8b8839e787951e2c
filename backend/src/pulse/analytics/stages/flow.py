"""What became of deals that entered each stage, and how long they stayed there.

Meant are the stays that *began* within a window, of the deals that fulfil a filter at `as_of`. What
became of each is told as of `as_of`: it moved forward (to a later open stage), was won, was lost,
went back, went to a stage that the CRM does not describe, was deleted, or is still there. These add
up to the stays entered.

- Conversion to the next stage: forward or won, of those that left. Unfinished stays are no failure.
- Conversion to won: deals won, of the deals that passed here and are closed by now.
- Time in stage is Kaplan and Meier's estimate: a stay that goes on (or ended by a deletion) counts
  as unfinished, for as long as it is known to have lasted. The median is the earliest time by which
  half have left; it is *not reached* (None) while fewer have. The mean is the area under the curve
  up to the longest stay; it is *at least* that where not all have left by then. Each stay is timed
  in hundredths of a day, in which times are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Float, Integer, case, cast, func, literal, or_, select

from pulse.analytics.stages.spans import FOR_EVER, stays_in
from pulse.core.deal_filters import Outcome

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, Subquery
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from pulse.analytics.question import Side
    from pulse.analytics.stages.spans import Window
    from pulse.queries.stages import SalesProcess, Stage

_DAY_S: Final = 86_400
_HUNDREDTHS: Final = 100
_SMALL: Final = 1e-9
"""Shares are products of quotients: what is within this of a half is a half."""
_NOTHING_LEFT: Final = 1e-300
_LOWEST_LOG: Final = -690.0
"""Of which the exponential is still a number."""
_HALF: Final = 0.5


class Became(StrEnum):
    """What became of a stay."""

    FORWARD = "forward"
    WON = "won"
    LOST = "lost"
    BACK = "back"
    ELSEWHERE = "elsewhere"
    DELETED = "deleted"
    STILL_THERE = "still_there"


@dataclass(frozen=True, slots=True)
class StageFlow:
    """One stage: stays that began in the window, and what became of them."""

    stage: str
    entered: int = 0
    forward: int = 0
    won: int = 0
    lost: int = 0
    back: int = 0
    elsewhere: int = 0
    deleted: int = 0
    still_there: int = 0
    imported: int = 0
    """Of those entered, how many the CRM told us of; the others we observed."""
    unknown_start: int = 0
    """Stays that are in no other figure: nobody knows when they began."""
    deals_won: int = 0
    deals_closed: int = 0
    median_days: float | None = None
    mean_days: float | None = None
    is_mean_at_least: bool = False

    @property
    def left(self) -> int:
        """Stays that ended by the deal's going on, wherever to."""
        return self.entered - self.still_there - self.deleted


@dataclass(frozen=True, slots=True)
class Cycle:
    """Deals that were closed in the window with one outcome, and how long that took."""

    deals: int
    """Closed in the window, and still so."""
    timed: int
    """Of which it is known when they were created."""
    median_days: float | None
    mean_days: float | None


def outcome_of(stage: Stage, process: SalesProcess) -> Outcome | None:
    """Return a stage's outcome; by its probability where the CRM forecasts no stage."""
    if process.tells_outcomes or stage.probability is None:
        return stage.outcome
    return {0: Outcome.LOST, 100: Outcome.WON}.get(stage.probability, Outcome.OPEN)


def became(stays: ReadOnlyColumnCollection[str, Any], process: SalesProcess) -> ColumnElement[str]:
    """Return what became of a row of stays, in a word: a field of `StageFlow`."""
    order = {stage.name: place for place, stage in enumerate(process.stages)}
    here = case(order, value=stays.stage) if order else cast(literal(None), Integer)
    there = case(order, value=stays.next_stage) if order else cast(literal(None), Integer)
    return case(
        (stays.finish == FOR_EVER, Became.STILL_THERE.value),
        (stays.next_stage.is_(None), Became.DELETED.value),
        (stays.next_stage.in_(_names(process, Outcome.WON)), Became.WON.value),
        (stays.next_stage.in_(_names(process, Outcome.LOST)), Became.LOST.value),
        (there > here, Became.FORWARD.value),
        (there < here, Became.BACK.value),
        else_=Became.ELSEWHERE.value,
    )


def _names(process: SalesProcess, outcome: Outcome) -> list[str]:
    return [stage.name for stage in process.stages if outcome_of(stage, process) is outcome]


async def read_flow(
    db: AsyncSession, side: Side, process: SalesProcess, window: Window
) -> tuple[list[StageFlow], dict[Outcome, Cycle]]:
    """Return the stages in the CRM's order, unknown ones last, and the cycles of closed deals.

    A stage that no stay began in is there too, if the CRM describes it.
    """
    stays = stays_in(side, window)
    counts = _counts(stays, process)
    times = _survival(stays, counts)
    flows = (
        select(*counts.c, times.c.median, times.c.mean, times.c.remaining)
        .outerjoin(times, times.c.stage == counts.c.stage)
        .subquery("flows")
    )
    cycles = _cycles(stays, process)
    # One statement: the stays are made once for both.
    row = (
        await db.execute(
            select(
                select(_as_json(flows)).scalar_subquery(),
                select(_as_json(cycles)).scalar_subquery(),
            )
        )
    ).one()
    found = {each["stage"]: _flow(each) for each in row[0] or ()}
    described = [stage.name for stage in process.stages]
    others = sorted(found.keys() - set(described))
    return (
        [found.get(name, StageFlow(name)) for name in (*described, *others)],
        {
            outcome: next(
                (_cycle(each) for each in row[1] or () if each["is_won"] is is_won),
                Cycle(0, 0, None, None),
            )
            for outcome, is_won in ((Outcome.WON, True), (Outcome.LOST, False))
        },
    )


# Any: JSON has no type of its own.
def _as_json(rows: Subquery) -> ColumnElement[Any]:
    return func.json_agg(func.row_to_json(rows.table_valued()))


def _counts(stays: CTE, process: SalesProcess) -> CTE:
    # What became of a stay is told of the few hundred groups that stays make, not of each stay.
    kinds: list[Any] = [
        stays.c.stage,
        stays.c.next_stage,
        stays.c.last_stage,
        case((stays.c.finish == FOR_EVER, FOR_EVER)).label("finish"),
        stays.c.is_imported,
        stays.c.is_start_known,
    ]
    groups = (
        select(
            *kinds,
            func.count().label("stays"),
            func.count().filter(stays.c.is_first).label("deals"),
            func.max(stays.c.lasted).label("longest"),
        )
        .group_by(*kinds)
        .subquery("kinds")
    )
    told = (
        select(
            *groups.c,
            became(groups.c, process).label("became"),
            groups.c.last_stage.in_(_names(process, Outcome.WON)).label("is_won"),
            groups.c.last_stage.in_(_names(process, Outcome.LOST)).label("is_lost"),
        )
        .subquery("told")
        .c
    )
    known = told.is_start_known

    def number(counted: ColumnElement[int], *of: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(counted).filter(*of), 0)

    return (
        select(
            told.stage,
            number(told.stays, known).label("entered"),
            *(number(told.stays, known, told.became == word).label(word) for word in _BECAME),
            number(told.stays, known, told.is_imported).label("imported"),
            number(told.stays, ~known).label("unknown_start"),
            func.max(told.longest).filter(known).label("longest"),
            number(told.deals, known, told.is_won).label("deals_won"),
            number(told.deals, known, or_(told.is_won, told.is_lost)).label("deals_closed"),
        )
        .group_by(told.stage)
        .cte("counts")
    )


_BECAME: Final = tuple(each.value for each in Became)


# Any: a row of the query above, as JSON.
def _flow(row: dict[str, Any]) -> StageFlow:
    counted = {
        name: row[name]
        for name in (
            "stage",
            "entered",
            *_BECAME,
            "imported",
            "unknown_start",
            "deals_won",
            "deals_closed",
        )
    }
    return StageFlow(
        **counted,
        median_days=_days(row["median"], _HUNDREDTHS),
        mean_days=_days(row["mean"], _HUNDREDTHS),
        is_mean_at_least=row["remaining"] is not None and row["remaining"] > _SMALL,
    )


# Any: as above.
def _cycle(row: dict[str, Any]) -> Cycle:
    return Cycle(
        row["deals"], row["timed"], _days(row["median"], _DAY_S), _days(row["mean"], _DAY_S)
    )


def _days(time: float | None, units_a_day: int) -> float | None:
    return None if time is None else round(time / units_a_day, 2)


def _survival(stays: CTE, counts: CTE) -> Subquery:
    """Return by stage: median and mean time in hundredths of a day, and the share still there."""
    entered = counts.c.entered
    # A number sorts faster than a name.
    places = select(
        counts.c.stage,
        entered,
        counts.c.longest,
        (entered - counts.c.still_there - counts.c.deleted).label("left"),
        cast(func.row_number().over(order_by=counts.c.stage), Integer).label("place"),
    ).subquery("places")
    steps = (
        select(
            stays.c.stage,
            stays.c.lasted,
            func.count().label("ended"),
            # It went on, wherever to: neither still there nor deleted.
            func.count(stays.c.next_stage).label("left_it"),
        )
        .where(stays.c.is_start_known)
        .group_by(stays.c.stage, stays.c.lasted)
        .subquery("steps")
    )
    order: dict[str, Any] = {"partition_by": places.c.place, "order_by": steps.c.lasted}
    gone_before = func.sum(steps.c.ended).over(**order) - steps.c.ended
    stayed = 1 - cast(steps.c.left_it, Float) / cast(places.c.entered - gone_before, Float)
    falls = (
        select(
            places.c.place,
            steps.c.lasted,
            func.ln(func.greatest(stayed, _NOTHING_LEFT)).label("fall"),
            (steps.c.lasted - func.lag(steps.c.lasted, 1, 0).over(**order)).label("width"),
        )
        .join(places, places.c.stage == steps.c.stage)
        # Where nobody left, nothing falls: the curve is one step.
        .where(places.c.left > 0)
        .subquery("falls")
    )
    order = {"partition_by": falls.c.place, "order_by": falls.c.lasted}
    curve = select(*falls.c, func.sum(falls.c.fall).over(**order).label("level")).subquery("curve")

    def share(level: ColumnElement[float]) -> ColumnElement[float]:
        return func.exp(func.greatest(level, _LOWEST_LOG))

    after = share(curve.c.level)
    # Before a step, all have fallen but what it takes itself.
    area = share(curve.c.level - curve.c.fall) * curve.c.width
    fallen = (
        select(
            curve.c.place,
            func.min(curve.c.lasted).filter(after <= _HALF + _SMALL).label("median"),
            func.sum(area).label("mean"),
            func.min(after).label("remaining"),
        )
        .group_by(curve.c.place)
        .subquery("fallen")
    )
    nobody_left = places.c.left == 0
    return (
        select(
            places.c.stage,
            fallen.c.median,
            case((nobody_left, places.c.longest), else_=fallen.c.mean).label("mean"),
            case((nobody_left, 1.0), else_=fallen.c.remaining).label("remaining"),
        )
        .outerjoin(fallen, fallen.c.place == places.c.place)
        .subquery("times")
    )


def _cycles(stays: CTE, process: SalesProcess) -> Subquery:
    """Return how long deals took from creation to the close that holds at `as_of`, in seconds."""
    won, lost = _names(process, Outcome.WON), _names(process, Outcome.LOST)
    seconds = func.date_part("epoch", stays.c.start - stays.c.created_at)
    closed = (
        select(stays.c.stage.in_(won).label("is_won"), seconds.label("seconds"))
        .where(
            stays.c.finish == FOR_EVER,
            stays.c.is_start_known,
            stays.c.stage.in_([*won, *lost]),
        )
        .subquery("closed")
        .c
    )
    timed = closed.seconds >= 0
    middle = func.percentile_cont(_HALF).within_group(closed.seconds)
    return (
        select(
            closed.is_won,
            func.count().label("deals"),
            func.count().filter(timed).label("timed"),
            middle.filter(timed).label("median"),
            func.avg(closed.seconds).filter(timed).label("mean"),
        )
        .group_by(closed.is_won)
        .subquery("cycles")
    )
