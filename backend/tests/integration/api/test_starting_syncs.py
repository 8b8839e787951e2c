from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import redis

from support.api import START, Api
from support.api_rows import connect_crm, load_fully

NO_WORKER = (
    "No worker is alive: syncs that are asked for wait until one is. Start one: `pulse up` on a"
    " laptop, or `celery -A pulse.worker.app worker` on a server."
)


def test_full_sync_opens_a_session_and_leaves_its_job_in_the_outbox(api: Api) -> None:
    connect_crm(api)

    answer = api.client.post(
        "/api/live-sync/sync/full", params={"source": "coql", "accept_deletions": True}
    )

    assert answer.status_code == 202
    body = answer.json()
    session_id = body["session_id"]
    assert body == {
        "message": "Full sync of Deals started.",
        "session_id": session_id,
        "status": "pending",
        "sync_since": None,
        "note": NO_WORKER,
    }
    assert api.sql("SELECT session_id, status, message FROM sync_status_log") == [
        (UUID(session_id), "pending", NO_WORKER)
    ]
    assert api.sql(
        "SELECT id, sync_type, status, requested_by, metadata FROM crm_sync_sessions"
    ) == [
        (
            UUID(session_id),
            "full_sync",
            "pending",
            "Ada",
            {"since": None, "accept_deletions": True, "source": "coql"},
        )
    ]
    assert api.sql("SELECT job, payload, sent_at FROM outbox") == [
        ("run_session", {"session_id": session_id}, None)
    ]


def test_nothing_is_noted_where_a_worker_is_alive(api: Api, redis_url: str) -> None:
    connect_crm(api)
    with redis.Redis.from_url(redis_url) as broker:
        broker.set("pulse:worker:one", "now")

    answer = api.client.post("/api/live-sync/sync/full")

    assert (answer.status_code, answer.json()["note"]) == (202, None)
    assert api.sql("SELECT message FROM sync_status_log") == []


def test_second_pull_is_refused_with_the_running_id(api: Api) -> None:
    connect_crm(api)
    load_fully(api)
    running = api.client.post("/api/live-sync/sync/full").json()["session_id"]

    for path in ("full", "incremental", "reconcile"):
        answer = api.client.post(f"/api/live-sync/sync/{path}")

        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json() == {
            "type": "urn:pulse:problem:sync_already_running",
            "title": "Conflict",
            "status": 409,
            "detail": f"A sync of Deals is already running: session {running}.",
            "code": "sync_already_running",
            "fix": "Follow it, or cancel it first (`pulse sync cancel` and its id).",
            "session_id": running,
        }
    assert api.sql("SELECT count(*) FROM outbox") == [(1,)]


def test_of_many_requests_at_once_one_starts_and_the_others_name_it(api: Api) -> None:
    connect_crm(api)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.client.post("/api/live-sync/sync/full"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 7
    assert len({answer.json()["session_id"] for answer in answers}) == 1


@pytest.mark.parametrize("path", ["incremental", "reconcile"])
def test_nothing_but_a_full_sync_starts_before_the_first_full_load(api: Api, path: str) -> None:
    connect_crm(api)

    answer = api.client.post(f"/api/live-sync/sync/{path}")

    assert (answer.status_code, answer.json()["code"]) == (409, "full_sync_needed")
    assert "pulse sync full" in answer.json()["fix"]
    assert api.sql("SELECT count(*) FROM crm_sync_sessions") == [(0,)]


def test_incremental_since_only_widens(api: Api) -> None:
    connect_crm(api)
    load_fully(api, START)
    earlier = (START - timedelta(days=2)).isoformat()
    later = (START + timedelta(days=2)).isoformat()

    widened = api.client.post("/api/live-sync/sync/incremental", params={"since": earlier}).json()
    api.client.post(f"/api/live-sync/sessions/{widened['session_id']}/cancel")
    narrowed = api.client.post("/api/live-sync/sync/incremental", params={"since": later}).json()

    assert widened["sync_since"] == "2026-02-28T09:30:00Z"
    assert narrowed["sync_since"] == "2026-03-02T09:30:00Z"


@pytest.mark.parametrize(
    ("since", "kept"),
    [
        ("0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59-14:00", "2026-03-02T09:30:00+00:00"),
    ],
)
def test_since_at_the_ends_of_time_is_kept_within_what_a_run_can_reckon_with(
    api: Api, since: str, kept: str
) -> None:
    connect_crm(api)
    load_fully(api, START)

    answer = api.client.post("/api/live-sync/sync/incremental", params={"since": since})

    assert answer.status_code == 202
    assert api.sql(
        "SELECT metadata ->> 'since' FROM crm_sync_sessions WHERE status = 'pending'"
    ) == [(kept,)]


def test_nothing_starts_while_no_crm_is_connected(api: Api) -> None:
    answer = api.client.post("/api/live-sync/sync/full")

    assert (answer.status_code, answer.json()["code"]) == (503, "not_connected")
    assert "ZOHO_REFRESH_TOKEN" in answer.json()["fix"]


def test_nothing_is_pulled_while_the_mode_is_local_to_crm(api: Api) -> None:
    connect_crm(api)
    configuration = {"interval_minutes": None, "mode": "local_to_crm"}
    assert api.client.put("/api/live-sync/configuration", json=configuration).status_code == 200

    answer = api.client.post("/api/live-sync/sync/full")

    assert (answer.status_code, answer.json()["code"]) == (409, "pulls_paused")


def test_time_without_offset_is_malformed_and_named(api: Api) -> None:
    answer = api.client.post(
        "/api/live-sync/sync/incremental", params={"since": "2026-03-01T00:00:00"}
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "malformed_request"
    assert answer.json()["errors"] == [
        {"field": "query.since", "message": "Input should have timezone info"}
    ]
