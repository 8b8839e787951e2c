"""The stays of deals in stages: imported ones until we looked, observed ones since.

A stay is a deal, a stage, and a range of CRM time. What the CRM told of the past (`stage_history`)
holds until the deal's first version; from there on versions hold, whatever an import says later. So
stays of a deal never overlap, and there is no gap between them but while the deal was deleted: then
a stay ends without a next one. Pieces that touch in one stage are one stay.

It is known when a stay began if the deal came out of another stage, if the CRM told it, or if the
first version is the deal's creation. The first stay that we saw may be older than we know, and one
after a restore did not begin by entering the stage: neither counts as entered, nor has a duration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from pulse.models import DealVersion, StageEntry

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

FOR_EVER: Final[ColumnElement[datetime]] = text("'infinity'::timestamptz")  # type: ignore[assignment] # a literal has no type of its own


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


def stage_spans(
    deals: Select[Any], at: datetime | None, since: datetime | None = None
) -> Select[Any]:
    """Return all stays of `deals` (columns `id`, `created_at`) as they were known of a moment.

    Columns: deal_id, created_at, stage, start, finish (infinity: goes on), is_imported,
    is_start_known, next_stage (NULL also where the deal was deleted then), last_stage (where the
    deal is, or was last), is_last. `at` leaves out what came later; None is now.
    `since` leaves out what ended before: stays that began from then on are whole all the same.
    """
    chosen = deals.cte("chosen")
    told = [_imported(chosen, at), _observed(chosen, at)]
    if since is not None:
        told[0] = told[0].where(or_(StageEntry.left_at.is_(None), StageEntry.left_at >= since))
        told[1] = told[1].where(DealVersion.valid_to >= since)
    pieces = union_all(*told).subquery("pieces")
    # All windows have one order, so PostgreSQL sorts the pieces once.
    order = _in_order(pieces)
    whole = {**order, "rows": (None, None)}
    before = func.lag(pieces.c.finish).over(**order)
    seen = select(
        *pieces.c,
        before.label("left_before"),
        func.lag(pieces.c.stage).over(**order).label("stage_before"),
        func.last_value(pieces.c.stage).over(**whole).label("last_stage"),
        func.last_value(pieces.c.finish).over(**whole).label("last_finish"),
    ).subquery("seen")
    starts = (
        select(*seen.c)
        .where(
            or_(
                seen.c.left_before.is_distinct_from(seen.c.start),
                seen.c.stage_before.is_distinct_from(seen.c.stage),
            )
        )
        .offset(0)
        .subquery("starts")
    )
    order = _in_order(starts)
    # The last piece of a stay ends where the piece before the next stay ends.
    finish = func.coalesce(func.lead(starts.c.left_before).over(**order), starts.c.last_finish)
    following = func.lead(starts.c.start).over(**order)
    return select(
        *(starts.c[name] for name in ("deal_id", "created_at", "stage", "start")),
        finish.label("finish"),
        starts.c.is_imported,
        case(
            (starts.c.left_before == starts.c.start, true()),
            (starts.c.left_before.is_not(None), false()),
            else_=or_(
                starts.c.is_imported,
                func.coalesce(starts.c.start <= starts.c.created_at, false()),
            ),
        ).label("is_start_known"),
        case((following == finish, func.lead(starts.c.stage).over(**order)), else_=null()).label(
            "next_stage"
        ),
        starts.c.last_stage,
        following.is_(None).label("is_last"),
    )


# Any: what `over` takes.
def _in_order(rows: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return {"partition_by": rows.c.deal_id, "order_by": (rows.c.start, rows.c.finish)}


def _imported(chosen: CTE, at: datetime | None) -> Select[Any]:
    first = (
        select(
            DealVersion.deal_id,
            DealVersion.valid_from.label("since"),
            DealVersion.stage,
            chosen.c.created_at,
        )
        .ext(distinct_on(DealVersion.deal_id))
        .join(chosen, chosen.c.id == DealVersion.deal_id)
        .order_by(DealVersion.deal_id, DealVersion.valid_from)
        .subquery("first")
    )
    left_at = func.least(func.coalesce(StageEntry.left_at, first.c.since), first.c.since)
    return (
        select(
            StageEntry.deal_id.label("deal_id"),
            first.c.created_at.label("created_at"),
            StageEntry.stage.label("stage"),
            StageEntry.entered_at.label("start"),
            _until(left_at, at).label("finish"),
            true().label("is_imported"),
        )
        .join(first, first.c.deal_id == StageEntry.deal_id)
        .where(
            StageEntry.is_start,
            or_(
                StageEntry.entered_at < left_at,
                # It began with the first version: no time of its own, but it tells of that.
                and_(StageEntry.entered_at == first.c.since, StageEntry.stage == first.c.stage),
            ),
            *(() if at is None else (StageEntry.entered_at <= at,)),
        )
    )


def _observed(chosen: CTE, at: datetime | None) -> Select[Any]:
    return (
        select(
            DealVersion.deal_id,
            chosen.c.created_at,
            DealVersion.stage,
            DealVersion.valid_from,
            _until(DealVersion.valid_to, at),
            false(),
        )
        .join(chosen, chosen.c.id == DealVersion.deal_id)
        .where(*(() if at is None else (DealVersion.valid_from <= at,)))
    )


# Any: a column of moments.
def _until(moment: Any, at: datetime | None) -> Any:  # noqa: ANN401 - as above
    """What ended after the moment asked about had not ended then."""
    return moment if at is None else case((moment > at, FOR_EVER), else_=moment)


async def spans_of_deal(
    db: AsyncSession, deal_id: int, created_at: datetime | None
) -> list[StageSpan]:
    """Return the stays of one deal, in order; tombstones have theirs too."""
    one = select(
        literal(deal_id).label("id"),
        cast(literal(created_at), DealVersion.valid_from.type).label("created_at"),
    )
    spans = stage_spans(one, None).subquery()
    rows = await db.execute(
        select(
            spans.c.stage,
            spans.c.start,
            # Python has no moment that is infinite.
            func.nullif(spans.c.finish, FOR_EVER).label("finish"),
            spans.c.is_imported,
            spans.c.is_start_known,
        ).order_by(spans.c.start)
    )
    return [StageSpan(*row) for row in rows]
