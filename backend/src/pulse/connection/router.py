"""Routes of CRM Integration."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from pulse.connection.field_map import InvalidFieldMapError, choose_fields
from pulse.connection.field_map_schemas import FieldMapAnswer, FieldMapCheck, FilledFields
from pulse.connection.field_map_view import field_map_check, field_map_view, filled_fields
from pulse.connection.filled import FilledShares
from pulse.connection.schemas import (
    FieldMapChange,
    FieldMetadata,
    MirroredModule,
    SchemaEventPage,
    Validation,
)
from pulse.connection.service import ConnectionReport
from pulse.connection.views import (
    field_metadata,
    schema_event_page,
    validation,
)
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Admin, Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import Database, ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/crm", tags=["CRM integration"])

_INVALID_MAP = InvalidFieldMapError(
    "OCH_Revenue: the organisation's Deals have no field Revenue.",
    fix="Choose one of the API names that GET /api/crm/fields/metadata lists.",
    extra={"field": "OCH_Revenue", "api_name": "Revenue"},
)


CheckUp = Callable[[], Awaitable[ConnectionReport]]
"""Asks the CRM through the stored connection; raises the errors of `pulse.sync.domain.errors`."""


def _check_up(request: Request) -> CheckUp:
    check_up: CheckUp = request.app.state.check_connection
    return check_up


ReadNow = Callable[[], Awaitable[None]]
"""Reads the CRM's fields again; raises the errors of `pulse.sync.domain.errors`."""


def _read_fields(request: Request) -> ReadNow:
    read_fields: ReadNow = request.app.state.read_fields
    return read_fields


def _filled_shares(request: Request) -> FilledShares:
    state = request.app.state
    if not hasattr(state, "filled_shares"):
        state.filled_shares = FilledShares()
    shares: FilledShares = state.filled_shares
    return shares


ReadFields = Annotated[ReadNow, Depends(_read_fields)]
FilledSharesOf = Annotated[FilledShares, Depends(_filled_shares)]


@router.get(
    "/auth/validate",
    summary="Check the connection",
    responses=merged(
        DATABASE_PROBLEMS, problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable())
    ),
)
async def validate_connection(
    _: Viewer, check_up: Annotated[CheckUp, Depends(_check_up)]
) -> Validation:
    """Ask the CRM for organisation, scopes and module access now."""
    return validation(await check_up())


@router.get("/fields/metadata", summary="Fields of a module", responses=DATABASE_PROBLEMS)
async def get_field_metadata(
    _: Viewer, db: ReadDb, module: MirroredModule = MirroredModule.DEALS
) -> FieldMetadata:
    """Return the fields as the CRM described them last, and which required ones are missing."""
    return await field_metadata(db, module)


@router.get("/fields/map", summary="The field map of deals", responses=DATABASE_PROBLEMS)
async def get_field_map(_: Viewer, db: ReadDb, clock: ClockOf) -> FieldMapAnswer:
    """Return what stands for each canonical field, what could, and what is proposed instead."""
    return await field_map_view(db, clock.now())


@router.put(
    "/fields/map",
    summary="Choose fields",
    responses=merged(DATABASE_PROBLEMS, problems(_INVALID_MAP)),
)
async def put_field_map(
    who: Admin, change: FieldMapChange, db: WriteDb, clock: ClockOf
) -> FieldMapAnswer:
    """Store choices, each checked against the organisation's live fields; all or none.

    What is mirrored follows within seconds: it is read anew out of the stored documents.
    """
    await choose_fields(db, change.choices, who)
    return await field_map_view(db, clock.now())


@router.post(
    "/fields/map/validate",
    summary="Check the field map",
    responses=merged(
        DATABASE_PROBLEMS, problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable())
    ),
)
async def validate_field_map(
    _: Editor, read_fields: ReadFields, request: Request, clock: ClockOf
) -> FieldMapCheck:
    """Read the CRM's fields now and say which canonical ones are missing."""
    await read_fields()
    # What was just read was stored in transactions of its own.
    database: Database = request.app.state.database
    async with database.reading.begin() as db:
        return field_map_check(await field_map_view(db, clock.now()))


@router.get("/fields/filled", summary="How full each field is", responses=DATABASE_PROBLEMS)
async def get_filled_fields(
    _: Viewer, db: ReadDb, clock: ClockOf, filled: FilledSharesOf
) -> FilledFields:
    """Return for each canonical field the share of deals with a value, counted of late."""
    return filled_fields(await filled.read(db, clock.now()))


@router.get(
    "/schema-events", summary="What changed in the CRM's fields", responses=DATABASE_PROBLEMS
)
async def get_schema_events(
    _: Viewer,
    db: ReadDb,
    page: Paging,
    module: MirroredModule | None = None,
    since: Annotated[AwareDatetime | None, Query(description="Noticed then or later.")] = None,
) -> SchemaEventPage:
    """Return fields that were added, renamed, retyped, removed or returned, newest first."""
    return await schema_event_page(db, module, since, page)
