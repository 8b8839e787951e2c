"""``zoho-sim serve`` as a program: its one line, its signals, its complaints."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest

from support.simulator import simulator_process

COMMAND = [sys.executable, "-m", "zoho_sim.cli", "serve"]


def test_the_line_says_how_to_connect_and_the_token_survives_a_restart() -> None:
    connections = []
    for _ in range(2):
        with simulator_process("--deals", "30", "--users", "7", "--seed", "9") as handle:
            connections.append(handle.connection)
            assert (
                handle.token(
                    grant_type="refresh_token", refresh_token=handle.connection["refresh_token"]
                ).json()["api_domain"]
                == handle.url
            )
            assert handle.state()["activity"] == {"edits_per_minute": 6.0}
    first, second = connections
    assert set(first) == {
        "api_url",
        "accounts_url",
        "control_url",
        "client_id",
        "client_secret",
        "refresh_token",
        "organisation",
        "seed",
        "naming",
    }
    assert first["control_url"] == f"{first['api_url']}/__sim__"
    assert (first["organisation"]["deals"], first["organisation"]["users"]) == (30, 7)
    assert first["refresh_token"] == second["refresh_token"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_status_0(number: signal.Signals) -> None:
    command = [*COMMAND, "--port", "0", "--deals", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b'{"api_url":"http://127.0.0.1:')
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stdout.read() == b""


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*COMMAND, "--port", str(port), "--deals", "1"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"zoho-sim: cannot listen on 127.0.0.1:{port}: ")
    assert ended.stderr.endswith("; choose another --port, or 0 for a free one\n")


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--port", "70000", "must be 0 to 65535"),
        ("--deals", "-1", "must be a whole number, 0 or more"),
        ("--users", "0", "must be at least 1"),
        ("--latency-ms", "soon", "must be a number, 0 or more"),
        ("--edition", "gold", "invalid choice: 'gold'"),
    ],
)
def test_a_wrong_option_is_refused_with_the_reason(option: str, value: str, complaint: str) -> None:
    ended = subprocess.run(
        [*COMMAND, f"{option}={value}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert complaint in ended.stderr
