"""Routes of bulk operations."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, status
from fastapi.responses import StreamingResponse

from pulse.bulk import errors
from pulse.bulk.choosing import choose
from pulse.bulk.examples import RESULTS_CSV
from pulse.bulk.ports import BulkCrm
from pulse.bulk.preview import preview
from pulse.bulk.reading import (
    bulk_session,
    bulk_status,
    list_items,
    list_operations,
    results_csv,
)
from pulse.bulk.schemas import (
    BulkCancellation,
    BulkList,
    BulkStatus,
    ItemList,
    Preview,
    PreviewRequest,
    SmallBatchResult,
    StartedBulk,
    StartRequest,
    UndoPreview,
    View,
    ViewList,
)
from pulse.bulk.showing import show_changes
from pulse.bulk.small_batch import small_batch_result
from pulse.bulk.starting import start_operation
from pulse.bulk.stopping import cancel_operation
from pulse.bulk.undoing import preview_undo, undo_operation
from pulse.core.bulk import ItemState
from pulse.core.sync import SyncType
from pulse.edits.errors import crm_is_read_only
from pulse.queries.asked_deals import UNREADABLE
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import Database, ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/bulk", tags=["bulk"], responses=DATABASE_PROBLEMS)

_ID: Final = UUID(int=7)
_CRM_PROBLEMS: Final = problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable())
_UNKNOWN: Final = problems(errors.bulk_not_found(_ID))
_CHOICE_PROBLEMS: Final = merged(
    _CRM_PROBLEMS,
    problems(
        UNREADABLE,
        errors.one_choice(),
        errors.values_needed(),
        errors.values_twice(),
        errors.twice_chosen(554023000000235001),
        errors.own_values_needed(SyncType.MASS_UPDATE),
        errors.too_many(SyncType.MASS_UPDATE, 50_001),
        errors.nothing_chosen(),
        errors.BadValueError(
            "fields.Stage: Stage takes none of this name.",
            fix="Choose one of the options.",
            extra={"field": "Stage", "problem": "not_an_option"},
        ),
        errors.way_impossible("mass_update", "a mass update of Deals sets at most 3 fields"),
        errors.view_not_found("554023000000091001"),
    ),
)
_START_PROBLEMS: Final = merged(
    _CHOICE_PROBLEMS,
    problems(errors.count_changed(500, 501), errors.nothing_to_write(), crm_is_read_only()),
)


def _bulk_crm(request: Request) -> BulkCrm:
    crm: BulkCrm = request.app.state.bulk_crm
    return crm


Crm = Annotated[BulkCrm, Depends(_bulk_crm)]


@router.post("/preview", summary="See what an operation would do", responses=_CHOICE_PROBLEMS)
async def preview_operation(
    _: Editor, wanted: PreviewRequest, db: ReadDb, crm: Crm, clock: ClockOf
) -> Preview:
    """Return values before and after, what will not be written and why, and the price.

    Nothing is written. The records are judged as the mirror holds them.
    """
    now = clock.now()
    chosen = await choose(db, crm, wanted, wanted.operation, now)
    foreseen = await preview(db, chosen, wanted.way, now)
    await show_changes(db, foreseen.sample)
    return foreseen


@router.post("/small-batch", summary="Update up to 100 records now", responses=_START_PROBLEMS)
async def run_small_batch(
    who: Editor, wanted: StartRequest, request: Request, crm: Crm, clock: ClockOf
) -> SmallBatchResult:
    """Write up to 100 records and answer with what became of each.

    Each write is guarded: it replaces only what was read just before.
    """
    # Two transactions of its own: one held over the run would not see what it did.
    database: Database = request.app.state.database
    now = clock.now()
    async with database.writing.begin() as db:
        chosen = await choose(db, crm, wanted, SyncType.SMALL_BATCH, now)
        started = await start_operation(
            db, chosen, who, now, way=wanted.way, confirmed=wanted.confirmed_count
        )
    await crm.run(started.session_id)
    async with database.reading.begin() as db:
        result = await small_batch_result(db, started.session_id)
        await show_changes(db, result.details)
        return result


@router.post(
    "/mass-update",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Write the same values into up to 50,000 records",
    responses=_START_PROBLEMS,
)
async def start_mass_update(
    who: Editor, wanted: StartRequest, db: WriteDb, crm: Crm, clock: ClockOf
) -> StartedBulk:
    """Start a mass update; follow it at `/api/bulk/operation/{session_id}/status`."""
    now = clock.now()
    chosen = await choose(db, crm, wanted, SyncType.MASS_UPDATE, now)
    return await start_operation(
        db, chosen, who, now, way=wanted.way, confirmed=wanted.confirmed_count
    )


@router.post(
    "/write",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Write up to 25,000 records, each with values of its own",
    responses=_START_PROBLEMS,
)
async def start_bulk_write(
    who: Editor, wanted: StartRequest, db: WriteDb, crm: Crm, clock: ClockOf
) -> StartedBulk:
    """Start a bulk write; follow it at `/api/bulk/operation/{session_id}/status`.

    Few records are cheaper by updates than by a Bulk Write job (500 credits): the planner chooses,
    unless `way` says it.
    """
    now = clock.now()
    chosen = await choose(db, crm, wanted, SyncType.BULK_WRITE, now)
    return await start_operation(
        db, chosen, who, now, way=wanted.way, confirmed=wanted.confirmed_count
    )


@router.get("/views", summary="Custom views of the CRM", responses=_CRM_PROBLEMS)
async def list_views(_: Editor, crm: Crm) -> ViewList:
    """Ask the CRM for the custom views by which records can be chosen."""
    return ViewList(
        views=[
            View(id=each.id, name=each.name, category=each.category, is_default=each.is_default)
            for each in await crm.views()
        ]
    )


@router.get("/operations", summary="Bulk operations, the newest first")
async def list_bulk_operations(_: Viewer, db: ReadDb, page: Paging, clock: ClockOf) -> BulkList:
    """Return operations with their counts and prices."""
    return await list_operations(db, page, clock.now())


@router.get("/operation/{session_id}/status", summary="One operation", responses=_UNKNOWN)
async def get_bulk_status(_: Viewer, session_id: UUID, db: ReadDb, clock: ClockOf) -> BulkStatus:
    """Return how far an operation is, and the state of the CRM's own job where it has one."""
    return await bulk_status(db, session_id, clock.now())


@router.get("/operation/{session_id}/items", summary="Its records", responses=_UNKNOWN)
async def get_bulk_items(
    _: Viewer,
    session_id: UUID,
    db: ReadDb,
    page: Paging,
    state: Annotated[list[ItemState], Query(description="Only these; all without it.")] = [],  # noqa: B006 - FastAPI copies it
) -> ItemList:
    """Return what became of each record, in the order in which they were chosen."""
    items = await list_items(db, session_id, state, page)
    await show_changes(db, items.items)
    return items


@router.get(
    "/operation/{session_id}/results.csv",
    summary="Its records as a file",
    response_class=StreamingResponse,
    responses={
        **_UNKNOWN,
        200: {
            "description": "One line a record.",
            "content": {"text/csv": {"schema": {"type": "string"}, "example": RESULTS_CSV}},
        },
    },
)
async def download_bulk_results(
    _: Viewer, session_id: UUID, request: Request, db: ReadDb
) -> StreamingResponse:
    """Return what became of each record as CSV, one line a record."""
    await bulk_session(db, session_id)
    database: Database = request.app.state.database
    return StreamingResponse(
        results_csv(database, session_id),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="bulk-{session_id}.csv"'},
    )


@router.post(
    "/operation/{session_id}/cancel",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Stop an operation",
    responses=merged(_UNKNOWN, problems(errors.bulk_ended(_ID, "completed"))),
)
async def cancel_bulk_operation(
    who: Editor, session_id: UUID, db: WriteDb, clock: ClockOf
) -> BulkCancellation:
    """Stop after what is on its way; what was not sent stays unwritten."""
    return await cancel_operation(db, session_id, who, clock.now())


@router.get(
    "/operation/{session_id}/undo",
    summary="See what an undo would do",
    responses=merged(
        _UNKNOWN,
        problems(
            errors.bulk_running(_ID),
            errors.already_undone(_ID, UUID(int=8)),
            errors.nothing_to_undo(_ID),
        ),
    ),
)
async def preview_bulk_undo(_: Editor, session_id: UUID, db: ReadDb, clock: ClockOf) -> UndoPreview:
    """Return what would be put back, and which records would be left alone and why."""
    foreseen = await preview_undo(db, session_id, clock.now())
    await show_changes(db, foreseen.sample)
    return foreseen


@router.post(
    "/operation/{session_id}/undo",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Undo an operation",
    responses=merged(
        _UNKNOWN,
        problems(
            errors.bulk_running(_ID),
            errors.already_undone(_ID, UUID(int=8)),
            errors.nothing_to_undo(_ID),
            crm_is_read_only(),
        ),
    ),
)
async def undo_bulk_operation(
    who: Editor, session_id: UUID, db: WriteDb, clock: ClockOf
) -> StartedBulk:
    """Restore the fields that nobody has touched since; the others are listed as left alone."""
    return await undo_operation(db, session_id, who, clock.now())
