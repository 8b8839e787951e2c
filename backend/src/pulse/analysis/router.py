"""Routes of the Analysis page: numbers, trend, breakdown, account managers."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from pulse.analysis.breakdown_schemas import PipelineBreakdown, shown_breakdown
from pulse.analysis.managers_schemas import AccountManagers, shown_managers
from pulse.analysis.schemas import PipelineNumbers, Trend, TrendPoint, changed, numbers_at
from pulse.analytics.asked import QUESTION_PROBLEMS, AskedQuestion
from pulse.analytics.basis import comparison_of
from pulse.analytics.breakdown.groupings import unknown_grouping
from pulse.analytics.breakdown.managers import read_managers
from pulse.analytics.breakdown.table import Measure, Wanted, read_breakdown
from pulse.analytics.numbers import read_numbers
from pulse.analytics.trend import read_trend
from pulse.analytics.wins import EXAMPLE as NO_SUCH_RANGE
from pulse.analytics.wins import closed_days
from pulse.web.access import Viewer
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/analysis", tags=["analysis"], responses=DATABASE_PROBLEMS)

_LONGEST_NAME = 150

ClosedFrom = Annotated[
    date | None,
    Query(
        description="First closing day of the deals that win rates are of; without it a year up to "
        "the last. Filters by closing date, probability, stage and outcome do not hold for them."
    ),
]
ClosedTo = Annotated[date | None, Query(description="Last such day; without it that of `as_of`.")]


@router.get("/numbers", summary="What a pipeline is worth", responses=QUESTION_PROBLEMS)
async def get_numbers(_: Viewer, db: ReadDb, question: AskedQuestion) -> PipelineNumbers:
    """Value, deals, averages and weighted value under the filters, against an earlier moment."""
    found = await read_numbers(db, question)
    now, then = found.now, found.then
    return PipelineNumbers(
        basis=found.basis,
        comparison=comparison_of(question),
        value=changed(now.value, None if then is None else then.value),
        deals=changed(now.deals, None if then is None else then.deals),
        average_size=changed(now.average_size, None if then is None else then.average_size),
        average_probability=changed(
            now.average_probability, None if then is None else then.average_probability
        ),
        weighted=changed(now.weighted, None if then is None else then.weighted),
    )


@router.get("/trend", summary="How a pipeline's numbers went", responses=QUESTION_PROBLEMS)
async def get_trend(_: Viewer, db: ReadDb, question: AskedQuestion) -> Trend:
    """The same numbers as of eight moments between the two."""
    return Trend(
        comparison=comparison_of(question),
        points=[
            TrendPoint(at=point.at, **numbers_at(point.sums).model_dump())
            for point in await read_trend(db, question)
        ],
    )


@router.get(
    "/breakdown",
    summary="A pipeline by any dimension",
    responses=merged(
        QUESTION_PROBLEMS, problems(unknown_grouping("colour", "rows"), NO_SUCH_RANGE)
    ),
)
async def get_breakdown(
    _: Viewer,
    db: ReadDb,
    question: AskedQuestion,
    rows: Annotated[
        str,
        Query(
            max_length=_LONGEST_NAME,
            description="country, region, solution, funding, segment, stage, currency, owner, "
            "account, closing_month, closing_quarter, created_month, probability_band, outcome, "
            "or crm. and the API name of a picklist, text, checkbox or reference of the CRM: by "
            "these, now only.",
        ),
    ] = "country",
    columns: Annotated[
        str | None, Query(max_length=_LONGEST_NAME, description="As `rows`; without it none.")
    ] = None,
    measure: Annotated[
        Measure,
        Query(description="`win_rate` goes by closed deals: not by stage, band or outcome."),
    ] = Measure.VALUE,
    closed_from: ClosedFrom = None,
    closed_to: ClosedTo = None,
) -> PipelineBreakdown:
    """Cells, rows, columns and the whole in one measure; a narrower filter drills down."""
    wanted = Wanted(rows, columns, measure, closed_from, closed_to)
    return shown_breakdown(await read_breakdown(db, question, wanted), measure)


@router.get(
    "/managers",
    summary="Who owns a pipeline",
    responses=merged(QUESTION_PROBLEMS, problems(NO_SUCH_RANGE)),
)
async def get_managers(
    _: Viewer,
    db: ReadDb,
    question: AskedQuestion,
    closed_from: ClosedFrom = None,
    closed_to: ClosedTo = None,
) -> AccountManagers:
    """The numbers of every account manager, with countries and win rate."""
    days = closed_days(question.today, closed_from, closed_to)
    return shown_managers(await read_managers(db, question, days), days)
