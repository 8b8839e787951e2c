"""The CRM's stage history, started and run as tick and worker do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pulse.analytics.stages.importing import tend_import
from pulse.bootstrap_stages import import_stage_history
from pulse.db.engine import database

if TYPE_CHECKING:
    from datetime import datetime

    from pulse.config import Settings
    from pulse.core.stage_history import ImportState
    from support.simulator import SimulatorHandle
    from support.synced import Synced


def tend(synced: Synced, now: datetime) -> None:
    """Do what a tick does for the import."""

    async def step() -> None:
        url = synced.settings.database_url.get_secret_value()
        async with database(url, pool_size=1) as open_db, open_db.begin() as db:
            await tend_import(db, now)

    asyncio.run(step())


def run_import(settings: Settings) -> ImportState | None:
    """Do what the worker does with the job's message."""
    return asyncio.run(import_stage_history(settings))


def import_row(synced: Synced) -> dict[str, Any]:
    """Return the latest import as it is stored."""
    # Any: JSON of a row.
    rows: list[Any] = synced.api.sql(
        "SELECT to_jsonb(i) FROM stage_history_imports i ORDER BY id DESC LIMIT 1"
    )
    found: dict[str, Any] = rows[0][0]
    return found


def stays_of(crm: SimulatorHandle) -> dict[int, list[tuple[str, str]]]:
    """Return stages and times of entry by deal, oldest first, out of the simulator's dump."""
    rows = [row for row in crm.records("DealHistory") if row["Potential_Name"]]
    rows.sort(key=lambda row: (row["Modified_Time"], int(row["id"])))
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        deal = int(row["Potential_Name"]["id"])
        found.setdefault(deal, []).append((row["Stage"], row["Modified_Time"]))
    return found
