"""The stays of deals in stages: of one deal, and those that began in a window.

`pulse.models.stage_stays` has the law of stays, by which the mirror keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, case, cast, func, literal, null, select, text, true

from pulse.core.deal_filters import DealFilter
from pulse.models import StageStay

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Side

FOR_EVER: Final[ColumnElement[datetime]] = text("'infinity'::timestamptz")  # type: ignore[assignment] # a literal has no type of its own
HUNDREDTH_S: Final = 864
"""Seconds of a hundredth of a day."""


@dataclass(frozen=True, slots=True)
class Window:
    """Stays that began at or after `start` and before `end`, told as of `as_of`."""

    start: datetime
    end: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class StageSpan:
    """One stay of a deal in a stage."""

    stage: str | None
    start: datetime
    end: datetime | None
    """None: it goes on."""
    is_imported: bool
    """Its beginning was told by the CRM; else we observed it."""
    is_start_known: bool


async def spans_of_deal(db: AsyncSession, deal_id: int) -> list[StageSpan]:
    """Return the stays of one deal, in order; tombstones have theirs too."""
    rows = await db.execute(
        select(
            StageStay.stage,
            StageStay.started_at,
            # Python has no moment that is infinite.
            func.nullif(StageStay.ended_at, FOR_EVER),
            StageStay.is_imported,
            StageStay.is_start_known,
        )
        .where(StageStay.deal_id == deal_id)
        .order_by(StageStay.started_at)
    )
    return [StageSpan(*row) for row in rows]


def stays_in(side: Side, window: Window) -> CTE:
    """Return the stays of a side's deals that began in the window, as they were known then.

    Columns: deal_id, created_at, stage, start, finish (infinity: goes on), next_stage (NULL also
    where the deal was deleted then), last_stage (in which the deal stands), is_imported,
    is_start_known, is_first (the deal entered the stage for the first time in the window),
    lasted (hundredths of a day, up to `as_of` for one that goes on).
    """
    stay = StageStay
    # Any: selects of whatever columns.
    chosen: Select[Any] | None = None
    last_stage: SQLColumnExpression[str | None] = stay.stands_in
    if side.at is not None or side.wanted != DealFilter():
        deals = side.deals()
        columns: list[Any] = [deals.id.label("id"), deals.deal.stage.label("stage")]
        chosen = select(*columns).where(*side.meets(deals))
    query: Select[Any] = select(stay.deal_id)
    if chosen is None:
        # All deals that are there now: the stays themselves know.
        query = query.where(stay.is_gone.is_(False))
    else:
        deals_chosen = chosen.subquery("chosen")
        query = query.join(deals_chosen, deals_chosen.c.id == stay.deal_id)
        if side.at is not None:
            last_stage = deals_chosen.c.stage
    goes_on = stay.ended_at == FOR_EVER if side.at is None else stay.ended_at > side.at
    so_far = func.greatest(func.date_part("epoch", literal(window.as_of) - stay.started_at), 0)
    stays = query.add_columns(
        stay.created_at,
        stay.stage,
        stay.started_at.label("start"),
        case((goes_on, FOR_EVER), else_=stay.ended_at).label("finish"),
        case((goes_on, null()), else_=stay.next_stage).label("next_stage"),
        last_stage.label("last_stage"),
        stay.is_imported,
        stay.is_start_known,
        func.coalesce(stay.entered_before < window.start, true()).label("is_first"),
        case(
            (goes_on, cast(func.round(so_far / HUNDREDTH_S), Integer)),
            else_=stay.lasted_hundredths,
        ).label("lasted"),
    ).where(stay.stage.is_not(None), stay.started_at >= window.start, stay.started_at < window.end)
    if chosen is not None:
        return stays.cte("stays")
    # Reading them again costs less than keeping what was read.
    return stays.cte("stays").prefix_with("NOT MATERIALIZED")
