import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from pulse.cli.stack.address import command_settings
from pulse.cli.stack.valkey import free_port
from pulse.kit.errors import ConfigurationError
from support.processes import running_of_stack
from support.stacks import Event, StartStack
from support.waiting import wait_until


def _pids(ready: Event) -> dict[str, int]:
    return {key.removeprefix("pid_"): pid for key, pid in ready.items() if key.startswith("pid_")}


def test_stack_comes_up_in_order_and_a_signal_stops_all_of_it(start_stack: StartStack) -> None:
    stack = start_stack()
    ready = stack.wait_for("stack.ready")
    assert [e["component"] for e in stack.events if e["event"] == "component.ready"] == [
        "postgresql",
        "valkey",
        "worker",
        "beat",
        "api",
    ]
    with urllib.request.urlopen(f"{ready['api_url']}/health", timeout=5) as answer:
        assert answer.status == 200
    with psycopg.connect(ready["database_url"]) as db:
        assert db.execute("SELECT count(*) FROM crm_sync_sessions").fetchone() == (0,)
    children = _pids(ready)

    stack.process.send_signal(signal.SIGINT)
    stack.wait_for("stack.stopped")
    assert stack.process.wait(30) == 0
    stopped = [e for e in stack.events if e["event"] == "component.stopped"]
    assert [e["component"] for e in stopped] == ["api", "beat", "worker", "valkey", "postgresql"]
    assert [e for e in stopped if "killed" in e] == []
    assert [pid for pid in children.values() if psutil.pid_exists(pid)] == []
    assert running_of_stack(stack.process.pid) == []


def test_killed_server_comes_back_under_the_same_address(start_stack: StartStack) -> None:
    stack = start_stack("--bare")
    ready = stack.wait_for("stack.ready")
    with psycopg.connect(ready["database_url"]) as db:
        db.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(_pids(ready)["postgresql"], signal.SIGKILL)
    stack.wait_for("component.exited", "postgresql")
    stack.wait_for("component.ready", "postgresql")
    with psycopg.connect(ready["database_url"]) as db:
        assert db.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_second_start_goes_on_with_the_same_data_and_key(
    start_stack: StartStack, pulse_home: Path
) -> None:
    first = start_stack("--bare")
    with psycopg.connect(first.wait_for("stack.ready")["database_url"]) as db:
        db.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    key = (pulse_home / "secret.key").read_text()
    assert first.stop() == 0

    second = start_stack("--bare")
    with psycopg.connect(second.wait_for("stack.ready")["database_url"]) as db:
        assert db.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert (pulse_home / "secret.key").read_text() == key
    assert stat.S_IMODE((pulse_home / "secret.key").stat().st_mode) == 0o600


def _is_running(pid: int) -> bool:
    """Tell a live process from one that only waits for its orphanage to read its exit code."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_start_after_a_kill_waits_for_the_old_processes_and_resumes(
    start_stack: StartStack,
) -> None:
    first = start_stack("--bare")
    ready = first.wait_for("stack.ready")
    with psycopg.connect(ready["database_url"]) as db:
        db.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop(signal.SIGKILL)

    second = start_stack("--bare")
    with psycopg.connect(second.wait_for("stack.ready")["database_url"]) as db:
        assert db.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert [pid for pid in _pids(ready).values() if _is_running(pid)] == []


def test_nothing_outlives_a_stack_that_is_killed(start_stack: StartStack) -> None:
    stack = start_stack()
    children = _pids(stack.wait_for("stack.ready"))
    assert len(children) == 5
    stack.stop(signal.SIGKILL)
    wait_until(lambda: running_of_stack(stack.process.pid) == [], timeout_s=60)
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in children.values()))


def test_two_stacks_run_side_by_side_and_a_third_on_the_same_home_is_refused(
    start_stack: StartStack, pulse_home: Path
) -> None:
    port = free_port()
    one = start_stack("--bare", port=port)
    two = start_stack("--bare", home=pulse_home.with_name("other"))
    databases = {stack.wait_for("stack.ready")["database_url"] for stack in (one, two)}
    assert len(databases) == 2

    third = start_stack("--bare", port=port)
    refusal = third.wait_for("command.failed")
    assert third.process.wait(30) == 1
    assert refusal["code"] == "home_in_use"
    assert refusal["pid"] == one.process.pid
    assert str(pulse_home) in refusal["detail"]
    assert "PULSE_HOME and PORT" in refusal["fix"]


def test_commands_find_the_stack_of_their_home_while_it_runs(
    start_stack: StartStack, pulse_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "PULSE_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULSE_HOME", str(pulse_home))
    stack = start_stack("--bare")
    ready = stack.wait_for("stack.ready")
    settings = command_settings()
    assert settings.database_url.get_secret_value() == ready["database_url"]
    assert settings.redis_url.get_secret_value() == ready["broker_url"]
    stored = (pulse_home / "secret.key").read_text()
    assert settings.pulse_secret_key.get_secret_value() == stored
    address = pulse_home / "run" / "stack.json"
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    left_behind = address.read_bytes()
    stack.stop()

    with pytest.raises(ConfigurationError, match="No stack runs on PULSE_HOME") as refused:
        command_settings()
    assert "pulse up" in str(refused.value.fix)
    # What a killed stack leaves is not taken for a running one.
    address.write_bytes(left_behind)
    with pytest.raises(ConfigurationError, match="No stack runs on PULSE_HOME"):
        command_settings()


def test_stale_pid_file_that_names_a_stranger_is_no_obstacle(
    start_stack: StartStack, pulse_home: Path
) -> None:
    first = start_stack("--bare")
    first.wait_for("stack.ready")
    first.stop()
    pid_file = pulse_home / "postgresql" / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n")
    start_stack("--bare").wait_for("stack.ready")


def test_taken_port_is_named_with_its_variable(start_stack: StartStack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stack = start_stack(port=port)
        refusal = stack.wait_for("command.failed")
    assert refusal["code"] == "port_unavailable"
    assert f"port {port}" in refusal["detail"]
    assert "Set PORT" in refusal["fix"]
    assert stack.process.wait(30) == 1


def test_given_servers_are_used_instead_of_our_own(
    start_stack: StartStack, database_url: str, redis_url: str
) -> None:
    stack = start_stack("--bare", DATABASE_URL=database_url, REDIS_URL=redis_url)
    ready = stack.wait_for("stack.ready")
    assert (ready["database_url"], ready["broker_url"]) == (database_url, redis_url)
    assert _pids(ready) == {}


def test_given_database_that_does_not_answer_is_an_error_that_says_what_to_do(
    start_stack: StartStack, redis_url: str
) -> None:
    stack = start_stack(
        "--bare", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", REDIS_URL=redis_url
    )
    refusal = stack.wait_for("command.failed")
    assert refusal["code"] == "database_unavailable"
    assert "DATABASE_URL" in refusal["fix"]


def test_given_broker_that_does_not_answer_is_an_error_that_says_what_to_do(
    start_stack: StartStack, database_url: str
) -> None:
    stack = start_stack("--bare", DATABASE_URL=database_url, REDIS_URL="redis://127.0.0.1:1/0")
    assert stack.wait_for("command.failed")["code"] == "broker_unavailable"


def test_wrong_setting_is_refused_before_anything_runs(start_stack: StartStack) -> None:
    stack = start_stack("--bare", SYNC_INTERVAL_MINUTES="7")
    refusal = stack.wait_for("command.failed")
    assert refusal["code"] == "invalid_settings"
    assert refusal["detail"].startswith("SYNC_INTERVAL_MINUTES is wrong: it is none of")
    assert [e["event"] for e in stack.events] == ["command.failed"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for PostgreSQL")
def test_root_is_refused_a_home_below_a_private_folder(
    start_stack: StartStack, pulse_home: Path
) -> None:
    pulse_home.mkdir(mode=0o700)
    stack = start_stack("--bare", home=pulse_home / "inside")
    refusal = stack.wait_for("command.failed")
    assert refusal["code"] == "private_home"
    assert "o+x" in refusal["fix"]
    assert stat.S_IMODE(pulse_home.stat().st_mode) == 0o700


def test_command_line_explains_an_error_to_people_on_standard_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = subprocess.run(
        [sys.executable, "-m", "pulse.cli.main", "up"],
        env={**os.environ, "PULSE_HOME": str(tmp_path / "file" / "home"), "PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "PORT is wrong" in done.stderr
    assert "What to do:" in done.stderr
