"""Routes of exports."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, status
from fastapi.responses import StreamingResponse

from pulse.analytics.asked import QUESTION_PROBLEMS, AsOf
from pulse.analytics.question import read_question
from pulse.asking.request import Asked
from pulse.core.exports import MEDIA_TYPES, ExportFormat, ExportKind, ExportState
from pulse.exports import errors
from pulse.exports.asking import (
    cancel_export,
    find_export,
    list_exports,
    preview_export,
    show_export,
    start_export,
)
from pulse.exports.columns import chosen_columns
from pulse.exports.csv_file import csv_head, csv_lines
from pulse.exports.listing import ListReader
from pulse.exports.order import order_of
from pulse.exports.reading import DealList, read_lines
from pulse.exports.schemas import (
    ExportAsked,
    ExportLine,
    ExportList,
    ExportPreview,
    ExportRequest,
)
from pulse.exports.storing import read_parts
from pulse.exports.wishes import DEFAULT_SORT
from pulse.web.access import Viewer
from pulse.web.audit import audit
from pulse.web.clock import ClockOf
from pulse.web.database import Database, ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.examples import EXAMPLE_ID
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/exports", tags=["exports"], responses=DATABASE_PROBLEMS)


def _list_reader(request: Request) -> ListReader:
    reader: ListReader = request.app.state.opportunity_list
    return reader


Lists = Annotated[ListReader, Depends(_list_reader)]

_COLUMN: Final = problems(errors.unknown_export_column("crm.Colour"))
_REQUEST_PROBLEMS: Final = merged(
    QUESTION_PROBLEMS,
    _COLUMN,
    problems(
        errors.subject_mismatch(ExportKind.O2R_DEAL),
        errors.export_deal_not_found(554023000000235001),
    ),
)
_UNKNOWN: Final = problems(errors.export_not_found(EXAMPLE_ID))
_CSV_EXAMPLE: Final = (
    "\ufeffRecord id,Deal,Value (SGD)\r\n554023000000235001,Metro signalling,819825.85\r\n"
)
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"},
                "example": "the bytes of the file",
            }
        },
    }
}


@router.post("/preview", summary="See what an export would hold", responses=_REQUEST_PROBLEMS)
async def preview_export_file(
    _: Viewer, asked: ExportAsked, db: ReadDb, clock: ClockOf, lists: Lists
) -> ExportPreview:
    """Return the number of deals and about how long each format takes. Nothing is made."""
    return await preview_export(db, asked, clock.now(), lists)


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Have a file made",
    responses=merged(
        _REQUEST_PROBLEMS,
        problems(
            errors.no_such_format(ExportKind.DEALS, ExportFormat.PDF),
            errors.too_many_rows(1_200_000, 1_000_000, ExportFormat.XLSX),
            errors.too_many_open(),
        ),
    ),
)
async def start_export_file(
    who: Viewer, wanted: ExportRequest, db: WriteDb, clock: ClockOf, lists: Lists
) -> ExportLine:
    """Have a worker make a file; follow it at `/api/exports/{export_id}` or by `exports` events."""
    return await start_export(db, who, wanted, clock.now(), lists)


@router.get("", summary="Your exports of the last 24 hours")
async def list_export_files(who: Viewer, db: ReadDb, clock: ClockOf) -> ExportList:
    """Return the caller's exports, the newest first."""
    return await list_exports(db, who, clock.now())


@router.get(
    "/deals.csv",
    summary="Deals as CSV, at once",
    response_class=StreamingResponse,
    responses={
        **merged(QUESTION_PROBLEMS, _COLUMN),
        200: {
            "description": "One line a deal, UTF-8 with a byte order mark.",
            "content": {"text/csv": {"schema": {"type": "string"}, "example": _CSV_EXAMPLE}},
        },
    },
)
async def stream_deals_csv(
    who: Viewer,
    request: Request,
    db: WriteDb,
    clock: ClockOf,
    asked: Asked,
    as_of: AsOf = None,
    sort: Annotated[str, Query(max_length=150)] = DEFAULT_SORT,
    columns: Annotated[list[str], Query(max_length=300)] = [],  # noqa: B006 - FastAPI copies it
) -> StreamingResponse:
    """Stream the deals that fulfil the filters: one snapshot, without a job or a limit of rows."""
    now = clock.now()
    question = await read_question(db, asked, now, as_of)
    side = question.now
    order_of(sort.removeprefix("-"), side.deals(), side)
    chosen = chosen_columns(
        columns or None, side.scope.fields, side.scope.money.base, is_now=side.at is None
    )
    await audit(
        db,
        who,
        "export.streamed",
        kind="export",
        subject=None,
        name="deals as csv",
        after={"query": request.url.query},
    )
    day = question.as_of.astimezone(side.scope.zone)
    return StreamingResponse(
        _stream(request.app.state.database, DealList(side, chosen, sort)),
        media_type=MEDIA_TYPES[ExportFormat.CSV],
        headers=_attachment(f"pipeline-pulse-deals-{day:%Y-%m-%d-%H%M}.csv"),
    )


async def _stream(database: Database, wanted: DealList) -> AsyncIterator[bytes]:
    yield csv_head([column.label for column in wanted.columns])
    async with database.reading.begin() as db:
        async for block in read_lines(db, wanted):
            yield csv_lines(block)


def _attachment(name: str) -> dict[str, str]:
    """Return the header of a file that is saved, not shown; our names are plain ASCII."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@router.get("/{export_id}", summary="One export", responses=_UNKNOWN)
async def get_export_file(who: Viewer, export_id: UUID, db: ReadDb, clock: ClockOf) -> ExportLine:
    """Return how far an export is; those of others are there for admins alone."""
    return await show_export(db, who, export_id, clock.now())


@router.get(
    "/{export_id}/download",
    summary="Its file",
    response_class=StreamingResponse,
    responses={
        **merged(_UNKNOWN, problems(errors.export_not_ready(EXAMPLE_ID, ExportState.RUNNING))),
        **_FILE,
    },
)
async def download_export_file(
    who: Viewer, export_id: UUID, request: Request, db: WriteDb, clock: ClockOf
) -> StreamingResponse:
    """Return the file, to its owner and to admins."""
    export = await find_export(db, who, export_id, clock.now())
    if export.state != ExportState.COMPLETED or export.size_bytes is None:
        raise errors.export_not_ready(export_id, export.state)
    await audit(
        db,
        who,
        "export.downloaded",
        kind="export",
        subject=str(export_id),
        name=export.file_name,
    )
    return StreamingResponse(
        read_parts(request.app.state.database, export_id, export.size_bytes),
        media_type=MEDIA_TYPES[ExportFormat(export.format)],
        headers={
            **_attachment(str(export.file_name)),
            "Content-Length": str(export.size_bytes),
        },
    )


@router.post(
    "/{export_id}/cancel",
    summary="Stop an export",
    responses=merged(_UNKNOWN, problems(errors.export_ended(EXAMPLE_ID, ExportState.COMPLETED))),
)
async def cancel_export_file(
    who: Viewer, export_id: UUID, db: WriteDb, clock: ClockOf
) -> ExportLine:
    """Stop an export that waits or is being made; nothing of it is kept."""
    return await cancel_export(db, who, export_id, clock.now())
