from datetime import timedelta
from uuid import uuid4

from support.api import START, Api
from support.api_rows import add_organisation, add_record, add_session, connect_crm, load_fully


def test_status_before_anything_was_synced_promises_nothing(api: Api) -> None:
    assert api.client.get("/api/live-sync/status/current").json() == {
        "is_syncing": False,
        "session_id": None,
        "status": "never_synced",
        "error_code": None,
        "error_message": None,
        "last_sync_at": None,
        "total_records_synced": 0,
        "new_records_today": 0,
        "api_calls_today": 0,
        "credits": {"used": 0, "limit": None, "remaining": None, "resets_gradually": True},
        "data_age": None,
        "next_sync_in": None,
        "next_sync_reason": "No CRM is connected.",
        "pending_changes": 0,
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
    add_record(api, 4, "conflict", crm_created_at=START - timedelta(hours=18))
    add_record(api, 5, presence="deleted", crm_created_at=START - timedelta(hours=1))
    session_id = add_session(
        api,
        "incremental",
        "completed",
        created_at=START - timedelta(minutes=6),
        started_at=START - timedelta(minutes=5),
        completed_at=START - timedelta(minutes=4),
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
        "is_syncing": False,
        "session_id": None,
        "status": "completed",
        "error_code": None,
        "error_message": None,
        "last_sync_at": "2026-03-02T09:26:00Z",
        "total_records_synced": 4,
        "new_records_today": 1,
        "api_calls_today": 5,
        "credits": {"used": 11, "limit": 70000, "remaining": 69989, "resets_gradually": True},
        "data_age": 300.0,
        "next_sync_in": 600.0,
        "next_sync_reason": None,
        "pending_changes": 1,
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
        metadata={"plan": {"source": "coql", "reason": "fewest seconds"}},
    )
    for second, message in ((1, "Loading."), (2, "2,000 loaded.")):
        api.sql(
            "INSERT INTO sync_status_log (session_id, timestamp, status, message, record_count)"
            " VALUES (%(id)s, %(at)s, 'in_progress', %(message)s, %(count)s)",
            id=session_id,
            at=START - timedelta(seconds=10 - second),
            message=message,
            count=second * 1000,
        )

    assert api.client.get(f"/api/live-sync/status/{session_id}").json() == {
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
            "cancel_requested_at": None,
            "error_code": None,
            "error_message": None,
        },
        "recent_activity": [
            {
                "timestamp": "2026-03-02T09:29:52Z",
                "status": "in_progress",
                "message": "2,000 loaded.",
                "record_count": 2000,
            },
            {
                "timestamp": "2026-03-02T09:29:51Z",
                "status": "in_progress",
                "message": "Loading.",
                "record_count": 1000,
            },
        ],
    }
    current = api.client.get("/api/live-sync/status/current").json()
    assert (current["is_syncing"], current["session_id"], current["status"]) == (
        True,
        str(session_id),
        "in_progress",
    )


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
    assert api.sql("SELECT message FROM sync_status_log") == [("Asked to stop.",)]


def test_session_that_has_ended_cannot_be_cancelled(api: Api) -> None:
    session_id = add_session(api, "full_sync", "failed", started_at=START, completed_at=START)

    answer = api.client.post(f"/api/live-sync/sessions/{session_id}/cancel")

    assert (answer.status_code, answer.json()["code"]) == (409, "session_ended")
    assert answer.json()["session_status"] == "failed"


def test_configuration_is_stored_and_shown(api: Api) -> None:
    assert api.client.get("/api/live-sync/configuration").json() == {
        "interval_minutes": 15,
        "mode": "bidirectional",
    }
    wanted = {"interval_minutes": None, "mode": "crm_to_local"}

    assert api.client.put("/api/live-sync/configuration", json=wanted).json() == wanted
    assert api.client.get("/api/live-sync/configuration").json() == wanted


def test_interval_that_is_not_offered_is_refused(api: Api) -> None:
    answer = api.client.put(
        "/api/live-sync/configuration", json={"interval_minutes": 20, "mode": "bidirectional"}
    )

    assert answer.status_code == 422
    assert [entry["field"] for entry in answer.json()["errors"]] == ["body.interval_minutes"]
