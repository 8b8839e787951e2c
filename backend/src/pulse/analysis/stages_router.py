"""Routes of how deals go through the stages, and of the import that this history comes from."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import AwareDatetime

from pulse.analysis.stages_schemas import (
    StageAnswer,
    StageDealPage,
    StageImport,
    StageImportAnswer,
    answer_of,
    deal_of,
    import_of,
)
from pulse.analytics.asked import QUESTION_PROBLEMS, AsOf
from pulse.analytics.basis import basis_of, open_conflicts
from pulse.analytics.question import read_question
from pulse.analytics.stages.deals import read_staying_deals
from pulse.analytics.stages.flow import Became
from pulse.analytics.stages.importing import import_running, latest_import, start_import
from pulse.analytics.stages.report import EXAMPLE as BAD_WINDOW
from pulse.analytics.stages.report import left_out, passing, read_stage_report, window_of
from pulse.asking.request import Asked
from pulse.web.access import Admin, Viewer
from pulse.web.audit import audit
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/analysis", tags=["analysis"], responses=DATABASE_PROBLEMS)

WindowFrom = Annotated[
    AwareDatetime | None,
    Query(description="Stays that began from here on; without it twelve months before the end."),
]
WindowTo = Annotated[
    AwareDatetime | None, Query(description="Stays that began before; without it `as_of`.")
]

_RUNNING: Final = import_running(UUID("019ab3e0-5a10-7c4e-8f52-0c6d2f1f7a10"))


@router.get(
    "/stages",
    summary="How deals go through the stages",
    responses=merged(QUESTION_PROBLEMS, problems(BAD_WINDOW)),
)
async def get_stages(
    _: Viewer,
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    as_of: AsOf = None,
    window_from: WindowFrom = None,
    window_to: WindowTo = None,
) -> StageAnswer:
    """Conversion, time in stage (unfinished stays counted as such), sales cycles, velocity.

    Closing date, probability, stage and outcome do not choose deals here: deals move through them.
    """
    given = await read_question(db, asked, clock.now(), as_of)
    question = passing(given)
    report = await read_stage_report(
        db, question, window_of(question.as_of, window_from, window_to)
    )
    return answer_of(
        basis_of(question, report.open_sums, await open_conflicts(db, question.now)),
        report,
        question.now.scope.process,
        left_out(given.now.wanted),
        await latest_import(db),
    )


@router.get(
    "/stages/deals",
    summary="The deals behind a figure of stages",
    responses=merged(QUESTION_PROBLEMS, problems(BAD_WINDOW)),
)
async def list_stage_deals(  # noqa: PLR0913, PLR0917 - the parts of one question
    _: Viewer,
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    page: Paging,
    in_stage: Annotated[str, Query(max_length=200, description="Which stage they entered.")],
    became: Annotated[
        Became | None, Query(description="What became of them; without it all who entered.")
    ] = None,
    as_of: AsOf = None,
    window_from: WindowFrom = None,
    window_to: WindowTo = None,
) -> StageDealPage:
    """Return the stays that a figure counts, the longest first; one deal may have several."""
    question = passing(await read_question(db, asked, clock.now(), as_of))
    found = await read_staying_deals(
        db,
        question.now,
        window_of(question.as_of, window_from, window_to),
        in_stage,
        became,
        limit=page.limit,
        offset=page.offset,
    )
    return StageDealPage(
        count=found.count,
        items=[deal_of(deal) for deal in found.items],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(found.items) < found.count,
    )


@router.get("/stage-history", summary="How the import of the CRM's stage history stands")
async def get_stage_history(_: Viewer, db: ReadDb) -> StageImportAnswer:
    """The latest import: its state, how far it is, and what went wrong."""
    return StageImportAnswer(latest=import_of(await latest_import(db)))


@router.post(
    "/stage-history/import",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Import the CRM's stage history again",
    responses=problems(_RUNNING),
)
async def import_stage_history(who: Admin, db: WriteDb, clock: ClockOf) -> StageImport:
    """Ask for an import; what is here already is corrected, and nothing comes twice."""
    begun = await start_import(db, who.name, clock.now())
    await audit(
        db, who, "stage_history.import_requested", kind="stage_history", subject=str(begun.id)
    )
    await db.refresh(begun)
    return StageImport.model_validate(begun, from_attributes=True)
