"""`pulse up`: bring up what is missing, migrate, start the product, stop it all on a signal.

Order: PostgreSQL, Valkey, migrations, worker, beat, API; the stop goes the other way. DATABASE_URL
and REDIS_URL, where they are set, take the place of servers of our own.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.exc import OperationalError

from pulse.cli.stack.address import published
from pulse.cli.stack.children import ChildSpec, Emit, StackEvent
from pulse.cli.stack.components import (
    api_child,
    api_url,
    broker_answers,
    postgres_child,
    valkey_child,
    worker_children,
)
from pulse.cli.stack.home import Home, locked, open_home, secret_key
from pulse.cli.stack.postgres import Cluster, ensure_database, prepare_cluster
from pulse.cli.stack.supervisor import Supervisor
from pulse.cli.stack.valkey import Broker, prepare_broker
from pulse.config import Settings, StackSettings, load_settings
from pulse.db.migrate import migrate
from pulse.kit.clock import SystemClock, system_sleep
from pulse.kit.errors import ConfigurationError, UnavailableError

DATABASE = "pulse"
_DISK_FULL = "53100"

Components = Callable[[Home, Settings, Mapping[str, str]], Sequence[ChildSpec]]
"""Makes the children on top of database and broker; the mapping is their environment."""


def product_components(
    home: Home, settings: Settings, env: Mapping[str, str]
) -> Sequence[ChildSpec]:
    """Return worker, beat and API."""
    return (*worker_children(home, settings, env), api_child(settings, env))


async def run_stack(
    stack: StackSettings, emit: Emit, components: Components = product_components
) -> None:
    """Run the stack until SIGINT, SIGTERM or SIGHUP, and return when all of it has stopped.

    Raises PulseError if a part cannot start or is given up; then, too, all of it has stopped.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in a task
    signalled = False

    def stop() -> None:
        # Only the first signal cancels: a second must not interrupt the stopping.
        nonlocal signalled
        if not signalled:
            signalled = True
            emit(StackEvent("stack.stopping"))
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        await _run(stack, emit, components)
    except asyncio.CancelledError:
        if not signalled:
            raise
        emit(StackEvent("stack.stopped"))


async def _run(stack: StackSettings, emit: Emit, components: Components) -> None:
    home = open_home(stack.pulse_home)
    # The lock comes first: of two reasons against a second start, a taken home says more.
    async with locked(home, SystemClock(), system_sleep) as lock:
        _check_port(stack)
        cluster = None if stack.database_url else prepare_cluster(home.path / "postgresql")
        broker = None if stack.redis_url else prepare_broker(home.path / "valkey")
        # Wrong settings are noticed before anything runs.
        settings = _settings(stack, home, cluster, broker)
        env = _environment(settings)
        async with Supervisor(home.logs, emit, lock_fd=lock) as supervisor:
            if cluster is not None:
                await supervisor.start(postgres_child(cluster))
                await asyncio.to_thread(ensure_database, cluster, DATABASE)
            if broker is not None:
                await supervisor.start(valkey_child(broker))
            elif not await broker_answers(settings.redis_url.get_secret_value()):
                raise UnavailableError(
                    "The broker that REDIS_URL names does not answer.",
                    code="broker_unavailable",
                    fix="Start it, or unset REDIS_URL to let the stack bring its own.",
                )
            await asyncio.to_thread(migrate_database, settings.database_url.get_secret_value())
            emit(StackEvent("database.migrated"))
            with published(home, settings):
                for child in components(home, settings, env):
                    await supervisor.start(child)
                emit(_ready_event(settings, supervisor))
                await supervisor.wait_for_failure()


def _check_port(stack: StackSettings) -> None:
    family = socket.AF_INET6 if ":" in stack.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((stack.host, stack.port))
        except OSError as error:
            raise ConfigurationError(
                f"The API cannot listen on {stack.host} port {stack.port}: {error.strerror}.",
                code="port_unavailable",
                fix="Set PORT to a free port (and HOST to an address of this machine).",
                extra={"port": stack.port},
            ) from error


def _settings(
    stack: StackSettings, home: Home, cluster: Cluster | None, broker: Broker | None
) -> Settings:
    own: dict[str, object] = {"pulse_home": home.path}
    if cluster is not None:
        own["database_url"] = cluster.url(DATABASE)
    if broker is not None:
        own["redis_url"] = broker.url
    if stack.pulse_secret_key is None:
        own["pulse_secret_key"] = secret_key(home)
    return load_settings(Settings, **own)


def _environment(settings: Settings) -> Mapping[str, str]:
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "PULSE_SECRET_KEY": settings.pulse_secret_key.get_secret_value(),
        "PULSE_HOME": str(settings.pulse_home),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
    }


def migrate_database(url: str) -> None:
    """Bring the database to this version's schema.

    Raises UnavailableError if it does not answer or has no space left.
    """
    try:
        migrate(url)
    except OperationalError as error:
        full = getattr(error.orig, "sqlstate", None) == _DISK_FULL
        raise UnavailableError(
            f"The database cannot be migrated: {str(error.orig).strip()}",
            code="disk_full" if full else "database_unavailable",
            fix="Free some space on the database's disk."
            if full
            else "Start the server that DATABASE_URL names and check its user and password, "
            "or unset DATABASE_URL to let the stack bring its own.",
        ) from error


def _ready_event(settings: Settings, supervisor: Supervisor) -> StackEvent:
    facts: dict[str, str | int | float] = {
        "api_url": api_url(settings),
        "database_url": settings.database_url.get_secret_value(),
        "broker_url": settings.redis_url.get_secret_value(),
        "home": str(settings.pulse_home),
        "pid": os.getpid(),
    }
    return StackEvent(
        "stack.ready",
        facts=facts | {f"pid_{name}": pid for name, pid in supervisor.pids.items()},
    )
