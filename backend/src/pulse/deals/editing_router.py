"""Routes that edit one deal."""

from typing import Annotated

from fastapi import APIRouter, Query

from pulse.deals.detail import deal_not_found
from pulse.deals.detail_router import DealId
from pulse.deals.editing import drop_edits, edit_deal, retry_edits
from pulse.deals.editing_schemas import (
    DealChangesDropped,
    DealChangesRetried,
    DealEdit,
    DealEdited,
)
from pulse.deals.form import read_form
from pulse.deals.form_of_many import read_form_of_many
from pulse.deals.form_schemas import DealForm, FormOfMany, LookupFound
from pulse.deals.lookups import find_records, no_lookup
from pulse.edits.errors import change_on_its_way, crm_is_read_only, record_gone
from pulse.edits.validation import invalid_fields
from pulse.web.access import Editor, Viewer
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/deals", tags=["deals"])

_EXAMPLE_ID = 554023000000235001
_UNKNOWN = merged(DATABASE_PROBLEMS, problems(deal_not_found(_EXAMPLE_ID)))

Fields = Annotated[
    list[str],
    Query(max_length=200, description="API names; without any, all fields of the deal."),
]


@router.get(
    "/lookups/{field}",
    summary="Records that a field can point to",
    responses=merged(DATABASE_PROBLEMS, problems(no_lookup("Contact_Name"))),
)
async def find_lookups(
    who: Viewer,  # noqa: ARG001 - the role alone is asked for
    field: str,
    db: ReadDb,
    q: Annotated[
        str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Letters in the name.")
    ] = "",
) -> LookupFound:
    """Return the users or accounts of the mirror whose name fits, 20 at most."""
    return await find_records(db, field, q)


@router.get(
    "/fields/form",
    summary="What the fields of deals take",
    responses=DATABASE_PROBLEMS,
)
async def get_form_of_many(
    who: Viewer,  # noqa: ARG001 - the role alone is asked for
    db: ReadDb,
) -> FormOfMany:
    """Return each field with its type, options and limits, for changes of many deals at once."""
    return await read_form_of_many(db)


@router.get("/{deal_id}/form", summary="A deal as it can be edited", responses=_UNKNOWN)
async def get_deal_form(
    who: Viewer,
    deal_id: DealId,
    db: ReadDb,
    fields: Fields = [],  # noqa: B006 - FastAPI copies it
) -> DealForm:
    """Return each field with its type, options and limits, its value, and why it is read-only."""
    return await read_form(db, deal_id, fields, who.user_id)


@router.patch(
    "/{deal_id}",
    summary="Edit a deal",
    responses=merged(
        _UNKNOWN,
        problems(invalid_fields(), record_gone(_EXAMPLE_ID, is_hidden=False), crm_is_read_only()),
    ),
)
async def patch_deal(who: Editor, deal_id: DealId, edit: DealEdit, db: WriteDb) -> DealEdited:
    """Check values against the CRM's metadata, store them, and send them to the CRM.

    All of them are stored or none. Back at the agreed value, an edit that waited is cancelled.
    """
    return await edit_deal(db, deal_id, edit.fields, who)


@router.delete(
    "/{deal_id}/changes",
    summary="Give up edits of a deal",
    responses=merged(_UNKNOWN, problems(change_on_its_way(_EXAMPLE_ID, "Amount"))),
)
async def drop_deal_changes(
    who: Editor,
    deal_id: DealId,
    db: WriteDb,
    fields: Fields = [],  # noqa: B006 - as above
) -> DealChangesDropped:
    """Give up edits that wait, clash or were refused; the values agreed with the CRM show again."""
    return await drop_edits(db, deal_id, fields, who)


@router.post(
    "/{deal_id}/changes/retry",
    summary="Send refused edits of a deal again",
    responses=merged(_UNKNOWN, problems(crm_is_read_only())),
)
async def retry_deal_changes(
    who: Editor,
    deal_id: DealId,
    db: WriteDb,
    fields: Fields = [],  # noqa: B006 - as above
) -> DealChangesRetried:
    """Queue edits that the CRM refused once more, with their values as they stand."""
    return await retry_edits(db, deal_id, fields, who)
