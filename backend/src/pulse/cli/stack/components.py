"""The components of the stack as children: how each starts, is known to be ready, and stops."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

import aiohttp
import psycopg
import redis.asyncio
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from pulse.cli.stack.children import ChildSpec
from pulse.cli.stack.home import Home
from pulse.cli.stack.postgres import Cluster, clear_stale_pid_file
from pulse.cli.stack.valkey import Broker
from pulse.config import Settings

WORKER_APP = "pulse.worker.app"
API_FACTORY = "pulse.api.app:create_app"
_ANSWER_TIMEOUT_S = 2.0
# After a crash the server replays its log first, up to max_wal_size of it.
_RECOVERY_TIMEOUT_S = 300.0


def postgres_child(cluster: Cluster) -> ChildSpec:
    """Return PostgreSQL as a child; its stop is a fast shutdown: sessions end, data is flushed."""

    async def is_ready() -> bool:
        try:
            url = cluster.url("postgres")
            db = await psycopg.AsyncConnection.connect(url, connect_timeout=int(_ANSWER_TIMEOUT_S))
        except psycopg.OperationalError:
            return False
        await db.close()
        return True

    return ChildSpec(
        "postgresql",
        cluster.server_argv(),
        cwd=cluster.folder,
        account=cluster.account,
        ready=is_ready,
        ready_timeout_s=_RECOVERY_TIMEOUT_S,
        stop_signal=signal.SIGINT,
        stop_timeout_s=30.0,
        before_start=lambda: clear_stale_pid_file(cluster),
        advice="If the disk is full, free some space; the data in PULSE_HOME is kept.",
    )


def valkey_child(broker: Broker) -> ChildSpec:
    """Return Valkey as a child."""

    async def is_ready() -> bool:
        return await broker_answers(broker.url)

    return ChildSpec("valkey", broker.server_argv(), cwd=broker.conf.parent, ready=is_ready)


async def broker_answers(url: str) -> bool:
    """Tell whether a Redis or Valkey server answers at `url`."""
    try:
        async with redis.asyncio.Redis.from_url(
            url, socket_timeout=_ANSWER_TIMEOUT_S, socket_connect_timeout=_ANSWER_TIMEOUT_S
        ) as client:
            return bool(await client.ping())
    except RedisError:
        return False


def worker_children(
    home: Home, settings: Settings, env: Mapping[str, str], app: str = WORKER_APP
) -> Sequence[ChildSpec]:
    """Return the Celery worker and beat; `app` is the module of the Celery application."""
    celery = (sys.executable, "-m", "celery", "-A", app)
    # The stack's own process id tells two stacks on one broker apart.
    worker, beat = f"worker-{os.getpid()}@pulse", f"beat-{os.getpid()}@pulse"
    is_ready = celery_ping(settings.redis_url.get_secret_value())
    return (
        ChildSpec(
            "worker",
            (*celery, "worker", "-n", worker, "-l", settings.log_level, "--without-gossip"),
            env=env,
            cwd=home.run,
            ready=lambda: is_ready(worker),
            # A running step is short; a longer one resumes from its checkpoint.
            stop_timeout_s=15.0,
        ),
        ChildSpec(
            "beat",
            # The lock of PULSE_HOME makes a pid file needless, and a stale one would be in the way.
            (
                *(*celery, "beat", "-n", beat, "-l", settings.log_level),
                *("--enable-remote-control", "--pidfile=", "-s", str(home.run / "beat-schedule")),
            ),
            env=env,
            cwd=home.run,
            ready=lambda: is_ready(beat),
        ),
    )


def celery_ping(broker_url: str) -> Callable[[str], Awaitable[bool]]:
    """Return the question whether the Celery node of a name answers."""
    control = Celery(broker=broker_url, set_as_current=False)
    control.conf.broker_transport_options = {
        "socket_timeout": _ANSWER_TIMEOUT_S,
        "socket_connect_timeout": _ANSWER_TIMEOUT_S,
        "max_retries": 1,
    }

    def ping(node: str) -> bool:
        try:
            return bool(control.control.ping(destination=[node], timeout=0.5))
        except BrokerError:
            return False

    async def answers(node: str) -> bool:
        return await asyncio.to_thread(ping, node)

    return answers


def api_child(settings: Settings, env: Mapping[str, str], factory: str = API_FACTORY) -> ChildSpec:
    """Return the API as a child; `factory` names the function that makes the application."""
    health = f"{api_url(settings)}/health"

    async def is_ready() -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=_ANSWER_TIMEOUT_S)
            async with (
                aiohttp.ClientSession(timeout=timeout) as client,
                client.get(health) as answer,
            ):
                return answer.status == 200  # noqa: PLR2004 - the HTTP status OK
        except (aiohttp.ClientError, TimeoutError):
            return False

    return ChildSpec(
        "api",
        (
            *(sys.executable, "-m", "uvicorn", factory, "--factory"),
            *("--host", settings.host, "--port", str(settings.port)),
            *("--log-level", settings.log_level.lower()),
            # Event streams stay open for ever; they must not hold up a stop.
            *("--timeout-graceful-shutdown", "5"),
        ),
        env=env,
        ready=is_ready,
    )


def api_url(settings: Settings) -> str:
    """Return the address under which this machine reaches the API."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound to
    host = everywhere.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
