"""Route of deals that slip."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from pulse.analysis.slips_schemas import SlippedDealRow, SlippedDeals, sum_of
from pulse.analytics.asked import QUESTION_PROBLEMS, AskedQuestion
from pulse.analytics.basis import basis_of, comparison_of, open_conflicts, sums_of_both
from pulse.analytics.movement.deals import read_told
from pulse.analytics.movement.words import DealFactsAt
from pulse.analytics.slips import SlipKind, read_slipped_deals, read_slips
from pulse.analytics.slips_moves import read_moves
from pulse.analytics.sums import Sums
from pulse.web.access import Viewer
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging

router = APIRouter(prefix="/api/analysis", tags=["analysis"], responses=DATABASE_PROBLEMS)

_PLACES: Final = 6


@router.get("/slips", summary="Deals that were moved or are overdue", responses=QUESTION_PROBLEMS)
async def get_slips(
    _: Viewer,
    db: ReadDb,
    question: AskedQuestion,
    page: Paging,
    kind: Annotated[SlipKind, Query(description="Which deals are listed.")] = SlipKind.MOVED,
) -> SlippedDeals:
    """Return how much slipped since `compared_with`, and the deals of one kind."""
    by_currency, earlier = await sums_of_both(db, question)
    before = None if earlier is None else sum(earlier.values(), start=Sums())
    slips = await read_slips(db, question, before)
    count = slips.count(kind)
    deals = await read_slipped_deals(db, question, kind, limit=page.limit, offset=page.offset)
    ids = [deal.id for deal in deals]
    told = await read_told(db, question.now, ids)
    is_overdue = kind is SlipKind.OVERDUE
    moves = {} if is_overdue else await read_moves(db, question, ids)
    out, then = slips.moved_out, slips.pipeline_then
    items = []
    for deal in deals:
        name, facts = told.get(deal.id, (None, DealFactsAt()))
        since = question.today if is_overdue or deal.closed_on is None else deal.closed_on
        moved = moves.get(deal.id)
        items.append(
            SlippedDealRow(
                id=str(deal.id),
                name=name,
                account=facts.account,
                owner=facts.owner,
                stage=facts.stage,
                value=deal.value,
                closed_on=deal.closed_on,
                closes_on=deal.closes_on,
                days=abs((deal.closes_on - since).days),
                moves=None if moved is None else moved.count,
                moved_by=None if moved is None else moved.by,
                moved_at=None if moved is None else moved.at,
            )
        )
    return SlippedDeals(
        basis=basis_of(question, by_currency, await open_conflicts(db, question.now)),
        comparison=comparison_of(question),
        overdue=sum_of(slips.overdue),
        moved=None if slips.moved is None else sum_of(slips.moved),
        moved_out=None if out is None else sum_of(out),
        moved_out_share=(
            None
            if out is None or then is None or then.value == 0
            else round(float(out.value / then.value), _PLACES)
        ),
        count=count,
        items=items,
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(items) < count,
    )
