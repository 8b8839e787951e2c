"""The API on a server of its own thread and socket, over real PostgreSQL and Valkey.

`api.client` is a browser in which an admin is signed in.
"""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest
import uvicorn
from fastapi import FastAPI

from pulse.api.app import create_app
from pulse.config import Settings, load_settings
from pulse.core.access import Role
from support.accounts import add_session, add_user, browser
from support.waiting import wait_until

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET_KEY = "k" * 40


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    time: datetime = field(default=START)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Api:
    """A running API and what it stands on."""

    app: FastAPI
    client: httpx.Client
    url: str
    clock: HandClock
    database_url: str
    server: uvicorn.Server

    def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Run a statement as another process would; return its rows, if it has any."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


def api_settings(database_url: str, redis_url: str, **given: object) -> Settings:
    return load_settings(
        Settings,
        database_url=database_url,
        redis_url=redis_url,
        pulse_secret_key=SECRET_KEY,
        **given,
    )


@contextmanager
def served(settings: Settings, clock: HandClock, **given: float) -> Iterator[Api]:
    app = create_app(settings, clock=clock, **given)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=10, lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        assert server.started
        database_url = settings.database_url.get_secret_value()
        with browser(url, _admin_session(database_url, clock)) as client:
            yield Api(app, client, url, clock, database_url, server)
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive()


def _admin_session(database_url: str, clock: HandClock) -> str:
    """Return the secret of an admin's log-in; without a database it is as good as any."""
    secret = secrets.token_urlsafe()
    # Some tests start the product without a database, or without its tables.
    with suppress(psycopg.OperationalError, psycopg.errors.UndefinedTable):
        add_session(database_url, add_user(database_url, Role.ADMIN), clock.now(), secret=secret)
    return secret


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def api(database_url: str, redis_url: str, clock: HandClock) -> Iterator[Api]:
    with served(api_settings(database_url, redis_url), clock, heartbeat_s=0.05) as running:
        yield running
