"""The history of runs, one run in full, and the pulse."""

from datetime import datetime, timedelta

import pytest

from support.api import START, Api
from support.api_rows import add_session
from support.runs import NIL, add_ended_run, spend


def test_history_pages_newest_first_and_filters(api: Api) -> None:
    ids = [add_ended_run(api, "completed", minutes_ago) for minutes_ago in (1, 2, 3)]
    failed = add_ended_run(api, "failed", 4, error_code="crm_unavailable", error_message="Away.")

    first = api.client.get("/api/sync-status/history", params={"limit": 2}).json()
    second = api.client.get("/api/sync-status/history", params={"limit": 2, "offset": 2}).json()
    failures = api.client.get("/api/sync-status/history", params={"status": "failed"}).json()
    early = api.client.get(
        "/api/sync-status/history",
        params={"created_before": (START - timedelta(minutes=2)).isoformat()},
    ).json()

    assert [each["id"] for each in first["items"]] == [str(ids[0]), str(ids[1])]
    assert (first["count"], first["has_more"]) == (4, True)
    assert [each["id"] for each in second["items"]] == [str(ids[2]), str(failed)]
    assert second["has_more"] is False
    assert [(each["id"], each["error_code"]) for each in failures["items"]] == [
        (str(failed), "crm_unavailable")
    ]
    assert failures["items"][0]["duration_s"] == 30.0
    assert early["count"] == 2


def test_history_counts_what_each_status_would_show_within_the_other_filters(api: Api) -> None:
    for minutes_ago in (1, 2):
        add_ended_run(api, "completed", minutes_ago)
    add_ended_run(api, "failed", 3)
    add_ended_run(api, "cancelled", 4, "full_sync")
    add_session(api, "full_sync", "in_progress", created_at=START)

    whole = api.client.get("/api/sync-status/history", params={"status": "failed"}).json()
    full = api.client.get(
        "/api/sync-status/history", params={"sync_type": "full_sync", "limit": 1}
    ).json()

    assert whole["count"] == 1
    assert whole["by_status"] == {
        "pending": 0,
        "in_progress": 1,
        "completed": 2,
        "failed": 1,
        "cancelled": 1,
    }
    assert full["by_status"] == {
        "pending": 0,
        "in_progress": 1,
        "completed": 0,
        "failed": 0,
        "cancelled": 1,
    }
    assert (full["count"], full["has_more"]) == (2, True)


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("schedule", ["schedule"]),
        ("command_line", ["cli"]),
        ("api", ["api"]),
        ("person", ["Mei Tan"]),
        ("webhook", ["the webhook"]),
    ],
)
def test_history_filters_by_what_set_a_run_off(api: Api, trigger: str, expected: list[str]) -> None:
    for minute, name in enumerate(("schedule", "cli", "api", "Mei Tan")):
        add_ended_run(api, "completed", minute, requested_by=name)
    add_ended_run(api, "completed", 9, "webhook", requested_by="the webhook")

    found = api.client.get("/api/sync-status/history", params={"trigger": trigger}).json()

    assert [each["requested_by"] for each in found["items"]] == expected
    assert [each["trigger"] for each in found["items"]] == [trigger]


def test_filters_by_two_triggers_show_the_runs_of_either(api: Api) -> None:
    for minute, name in enumerate(("schedule", "cli", "Mei Tan")):
        add_ended_run(api, "completed", minute, requested_by=name)

    found = api.client.get(
        "/api/sync-status/history", params={"trigger": ["person", "schedule"]}
    ).json()

    assert [each["requested_by"] for each in found["items"]] == ["schedule", "Mei Tan"]


def test_one_run_shows_its_turns_its_changes_its_plan_and_what_its_calls_cost(api: Api) -> None:
    counts = {"created": 3, "changed": 2, "restored": 0, "touched": 1, "same": 40, "ignored": 0}
    plan = {
        "source": "coql",
        "slices": 3,
        "calls": 3,
        "credits": 9,
        "seconds": 0.8,
        "reason": "Fewest seconds.",
    }
    rejected = [{**plan, "source": "pages", "reason": "Slower."}]
    session_id = add_ended_run(
        api,
        "completed",
        5,
        metadata={
            "plan": {**plan, "rejected": rejected},
            "counts": {**counts, "deleted": 1, "hidden": 0},
        },
    )
    for line in ("First.", "Second."):
        _log(api, session_id, line)
    spend(api, "records.list", session_id, calls=4, credits=4, failures=1, latency_ms=600)
    spend(api, "coql.query", session_id, calls=3, credits=9, latency_ms=300)
    spend(api, "coql.query", NIL)

    body = api.client.get(f"/api/sync-status/history/{session_id}").json()

    assert body["session"]["id"] == str(session_id)
    assert body["timeline"] == [
        {"at": "2026-03-02T09:25:00Z", "event": "requested"},
        {"at": "2026-03-02T09:25:00Z", "event": "started"},
        {"at": "2026-03-02T09:25:30Z", "event": "completed"},
    ]
    assert body["changes"] == {
        "created": 3,
        "changed": 2,
        "restored": 0,
        "deleted": 1,
        "hidden": 0,
        "touched": 1,
        "same": 40,
    }
    assert body["plan"] == {**plan, "rejected": rejected}
    assert body["error"] is None
    assert [line["message"] for line in body["log"]] == ["First.", "Second."]
    assert body["log"][0]["api_response"] == {"status": 200}
    assert body["log_is_cut"] is False
    assert body["credit_use"] == [
        {
            "operation": "coql.query",
            "calls": 3,
            "credits": 9,
            "failures": 0,
            "avg_latency_ms": 100.0,
        },
        {
            "operation": "records.list",
            "calls": 4,
            "credits": 4,
            "failures": 1,
            "avg_latency_ms": 150.0,
        },
    ]


def test_a_failed_run_tells_why_and_what_to_do(api: Api) -> None:
    problem = {"title": "The CRM is away", "detail": "It answered 503 five times.", "fix": "Wait."}
    session_id = add_ended_run(
        api,
        "failed",
        5,
        error_code="crm_unavailable",
        error_message="It answered 503 five times. Wait.",
        metadata={"error": {**problem, "status": 503, "code": "crm_unavailable"}},
    )

    body = api.client.get(f"/api/sync-status/history/{session_id}").json()

    assert body["error"] == {"code": "crm_unavailable", **problem}
    assert body["timeline"][-1] == {"at": "2026-03-02T09:25:30Z", "event": "failed"}
    assert (body["changes"], body["plan"]) == (None, None)


def test_a_run_that_failed_without_a_problem_tells_its_message(api: Api) -> None:
    session_id = add_ended_run(api, "failed", 5, error_code="lost", error_message="Worker lost.")

    body = api.client.get(f"/api/sync-status/history/{session_id}").json()

    assert body["error"] == {"code": "lost", "title": None, "detail": "Worker lost.", "fix": None}


def test_a_stopped_run_tells_when_somebody_wished_it_to_stop(api: Api) -> None:
    stop = START - timedelta(minutes=5) + timedelta(seconds=10)
    session_id = add_ended_run(api, "cancelled", 5, cancel_requested_at=stop)

    body = api.client.get(f"/api/sync-status/history/{session_id}").json()

    assert [each["event"] for each in body["timeline"]] == [
        "requested",
        "started",
        "cancel_requested",
        "cancelled",
    ]


def test_a_long_log_is_cut_and_read_on_by_pages(api: Api) -> None:
    session_id = add_ended_run(api, "completed", 5)
    api.sql(
        "INSERT INTO sync_status_log (session_id, timestamp, status, message)"
        " SELECT %(id)s, %(at)s, 'in_progress', 'Line ' || n FROM generate_series(1, 203) n",
        id=session_id,
        at=START,
    )
    address = f"/api/sync-status/history/{session_id}"

    body = api.client.get(address).json()
    rest = api.client.get(f"{address}/log", params={"offset": 200}).json()
    middle = api.client.get(f"{address}/log", params={"offset": 10, "limit": 2}).json()

    assert (len(body["log"]), body["log"][-1]["message"]) == (200, "Line 200")
    assert body["log_is_cut"] is True
    assert [line["message"] for line in rest["items"]] == ["Line 201", "Line 202", "Line 203"]
    assert (rest["count"], rest["has_more"]) == (203, False)
    assert [line["message"] for line in middle["items"]] == ["Line 11", "Line 12"]
    assert middle["has_more"] is True


def test_the_log_of_a_run_that_is_not_there_is_not_found(api: Api) -> None:
    answer = api.client.get(f"/api/sync-status/history/{NIL}/log")

    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


def test_pulse_gives_one_bar_a_run_oldest_first_with_its_sums(api: Api) -> None:
    old = add_ended_run(api, "completed", 23 * 60, records_changed=18, credits_used=3)
    failed = add_ended_run(api, "failed", 60, credits_used=5)
    running = add_session(
        api, "full_sync", "in_progress", created_at=START, started_at=START, records_changed=4
    )
    add_ended_run(api, "completed", 24 * 60 + 1, records_changed=1000)

    body = api.client.get("/api/sync-status/pulse").json()

    assert (body["since"], body["until"]) == ("2026-03-01T09:30:00Z", "2026-03-02T09:30:00Z")
    assert (body["total_runs"], body["failed_runs"]) == (3, 1)
    assert body["last_failed_at"] == "2026-03-02T08:30:00Z"
    assert (body["records_changed"], body["credits_used"]) == (22, 8)
    assert [(each["id"], each["status"], each["stands_for"]) for each in body["runs"]] == [
        (str(old), "completed", 1),
        (str(failed), "failed", 1),
        (str(running), "in_progress", 1),
    ]
    assert body["runs"][0] == {
        "id": str(old),
        "module": "Deals",
        "sync_type": "incremental",
        "trigger": "schedule",
        "status": "completed",
        "created_at": "2026-03-01T10:30:00Z",
        "started_at": "2026-03-01T10:30:00Z",
        "completed_at": "2026-03-01T10:30:30Z",
        "records_changed": 18,
        "credits_used": 3,
        "stands_for": 1,
    }


def test_pulse_without_runs_is_empty(api: Api) -> None:
    body = api.client.get("/api/sync-status/pulse", params={"hours": 1}).json()

    assert body == {
        "since": "2026-03-02T08:30:00Z",
        "until": "2026-03-02T09:30:00Z",
        "total_runs": 0,
        "failed_runs": 0,
        "last_failed_at": None,
        "records_changed": 0,
        "credits_used": 0,
        "runs": [],
    }


def test_thinning_keeps_the_greatest_of_a_part_and_every_part_that_failed(api: Api) -> None:
    # Ten parts of six minutes: the runs of minutes 1 to 5 fall into the last one.
    for minutes_ago, changed in (
        (1, 7),
        (2, 90),
        (3, 8),
        *((minute, 1) for minute in range(20, 26)),
    ):
        add_ended_run(api, "completed", minutes_ago, records_changed=changed)
    failed = [add_ended_run(api, "failed", minutes_ago) for minutes_ago in (4, 5)]
    early = add_ended_run(api, "failed", 59)

    body = api.client.get("/api/sync-status/pulse", params={"hours": 1, "bars": 10}).json()

    assert body["total_runs"] == 12
    assert [
        (each["status"], each["records_changed"], each["stands_for"]) for each in body["runs"]
    ] == [
        ("failed", 0, 1),
        ("completed", 1, 1),
        ("completed", 1, 5),
        ("failed", 0, 2),
        ("completed", 90, 3),
    ]
    assert [body["runs"][bar]["id"] for bar in (0, 3)] == [str(early), str(failed[0])]


def test_runs_that_have_room_are_never_thinned_however_close(api: Api) -> None:
    ids = [add_ended_run(api, "completed", seconds_ago / 60) for seconds_ago in range(10, 0, -1)]

    body = api.client.get("/api/sync-status/pulse", params={"hours": 720, "bars": 10}).json()

    assert [(each["id"], each["stands_for"]) for each in body["runs"]] == [
        (str(session_id), 1) for session_id in ids
    ]


@pytest.mark.parametrize(
    ("field", "value"), [("hours", 0), ("hours", 721), ("bars", 9), ("bars", 1001)]
)
def test_pulse_of_a_size_that_is_not_offered_is_refused(api: Api, field: str, value: int) -> None:
    answer = api.client.get("/api/sync-status/pulse", params={field: value})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == f"query.{field}"


def _log(api: Api, session_id: object, line: str, at: datetime = START) -> None:
    api.sql(
        "INSERT INTO sync_status_log (session_id, timestamp, status, message, api_response)"
        " VALUES (%(id)s, %(at)s, 'completed', %(line)s, '{\"status\": 200}')",
        id=session_id,
        at=at,
        line=line,
    )
