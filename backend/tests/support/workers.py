"""A real Celery worker for tests, on the product's own app, in processes of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from pulse.cli.stack.valkey import Broker
from support.simulator import SimulatorHandle
from support.waiting import wait_until

SECRET_KEY = "0123456789abcdef0123456789abcdef"


def product_environment(
    database_url: str, redis_url: str, simulator: SimulatorHandle | None = None
) -> dict[str, str]:
    """Return the variables that a process of the product reads."""
    variables = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PULSE_SECRET_KEY": SECRET_KEY,
        "LOG_FORMAT": "json",
    }
    if simulator is not None:
        facts = simulator.connection
        variables |= {
            "ZOHO_CLIENT_ID": str(facts["client_id"]),
            "ZOHO_CLIENT_SECRET": str(facts["client_secret"]),
            "ZOHO_REFRESH_TOKEN": str(facts["refresh_token"]),
            "ZOHO_BASE_URL": f"{facts['api_url']}/crm/v8",
            "ZOHO_ACCOUNTS_URL": str(facts["accounts_url"]),
        }
    return variables


@dataclass
class Worker:
    """A worker that runs: its main process and the name of its heartbeat."""

    process: subprocess.Popen[bytes]
    name: str

    def kill(self) -> None:
        """Kill all its processes at once, as when a machine loses its power."""
        family = [self.process.pid]
        family += [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        """Let it finish what it does and end."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(60)


@contextmanager
def running_worker(environment: Mapping[str, str], name: str = "one") -> Iterator[Worker]:
    """Run `celery -A pulse.worker.app worker` until its heartbeat is seen, and end it after."""
    command = [
        *(sys.executable, "-m", "celery", "-A", "pulse.worker.app", "worker"),
        *("-n", f"{name}@test", "--without-gossip", "--without-mingle", "--concurrency", "2"),
    ]
    process = subprocess.Popen(command, env=_inherited() | dict(environment))
    worker = Worker(process, f"{name}@test")
    try:
        with Redis.from_url(environment["REDIS_URL"]) as redis:
            key = f"pulse:worker:{worker.name}"
            wait_until(lambda: bool(redis.exists(key)) or process.poll() is not None, 60)
        assert process.poll() is None, "the worker ended before it was ready"
        yield worker
    finally:
        worker.stop()


@contextmanager
def running_beat(environment: Mapping[str, str]) -> Iterator[None]:
    """Run `celery -A pulse.worker.app beat`."""
    command = [sys.executable, "-m", "celery", "-A", "pulse.worker.app", "beat", "--pidfile="]
    process = subprocess.Popen(command, env=_inherited() | dict(environment))
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def broker_running(broker: Broker) -> Iterator[None]:
    """Run a broker of one's own, to be stopped and started again."""
    server = subprocess.Popen(
        broker.server_argv(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(broker))
        yield
    finally:
        server.terminate()
        server.wait(30)


def _answers(broker: Broker) -> bool:
    with Redis.from_url(broker.url) as redis:
        try:
            return bool(redis.ping())
        except RedisConnectionError:
            return False


def _inherited() -> dict[str, str]:
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("ZOHO_", "PULSE_", "DATABASE_", "REDIS_"))
    }
