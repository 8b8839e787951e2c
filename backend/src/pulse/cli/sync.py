"""`pulse sync`: start a sync, follow it, cancel it, read one record again.

Exit codes: 0 done (without --wait: started), 1 failed or cancelled, 2 wrong arguments, 3 another
sync is running, 130 Ctrl-C while following: the sync itself goes on.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import IntEnum
from typing import Annotated, Final, TypeVar
from uuid import UUID

import redis.asyncio
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from sqlalchemy.exc import DBAPIError

from pulse.bootstrap import crm_records
from pulse.bootstrap_push import record_push
from pulse.cli.account import operator
from pulse.cli.console import report_error, standard_console
from pulse.cli.stack.address import command_settings
from pulse.config import Settings
from pulse.core.sync import OPEN_STATUSES, SessionStatus, SyncType
from pulse.db.engine import OpenDb, database
from pulse.db.errors import database_problem
from pulse.kit.clock import SystemClock, system_sleep
from pulse.kit.logging import configure_logging
from pulse.live_sync import service
from pulse.live_sync.cancel import cancel_session
from pulse.live_sync.schemas import SessionDetail, StartedSession
from pulse.live_sync.sessions import AlreadyRunningError, RequestedSource, SyncOptions
from pulse.records.schemas import Direction, RecordSync
from pulse.records.syncing import (
    do_sync,
    local_edits,
    note_sync,
    refuse_direction,
    report,
    require_known,
)
from pulse.web.checks import Check, check_broker

app = typer.Typer(name="sync", help="Sync the mirror with the CRM.", no_args_is_help=True)

_POLL_S: Final = 0.25
_LARGEST_ID: Final = 2**63 - 1
_clock: Final = SystemClock()


class Exit(IntEnum):
    """Exit codes of a sync."""

    DONE = 0
    FAILED = 1
    BUSY = 3
    INTERRUPTED = 130


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Wait = Annotated[bool, typer.Option("--wait", help="Follow the sync until it ends.")]
AcceptDeletions = Annotated[
    bool,
    typer.Option(help="Let the sync delete more than the mass-deletion brake allows, this once."),
]

Result = TypeVar("Result")


@app.command()
def full(
    *,
    source: Annotated[
        RequestedSource | None, typer.Option(help="Overrule the planner's choice of source.")
    ] = None,
    accept_deletions: AcceptDeletions = False,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Load everything."""
    options = SyncOptions(accept_deletions=accept_deletions, source=source)
    _sync(SyncType.FULL, options, wait=wait, as_json=as_json)


@app.command()
def quick(
    *,
    since: Annotated[
        datetime | None,
        typer.Option(help="Read changes from here on, in UTC unless it says; it can only widen."),
    ] = None,
    accept_deletions: AcceptDeletions = False,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Fetch what changed since the last sync."""
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    options = SyncOptions(since=since, accept_deletions=accept_deletions)
    _sync(SyncType.INCREMENTAL, options, wait=wait, as_json=as_json)


@app.command()
def reconcile(
    *,
    accept_deletions: AcceptDeletions = False,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Compare the mirror with the CRM and mend what differs."""
    options = SyncOptions(accept_deletions=accept_deletions)
    _sync(SyncType.RECONCILE, options, wait=wait, as_json=as_json)


@app.command()
def cancel(session_id: UUID, *, as_json: AsJson = False) -> None:
    """Stop a sync: a waiting one at once, a running one at its next batch."""
    settings = _settings()

    async def step() -> BaseModel:
        async with database(_url(settings), pool_size=1) as open_db, open_db.begin() as db:
            stopped = await cancel_session(db, session_id, _clock.now(), operator())
            return service.cancellation(stopped)

    _print(run_step(step), as_json=as_json)


@app.command()
def record(
    record_id: Annotated[
        int, typer.Argument(min=1, max=_LARGEST_ID, help="The CRM's id of a deal.")
    ],
    *,
    direction: Annotated[
        Direction, typer.Option(help="Read it, write its local edits, or both.")
    ] = Direction.FROM_CRM,
    as_json: AsJson = False,
) -> None:
    """Sync one deal with the CRM now and say what that did."""
    settings = _settings()

    async def step() -> RecordSync:
        async with database(_url(settings), pool_size=1) as open_db:
            async with open_db() as db:
                await refuse_direction(db, direction)
            async with crm_records(settings) as crm, record_push(settings) as push:
                done = await do_sync(crm, push, record_id, direction)
            async with open_db.begin() as db:
                await require_known(db, record_id)
                edits = await local_edits(db, record_id)
                result = report(direction, done, edits, _clock.now())
                await note_sync(db, record_id, result, operator())
        return result

    result = run_step(step)
    if as_json:
        typer.echo(result.model_dump_json())
        return
    fields = ", ".join(result.sync_result.changed_fields)
    standard_console().print(f"{result.message} {fields}".strip(), markup=False)


def _sync(sync_type: SyncType, options: SyncOptions, *, wait: bool, as_json: bool) -> None:
    settings = _settings()
    try:
        started, worker = run_step(lambda: _start(settings, sync_type, options))
    except AlreadyRunningError as error:
        report_error(error, as_json=as_json)
        raise typer.Exit(Exit.BUSY) from error
    if not wait:
        _print(started, as_json=as_json)
        _warn(worker)
        return
    try:
        _warn(worker)
        detail = run_step(lambda: _follow(settings, started.session_id, is_shown=not as_json))
    except KeyboardInterrupt:
        Console(stderr=True).print(
            f"The sync goes on. Stop it with: pulse sync cancel {started.session_id}"
        )
        raise typer.Exit(Exit.INTERRUPTED) from None
    if as_json:
        typer.echo(detail.model_dump_json())
    else:
        _summarise(detail)
    raise typer.Exit(_exit_code(detail.session.status))


def run_step(step: Callable[[], Awaitable[Result]]) -> Result:
    """Run a step in an event loop of its own; a database that is away becomes a known error."""

    async def run() -> Result:
        return await step()

    try:
        return asyncio.run(run())
    except DBAPIError as error:
        problem = database_problem(error)
        if problem is None:
            raise
        raise problem from error


async def _start(
    settings: Settings, sync_type: SyncType, options: SyncOptions
) -> tuple[StartedSession, Check]:
    async with redis.asyncio.from_url(
        settings.redis_url.get_secret_value(), socket_connect_timeout=2, socket_timeout=2
    ) as broker:
        _, worker = await check_broker(broker)
    async with database(_url(settings), pool_size=1) as open_db, open_db.begin() as db:
        started = await service.start_pull(db, sync_type, options, operator(), worker)
    return started, worker


async def _follow(settings: Settings, session_id: UUID, *, is_shown: bool) -> SessionDetail:
    async with database(_url(settings), pool_size=1) as open_db:
        if not is_shown:
            return await _until_ended(open_db, session_id, lambda _detail: None)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
        )
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("Waiting for a worker", total=None, pace="")

            def show(detail: SessionDetail) -> None:
                session = detail.session
                newest = detail.recent_activity[0].message if detail.recent_activity else None
                bar.update(
                    task,
                    description=newest or "Waiting for a worker",
                    completed=session.records_processed,
                    total=session.records_total,
                    pace=pace(session.rate, session.seconds_left),
                )

            return await _until_ended(open_db, session_id, show)


async def _until_ended(
    open_db: OpenDb, session_id: UUID, show: Callable[[SessionDetail], None]
) -> SessionDetail:
    while True:
        async with open_db.begin() as db:
            detail = await service.session_detail(db, session_id, _clock.now())
        show(detail)
        if detail.session.status not in OPEN_STATUSES:
            return detail
        await system_sleep(_POLL_S)


def pace(rate: float | None, seconds_left: float | None) -> str:
    """Return speed and time left in words, as far as they are known."""
    known = [
        None if rate is None else f"{rate:,.0f} records/s",
        None if seconds_left is None else f"{seconds_left:,.0f} s left",
    ]
    return ", ".join(part for part in known if part is not None)


def _exit_code(status: SessionStatus) -> Exit:
    return Exit.DONE if status is SessionStatus.COMPLETED else Exit.FAILED


def _summarise(detail: SessionDetail) -> None:
    session = detail.session
    newest = detail.recent_activity[0].message if detail.recent_activity else ""
    standard_console().print(
        f"{session.status.capitalize()}: {session.records_processed:,} records, "
        f"{session.records_changed:,} changed, {session.api_calls_made:,} calls, "
        f"{session.credits_used:,} credits. {session.error_message or newest}",
        markup=False,
    )


def _print(answer: BaseModel, *, as_json: bool) -> None:
    if as_json:
        typer.echo(answer.model_dump_json())
    else:
        fields = json.loads(answer.model_dump_json())
        standard_console().print(f"{fields['message']} Session {fields['session_id']}.")


def _warn(worker: Check) -> None:
    if worker.ok:
        return
    console = Console(stderr=True)
    console.print(f"[bold yellow]Note:[/] {worker.message}")
    console.print(f"[bold]What to do:[/] {worker.fix}")


def _settings() -> Settings:
    settings = command_settings()
    # What goes wrong is the command's own message; the warnings beneath it would say it twice.
    configure_logging("ERROR", settings.log_format)
    return settings


def _url(settings: Settings) -> str:
    return settings.database_url.get_secret_value()
