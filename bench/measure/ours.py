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
    told = _child(servers, crm, database_url, sync_type, source)
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
    _child(servers, crm, database_url, "refresh", "")


def _child(servers: Servers, crm: Crm, database_url: str, *arguments: str) -> Json:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url,
        "PULSE_SECRET_KEY": "benchmark" * 5,
        "LOG_LEVEL": "WARNING",
        **crm.environment(database_url),
    }
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(_SCRIPT), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)
