"""Routes of one deal."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import WithJsonSchema

from pulse.asking.request import Asked
from pulse.asking.scope import day_of, read_scope
from pulse.deals.detail import deal_not_found, read_deal
from pulse.deals.detail_schemas import DealDetail
from pulse.deals.neighbours import read_neighbours
from pulse.deals.neighbours_schemas import Neighbours
from pulse.deals.table.columns import unknown_column
from pulse.deals.table.rows import DEFAULT_SORT
from pulse.deals.timeline import read_timeline, unreadable_place
from pulse.deals.timeline_schemas import Timeline, TimelineKind
from pulse.queries.asked_deals import UNREADABLE
from pulse.queries.stages import read_sales_process
from pulse.web.access import Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/deals", tags=["deals"])

_EXAMPLE_ID = 554023000000235001
_GREATEST_ID = 2**63 - 1

DealId = Annotated[
    int,
    Path(ge=1, le=_GREATEST_ID, description="The CRM's id of the deal."),
    # A JSON number would lose its last digits in a browser, so clients handle ids as text.
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"}),
]


@router.get(
    "/{deal_id}",
    summary="One deal with all its fields",
    responses=merged(DATABASE_PROBLEMS, problems(deal_not_found(_EXAMPLE_ID))),
)
async def get_deal(
    who: Viewer,
    deal_id: DealId,
    db: ReadDb,
    clock: ClockOf,
) -> DealDetail:
    """Return a deal under its local edits: fields, worth, stages, state. Deleted ones too."""
    return await read_deal(db, deal_id, clock.now(), who.user_id)


@router.get(
    "/{deal_id}/timeline",
    summary="The history of one deal",
    responses=merged(DATABASE_PROBLEMS, problems(deal_not_found(_EXAMPLE_ID), unreadable_place())),
)
async def get_deal_timeline(
    who: Viewer,  # noqa: ARG001 - the role alone is asked for
    deal_id: DealId,
    db: ReadDb,
    kind: TimelineKind = TimelineKind.ALL,
    before: Annotated[
        str | None, Query(description="As the answer before this one gave it.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Entries at most.")] = 30,
) -> Timeline:
    """Return what happened to a deal, newest first: by whom, on which side, seen by which run."""
    return await read_timeline(db, deal_id, kind, before, limit)


@router.get(
    "/{deal_id}/neighbours",
    summary="The deals before and after one in the table",
    responses=merged(
        DATABASE_PROBLEMS,
        problems(deal_not_found(_EXAMPLE_ID), UNREADABLE, unknown_column("crm.Colour")),
    ),
)
async def get_deal_neighbours(
    who: Viewer,  # noqa: ARG001 - the role alone is asked for
    deal_id: DealId,
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    sort: Annotated[
        str, Query(max_length=150, description="Key of a column; a minus before it: descending.")
    ] = DEFAULT_SORT,
) -> Neighbours:
    """Return who stands beside a deal in the table with these filters and this order, now."""
    scope = await read_scope(db)
    wanted = asked.on(day_of(clock.now(), scope))
    return await read_neighbours(db, deal_id, wanted, sort, scope, await read_sales_process(db))
