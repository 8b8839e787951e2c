"""Edit many deals of a loaded mirror, push the edits as the worker does, print what that took.

Settings come from the environment. Argument: how many deals to edit. Storing the edits is not part
of the figure.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import psycopg
from pulse.bootstrap_push import push_changes
from pulse.config import Settings, load_settings
from pulse.core.modules import DEALS
from pulse.db.urls import libpq_url
from pulse.edits.authors import Author
from pulse.edits.store import change_record
from pulse.kit.logging import configure_logging

from our_run import peak_memory_mb


async def edit(settings: Settings, count: int) -> None:
    """Edit the first deals, one field each, as a person does in the browser."""
    url = libpq_url(settings.database_url.get_secret_value())
    author = Author(None, "Bench")
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute("SELECT id FROM deals ORDER BY id LIMIT %s", (count,))
        for number, (record_id,) in enumerate(await cursor.fetchall()):
            await change_record(
                connection, DEALS, record_id, {"Next_Step": f"Step {number}"}, author
            )


async def run(settings: Settings, count: int) -> dict[str, object]:
    """Store the edits, then push them."""
    await edit(settings, count)
    started, cpu = time.perf_counter(), time.process_time()
    told = await push_changes(settings, DEALS)
    seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    if told.records != count:
        raise SystemExit(f"{told.records} of {count} deals were pushed: {told.trouble}")
    return {
        "seconds": seconds,
        "cpu_s": cpu_s,
        "records": told.records,
        "peak_mb": peak_memory_mb(),
        "plan": {"source": "push" if told.plan is None else told.plan.reason},
        "load": None,
    }


if __name__ == "__main__":
    given = load_settings(Settings)
    configure_logging(given.log_level, given.log_format)
    sys.stdout.write(json.dumps(asyncio.run(run(given, int(sys.argv[1])))))
