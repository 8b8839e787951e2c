import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
import redis

from support.api import HandClock, served
from support.simulator import SimulatorHandle
from support.synced import crm_settings
from support.waiting import wait_until

KEY = "k" * 40


@dataclass
class Cli:
    """The `pulse` command against one database and broker."""

    env: dict[str, str]
    database_url: str

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._argv(words), env=self.env, capture_output=True, text=True, timeout=60, check=False
        )

    @contextmanager
    def started(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            self._argv(words),
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _argv(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "pulse.cli.main", *words]


@pytest.fixture
def cli(database_url: str, redis_url: str, tmp_path: Path) -> Cli:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    cli = Cli(
        kept
        | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PULSE_SECRET_KEY": KEY,
            "PULSE_HOME": str(tmp_path),
        },
        database_url,
    )
    cli.sql(
        "INSERT INTO crm_connection (id, accounts_url, base_url, client_id,"
        " client_secret_encrypted, refresh_token_encrypted)"
        " VALUES (1, 'http://127.0.0.1:9', 'http://127.0.0.1:9/crm/v8', 'client', 'x', 'y')"
    )
    return cli


def test_full_sync_is_started_and_the_missing_worker_named(cli: Cli) -> None:
    done = cli.run("sync", "full", "--json")

    assert done.returncode == 0
    [(session_id,)] = cli.sql("SELECT id FROM crm_sync_sessions WHERE requested_by = 'cli'")
    assert json.loads(done.stdout)["session_id"] == str(session_id)
    assert "No worker is alive" in done.stderr
    assert "pulse up" in done.stderr


def test_live_worker_is_not_missed(cli: Cli, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as keys:
        keys.set("pulse:worker:one", "1")

    assert cli.run("sync", "full").stderr == ""


def test_second_sync_exits_with_3_and_the_running_id(cli: Cli) -> None:
    first = json.loads(cli.run("sync", "full", "--json").stdout)

    second = cli.run("sync", "full", "--json")

    assert second.returncode == 3
    assert json.loads(second.stdout)["session_id"] == first["session_id"]


def test_quick_sync_before_a_full_load_exits_with_1_and_the_fix(cli: Cli) -> None:
    done = cli.run("sync", "quick")

    assert done.returncode == 1
    assert "pulse sync full" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("since", "kept"),
    [
        ("2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01T08:00:00", "2026-01-01T08:00:00Z"),
    ],
)
def test_since_is_utc_unless_it_says_otherwise(cli: Cli, since: str, kept: str) -> None:
    cli.sql(
        "INSERT INTO sync_cursors (module, changed_since, deleted_since, full_sync_at)"
        " VALUES ('Deals', now(), now(), now())"
    )

    done = cli.run("sync", "quick", "--since", since, "--json")

    assert datetime.fromisoformat(json.loads(done.stdout)["sync_since"]) == (
        datetime.fromisoformat(kept)
    )


def test_id_that_no_record_can_have_exits_with_2(cli: Cli) -> None:
    assert cli.run("sync", "record", "9223372036854775808").returncode == 2


def test_wrong_word_exits_with_2(cli: Cli) -> None:
    assert cli.run("sync", "fuller").returncode == 2


def _finish(cli: Cli, status: str) -> None:
    cli.sql(
        f"UPDATE crm_sync_sessions SET status = '{status}', started_at = now(),"
        " completed_at = now(), records_processed = 7, records_total = 7"
    )


@pytest.mark.parametrize(
    ("status", "exit_code"), [("completed", 0), ("failed", 1), ("cancelled", 1)]
)
def test_waiting_ends_with_the_sync_and_tells_how(cli: Cli, status: str, exit_code: int) -> None:
    with cli.started("sync", "full", "--wait", "--json") as process:
        wait_until(lambda: cli.sql("SELECT 1 FROM crm_sync_sessions") != [])
        _finish(cli, status)
        out, _ = process.communicate(timeout=30)

    assert process.returncode == exit_code
    assert json.loads(out)["session"]["status"] == status
    assert json.loads(out)["session"]["records_processed"] == 7


def test_ctrl_c_leaves_the_sync_running_and_says_how_to_stop_it(cli: Cli) -> None:
    with cli.started("sync", "full", "--wait") as process:
        assert process.stderr is not None
        # The note on the missing worker comes right before the following begins.
        for line in process.stderr:
            if "What to do" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        process.wait(30)

    [(session_id, status)] = cli.sql("SELECT id, status FROM crm_sync_sessions")
    assert process.returncode == 130
    assert f"pulse sync cancel {session_id}" in " ".join(rest.split())
    assert status == "pending"


def test_waiting_sync_is_cancelled(cli: Cli) -> None:
    session_id = json.loads(cli.run("sync", "full", "--json").stdout)["session_id"]

    done = cli.run("sync", "cancel", session_id, "--json")

    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "cancelled")
    assert cli.sql("SELECT status FROM crm_sync_sessions") == [("cancelled",)]


def test_status_tells_what_is_missing(cli: Cli) -> None:
    done = cli.run("status", "--json")

    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["mirror"]["status"] == "never_synced"
    assert (found["database"]["ok"], found["broker"]["ok"], found["worker"]["ok"]) == (
        True,
        True,
        False,
    )


def test_status_says_why_the_last_sync_failed(cli: Cli) -> None:
    cli.sql(
        "INSERT INTO crm_sync_sessions (module, sync_type, status, completed_at, error_code,"
        " error_message) VALUES ('Deals', 'full_sync', 'failed', now(), 'disk_full', 'No room.')"
    )

    done = cli.run("status")

    assert "failed: No room." in done.stdout


def test_database_that_is_away_is_named(cli: Cli) -> None:
    cli.env["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/none"

    sync = cli.run("sync", "full", "--json")
    status = cli.run("status", "--json")

    assert (sync.returncode, json.loads(sync.stdout)["code"]) == (1, "database_unavailable")
    assert status.returncode == 1
    assert "DATABASE_URL" in json.loads(status.stdout)["database"]["fix"]


def test_no_stack_and_no_environment_says_how_to_get_one(cli: Cli) -> None:
    del cli.env["DATABASE_URL"]

    done = cli.run("status", "--json")

    assert (done.returncode, json.loads(done.stdout)["code"]) == (1, "no_stack")


def test_one_record_is_read_from_the_crm_and_reported(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock, tmp_path: Path
) -> None:
    with served(crm_settings(crm, database_url, redis_url), clock):
        pass  # brings the connection of the environment into the database
    cli = Cli(
        {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PULSE_SECRET_KEY": KEY,
            "PULSE_HOME": str(tmp_path),
        },
        database_url,
    )
    record_id = str(crm.records()[0]["id"])

    first = cli.run("sync", "record", record_id, "--json")
    second = cli.run("sync", "record", record_id)
    unknown = cli.run("sync", "record", "17", "--json")

    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["sync_result"]["action_taken"] == "created"
    assert second.stdout == "The mirror already agreed with the CRM.\n"
    assert (unknown.returncode, json.loads(unknown.stdout)["code"]) == (1, "record_not_found")
