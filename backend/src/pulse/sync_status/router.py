"""Routes of the Sync Status Monitor."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from pulse.core.sync import SessionStatus, SyncType
from pulse.sync_status import service
from pulse.sync_status.repository import SessionFilter
from pulse.sync_status.schemas import (
    Health,
    HealthRange,
    RecordStatusAnswer,
    SessionHistory,
    SessionPage,
)
from pulse.web.access import Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging
from pulse.web.problems import problems

router = APIRouter(prefix="/api/sync-status", tags=["sync status"], responses=DATABASE_PROBLEMS)

ModuleName = Annotated[
    str, Query(pattern=r"^[A-Za-z]\w*$", max_length=100, description="API name of a module.")
]

_EXAMPLE_ID = UUID("01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11")


@router.get("/health", summary="How well syncing went")
async def get_health(
    _: Viewer,
    db: ReadDb,
    clock: ClockOf,
    wanted: Annotated[HealthRange, Query(alias="range")] = HealthRange.DAY,
) -> Health:
    """Success rate, statistics, record status and API use over the range."""
    return await service.health(db, wanted, clock.now())


@router.get("/records", summary="Records by sync status")
async def get_record_status(_: Viewer, db: ReadDb) -> RecordStatusAnswer:
    """Count the mirrored deals by whether both sides agree."""
    return await service.record_status(db)


@router.get("/history", summary="Sessions, newest first")
async def get_history(
    _: Viewer,
    db: ReadDb,
    page: Paging,
    status: Annotated[list[SessionStatus], Query(default_factory=list)],
    sync_type: Annotated[list[SyncType], Query(default_factory=list)],
    module: ModuleName | None = None,
    created_from: AwareDatetime | None = None,
    created_before: AwareDatetime | None = None,
) -> SessionPage:
    """Return a page of sessions; filters may be given more than once and are joined by "and"."""
    wanted = SessionFilter(tuple(status), tuple(sync_type), module, created_from, created_before)
    return await service.history(db, wanted, page)


@router.get(
    "/history/{session_id}",
    summary="One session in full",
    responses=problems(service.session_not_found(_EXAMPLE_ID)),
)
async def get_session_history(_: Viewer, session_id: UUID, db: ReadDb) -> SessionHistory:
    """Return a session with its whole log and its credits by operation."""
    return await service.session_history(db, session_id)
