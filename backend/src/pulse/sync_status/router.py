"""Routes of the Sync Status Monitor."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from pulse.core.sync import SessionStatus, SyncType
from pulse.sync_status import runs, service
from pulse.sync_status.out_of_sync import OpenStatus, OutOfSyncPage, out_of_sync
from pulse.sync_status.performance import Performance, performance
from pulse.sync_status.pulse import pulse
from pulse.sync_status.repository import SessionFilter
from pulse.sync_status.run_schemas import LogPage, Pulse, SessionHistory, SessionPage
from pulse.sync_status.schemas import Health, HealthRange, RecordStatusAnswer
from pulse.sync_status.trigger import Trigger
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

RangeQuery = Annotated[HealthRange, Query(alias="range", description="How far back.")]

_EXAMPLE_ID = UUID("01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11")


@router.get("/health", summary="How well syncing went")
async def get_health(
    _: Viewer,
    db: ReadDb,
    clock: ClockOf,
    wanted: RangeQuery = HealthRange.DAY,
) -> Health:
    """Success rate, statistics, record status and API use over the range."""
    return await service.health(db, wanted, clock.now())


@router.get("/records", summary="Records by sync status")
async def get_record_status(_: Viewer, db: ReadDb) -> RecordStatusAnswer:
    """Count the mirrored deals by whether both sides agree."""
    return await service.record_status(db)


@router.get("/records/out-of-sync", summary="Records that are not in sync, oldest first")
async def get_records_out_of_sync(
    _: Viewer,
    db: ReadDb,
    page: Paging,
    status: Annotated[list[OpenStatus], Query(default_factory=list)],
) -> OutOfSyncPage:
    """Return a page of the deals whose sides do not agree, with the reason and since when."""
    return await out_of_sync(db, tuple(status), page)


@router.get("/pulse", summary="The pulse: runs of the last hours")
async def get_pulse(
    _: Viewer,
    db: ReadDb,
    clock: ClockOf,
    hours: Annotated[int, Query(ge=1, le=720, description="How far back.")] = 24,
    bars: Annotated[
        int, Query(ge=10, le=1000, description="How many have room; more than that are thinned.")
    ] = 300,
) -> Pulse:
    """Return one bar a run, thinned where more ran than have room; failed runs are kept."""
    return await pulse(db, hours, bars, clock.now())


@router.get("/performance", summary="How syncing performed, over time")
async def get_performance(
    _: Viewer, db: ReadDb, clock: ClockOf, wanted: RangeQuery = HealthRange.DAY
) -> Performance:
    """Sync time, records a minute, efficiency, errors and credits in equal parts of the range."""
    return await performance(db, wanted, clock.now())


@router.get("/history", summary="Sessions, newest first")
async def get_history(
    _: Viewer,
    db: ReadDb,
    page: Paging,
    status: Annotated[list[SessionStatus], Query(default_factory=list)],
    sync_type: Annotated[list[SyncType], Query(default_factory=list)],
    trigger: Annotated[list[Trigger], Query(default_factory=list)],
    module: ModuleName | None = None,
    created_from: AwareDatetime | None = None,
    created_before: AwareDatetime | None = None,
) -> SessionPage:
    """Return a page of sessions that match all filters; one given more than once means any of it.

    `by_status` counts what each choice of status would show.
    """
    wanted = SessionFilter(
        tuple(status), tuple(sync_type), tuple(trigger), module, created_from, created_before
    )
    return await runs.history(db, wanted, page)


@router.get(
    "/history/{session_id}",
    summary="One session in full",
    responses=problems(runs.session_not_found(_EXAMPLE_ID)),
)
async def get_session_history(_: Viewer, session_id: UUID, db: ReadDb) -> SessionHistory:
    """Return a session: turns, changes, error, plan, the start of its log, credits by operation."""
    return await runs.session_history(db, session_id)


@router.get(
    "/history/{session_id}/log",
    summary="The log of one session",
    responses=problems(runs.session_not_found(_EXAMPLE_ID)),
)
async def get_session_log(_: Viewer, session_id: UUID, db: ReadDb, page: Paging) -> LogPage:
    """Return a page of a session's log, oldest line first."""
    return await runs.session_log(db, session_id, page)
