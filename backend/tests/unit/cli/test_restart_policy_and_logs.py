from pathlib import Path

import pytest

from pulse.cli.stack.children import RestartPolicy
from pulse.cli.stack.logfile import RotatingLog


def test_each_restart_in_the_window_waits_twice_as_long_up_to_a_limit() -> None:
    policy = RestartPolicy(limit=5, window_s=60, first_delay_s=0.5, longest_delay_s=3)
    exits = [0.0, 1.0, 2.0, 3.0, 4.0]
    assert [policy.delay_s(exits[:n], now=exits[n - 1]) for n in range(1, 6)] == [0.5, 1, 2, 3, 3]


def test_circuit_opens_at_one_exit_over_the_limit() -> None:
    policy = RestartPolicy(limit=2, window_s=60)
    assert policy.delay_s([0.0, 1.0], now=1.0) is not None
    assert policy.delay_s([0.0, 1.0, 2.0], now=2.0) is None


def test_exits_before_the_window_are_forgiven() -> None:
    policy = RestartPolicy(limit=2, window_s=60, first_delay_s=0.5)
    assert policy.delay_s([0.0, 1.0, 100.0], now=100.0) == 0.5


def test_full_log_moves_on_and_the_oldest_is_dropped(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "api.log", limit_bytes=4, keep=2)
    for word in (b"one\n", b"two\n", b"six\n", b"ten\n"):
        log.write(word)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        "api.log": b"ten\n",
        "api.log.1": b"six\n",
        "api.log.2": b"two\n",
    }


def test_log_is_for_its_owner_alone(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "child.log", limit_bytes=10)

    log.write(b"12345678\n")
    log.write(b"again\n")

    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"child.log": 0o600, "child.log.1": 0o600}


def test_last_lines_are_those_of_the_present_run(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "api.log")
    log.write(b"old run\n")
    log.forget_tail()
    log.write("".join(f"line {n}\n" for n in range(40)).encode())
    assert log.last_lines().splitlines() == [f"line {n}" for n in range(25, 40)]


@pytest.mark.parametrize("blocker", ["api.log"])
def test_log_that_cannot_be_written_keeps_its_end_and_raises_nothing(
    tmp_path: Path, blocker: str
) -> None:
    (tmp_path / blocker).mkdir()
    log = RotatingLog(tmp_path / "api.log")
    log.write(b"last words\n")
    assert log.last_lines() == "last words"
