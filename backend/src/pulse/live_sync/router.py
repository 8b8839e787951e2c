"""Routes of Live Sync Control."""

from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import AwareDatetime

from pulse.core.modules import DEALS
from pulse.core.sync import SyncType
from pulse.db.events import Topic
from pulse.live_sync import service
from pulse.live_sync.cancel import SessionEndedError, SessionNotFoundError, cancel_session
from pulse.live_sync.current import current_status
from pulse.live_sync.current_schemas import CurrentStatus
from pulse.live_sync.plan_schemas import LoadPreview
from pulse.live_sync.ports import LookAhead
from pulse.live_sync.preview import preview_of
from pulse.live_sync.schedule import next_sync
from pulse.live_sync.schemas import (
    Cancellation,
    Configuration,
    ConfigurationChange,
    SessionDetail,
    StartedSession,
)
from pulse.live_sync.sessions import AlreadyRunningError, RequestedSource, SyncOptions
from pulse.sync.domain.examples import CRM_CALL_ERRORS
from pulse.web.access import Admin, Editor, Viewer, may_still_read
from pulse.web.checks import Check, check_broker
from pulse.web.clock import ClockOf
from pulse.web.database import Database, ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS, broker_problem, secret_unreadable
from pulse.web.problems import merged, problems
from pulse.web.sse import StreamGuard, event_stream

if TYPE_CHECKING:
    from pulse.web.events import EventHub

router = APIRouter(prefix="/api/live-sync", tags=["live sync"])

_EXAMPLE_ID = UUID("01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11")

_START_PROBLEMS = merged(
    DATABASE_PROBLEMS,
    problems(
        AlreadyRunningError(DEALS, _EXAMPLE_ID), service.pulls_paused(), service.not_connected()
    ),
)
_NEEDS_FULL_SYNC = merged(_START_PROBLEMS, problems(service.full_sync_needed()))
_UNKNOWN_SESSION = merged(DATABASE_PROBLEMS, problems(SessionNotFoundError(_EXAMPLE_ID)))


async def _worker_check(request: Request) -> Check:
    _, worker = await check_broker(request.app.state.broker)
    return worker


def _look_ahead(request: Request) -> LookAhead:
    look_ahead: LookAhead = request.app.state.look_ahead
    return look_ahead


WorkerCheck = Annotated[Check, Depends(_worker_check)]

AcceptDeletions = Annotated[
    bool,
    Query(description="Let the run delete more than the mass-deletion brake allows, this once."),
]


@router.post(
    "/sync/full",
    summary="Load everything",
    status_code=HTTPStatus.ACCEPTED,
    responses=_START_PROBLEMS,
)
async def start_full_sync(
    who: Editor,
    db: WriteDb,
    worker: WorkerCheck,
    source: Annotated[
        RequestedSource | None, Query(description="Overrules the planner's choice of source.")
    ] = None,
    accept_deletions: AcceptDeletions = False,  # noqa: FBT002 - a query parameter, given by name
) -> StartedSession:
    """Start a full load of Deals; it goes on from the checkpoint of one that was broken off."""
    options = SyncOptions(accept_deletions=accept_deletions, source=source)
    return await service.start_pull(db, SyncType.FULL, options, who, worker)


@router.post(
    "/sync/incremental",
    summary="Fetch what changed",
    status_code=HTTPStatus.ACCEPTED,
    responses=_NEEDS_FULL_SYNC,
)
async def start_incremental_sync(
    who: Editor,
    db: WriteDb,
    worker: WorkerCheck,
    since: Annotated[
        AwareDatetime | None,
        Query(description="Read changes from here on, with a UTC offset; it can only widen."),
    ] = None,
    accept_deletions: AcceptDeletions = False,  # noqa: FBT002 - a query parameter, given by name
) -> StartedSession:
    """Start a pull of what was changed or deleted since the cursor."""
    options = SyncOptions(since=since, accept_deletions=accept_deletions)
    return await service.start_pull(db, SyncType.INCREMENTAL, options, who, worker)


@router.post(
    "/sync/reconcile",
    summary="Compare with the CRM and mend what differs",
    status_code=HTTPStatus.ACCEPTED,
    responses=_NEEDS_FULL_SYNC,
)
async def start_reconcile(
    who: Editor,
    db: WriteDb,
    worker: WorkerCheck,
    accept_deletions: AcceptDeletions = False,  # noqa: FBT002 - a query parameter, given by name
) -> StartedSession:
    """Start a drift check: counts and latest changes by slice; only what differs is read."""
    options = SyncOptions(accept_deletions=accept_deletions)
    return await service.start_pull(db, SyncType.RECONCILE, options, who, worker)


@router.get("/status/current", summary="Where the mirror stands", responses=DATABASE_PROBLEMS)
async def get_current_status(_: Viewer, db: ReadDb, clock: ClockOf) -> CurrentStatus:
    """Return state, counts, credits and the next scheduled run."""
    now = clock.now()
    return await current_status(db, now, await next_sync(db, now))


LookingAhead = Annotated[LookAhead, Depends(_look_ahead)]


@router.get(
    "/plan",
    summary="What a full sync would do",
    responses=merged(
        DATABASE_PROBLEMS, problems(*CRM_CALL_ERRORS, broker_problem(), secret_unreadable())
    ),
)
async def get_plan(
    _: Editor,
    request: Request,
    look_ahead: LookingAhead,
    clock: ClockOf,
    sync_type: Annotated[
        Literal["full"], Query(description="Only a full sync has sources to choose from.")
    ] = "full",
) -> LoadPreview:
    """Plan a full load of Deals and price each source; nothing is started.

    The mirror is asked for the number of records, which costs nothing. Before the first full load
    the CRM is: that takes a credit, and those for reading its fields if they were never read.
    """
    del sync_type  # one value so far: it says what is asked for
    outlook = await look_ahead()
    # A transaction of its own: one held over the calls to the CRM would not see what they cost.
    database: Database = request.app.state.database
    async with database.reading.begin() as db:
        return await preview_of(db, outlook, clock.now())


@router.get("/status/{session_id}", summary="Progress of one session", responses=_UNKNOWN_SESSION)
async def get_session_status(
    _: Viewer, session_id: UUID, db: ReadDb, clock: ClockOf
) -> SessionDetail:
    """Return a session, its progress and the newest lines of its log."""
    return await service.session_detail(db, session_id, clock.now())


@router.post(
    "/sessions/{session_id}/cancel",
    summary="Stop a session",
    status_code=HTTPStatus.ACCEPTED,
    responses=merged(_UNKNOWN_SESSION, problems(SessionEndedError(_EXAMPLE_ID, "completed"))),
)
async def cancel(who: Editor, session_id: UUID, db: WriteDb, clock: ClockOf) -> Cancellation:
    """Stop a waiting session at once and a running one at its next batch."""
    return service.cancellation(await cancel_session(db, session_id, clock.now(), who))


@router.get("/configuration", summary="Interval and mode", responses=DATABASE_PROBLEMS)
async def get_configuration(_: Viewer, db: ReadDb) -> Configuration:
    """Return how the mirror is kept up to date."""
    return await service.read_configuration(db)


@router.put("/configuration", summary="Set interval and mode", responses=DATABASE_PROBLEMS)
async def put_configuration(who: Admin, wanted: ConfigurationChange, db: WriteDb) -> Configuration:
    """Store what is given; the rest stays. The scheduler obeys within seconds."""
    return await service.change_configuration(db, wanted, who)


# What a browser may want to know; the outbox is a matter of the workers.
_PUBLIC_TOPICS = frozenset(Topic) - {Topic.OUTBOX}


@router.get(
    "/events",
    summary="Changes as they happen",
    response_class=EventSourceResponse,
)
async def get_events(
    who: Viewer,
    request: Request,
    topic: Annotated[
        list[Topic],
        Query(default_factory=list, description="Only these; all that concern clients otherwise."),
    ],
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Stream events: `event` is the topic, `data.id` its subject; `refetch` means read all again.

    Topics: `session` (id of a session), `records` (module), `settings` (key), `schema` (module),
    `connection`, `access` (the own user: rights or sessions changed). An event says what changed,
    never the value: read it again. See `docs/architecture/live-updates.md`.
    """
    hub: EventHub = request.app.state.events
    monotonic = request.app.state.clock.monotonic
    async for event in event_stream(
        hub,
        request.app.state.process,
        topics=(frozenset(topic) or _PUBLIC_TOPICS) & _PUBLIC_TOPICS,
        last_event_id=last_event_id,
        heartbeat_s=request.app.state.heartbeat_s,
        guard=StreamGuard(
            ask=partial(may_still_read, request),
            monotonic=monotonic,
            user=str(who.user_id),
            checked_at=monotonic(),
        ),
    ):
        yield event
