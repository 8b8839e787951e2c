"""Routes of opportunities: the list, one of them, its milestones and its account's flag."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from pydantic import WithJsonSchema
from sqlalchemy import select

from pulse.asking.request import Asked
from pulse.core.sync import RecordStatus
from pulse.edits.errors import crm_is_read_only, record_gone
from pulse.edits.validation import invalid_fields
from pulse.models import RecordSyncStatus
from pulse.o2r import milestones_setting as setting
from pulse.o2r.detail import read_opportunity
from pulse.o2r.detail_schemas import OpportunityDetail
from pulse.o2r.milestones import milestone_not_found, read_keepers
from pulse.o2r.milestones_schemas import MilestoneChange, MilestoneDay, MilestoneSet
from pulse.o2r.notes_schemas import StrategicFlag
from pulse.o2r.opportunities import DEFAULT_SORT, opportunity_summary, opportunity_window
from pulse.o2r.opportunities_asked import AskedOpportunities
from pulse.o2r.opportunities_known import deal_not_found
from pulse.o2r.opportunities_schemas import (
    OpportunityOrder,
    OpportunitySummary,
    OpportunityWindow,
)
from pulse.o2r.strategic import no_account, set_strategic
from pulse.queries.asked_deals import UNREADABLE
from pulse.queries.today import organisation_zone
from pulse.web.access import Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.examples import EXAMPLE_MOMENT
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/o2r/opportunities", tags=["o2r"], responses=DATABASE_PROBLEMS)

_EXAMPLE_ID: Final = 554023000000235001
_GREATEST_ID: Final = 2**63 - 1
_EXAMPLE_DAY: Final = EXAMPLE_MOMENT.date()
_UNKNOWN: Final = problems(deal_not_found(_EXAMPLE_ID))

DealId = Annotated[
    int,
    Path(ge=1, le=_GREATEST_ID, description="The CRM's id of the deal."),
    # A JSON number would lose its last digits in a browser, so clients handle ids as text.
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"}),
]


@router.get("", summary="Opportunities, a stretch of the list", responses=problems(UNREADABLE))
async def list_opportunities(
    who: Viewer,  # noqa: ARG001 - the role alone is asked for
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    wanted: AskedOpportunities,
    page: Paging,
    sort: Annotated[
        str,
        Query(
            pattern=f"^-?({'|'.join(OpportunityOrder)})$",
            description="What to order by; a minus before it: descending. By health, the worst "
            "come first.",
        ),
    ] = DEFAULT_SORT,
) -> OpportunityWindow:
    """Return opportunities: deals that are not lost and whose revenue is not recognised."""
    return await opportunity_window(db, asked, wanted, sort, page, clock.now())


@router.get("/summary", summary="What opportunities add up to", responses=problems(UNREADABLE))
async def summarise_opportunities(
    who: Viewer,  # noqa: ARG001 - as above
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    wanted: AskedOpportunities,
) -> OpportunitySummary:
    """Count and sum the opportunities under the filters, by health, in the base currency."""
    return await opportunity_summary(db, asked, wanted, clock.now())


@router.get("/{deal_id}", summary="One opportunity", responses=_UNKNOWN)
async def get_opportunity(
    who: Viewer, deal_id: DealId, db: ReadDb, clock: ClockOf
) -> OpportunityDetail:
    """Return where a deal is on its way to revenue, its health, and what people added to it."""
    return await read_opportunity(db, deal_id, who, clock.now())


@router.put(
    "/{deal_id}/milestones/{milestone}",
    summary="Set a milestone",
    responses=merged(
        _UNKNOWN,
        problems(
            milestone_not_found("lunch"),
            setting.milestone_to_come(_EXAMPLE_DAY.replace(year=2027), _EXAMPLE_DAY),
            invalid_fields(),
            setting.milestone_unmapped("Kick_off_Date"),
            record_gone(_EXAMPLE_ID, is_hidden=False),
            crm_is_read_only(),
        ),
    ),
)
async def put_milestone(
    who: Editor,
    deal_id: DealId,
    milestone: Annotated[str, Path(max_length=40, description="As `kick_off`.")],
    wanted: MilestoneChange,
    db: WriteDb,
    clock: ClockOf,
) -> MilestoneSet:
    """Set when a milestone is planned or was reached; what the CRM keeps is sent to it."""
    zone = await organisation_zone(db)
    now = clock.now()
    moment = setting.Moment(now, now.astimezone(zone).date(), zone)
    before, after = await setting.set_milestone(db, who, deal_id, milestone, wanted, moment)
    status = await db.scalar(
        select(RecordSyncStatus.sync_status).where(RecordSyncStatus.zoho_record_id == deal_id)
    )
    return MilestoneSet(
        id=str(deal_id),
        milestone=after.milestone,
        before=MilestoneDay(planned_on=before.planned_on, actual_on=before.actual_on),
        after=MilestoneDay(planned_on=after.planned_on, actual_on=after.actual_on),
        is_in_crm=(await read_keepers(db))[after.milestone].is_crm,
        status=RecordStatus(status or RecordStatus.SYNCED),
    )


@router.put(
    "/{deal_id}/strategic",
    summary="Flag the account of a deal as strategic",
    responses=merged(_UNKNOWN, problems(no_account(_EXAMPLE_ID))),
)
async def put_strategic(
    who: Editor, deal_id: DealId, flag: StrategicFlag, db: WriteDb, clock: ClockOf
) -> StrategicFlag:
    """Flag the account, or take the flag off; all of its deals show it."""
    await set_strategic(db, who, deal_id, wanted=flag.is_strategic, now=clock.now())
    return flag
