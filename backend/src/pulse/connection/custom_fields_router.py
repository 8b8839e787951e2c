"""Routes of custom fields: create, validate, change."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import WithJsonSchema

from pulse.connection import field_errors, field_making
from pulse.connection.custom_field_schemas import (
    ChangedField,
    CreatedFields,
    CreateFields,
    FieldChangeIn,
    OwnedFields,
)
from pulse.connection.ports import FieldMaker
from pulse.connection.router import ReadFields
from pulse.core.custom_fields import FieldChange
from pulse.edits.errors import crm_is_read_only
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Admin, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import Database, ReadDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/crm", tags=["CRM integration"])

_CRM_PROBLEMS = merged(
    DATABASE_PROBLEMS, problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable())
)
_EXAMPLE_ID = 554023000000902001

FieldId = Annotated[
    int,
    Path(ge=1, le=2**63 - 1, description="The CRM's id of the field."),
    # A JSON number would lose its last digits in a browser, so clients handle ids as text.
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"}),
]


def _field_maker(request: Request) -> FieldMaker:
    maker: FieldMaker = request.app.state.field_maker
    return maker


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


Maker = Annotated[FieldMaker, Depends(_field_maker)]
# Calls to the CRM stand between the transactions, so these routes open their own.
Transactions = Annotated[Database, Depends(_database)]


@router.get(
    "/fields/owned", summary="The product's own fields in the CRM", responses=DATABASE_PROBLEMS
)
async def get_owned_fields(_: Viewer, db: ReadDb, clock: ClockOf) -> OwnedFields:
    """Return them by what was read last, and how the write-back stands."""
    return await field_making.owned_fields_view(db, clock.now())


@router.get("/fields/validate", summary="Check the product's own fields", responses=_CRM_PROBLEMS)
async def validate_custom_fields(
    _: Viewer, read_fields: ReadFields, database: Transactions, clock: ClockOf
) -> OwnedFields:
    """Read the CRM's fields now and say of each of ours whether it is there and as it should be."""
    await read_fields()
    async with database.reading.begin() as db:
        return await field_making.owned_fields_view(db, clock.now())


@router.post(
    "/fields/create",
    summary="Create custom fields",
    responses=merged(_CRM_PROBLEMS, problems(crm_is_read_only())),
)
async def create_custom_fields(
    who: Admin,
    maker: Maker,
    read_fields: ReadFields,
    database: Transactions,
    wanted: CreateFields | None = None,
) -> CreatedFields:
    """Create the product's own fields that are missing, or those that are given.

    Five go into one call of the CRM, which chooses the API names: they are read back.
    """
    if wanted is None or wanted.fields is None:
        return await field_making.create_owned(database, maker, read_fields, who)
    fields = [field.new_field() for field in wanted.fields]
    return await field_making.create_others(database, maker, read_fields, fields, who)


@router.patch(
    "/fields/{field_id}",
    summary="Change a custom field",
    responses=merged(
        _CRM_PROBLEMS,
        problems(
            field_errors.field_not_found(_EXAMPLE_ID),
            field_errors.field_refused("DUPLICATE_DATA", "duplicate data"),
            field_errors.field_not_custom("Deal_Name"),
            field_errors.field_in_doubt(),
            crm_is_read_only(),
        ),
    ),
)
async def change_custom_field(
    who: Admin,
    field_id: FieldId,
    change: FieldChangeIn,
    maker: Maker,
    read_fields: ReadFields,
    database: Transactions,
) -> ChangedField:
    """Change label, tooltip, length or options; type and API name never change."""
    asked = FieldChange(
        field_id,
        change.label,
        change.tooltip,
        change.length,
        None if change.options is None else tuple(each.option() for each in change.options),
    )
    return await field_making.change_field(database, maker, read_fields, asked, who)
