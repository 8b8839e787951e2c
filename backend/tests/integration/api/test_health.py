import socket
from collections.abc import Iterator

import pytest
import redis

from support.api import Api, HandClock, api_settings, served
from support.api_rows import connect_crm


@pytest.fixture
def crm_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_alive_process_says_so(api: Api) -> None:
    assert api.client.get("/health").json()["status"] == "ok"


def test_ready_when_database_broker_worker_and_crm_are_there(
    api: Api, redis_url: str, crm_port: int
) -> None:
    with redis.Redis.from_url(redis_url) as keys:
        keys.set("pulse:worker:one", "1", ex=30)
    connect_crm(api, f"http://127.0.0.1:{crm_port}/crm/v8")

    answer = api.client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": {"ok": True, "message": "PostgreSQL answers.", "fix": None},
        "broker": {"ok": True, "message": "Redis answers.", "fix": None},
        "worker": {"ok": True, "message": "1 worker is alive.", "fix": None},
        "crm": {
            "ok": True,
            "message": f"Connected to http://127.0.0.1:{crm_port}/crm/v8.",
            "fix": None,
        },
    }


def test_not_ready_without_a_worker_and_says_how_to_start_one(api: Api) -> None:
    answer = api.client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["database"]["ok"] is True
    assert answer.json()["worker"]["ok"] is False
    assert "pulse up" in answer.json()["worker"]["fix"]
    assert answer.json()["crm"]["message"] == "No CRM is connected."


def test_refused_sign_in_and_unreachable_crm_are_told_apart(api: Api) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed_port = listener.getsockname()[1]
    connect_crm(api, f"http://127.0.0.1:{closed_port}/crm/v8")
    unreachable = api.client.get("/health/ready").json()["crm"]
    api.sql("UPDATE crm_connection SET refused_at = now(), refusal = 'The client is unknown.'")
    refused = api.client.get("/health/ready").json()["crm"]

    assert unreachable["message"].endswith("cannot be reached.")
    assert "ZOHO_BASE_URL" in unreachable["fix"]
    assert refused["message"] == "The client is unknown."
    assert "ZOHO_ACCOUNTS_URL" in refused["fix"]


def test_stopped_broker_and_database_are_named_and_the_process_lives_on(
    clock: HandClock,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = api_settings(
        f"postgresql://nobody@127.0.0.1:{port}/none", f"redis://127.0.0.1:{port}/0"
    )
    with served(settings, clock) as api:
        ready = api.client.get("/health/ready")
        status = api.client.get("/api/live-sync/status/current")

        assert api.client.get("/health").status_code == 200
    assert ready.status_code == 503
    assert "DATABASE_URL" in ready.json()["database"]["fix"]
    assert "REDIS_URL" in ready.json()["broker"]["fix"]
    assert (status.status_code, status.json()["code"]) == (503, "database_unavailable")
    assert status.headers["content-type"] == "application/problem+json"


def test_database_without_tables_asks_to_be_migrated(
    empty_database_url: str, redis_url: str, clock: HandClock
) -> None:
    with served(api_settings(empty_database_url, redis_url), clock) as api:
        check = api.client.get("/health/ready").json()["database"]
        status = api.client.get("/api/live-sync/status/current")

    assert (check["ok"], check["fix"]) == (False, "Run `pulse migrate`.")
    assert (status.status_code, status.json()["code"]) == (503, "schema_outdated")
