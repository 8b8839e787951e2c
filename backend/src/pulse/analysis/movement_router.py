"""Routes of what moved between two moments."""

from typing import Annotated

from fastapi import APIRouter, Query

from pulse.analysis.movement_schemas import (
    MovedDealPage,
    PipelineMovement,
    buckets_of,
    row_of,
    total_of,
)
from pulse.analytics.asked import QUESTION_PROBLEMS, AskedQuestion
from pulse.analytics.basis import basis_of, comparison_of, open_conflicts, sums_of_both
from pulse.analytics.movement.deals import read_moved_deals
from pulse.analytics.movement.reasons import Bucket
from pulse.analytics.movement.waterfall import read_movement
from pulse.web.access import Viewer
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging

router = APIRouter(prefix="/api/analysis", tags=["analysis"], responses=DATABASE_PROBLEMS)


@router.get("/movement", summary="How a pipeline became another", responses=QUESTION_PROBLEMS)
async def get_movement(_: Viewer, db: ReadDb, question: AskedQuestion) -> PipelineMovement:
    """What came, grew, shrank and went between two moments, adding up to the cent."""
    by_currency, earlier = await sums_of_both(db, question)
    basis = basis_of(question, by_currency, await open_conflicts(db, question.now))
    comparison = comparison_of(question)
    if question.then is None or earlier is None:
        return PipelineMovement(
            basis=basis, comparison=comparison, start=None, end=None, buckets=[], pending=None
        )
    found = await read_movement(db, question.then, question.now, (earlier, by_currency))
    return PipelineMovement(
        basis=basis,
        comparison=comparison,
        start=total_of(found.start),
        end=total_of(found.end),
        buckets=buckets_of(found),
        pending=found.pending,
    )


@router.get("/movement/deals", summary="The deals that moved one way", responses=QUESTION_PROBLEMS)
async def list_moved_deals(
    _: Viewer,
    db: ReadDb,
    question: AskedQuestion,
    page: Paging,
    bucket: Annotated[Bucket, Query(description="Which bar of the waterfall.")],
) -> MovedDealPage:
    """Return the deals of a bucket with both values and the reason, greatest difference first."""
    if question.then is None:
        return MovedDealPage(
            count=0, items=[], limit=page.limit, offset=page.offset, has_more=False
        )
    found = await read_moved_deals(
        db, question.then, question.now, bucket, limit=page.limit, offset=page.offset
    )
    return MovedDealPage(
        count=found.count,
        items=[row_of(deal) for deal in found.items],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(found.items) < found.count,
    )
