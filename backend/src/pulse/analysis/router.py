"""Routes of the Analysis page: numbers, trend, breakdown, account managers."""

from fastapi import APIRouter

from pulse.analysis.schemas import PipelineNumbers, Trend, TrendPoint, changed, numbers_at
from pulse.analytics.asked import QUESTION_PROBLEMS, AskedQuestion
from pulse.analytics.basis import comparison_of
from pulse.analytics.numbers import read_numbers
from pulse.analytics.trend import read_trend
from pulse.web.access import Viewer
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS

router = APIRouter(prefix="/api/analysis", tags=["analysis"], responses=DATABASE_PROBLEMS)


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
