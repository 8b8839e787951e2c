"""Routes of single records."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import WithJsonSchema

from pulse.edits.errors import crm_is_read_only
from pulse.records import service, syncing
from pulse.records.ports import CrmRecords, RecordPush, SearchBy
from pulse.records.schemas import Direction, RecordAnswer, RecordSync, SearchAnswer
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import Database, ReadDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/records", tags=["records"])

_EXAMPLE_ID = 554023000000235001
_CRM_PROBLEMS = problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable())
_GREATEST_ID = 2**63 - 1

RecordId = Annotated[
    int,
    Path(ge=1, le=_GREATEST_ID, description="The CRM's id of the record."),
    # A JSON number would lose its last digits in a browser, so clients handle ids as text.
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"}),
]


def _crm_records(request: Request) -> CrmRecords:
    crm: CrmRecords = request.app.state.crm_records
    return crm


Crm = Annotated[CrmRecords, Depends(_crm_records)]


def _record_push(request: Request) -> RecordPush:
    push: RecordPush = request.app.state.record_push
    return push


Push = Annotated[RecordPush, Depends(_record_push)]


@router.get(
    "/search",
    summary="Search the CRM",
    responses=merged(
        DATABASE_PROBLEMS,
        _CRM_PROBLEMS,
        problems(
            service.one_search_at_a_time(), service.search_too_deep(), service.search_refused()
        ),
    ),
)
async def search_records(
    _: Viewer,
    crm: Crm,
    criteria: Annotated[
        str | None, Query(description="As `(Stage:equals:Closed Won)`, joined by and, or.")
    ] = None,
    word: Annotated[str | None, Query(min_length=2)] = None,
    email: str | None = None,
    phone: str | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SearchAnswer:
    """Search deals in the CRM by exactly one of criteria, word, email and phone.

    What is found refreshes the mirror.
    """
    given = {
        SearchBy.CRITERIA: criteria,
        SearchBy.WORD: word,
        SearchBy.EMAIL: email,
        SearchBy.PHONE: phone,
    }
    return await service.search(crm, service.search_query(given, page, per_page))


@router.get(
    "/{record_id}",
    summary="One deal from the mirror",
    responses=merged(DATABASE_PROBLEMS, problems(service.record_not_found(_EXAMPLE_ID))),
)
async def get_record(_: Viewer, record_id: RecordId, db: ReadDb) -> RecordAnswer:
    """Return a deal as the mirror holds it, with the names of looked-up records."""
    return await service.mirrored_record(db, record_id)


@router.post(
    "/{record_id}/sync",
    summary="Sync one deal with the CRM now",
    responses=merged(
        DATABASE_PROBLEMS,
        _CRM_PROBLEMS,
        problems(service.record_not_found(_EXAMPLE_ID), syncing.pulls_paused(), crm_is_read_only()),
    ),
)
async def sync_record(
    who: Editor,
    record_id: RecordId,
    request: Request,
    crm: Crm,
    push: Push,
    clock: ClockOf,
    direction: Direction = Direction.FROM_CRM,
) -> RecordSync:
    """Read a deal from the CRM, write its local edits to the CRM, or both; report what was done."""
    # Transactions of their own: one held over the calls to the CRM would not see what they wrote.
    database: Database = request.app.state.database
    async with database.writing.begin() as db:
        await syncing.refuse_direction(db, direction)
    done = await syncing.do_sync(crm, push, record_id, direction)
    async with database.writing.begin() as db:
        await syncing.require_known(db, record_id)
        edits = await syncing.local_edits(db, record_id)
        result = syncing.report(direction, done, edits, clock.now())
        await syncing.note_sync(db, record_id, result, who)
    return result
