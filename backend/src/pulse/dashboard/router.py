"""Routes of the Dashboard. Each panel of the page asks for its own."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from pulse.analytics.asked import QUESTION_PROBLEMS, AskedQuestion
from pulse.dashboard import service
from pulse.dashboard.attention import read_attention
from pulse.dashboard.attention_schemas import NeedyDeals, RevenueAtRisk
from pulse.dashboard.revenue import read_revenue
from pulse.dashboard.revenue_deals import EXAMPLE as NO_SUCH_RANGE
from pulse.dashboard.revenue_deals import read_days, read_revenue_deals
from pulse.dashboard.revenue_schemas import Revenue, RevenueDealPage, RevenueKind
from pulse.dashboard.risk import read_risk
from pulse.dashboard.schemas import Dashboard
from pulse.web.access import Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api", tags=["dashboard"], responses=DATABASE_PROBLEMS)


@router.get("/dashboard", summary="What the pipeline is worth")
async def get_dashboard(_: Viewer, db: ReadDb, clock: ClockOf) -> Dashboard:
    """Totals of the open pipeline by stage and country, and how they moved in seven days."""
    return await service.dashboard(db, clock.now())


@router.get("/dashboard/attention", summary="Deals that need somebody", responses=QUESTION_PROBLEMS)
async def get_attention(who: Viewer, db: ReadDb, question: AskedQuestion) -> NeedyDeals:
    """Open opportunities that are blocked, red or yellow, worst first, with the reason in words.

    The reader's own are those of the CRM user with the same e-mail address.
    """
    return await read_attention(db, question, who.email)


@router.get("/dashboard/risk", summary="Revenue at risk", responses=QUESTION_PROBLEMS)
async def get_revenue_at_risk(_: Viewer, db: ReadDb, question: AskedQuestion) -> RevenueAtRisk:
    """Open opportunities that are blocked or red, against an earlier moment."""
    return await read_risk(db, question)


@router.get(
    "/dashboard/revenue", summary="Revenue and forecast by month", responses=QUESTION_PROBLEMS
)
async def get_revenue(_: Viewer, db: ReadDb, question: AskedQuestion) -> Revenue:
    """What was recognised in the last months, and what open deals are expected to bring."""
    return await read_revenue(db, question)


@router.get(
    "/dashboard/revenue/deals",
    summary="The deals behind revenue",
    responses=merged(QUESTION_PROBLEMS, problems(NO_SUCH_RANGE)),
)
async def list_revenue_deals(
    _: Viewer,
    db: ReadDb,
    question: AskedQuestion,
    page: Paging,
    kind: Annotated[
        RevenueKind,
        Query(description="By the day of recognised revenue, or open deals by closing date."),
    ],
    first: Annotated[date, Query(description="First such day.")],
    last: Annotated[date, Query(description="Last such day.")],
) -> RevenueDealPage:
    """Return the deals that count in a range of days, greatest value first."""
    return await read_revenue_deals(db, question, kind, read_days(first, last), page)
