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
  up to the longest stay; it is *at least* that where not all have left by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Float, case, cast, distinct, func, literal, or_, select, text

from pulse.analytics.stage_spans import FOR_EVER, stage_spans
from pulse.core.deal_filters import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, Select, Subquery
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Side
    from pulse.queries.stages import SalesProcess, Stage

_DAY_S: Final = 86_400
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
class Window:
    """Stays that began at or after `start` and before `end`, told as of `as_of`."""

    start: datetime
    end: datetime
    as_of: datetime


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


def chosen_deals(side: Side) -> Select[Any]:
    """Return the deals of a side, as `stage_spans` takes them."""
    deals = side.deals()
    # Any: an alias does not say what its columns hold.
    columns: list[Any] = [
        deals.id.label("id"),
        deals.deal.crm_created_at.label("created_at"),
    ]
    return select(*columns).where(*side.meets(deals))


def became(stays: CTE, process: SalesProcess) -> ColumnElement[str]:
    """Return what became of a row of stays, in a word: a field of `StageFlow`."""
    order = {stage.name: place for place, stage in enumerate(process.stages)}
    here = case(order, value=stays.c.stage) if order else cast(literal(None), Float)
    there = case(order, value=stays.c.next_stage) if order else cast(literal(None), Float)
    return case(
        (stays.c.finish == FOR_EVER, "still_there"),
        (stays.c.next_stage.is_(None), "deleted"),
        (stays.c.next_stage.in_(_names(process, Outcome.WON)), "won"),
        (stays.c.next_stage.in_(_names(process, Outcome.LOST)), "lost"),
        (there > here, "forward"),
        (there < here, "back"),
        else_="elsewhere",
    )


def _names(process: SalesProcess, outcome: Outcome) -> list[str]:
    return [stage.name for stage in process.stages if outcome_of(stage, process) is outcome]


def stays_in(side: Side, window: Window) -> CTE:
    """Return the stays that began in the window, whether or not that beginning is known."""
    spans = stage_spans(chosen_deals(side), side.at, window.start).subquery("spans")
    ended = case((spans.c.finish == FOR_EVER, window.as_of), else_=spans.c.finish)
    lasted = func.extract("epoch", func.greatest(ended, spans.c.start) - spans.c.start)
    return (
        select(*spans.c, cast(lasted, Float).label("seconds"))
        .where(
            spans.c.stage.is_not(None),
            spans.c.start >= window.start,
            spans.c.start < window.end,
        )
        .cte("stays")
    )


async def read_flow(
    db: AsyncSession, side: Side, process: SalesProcess, window: Window
) -> tuple[list[StageFlow], dict[Outcome, Cycle]]:
    """Return the stages in the CRM's order, unknown ones last, and the cycles of closed deals.

    A stage that no stay began in is there too, if the CRM describes it.
    """
    stays = stays_in(side, window)
    told = select(
        *stays.c,
        became(stays, process).label("became"),
        stays.c.last_stage.in_(_names(process, Outcome.WON)).label("is_won"),
        stays.c.last_stage.in_(_names(process, Outcome.LOST)).label("is_lost"),
    ).cte("told")
    counts, times = _counts(told), _survival(told)
    flows = (
        select(*counts.c, times.c.median, times.c.mean, times.c.remaining)
        .outerjoin(times, times.c.stage == counts.c.stage)
        .subquery("flows")
    )
    cycles = _cycles(told)
    # A few hundred thousand stays are sorted in memory; on disk it takes three times as long.
    await db.execute(text("SET LOCAL work_mem = '96MB'"))
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


def _counts(told: CTE) -> Subquery:
    known = told.c.is_start_known
    return (
        select(
            told.c.stage,
            func.count().filter(known).label("entered"),
            *(func.count().filter(known, told.c.became == word).label(word) for word in _BECAME),
            func.count().filter(known, told.c.is_imported).label("imported"),
            func.count().filter(~known).label("unknown_start"),
            func.count(distinct(told.c.deal_id)).filter(known, told.c.is_won).label("deals_won"),
            func.count(distinct(told.c.deal_id))
            .filter(known, or_(told.c.is_won, told.c.is_lost))
            .label("deals_closed"),
        )
        .group_by(told.c.stage)
        .subquery("counts")
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
        median_days=_days(row["median"]),
        mean_days=_days(row["mean"]),
        is_mean_at_least=row["remaining"] is not None and row["remaining"] > _SMALL,
    )


# Any: as above.
def _cycle(row: dict[str, Any]) -> Cycle:
    return Cycle(row["deals"], row["timed"], _days(row["median"]), _days(row["mean"]))


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / _DAY_S, 2)


def _survival(told: CTE) -> Subquery:
    """Return by stage: median and mean time in seconds, and the share that had not left."""
    has_left = told.c.became.not_in(("still_there", "deleted"))
    steps = (
        select(
            told.c.stage,
            told.c.seconds,
            func.count().label("ended"),
            func.count().filter(has_left).label("left_it"),
        )
        .where(told.c.is_start_known)
        .group_by(told.c.stage, told.c.seconds)
        .subquery("steps")
    )
    at_risk = func.sum(steps.c.ended).over(
        partition_by=steps.c.stage, order_by=steps.c.seconds.desc()
    )
    stayed = 1 - cast(steps.c.left_it, Float) / cast(at_risk, Float)
    risks = select(
        steps.c.stage, steps.c.seconds, func.ln(func.greatest(stayed, _NOTHING_LEFT)).label("fall")
    ).subquery("risks")
    order: dict[str, Any] = {"partition_by": risks.c.stage, "order_by": risks.c.seconds}
    curve = select(
        risks.c.stage,
        risks.c.seconds,
        func.exp(func.greatest(func.sum(risks.c.fall).over(**order), _LOWEST_LOG)).label("share"),
        func.lag(risks.c.seconds, 1, 0.0).over(**order).label("since"),
    ).subquery("curve")
    order = {"partition_by": curve.c.stage, "order_by": curve.c.seconds}
    areas = select(
        *curve.c,
        (func.lag(curve.c.share, 1, 1.0).over(**order) * (curve.c.seconds - curve.c.since)).label(
            "area"
        ),
    ).subquery("areas")
    return (
        select(
            areas.c.stage,
            func.min(areas.c.seconds).filter(areas.c.share <= _HALF + _SMALL).label("median"),
            func.sum(areas.c.area).label("mean"),
            func.min(areas.c.share).label("remaining"),
        )
        .group_by(areas.c.stage)
        .subquery("times")
    )


def _cycles(told: CTE) -> Subquery:
    """Return how long deals took from creation to the close that holds at `as_of`."""
    seconds = cast(func.extract("epoch", told.c.start - told.c.created_at), Float)
    middle = func.percentile_cont(_HALF).within_group(seconds)
    return (
        select(
            told.c.is_won,
            func.count().label("deals"),
            func.count().filter(seconds >= 0).label("timed"),
            middle.filter(seconds >= 0).label("median"),
            func.avg(seconds).filter(seconds >= 0).label("mean"),
        )
        .where(
            told.c.is_last,
            told.c.finish == FOR_EVER,
            told.c.is_start_known,
            or_(told.c.is_won, told.c.is_lost),
        )
        .group_by(told.c.is_won)
        .subquery("cycles")
    )
