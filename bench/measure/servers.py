"""The servers of a benchmark: PostgreSQL as the laptop stack sets it up, Valkey, simulators.

All listen on this machine alone and end with the block that opened them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import psycopg
from psycopg import sql
from pulse.cli.stack.postgres import Cluster, prepare_cluster
from pulse.cli.stack.valkey import prepare_broker
from pulse.connection.scopes import NEEDED_SCOPES
from pulse.db.migrate import migrate
from redis import Redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE_S = 60.0
_SEEDING_PATIENCE_S = 600.0
# PostgreSQL's own account must reach it, and sockets have short paths: /var/tmp serves both.
_FOLDERS = Path("/var/tmp")  # noqa: S108 - the name below is random and the mode tight

Json = Any  # whatever a server answers


@dataclass(slots=True)
class Servers:
    """PostgreSQL and Valkey, both up."""

    cluster: Cluster
    redis_url: str
    _names: count[int] = field(default_factory=count)

    @contextmanager
    def database(self, *, is_migrated: bool = True) -> Iterator[str]:
        """Open a fresh database, with the product's tables unless told otherwise."""
        name = sql.Identifier(f"bench_{next(self._names)}")
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        url = self.cluster.url(name.as_string().strip('"'))
        if is_migrated:
            migrate(url)
        # What came before must not be flushed on the time of what comes now.
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
            admin.execute("CHECKPOINT")
        try:
            yield url
        finally:
            with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def version(self) -> str:
        """Return PostgreSQL's version."""
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
            row = admin.execute("SHOW server_version").fetchone()
        return "unknown" if row is None else str(row[0])


@contextmanager
def servers() -> Iterator[Servers]:
    """Start PostgreSQL with the laptop stack's own settings, and Valkey."""
    folder = Path(tempfile.mkdtemp(prefix="pulse-bench-", dir=_FOLDERS))
    folder.chmod(0o755)
    try:
        cluster = prepare_cluster(folder / "pg")
        broker = prepare_broker(folder / "valkey")
        with (
            _running(
                cluster.server_argv(),
                folder / "postgresql.log",
                cwd=cluster.folder,
                account=cluster.account,
                is_up=lambda: _postgres_answers(cluster),
            ),
            _running(
                broker.server_argv(),
                folder / "valkey.log",
                cwd=folder,
                account=None,
                is_up=lambda: _valkey_answers(broker.url),
            ),
        ):
            yield Servers(cluster, broker.url)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(
    argv: tuple[str, ...],
    log: Path,
    *,
    cwd: Path,
    account: str | None,
    is_up: Callable[[], bool],
) -> Iterator[None]:
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own servers
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            user=account,
            group=account,
            extra_groups=None if account is None else [],
        )
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not is_up():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{argv[0]} did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        # SIGINT is PostgreSQL's fast shutdown and ends Valkey too.
        server.send_signal(2)
        server.wait(_PATIENCE_S)


def _postgres_answers(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _valkey_answers(url: str) -> bool:
    try:
        with Redis.from_url(url) as client:
            return bool(client.ping())
    except RedisError:
        return False


@dataclass(frozen=True, slots=True)
class Crm:
    """A running simulator; `told` is the line that it prints when it is ready."""

    told: dict[str, Json]
    _signed_in: list[str] = field(default_factory=list)
    _refresh_tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it listens."""
        return str(self.told["api_url"])

    def environment(self, database_url: str) -> dict[str, str]:
        """Return the settings that connect the product to it.

        Each database has a refresh token of its own: the CRM gives ten access tokens a refresh
        token and ten minutes, and each fresh database asks for one.
        """
        if database_url not in self._refresh_tokens:
            wanted = {"scope": ",".join(NEEDED_SCOPES)}
            answer = self._request("POST", "/__sim__/tokens/refresh", wanted)
            self._refresh_tokens[database_url] = str(answer["refresh_token"])
        return {
            "ZOHO_CLIENT_ID": str(self.told["client_id"]),
            "ZOHO_CLIENT_SECRET": str(self.told["client_secret"]),
            "ZOHO_REFRESH_TOKEN": self._refresh_tokens[database_url],
            "ZOHO_BASE_URL": f"{self.url}/crm/v8",
            "ZOHO_ACCOUNTS_URL": str(self.told["accounts_url"]),
        }

    def access_token(self) -> str:
        """Sign in, once."""
        if not self._signed_in:
            grant = {
                "grant_type": "refresh_token",
                "refresh_token": self.told["refresh_token"],
                "client_id": self.told["client_id"],
                "client_secret": self.told["client_secret"],
            }
            answer = self._request("POST", f"/oauth/v2/token?{urlencode(grant)}")
            self._signed_in.append(str(answer["access_token"]))
        return self._signed_in[0]

    def spent(self) -> Spent:
        """Return its own count of calls and credits so far."""
        state = self._request("GET", "/__sim__/state")
        return Spent(int(state["calls_total"]), int(state["credits"]["spent_ever"]))

    def _request(self, method: str, target: str, given: Json = None) -> Json:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=_PATIENCE_S)
        try:
            connection.request(method, target, None if given is None else json.dumps(given))
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status != 200:  # noqa: PLR2004 - HTTP OK
            raise RuntimeError(f"{method} {target}: {response.status} {body[:200]!r}")
        return json.loads(body)


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls and credits, as the simulator counts them."""

    calls: int
    credits: int

    def __sub__(self, earlier: Spent) -> Spent:
        return Spent(self.calls - earlier.calls, self.credits - earlier.credits)


@contextmanager
def simulator(deals: int, *, latency_ms: float = 0.0) -> Iterator[Crm]:
    """Run `zoho-sim serve` with a still organisation of `deals`."""
    argv = [sys.executable, "-m", "zoho_sim.cli", "serve", "--port", "0", "--activity", "0"]
    argv += ["--deals", str(deals), "--latency-ms", str(latency_ms)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own program
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"zoho-sim ended with status {process.wait()}")
            yield Crm(json.loads(line))
        finally:
            process.terminate()
            process.wait(_PATIENCE_S)
