"""Our own runs: a session in a process of its own, as a worker would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from measure.servers import Crm, Json, Servers, Spent

_SCRIPT = Path(__file__).parent.parent / "our_run.py"
_PUSH = _SCRIPT.with_name("our_push.py")


@dataclass(frozen=True, slots=True)
class OurRun:
    """What one session took."""

    seconds: float
    """From the session's start to its end, as the product itself recorded them."""
    cpu_s: float
    """Of the worker's process alone; PostgreSQL and the simulator come on top."""
    peak_mb: float
    records: int
    spent: Spent
    source: str
    load: dict[str, Json] | None
    """Fields and slices of a full load."""

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds


def run_ours(
    servers: Servers,
    crm: Crm,
    database_url: str,
    sync_type: str = "full_sync",
    source: str = "planned",
) -> OurRun:
    """Run one session against `crm` into `database_url`; fail if it does not complete."""
    before = crm.spent()
    return _told(crm, before, _child(servers, crm, database_url, _SCRIPT, sync_type, source))


def run_push(servers: Servers, crm: Crm, database_url: str, edits: int) -> OurRun:
    """Edit so many deals of a loaded database and push the edits; only the push is timed."""
    before = crm.spent()
    return _told(crm, before, _child(servers, crm, database_url, _PUSH, str(edits)))


def _told(crm: Crm, before: Spent, told: Json) -> OurRun:
    plan = told["plan"] or {}
    return OurRun(
        told["seconds"],
        told["cpu_s"],
        told["peak_mb"],
        told["records"],
        crm.spent() - before,
        plan.get("source", "changes"),
        told["load"],
    )


def refresh_directory(servers: Servers, crm: Crm, database_url: str) -> None:
    """Sign in and read organisation, users, currencies and fields, as happens once an hour."""
    _child(servers, crm, database_url, _SCRIPT, "refresh", "")


def _child(servers: Servers, crm: Crm, database_url: str, script: Path, *arguments: str) -> Json:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url,
        "PULSE_SECRET_KEY": "benchmark" * 5,
        "LOG_LEVEL": "WARNING",
        **crm.environment(database_url),
    }
    done = subprocess.run(  # noqa: S603 - our own scripts
        [sys.executable, str(script), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)
