"""Run one session of sync as the worker does, in this process; print what it took, as JSON.

Settings come from the environment. Arguments: the kind of sync, or
`refresh` for the hourly refresh alone; a source, or `planned`.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from pathlib import Path

from pulse.bootstrap import prepare, run_session
from pulse.bootstrap_connection import refresh_connection
from pulse.config import Settings, load_settings
from pulse.core.modules import DEALS
from pulse.core.sync import SyncType
from pulse.db.engine import database
from pulse.kit.logging import configure_logging
from pulse.live_sync.sessions import RequestedSource, SyncOptions, start_session
from pulse.models import SyncSession


def peak_memory_mb() -> float:
    """Return the highest resident set of this process so far."""
    # Not `ru_maxrss`: that one starts with what the parent held when it forked.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


async def run(settings: Settings, sync_type: SyncType, source: str) -> dict[str, object]:
    """Start a session and run it to its end."""
    await prepare(settings)
    options = SyncOptions(source=None if source == "planned" else RequestedSource(source))
    async with database(settings.database_url.get_secret_value()) as open_db:
        async with open_db.begin() as db:
            started = await start_session(db, DEALS, sync_type, options, "bench")
        before = resource.getrusage(resource.RUSAGE_SELF)
        await run_session(settings, started.id)
        after = resource.getrusage(resource.RUSAGE_SELF)
        async with open_db() as db:
            session = await db.get_one(SyncSession, started.id)
    if session.status != "completed" or session.started_at is None or session.completed_at is None:
        raise SystemExit(f"The run ended {session.status}: {session.error_message}")
    used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "seconds": (session.completed_at - session.started_at).total_seconds(),
        "cpu_s": used_s,
        "records": session.records_processed,
        "peak_mb": peak_memory_mb(),
        "plan": session.facts.get("plan"),
        "load": session.facts.get("load"),
        "ledger": {"calls": session.api_calls_made, "credits": session.credits_used},
    }


async def refresh(settings: Settings) -> dict[str, object]:
    """Do the hourly refresh alone."""
    await prepare(settings)
    await refresh_connection(settings)
    return {}


if __name__ == "__main__":
    given = load_settings(Settings)
    configure_logging(given.log_level, given.log_format)
    kind, wanted_source = sys.argv[1:3]
    told = asyncio.run(
        refresh(given) if kind == "refresh" else run(given, SyncType(kind), wanted_source)
    )
    sys.stdout.write(json.dumps(told))
