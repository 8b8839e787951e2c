"""Routes of the table over all deals."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from pulse.analytics.asked import AsOf
from pulse.asking.moment import EXAMPLE as NO_SUCH_MOMENT
from pulse.asking.moment import check_moment
from pulse.asking.request import Asked
from pulse.asking.scope import day_of, read_scope, scope_at
from pulse.core.deal_filters import DealFilter
from pulse.core.modules import DEALS
from pulse.deals.table.columns import no_history, unknown_column
from pulse.deals.table.facets import facet
from pulse.deals.table.listing import column_list
from pulse.deals.table.rows import DEFAULT_SORT, TableRequest, deal_window
from pulse.deals.table.schemas import ColumnList, DealSummary, DealWindow, Facet, FoundDeals
from pulse.deals.table.search import find_deals
from pulse.deals.table.summary import deal_summary
from pulse.edits.rules import read_rules
from pulse.queries.asked_deals import UNREADABLE, AskedFilter
from pulse.queries.deal_filters import Scope
from pulse.queries.stages import read_sales_process
from pulse.web.access import Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/deals", tags=["deals"], responses=DATABASE_PROBLEMS)

_FILTER_PROBLEMS = problems(UNREADABLE, NO_SUCH_MOMENT)
_COLUMN_PROBLEMS = merged(
    _FILTER_PROBLEMS, problems(unknown_column("crm.Colour"), no_history("crm.Next_Step"))
)


async def _asked_at(
    db: ReadDb, asked: AskedFilter, now: datetime, as_of: datetime | None
) -> tuple[Scope, DealFilter]:
    """Return what filters are read against at a moment, and the filter on its day."""
    if as_of is not None:
        await check_moment(db, as_of, now)
    scope = await read_scope(db)
    wanted = asked.on(day_of(now if as_of is None else as_of, scope))
    return await scope_at(db, scope, as_of), wanted


@router.get("", summary="Deals of the mirror, a stretch of the table", responses=_COLUMN_PROBLEMS)
async def list_deals(
    who: Viewer,
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    page: Paging,
    as_of: AsOf = None,
    sort: Annotated[
        str, Query(max_length=150, description="Key of a column; a minus before it: descending.")
    ] = DEFAULT_SORT,
    columns: Annotated[
        list[str],
        Query(max_length=100, description="Keys of CRM fields to add to the rows: crm.Next_Step."),
    ] = [],  # noqa: B006 - FastAPI copies it
) -> DealWindow:
    """Return rows in any column's order; what is empty comes last, ties go by id.

    As of a past moment they are as they stood then; what has no history cannot be asked for.
    """
    scope, wanted = await _asked_at(db, asked, clock.now(), as_of)
    return await deal_window(
        db, TableRequest(wanted, sort, columns, page, as_of), scope, scope.process, who.user_id
    )


@router.get("/summary", summary="What deals add up to", responses=_FILTER_PROBLEMS)
async def summarise_deals(
    who: Viewer,  # noqa: ARG001 - asks for the role
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    as_of: AsOf = None,
) -> DealSummary:
    """Count and sum the deals under the filters, in the base currency."""
    scope, wanted = await _asked_at(db, asked, clock.now(), as_of)
    return await deal_summary(db, wanted, scope, as_of)


@router.get("/facets", summary="Values to filter by", responses=_COLUMN_PROBLEMS)
async def get_facet(
    who: Viewer,  # noqa: ARG001 - asks for the role
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    of: Annotated[
        str,
        Query(max_length=150, description="A filter such as country, or crm. and an API name."),
    ],
    search: Annotated[str, Query(max_length=200, description="Letters in the value.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    as_of: AsOf = None,
) -> Facet:
    """Return the most frequent values among the deals that all other filters leave."""
    scope, wanted = await _asked_at(db, asked, clock.now(), as_of)
    return await facet(
        db, of, wanted, scope, scope.process, search=search, limit=limit, as_of=as_of
    )


@router.get("/columns", summary="Columns of the table")
async def list_columns(
    who: Viewer,  # noqa: ARG001 - asks for the role
    db: ReadDb,
    clock: ClockOf,
) -> ColumnList:
    """Return the canonical columns and every further field that the CRM has now."""
    scope = await read_scope(db)
    rules = await read_rules(db, DEALS)
    return column_list(scope.fields, rules, scope.money.base, day_of(clock.now(), scope))


@router.get("/search", summary="Deals by a few letters")
async def search_deals(
    who: Viewer,  # noqa: ARG001 - asks for the role
    db: ReadDb,
    q: Annotated[
        str,
        Query(max_length=200, pattern=r"^[^\x00]*$", description="Words, or # and digits of an id"),
    ],
) -> FoundDeals:
    """Return the ten deals that fit best: names that begin so, then the latest changed."""
    return await find_deals(db, q, await read_scope(db), await read_sales_process(db))
