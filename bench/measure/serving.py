"""The API as a process of its own, and a client of it: so that times are those of callers."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import httpx
import psycopg
from pulse.core.access import Role
from pulse.web.credentials import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S: Final = 60.0


@contextmanager
def served(database_url: str, redis_url: str) -> Iterator[httpx.Client]:
    """Serve a database by one worker of the API; yield a client that may read everything."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PULSE_SECRET_KEY": secrets.token_hex(),
        "LOG_LEVEL": "ERROR",
    }
    argv = [sys.executable, "-m", "uvicorn", "pulse.api.app:create_app", "--factory"]
    argv += ["--port", str(port), "--no-access-log", "--log-level", "error"]
    with subprocess.Popen(argv, env=environment) as server:  # noqa: S603 - our own program
        try:
            client = httpx.Client(
                base_url=f"http://127.0.0.1:{port}",
                headers={"Authorization": f"Bearer {_token(database_url)}"},
                timeout=_PATIENCE_S,
            )
            with client:
                _wait_for(client, server)
                yield client
        finally:
            server.terminate()
            server.wait(_PATIENCE_S)


def _wait_for(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            client.get("/health").raise_for_status()
        except httpx.TransportError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _token(database_url: str) -> str:
    """Add a viewer with an API token; return the token's secret."""
    secret, now = f"pp_{secrets.token_urlsafe()}", datetime.now(UTC)
    with psycopg.connect(database_url, autocommit=True) as db:
        user = db.execute(
            "INSERT INTO user_accounts (name, email, role, password_hash)"
            " VALUES ('Bench', %s, %s, 'none') RETURNING id",
            [f"{secrets.token_hex(4)}@example.com", Role.VIEWER],
        ).fetchone()
        assert user is not None  # noqa: S101 - RETURNING returns
        db.execute(
            "INSERT INTO api_tokens (user_id, name, role, token_hash, hint, created_at, expires_at)"
            " VALUES (%s, 'Bench', %s, %s, %s, %s, %s)",
            [user[0], Role.VIEWER, hash_of(secret), secret[:8], now, now + timedelta(days=1)],
        )
    return secret
