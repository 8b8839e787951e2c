"""Routes of the search form."""

from fastapi import APIRouter, Request

from pulse.fields.field_book import read_field_book
from pulse.records import searching, service
from pulse.records.router import Crm
from pulse.records.search_schemas import SearchableFields, SearchPage, SearchRequest
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Viewer
from pulse.web.database import Database, ReadDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/records", tags=["records"])

_BAD_CRITERION = searching.criterion_refused(
    "Amount",
    "Amount: a field of the type currency cannot be compared with starts_with.",
    "Use one of equals, not_equal, greater_equal.",
)


@router.get("/search/fields", summary="What can be searched", responses=DATABASE_PROBLEMS)
async def get_searchable_fields(_: Viewer, db: ReadDb) -> SearchableFields:
    """Return the fields that criteria can compare, each with its operators and options."""
    return await searching.searchable_fields(db)


@router.post(
    "/search",
    summary="Search the CRM by a form",
    responses=merged(
        DATABASE_PROBLEMS,
        problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable()),
        problems(service.search_too_deep(), service.search_refused(), _BAD_CRITERION),
    ),
)
async def search_by_form(_: Viewer, asked: SearchRequest, crm: Crm, request: Request) -> SearchPage:
    """Search deals in the CRM by criteria, word, e-mail or phone, without a sync.

    What is found refreshes the mirror, unless the mode is local to CRM.
    """
    database: Database = request.app.state.database
    # No transaction waits for the CRM.
    async with database.reading.begin() as db:
        query = await searching.checked_query(db, asked)
        book = await read_field_book(db)
    return await searching.search_page(crm, query, book)
