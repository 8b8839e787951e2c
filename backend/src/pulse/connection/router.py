"""Routes of CRM Integration."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from pulse.connection.field_map import InvalidFieldMapError, choose_fields, read_field_map
from pulse.connection.schemas import (
    FieldMapAnswer,
    FieldMapChange,
    FieldMetadata,
    MirroredModule,
    SchemaEventPage,
    Validation,
)
from pulse.connection.service import ConnectionReport
from pulse.connection.views import (
    field_map_answer,
    field_metadata,
    schema_event_page,
    validation,
)
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Admin, Viewer
from pulse.web.database import ReadDb, WriteDb
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
async def get_field_map(_: Viewer, db: ReadDb) -> FieldMapAnswer:
    """Return which API name stands for each canonical field, chosen or proposed."""
    return field_map_answer(await read_field_map(db))


@router.put(
    "/fields/map",
    summary="Choose fields",
    responses=merged(DATABASE_PROBLEMS, problems(_INVALID_MAP)),
)
async def put_field_map(who: Admin, change: FieldMapChange, db: WriteDb) -> FieldMapAnswer:
    """Store choices, each checked against the organisation's live fields; all or none."""
    return field_map_answer(await choose_fields(db, change.choices, who))


@router.get(
    "/schema-events", summary="What changed in the CRM's fields", responses=DATABASE_PROBLEMS
)
async def get_schema_events(
    _: Viewer, db: ReadDb, page: Paging, module: MirroredModule | None = None
) -> SchemaEventPage:
    """Return fields that were added, renamed, retyped, removed or returned, newest first."""
    return await schema_event_page(db, module, page)
