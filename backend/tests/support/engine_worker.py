"""A worker for the engine alone: runs the sessions that it is told, one JSON line each, in a loop.

It stands for Celery's process, which does the same with its messages: one `asyncio.run` a session,
connections of its own, all closed in the end. Being a process, it can be killed at any moment.
Calls are impatient here, so that a schedule full of trouble takes seconds.

    in    {"session_id": "…"}            the first line holds the settings
    out   {"session_id": "…", "error": null | "…"}
"""

import asyncio
import json
import sys
from uuid import UUID

from pulse.adapters.client import Patience
from pulse.bootstrap import run_session
from pulse.config import Settings, load_settings
from pulse.kit.logging import configure_logging
from zoho_crm.transport import RetryPolicy, Timeouts

IMPATIENT = Patience(
    Timeouts(connect_s=2.0, read_s=1.0, total_s=30.0),
    RetryPolicy(max_tries=8, max_total_s=30.0, base_s=0.02, cap_s=0.2),
)


def _say(line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    configure_logging()
    settings = load_settings(Settings, **json.loads(sys.stdin.readline()))
    _say({"ready": True})
    for line in sys.stdin:
        session_id = json.loads(line)["session_id"]
        error = None
        try:
            asyncio.run(run_session(settings, UUID(session_id), IMPATIENT))
        except Exception as trouble:  # noqa: BLE001 - Celery logs it and goes on too
            error = f"{type(trouble).__name__}: {trouble}"
        _say({"session_id": session_id, "error": error})


if __name__ == "__main__":
    main()
