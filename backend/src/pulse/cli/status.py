"""`pulse status`: where the mirror stands and what is missing."""

import redis.asyncio
import typer
from pydantic import BaseModel
from rich.table import Table

from pulse.cli.console import standard_console
from pulse.cli.stack.address import command_settings
from pulse.cli.sync import AsJson, run_step
from pulse.config import Settings
from pulse.kit.clock import SystemClock
from pulse.kit.logging import configure_logging
from pulse.live_sync.current import current_status
from pulse.live_sync.current_schemas import CurrentStatus
from pulse.live_sync.schedule import next_sync
from pulse.web.checks import Check, check_broker, check_crm, check_database
from pulse.web.database import Database


class Status(BaseModel):
    """The mirror's status, null while the database is away, and each part that is needed."""

    mirror: CurrentStatus | None
    database: Check
    broker: Check
    worker: Check
    crm: Check | None


def status(*, as_json: AsJson = False) -> None:
    """Show where the mirror stands; exit code 1 if database, broker or worker are missing."""
    settings = command_settings()
    configure_logging("WARNING", settings.log_format)
    found = run_step(lambda: _status(settings))
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        _show(found)
    if not (found.database.ok and found.broker.ok and found.worker.ok):
        raise typer.Exit(1)


async def _status(settings: Settings) -> Status:
    database = Database(settings.database_url.get_secret_value(), pool_size=1)
    try:
        async with redis.asyncio.from_url(
            settings.redis_url.get_secret_value(), socket_connect_timeout=2, socket_timeout=2
        ) as redis_client:
            broker, worker = await check_broker(redis_client)
        stored = await check_database(database)
        if not stored.ok:
            return Status(mirror=None, database=stored, broker=broker, worker=worker, crm=None)
        async with database.reading.begin() as db:
            now = SystemClock().now()
            mirror = await current_status(db, now, await next_sync(db, now))
        crm = await check_crm(database)
        return Status(mirror=mirror, database=stored, broker=broker, worker=worker, crm=crm)
    finally:
        await database.close()


def _show(found: Status) -> None:
    console = standard_console()
    table = Table(show_header=False, box=None)
    for name, value in _lines(found):
        table.add_row(name, value)
    console.print(table)


def _lines(found: Status) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    if (mirror := found.mirror) is not None:
        spent = mirror.credits
        limit = "unknown" if spent.limit is None else f"{spent.limit:,}"
        last = (
            "never"
            if mirror.last_sync_at is None
            else f"{mirror.last_sync_at:%Y-%m-%d %H:%M:%S} UTC"
        )
        upcoming = (
            mirror.next_sync_reason or "now"
            if mirror.next_sync_in is None
            else f"in {mirror.next_sync_in:,.0f} s"
        )
        lines += [
            (
                "Sync",
                ": ".join(filter(None, (mirror.status.replace("_", " "), mirror.error_message))),
            ),
            ("Last sync", last),
            ("Next sync", upcoming),
            (
                "Records",
                f"{mirror.total_records_synced:,} ({mirror.new_records_today:,} new today)",
            ),
            ("Pending, conflicts", f"{mirror.pending_changes:,}, {mirror.conflicts:,}"),
            ("Credits (24 h)", f"{spent.used:,} of {limit}"),
        ]
    parts = {
        "Database": found.database,
        "Broker": found.broker,
        "Worker": found.worker,
        "CRM": found.crm,
    }
    for name, check in parts.items():
        if check is not None:
            lines.append((name, check.message if check.ok else f"{check.message} {check.fix}"))
    return lines
