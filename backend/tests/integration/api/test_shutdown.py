import os
import socket
import subprocess
import sys

import httpx

from pulse.core.access import Role
from pulse.kit.clock import SystemClock
from support.accounts import add_session, add_user, browser
from support.simulator import SimulatorHandle
from support.synced import crm_settings
from support.waiting import wait_until


def _is_alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 200
    except httpx.TransportError:
        return False


def test_told_to_stop_the_process_ends_open_streams_and_exits_cleanly(
    crm: SimulatorHandle, database_url: str, redis_url: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = crm_settings(crm, database_url, redis_url)
    env = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PULSE_SECRET_KEY": settings.pulse_secret_key.get_secret_value(),
    }
    viewer = add_user(database_url, Role.VIEWER)
    secret = add_session(database_url, viewer, SystemClock().now())
    argv = ["-m", "uvicorn", "pulse.api.app:create_app", "--factory", "--port", str(port)]
    with subprocess.Popen([sys.executable, *argv], env=env) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: _is_alive(url) or process.poll() is not None)
            with (
                browser(url, secret) as client,
                client.stream("GET", "/api/live-sync/events") as stream,
            ):
                lines = stream.iter_lines()
                assert next(lines) == "event: hello"
                process.terminate()
                # The stream ends by itself: the rest of it is read without an error.
                rest = list(lines)
            process.wait(20)
        finally:
            process.kill()

    assert not any(line.startswith("event:") and "hello" in line for line in rest)
    assert process.returncode in {0, -15}
