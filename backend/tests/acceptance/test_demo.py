"""`make demo`, from outside: architecture §7, one run after another on the same PULSE_HOME."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from pulse.cli.stack.valkey import free_port
from support.processes import running_of_stack
from support.waiting import wait_until

_BACKEND = Path(__file__).parents[2]
_DEALS = 200
# A week has five working days, whichever day it begins on; today may be begun.
_PAST_DAYS = 7
_START_TIMEOUT_S = 240.0

StartDemo = Callable[..., "RunningDemo"]


class RunningDemo:
    def __init__(self, home: Path, past_days: int) -> None:
        self.home = home
        self.output = home.with_name("demo.out")
        ports = {"PORT": str(free_port()), "SIM_PORT": str(free_port())}
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "demo"],
                cwd=_BACKEND,
                env={**os.environ, **ports, "PULSE_HOME": str(home)}
                | {"DEALS": str(_DEALS), "ACTIVITY": "0", "PAST_DAYS": str(past_days)},
                stdout=output,
                stderr=output,
            )

    def result(self) -> dict[str, Any]:
        """Wait until all is up and synced; return what `demo.json` says."""
        file = self.home / "demo.json"
        wait_until(lambda: file.exists() or self.process.poll() is not None, _START_TIMEOUT_S)
        assert self.process.poll() is None, self.output.read_text()
        said: dict[str, Any] = json.loads(file.read_text())
        return said

    def stop(self, number: int = signal.SIGINT) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(120)


@pytest.fixture
def start_demo(pulse_home: Path) -> Iterator[StartDemo]:
    started: list[RunningDemo] = []

    def start(past_days: int = 0) -> RunningDemo:
        started.append(RunningDemo(pulse_home, past_days))
        return started[-1]

    yield start
    for demo in started:
        demo.stop(signal.SIGTERM)
        wait_until(lambda pid=demo.process.pid: running_of_stack(pid) == [])  # type: ignore[misc]


def _answer(url: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        content: bytes = answer.read()
    return content


def _deals_in_the_crm(simulator: dict[str, Any]) -> list[dict[str, Any]]:
    dump = _answer(f"{simulator['control_url']}/modules/Deals/records")
    return [json.loads(line) for line in dump.splitlines()]


def _names_in_the_crm(simulator: dict[str, Any]) -> dict[int, str]:
    return {int(deal["id"]): deal["Deal_Name"] for deal in _deals_in_the_crm(simulator)}


def _names_in_the_mirror(database_url: str) -> dict[int, str]:
    with psycopg.connect(database_url) as db:
        rows = db.execute(
            "SELECT record_id, document ->> 'Deal_Name' FROM crm_documents"
            " JOIN record_sync_status ON zoho_record_id = record_id"
            " WHERE record_sync_status.module = 'Deals' AND presence = 'live'"
        ).fetchall()
    return {int(record_id): str(name) for record_id, name in rows}


def _work_in_the_crm(simulator: dict[str, Any]) -> None:
    """Rename one deal, create one and delete one, as another user."""
    records = f"{simulator['control_url']}/modules/Deals/records"
    renamed, deleted, *_ = _deals_in_the_crm(simulator)
    _answer(
        f"{records}/edit", {"edits": [{"id": renamed["id"], "values": {"Deal_Name": "Renamed"}}]}
    )
    made = {name: renamed[name] for name in ("Stage", "Pipeline", "Closing_Date")}
    _answer(f"{records}/create", {"records": [made | {"Deal_Name": "Made while you watched"}]})
    _answer(f"{records}/delete", {"ids": [deleted["id"]]})


@contextmanager
def _logged_in(said: dict[str, Any], role: str) -> Iterator[httpx.Client]:
    [user] = [each for each in said["users"] if each["role"] == role]
    url = said["api_url"]
    with httpx.Client(base_url=url, headers={"Origin": url}, timeout=30) as client:
        answer = client.post(
            "/api/auth/login", json={"email": user["email"], "password": user["password"]}
        )
        assert answer.status_code == 200, answer.text
        yield client


def _quick_sync(said: dict[str, Any]) -> None:
    with _logged_in(said, "editor") as client:
        started = client.post("/api/live-sync/sync/incremental").json()
        status = f"/api/live-sync/status/{started['session_id']}"
        wait_until(lambda: client.get(status).json()["session"]["status"] == "completed", 60)


def _assert_it_has_moved(said: dict[str, Any]) -> None:
    """Hold where history begins, and the present, against what the sales team did in between."""
    now = datetime.now(UTC)
    with _logged_in(said, "viewer") as client:
        summary = client.get("/api/deals/summary").json()
        began = datetime.fromisoformat(summary["history_began"])
        assert timedelta(days=_PAST_DAYS - 1) < now - began <= timedelta(days=_PAST_DAYS, minutes=5)
        then = client.get("/api/deals/summary", params={"as_of": began.isoformat()}).json()
        assert then["count"] == _DEALS
        assert then["value"] != summary["value"]
    with psycopg.connect(said["database_url"]) as db:
        days = db.execute(
            "SELECT count(DISTINCT date(valid_from)) FROM deal_versions WHERE valid_from > %s",
            [began],
        ).fetchone()
    assert days is not None
    assert days[0] >= 4


def _kept_beside_the_crm(said: dict[str, Any]) -> dict[str, Any]:
    """Return what the demo's people entered in the product."""
    with _logged_in(said, "editor") as client:
        views = client.get("/api/views").json()["items"]
        blocked = client.get("/api/o2r/opportunities", params={"health": "blocked"}).json()
        strategic = client.get("/api/o2r/opportunities", params={"strategic": True}).json()
    return {
        "views": sorted((view["name"], view["is_shared"]) for view in views),
        "blocked": len(blocked["items"]),
        "strategic": len({deal["account"]["id"] for deal in strategic["items"]}),
    }


def test_demo_comes_up_synced_says_where_and_stops_all_of_it(start_demo: StartDemo) -> None:
    demo = start_demo()
    said = demo.result()
    assert sorted(said) == ["api_url", "broker_url", "database_url", "pids", "simulator", "users"]
    assert [(each["role"], each["email"]) for each in said["users"]] == [
        ("admin", "admin@demo.test"),
        ("editor", "editor@demo.test"),
        ("viewer", "viewer@demo.test"),
    ]
    for each in said["users"]:
        with _logged_in(said, each["role"]) as client:
            assert client.get("/api/auth/me").json()["role"] == each["role"]
        assert each["password"] in demo.output.read_text()
    assert sorted(said["pids"]) == sorted(
        ["demo", "simulator", "pulse", "postgresql", "valkey", "worker", "beat", "api"]
    )
    assert said["pids"]["demo"] == demo.process.pid
    in_the_crm = _names_in_the_crm(said["simulator"])
    assert len(in_the_crm) == _DEALS
    assert _names_in_the_mirror(said["database_url"]) == in_the_crm
    assert json.loads(_answer(f"{said['api_url']}/health"))["status"] == "ok"
    assert f"{said['api_url']} " in demo.output.read_text()
    assert f"{said['api_url']}/docs" in demo.output.read_text()

    demo.stop(signal.SIGINT)
    assert demo.process.returncode == 0
    assert [name for name, pid in said["pids"].items() if psutil.pid_exists(pid)] == []
    assert not (demo.home / "demo.json").exists()


def test_second_demo_resumes_on_the_same_data_and_agrees_with_the_crm(
    start_demo: StartDemo,
) -> None:
    first = start_demo(past_days=_PAST_DAYS)
    said = first.result()
    people = said["users"]
    _assert_it_has_moved(said)
    kept = _kept_beside_the_crm(said)
    assert kept["views"] == [("Monday pipeline", True), ("Needs attention", False)]
    assert (kept["strategic"], kept["blocked"]) == (2, 3)
    seeded = _names_in_the_crm(said["simulator"])
    _work_in_the_crm(said["simulator"])
    _quick_sync(said)
    # As after somebody connected in the browser: the next simulator does not know the sign-in.
    with psycopg.connect(said["database_url"]) as db:
        db.execute(
            "UPDATE crm_connection SET refresh_token_encrypted = NULL, is_from_environment = false"
        )
    worked_on = _names_in_the_mirror(said["database_url"])
    assert worked_on == _names_in_the_crm(said["simulator"])
    assert worked_on != seeded
    first.stop(signal.SIGTERM)

    said = start_demo(past_days=_PAST_DAYS).result()
    assert said["users"] == people
    assert _kept_beside_the_crm(said) == kept
    # The simulator's memory is new, the mirror's is not: it follows the CRM back.
    assert _names_in_the_crm(said["simulator"]) == seeded
    assert _names_in_the_mirror(said["database_url"]) == seeded
    with psycopg.connect(said["database_url"]) as db:
        sessions = db.execute(
            "SELECT sync_type, status FROM crm_sync_sessions WHERE requested_by <> 'schedule'"
            " ORDER BY started_at"
        ).fetchall()
    worked = [session for session in sessions[1:-3] if session == ("incremental", "completed")]
    assert len(worked) in {5, 6}
    assert sessions == [
        ("full_sync", "completed"),
        *worked,
        ("incremental", "completed"),
        ("incremental", "completed"),
        ("reconcile", "completed"),
    ]
