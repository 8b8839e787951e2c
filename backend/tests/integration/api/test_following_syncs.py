from datetime import timedelta
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from support.api import START, Api
from support.api_rows import (
    add_change,
    add_organisation,
    add_record,
    add_session,
    connect_crm,
    load_fully,
)


def test_status_before_anything_was_synced_promises_nothing(api: Api) -> None:
    assert api.client.get("/api/live-sync/status/current").json() == {
        "condition": "not_connected",
        "is_syncing": False,
        "session_id": None,
        "status": "never_synced",
        "error_code": None,
        "error_message": None,
        "running": None,
        "last_run": None,
        "trouble": None,
        "last_sync_at": None,
        "total_records_synced": 0,
        "new_records_today": 0,
        "api_calls_today": 0,
        "credits": {
            "used": 0,
            "limit": None,
            "remaining": None,
            "resets_gradually": True,
            "scheduled_share": 0.8,
            "scheduled_from": None,
        },
        "data_at": None,
        "data_age": None,
        "late_by": None,
        "interval_minutes": 15,
        "mode": "bidirectional",
        "next_sync_at": None,
        "next_sync_in": None,
        "next_sync_hold": "not_connected",
        "next_sync_reason": "No CRM is connected.",
        "pending_changes": 0,
        "oldest_pending_at": None,
        "conflicts": 0,
    }


def test_status_counts_records_calls_and_credits_of_the_organisation(api: Api) -> None:
    connect_crm(api)
    load_fully(api)
    # 09:30 UTC on 2 March is 17:30 in Singapore, whose day began at 16:00 UTC on 1 March.
    add_organisation(api, "Enterprise", users=20, zone="Asia/Singapore")
    add_record(api, 1)
    add_record(api, 2, crm_created_at=START - timedelta(hours=17))
    add_record(api, 3, "pending")
    add_change(api, 3, "Amount", created_at=START - timedelta(minutes=2))
    # An edit of a field whose predecessor is on its way counts with it as one.
    add_change(api, 3, "Stage", "sent", created_at=START - timedelta(minutes=3, seconds=50))
    add_change(api, 3, "Stage", created_at=START - timedelta(minutes=1))
    add_record(api, 4, "conflict", crm_created_at=START - timedelta(hours=18))
    add_change(api, 4, "Stage", "conflict", created_at=START - timedelta(hours=5))
    add_change(api, 4, "Amount", "conflict", is_skipped=True)
    add_change(api, 4, "Deal_Name", "error")
    add_record(api, 5, presence="deleted", crm_created_at=START - timedelta(hours=1))
    session_id = add_session(
        api,
        "incremental",
        "completed",
        created_at=START - timedelta(minutes=6),
        started_at=START - timedelta(minutes=5),
        completed_at=START - timedelta(minutes=4),
        records_processed=21,
        records_changed=18,
        api_calls_made=2,
        credits_used=3,
        requested_by="Priya Raghunathan",
    )
    for hours_ago, calls, spent in ((1, 3, 5), (17, 2, 2), (18, 4, 4), (25, 100, 100)):
        api.sql(
            "INSERT INTO credit_ledger (minute, operation, session_id, calls, credits)"
            " VALUES (%(at)s, 'coql', %(session)s, %(calls)s, %(credits)s)",
            at=START - timedelta(hours=hours_ago),
            session=session_id,
            calls=calls,
            credits=spent,
        )

    assert api.client.get("/api/live-sync/status/current").json() == {
        "condition": "in_sync",
        "is_syncing": False,
        "session_id": None,
        "status": "completed",
        "error_code": None,
        "error_message": None,
        "running": None,
        "last_run": {
            "session_id": str(session_id),
            "sync_type": "incremental",
            "status": "completed",
            "requested_by": "Priya Raghunathan",
            "started_at": "2026-03-02T09:25:00Z",
            "completed_at": "2026-03-02T09:26:00Z",
            "duration_s": 60.0,
            "records_processed": 21,
            "records_changed": 18,
            "api_calls_made": 2,
            "credits_used": 3,
        },
        "trouble": None,
        "last_sync_at": "2026-03-02T09:26:00Z",
        "total_records_synced": 4,
        "new_records_today": 1,
        "api_calls_today": 5,
        "credits": {
            "used": 11,
            "limit": 70000,
            "remaining": 69989,
            "resets_gradually": True,
            "scheduled_share": 0.8,
            "scheduled_from": None,
        },
        "data_at": "2026-03-02T09:25:00Z",
        "data_age": 300.0,
        "late_by": None,
        "interval_minutes": 15,
        "mode": "bidirectional",
        "next_sync_at": "2026-03-02T09:40:00Z",
        "next_sync_in": 600.0,
        "next_sync_hold": None,
        "next_sync_reason": None,
        "pending_changes": 2,
        "oldest_pending_at": "2026-03-02T09:26:10Z",
        "conflicts": 1,
    }


def test_status_says_why_the_last_sync_failed(api: Api) -> None:
    add_session(
        api,
        "incremental",
        "failed",
        completed_at=START,
        error_code="disk_full",
        error_message="PostgreSQL has no room left. Make room.",
    )

    body = api.client.get("/api/live-sync/status/current").json()

    assert (body["status"], body["error_code"], body["error_message"]) == (
        "failed",
        "disk_full",
        "PostgreSQL has no room left. Make room.",
    )


def test_reading_of_the_crm_corrects_the_ledger(api: Api) -> None:
    add_organisation(api, "Free", users=3)
    # The CRM said two hours ago that 1,000 of 5,000 are left: others spend too.
    api.sql(
        "INSERT INTO credit_readings (id, remaining, read_at) VALUES (1, 1000, %(at)s)",
        at=START - timedelta(hours=2),
    )
    for hours_ago, spent in ((25, 30), (3, 500), (1, 20)):
        api.sql(
            "INSERT INTO credit_ledger (minute, operation, session_id, calls, credits)"
            " VALUES (%(at)s, 'coql', '00000000-0000-0000-0000-000000000000', 1, %(credits)s)",
            at=START - timedelta(hours=hours_ago),
            credits=spent,
        )

    credits_now = api.client.get("/api/live-sync/status/current").json()["credits"]

    # 4,000 counted then, 30 have come back since, 20 were spent since.
    assert (credits_now["used"], credits_now["remaining"]) == (3990, 1010)


def test_running_session_shows_progress_rate_and_time_left(api: Api) -> None:
    session_id = add_session(
        api,
        "full_sync",
        "in_progress",
        started_at=START - timedelta(seconds=10),
        records_processed=2000,
        records_total=5000,
        api_calls_made=3,
        credits_used=7,
        metadata={
            "plan": {"source": "coql", "reason": "fewest seconds"},
            "load": {"source": "coql", "slices": [[None, 9], [9, None]], "records": 5000},
            "resumed_from": "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11",
        },
        checkpoint={"slice 1": {"after": 9, "rows": 1500, "done": False}},
        requested_by="Priya Raghunathan",
    )
    for second, step, message, count in (
        (1.0, "plan", "COQL, 2 parallel slices", None),
        (1.5, "slice 1", "500 of 2,500 loaded", 500),
        (2.0, "slice 1", "1,500 of 2,500 loaded", 1000),
    ):
        api.sql(
            "INSERT INTO sync_status_log"
            " (session_id, timestamp, step, status, message, record_count)"
            " VALUES (%(id)s, %(at)s, %(step)s, 'in_progress', %(message)s, %(count)s)",
            id=session_id,
            at=START - timedelta(seconds=10 - second),
            step=step,
            message=message,
            count=count,
        )
    api.sql(
        "INSERT INTO sync_status_log (session_id, timestamp, step, status, message, api_response)"
        " VALUES (%(id)s, %(at)s, 'slice 2', 'waited', 'CRM answered 429.', %(answer)s)",
        id=session_id,
        at=START - timedelta(seconds=9.25),
        answer=Jsonb({"status": 429, "wait_s": 1.2}),
    )

    detail = api.client.get(f"/api/live-sync/status/{session_id}").json()

    rates = detail.pop("rate_over_time")
    assert (rates["window_s"], len(rates["samples"])) == (1.0, 40)
    assert [point for point in rates["samples"] if point["rate"]] == [
        {"at_s": 1.75, "rate": 500.0},
        {"at_s": 2.0, "rate": 500.0},
        {"at_s": 2.25, "rate": 1500.0},
        {"at_s": 2.5, "rate": 1500.0},
        {"at_s": 2.75, "rate": 1000.0},
        {"at_s": 3.0, "rate": 1000.0},
    ]
    assert rates["waits"] == [{"at_s": 0.75, "wait_s": 1.2, "http_status": 429, "step": "slice 2"}]
    assert detail == {
        "session": {
            "id": str(session_id),
            "module": "Deals",
            "sync_type": "full_sync",
            "status": "in_progress",
            "started_at": "2026-03-02T09:29:50Z",
            "completed_at": None,
            "progress_percentage": 40.0,
            "records_processed": 2000,
            "records_total": 5000,
            "records_changed": 0,
            "api_calls_made": 3,
            "credits_used": 7,
            "rate": 200.0,
            "seconds_left": 15.0,
            "plan": {"source": "coql", "reason": "fewest seconds"},
            "requested_by": "Priya Raghunathan",
            "resumed_from": "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11",
            "cancel_requested_at": None,
            "error_code": None,
            "error_message": None,
        },
        "slices": [
            {"key": "slice 1", "loaded": 1500, "total": 2500, "is_done": False},
            {"key": "slice 2", "loaded": 0, "total": 2500, "is_done": False},
        ],
        "recent_activity": [
            {
                "timestamp": "2026-03-02T09:29:52Z",
                "step": "slice 1",
                "status": "in_progress",
                "message": "1,500 of 2,500 loaded",
                "record_count": 1000,
            },
            {
                "timestamp": "2026-03-02T09:29:51.500000Z",
                "step": "slice 1",
                "status": "in_progress",
                "message": "500 of 2,500 loaded",
                "record_count": 500,
            },
            {
                "timestamp": "2026-03-02T09:29:51Z",
                "step": "plan",
                "status": "in_progress",
                "message": "COQL, 2 parallel slices",
                "record_count": None,
            },
            {
                "timestamp": "2026-03-02T09:29:50.750000Z",
                "step": "slice 2",
                "status": "waited",
                "message": "CRM answered 429.",
                "record_count": None,
            },
        ],
    }
    current = api.client.get("/api/live-sync/status/current").json()
    assert (current["is_syncing"], current["session_id"], current["status"]) == (
        True,
        str(session_id),
        "in_progress",
    )
    assert current["running"] == {
        "session_id": str(session_id),
        "sync_type": "full_sync",
        "status": "in_progress",
        "requested_by": "Priya Raghunathan",
        "started_at": "2026-03-02T09:29:50Z",
        "records_processed": 2000,
        "records_total": 5000,
        "progress_percentage": 40.0,
        "rate": 200.0,
        "seconds_left": 15.0,
        "is_stopping": False,
    }


def test_running_session_shows_what_its_calls_have_cost_before_its_first_batch(api: Api) -> None:
    started = START - timedelta(seconds=10)
    running = add_session(api, "full_sync", "in_progress", started_at=started)
    other = add_session(api, "incremental", "completed", completed_at=START, credits_used=2)
    for session_id, minute, calls, spent in (
        (running, "09:29", 1, 3),
        (running, "09:30", 4, 12),
        (other, "09:30", 50, 60),
    ):
        api.sql(
            "INSERT INTO credit_ledger (minute, operation, session_id, calls, credits)"
            " VALUES (%(at)s::timestamptz, 'coql', %(session)s, %(calls)s, %(credits)s)",
            at=f"2026-03-02T{minute}Z",
            session=session_id,
            calls=calls,
            credits=spent,
        )

    spent_by = {
        each: api.client.get(f"/api/live-sync/status/{each}").json()["session"]
        for each in (running, other)
    }

    assert (spent_by[running]["api_calls_made"], spent_by[running]["credits_used"]) == (5, 15)
    assert (spent_by[other]["api_calls_made"], spent_by[other]["credits_used"]) == (0, 2)


def test_unknown_session_is_a_404_everywhere(api: Api) -> None:
    missing = uuid4()
    answers = [
        api.client.get(f"/api/live-sync/status/{missing}"),
        api.client.get(f"/api/sync-status/history/{missing}"),
        api.client.post(f"/api/live-sync/sessions/{missing}/cancel"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (404, "session_not_found")
    ] * 3


def test_waiting_session_is_cancelled_at_once_and_makes_room(api: Api) -> None:
    connect_crm(api)
    session_id = api.client.post("/api/live-sync/sync/full").json()["session_id"]

    answer = api.client.post(f"/api/live-sync/sessions/{session_id}/cancel")

    assert (answer.status_code, answer.json()["status"]) == (202, "cancelled")
    assert api.sql("SELECT status, completed_at FROM crm_sync_sessions") == [("cancelled", START)]
    assert api.client.post("/api/live-sync/sync/full").status_code == 202


def test_running_session_is_asked_to_stop_once_and_goes_on_till_its_next_batch(api: Api) -> None:
    session_id = add_session(api, "full_sync", "in_progress", started_at=START)

    answers = []
    for _ in range(2):
        answers.append(api.client.post(f"/api/live-sync/sessions/{session_id}/cancel"))
        api.clock.advance(seconds=5)

    assert [each.json()["status"] for each in answers] == ["in_progress", "in_progress"]
    assert api.sql("SELECT status, cancel_requested_at FROM crm_sync_sessions") == [
        ("in_progress", START)
    ]
    [(who,)] = api.sql("SELECT user_name FROM audit_log WHERE action = 'sync.cancelled'")
    assert api.sql("SELECT step, message FROM sync_status_log") == [
        ("cancelled", f"{who} asked to stop.")
    ]


def test_session_that_has_ended_cannot_be_cancelled(api: Api) -> None:
    session_id = add_session(api, "full_sync", "failed", started_at=START, completed_at=START)

    answer = api.client.post(f"/api/live-sync/sessions/{session_id}/cancel")

    assert (answer.status_code, answer.json()["code"]) == (409, "session_ended")
    assert answer.json()["session_status"] == "failed"


def test_configuration_is_stored_and_shown(api: Api) -> None:
    assert api.client.get("/api/live-sync/configuration").json() == {
        "interval_minutes": 15,
        "mode": "bidirectional",
        "scheduled_share": 0.8,
    }
    wanted = {"interval_minutes": None, "mode": "crm_to_local", "scheduled_share": 0.5}

    assert api.client.put("/api/live-sync/configuration", json=wanted).json() == wanted
    assert api.client.get("/api/live-sync/configuration").json() == wanted


def test_what_is_left_out_of_a_change_stays_and_only_changes_are_audited(api: Api) -> None:
    path = "/api/live-sync/configuration"
    assert api.client.put(path, json={"interval_minutes": None}).status_code == 200

    assert api.client.put(path, json={"scheduled_share": 0.6}).json() == {
        "interval_minutes": None,
        "mode": "bidirectional",
        "scheduled_share": 0.6,
    }
    assert api.client.put(path, json={"scheduled_share": 0.6}).status_code == 200
    assert api.sql(
        "SELECT before, after FROM audit_log WHERE action = 'sync.configuration.changed'"
        " ORDER BY at"
    ) == [
        ({"interval_minutes": 15}, {"interval_minutes": None}),
        ({"scheduled_share": 0.8}, {"scheduled_share": 0.6}),
    ]


@pytest.mark.parametrize("share", [0, 1.01])
def test_share_that_is_none_of_the_day_is_refused(api: Api, share: float) -> None:
    answer = api.client.put("/api/live-sync/configuration", json={"scheduled_share": share})

    assert answer.status_code == 422
    assert [entry["field"] for entry in answer.json()["errors"]] == ["body.scheduled_share"]


def test_interval_that_is_not_offered_is_refused(api: Api) -> None:
    answer = api.client.put(
        "/api/live-sync/configuration", json={"interval_minutes": 20, "mode": "bidirectional"}
    )

    assert answer.status_code == 422
    assert [entry["field"] for entry in answer.json()["errors"]] == ["body.interval_minutes"]
