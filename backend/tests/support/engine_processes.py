"""Processes that a schedule may kill: a worker of the engine, and a PostgreSQL that restarts."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import IO, Any
from uuid import UUID

import psutil
import psycopg

from pulse.cli.stack.postgres import Cluster, prepare_cluster
from pulse.config import Settings
from pulse.db.migrate import migrate
from support.postgres import _TEST_SETTINGS, _is_up, make_public_folder
from support.waiting import wait_until

_SETTINGS = (
    "database_url",
    "redis_url",
    "pulse_secret_key",
)


class WorkerProcess:
    """`support.engine_worker` as a process of its own."""

    def __init__(self, settings: Settings, log: IO[bytes]) -> None:
        self.runs = 0
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.engine_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        )
        given = {name: getattr(settings, name).get_secret_value() for name in _SETTINGS}
        self._tell(given)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _tell(self, line: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(json.loads(line))

    def begin(self, session_id: UUID) -> None:
        """Tell the worker to run a session; it answers when it is done."""
        self.runs += 1
        self._tell({"session_id": str(session_id)})

    def ended(self, timeout_s: float) -> dict[str, Any] | None:
        """Wait for the end of the session; None if it still runs."""
        deadline = monotonic() + timeout_s
        try:
            answer = self._answers.get(timeout=timeout_s)
            if "ready" in answer:
                answer = self._answers.get(timeout=max(0.0, deadline - monotonic()))
        except queue.Empty:
            return None
        return answer

    def kill(self) -> None:
        """End the process as the kernel would: at once, whatever it does."""
        self._process.send_signal(signal.SIGKILL)
        self._end()

    def stop(self) -> None:
        """Let the process end by itself: it has nothing more to read."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._end()

    def _end(self) -> None:
        self._process.wait(60)
        self._listener.join(60)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    @property
    def memory_bytes(self) -> int:
        return int(psutil.Process(self._process.pid).memory_info().rss)

    @property
    def open_files(self) -> int:
        """Sockets and files that the process holds."""
        return int(psutil.Process(self._process.pid).num_fds())


@dataclass
class RestartablePostgres:
    """A cluster of its own, which may go away in the middle of a batch."""

    cluster: Cluster
    folder: Path
    restarts: int = 0
    _server: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                self.cluster.server_argv(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.cluster.folder,
                user=self.cluster.account,
                group=self.cluster.account,
                extra_groups=None if self.cluster.account is None else [],
            )
        wait_until(lambda: _is_up(self.cluster) or self._server.poll() is not None)
        assert self._server.poll() is None, (self.folder / "server.log").read_text()[-2000:]

    def stop(self, how: signal.Signals) -> None:
        """SIGINT breaks off what runs and shuts down; SIGQUIT crashes, and the log is replayed."""
        self._server.send_signal(how)
        self._server.wait(60)

    def restart(self, how: signal.Signals) -> None:
        self.stop(how)
        self.restarts += 1
        self.start()

    def new_database(self, name: str) -> str:
        """Create a migrated database and return its address."""
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        migrate(self.cluster.url(name))
        return self.cluster.url(name)

    def connections(self) -> int:
        """Count the connections of clients, other than this one's."""
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
            row = admin.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def restartable_postgres() -> Iterator[RestartablePostgres]:
    """Run a PostgreSQL that only this test uses."""
    folder = make_public_folder()
    postgres = RestartablePostgres(prepare_cluster(folder / "postgresql", _TEST_SETTINGS), folder)
    try:
        postgres.start()
        yield postgres
        postgres.stop(signal.SIGQUIT)
    finally:
        if postgres._server.poll() is None:
            postgres.stop(signal.SIGQUIT)
        shutil.rmtree(folder)
