from datetime import timedelta

import pytest
from psycopg.types.json import Jsonb

from support.api import START, Api
from support.api_rows import add_organisation, add_record, add_session
from support.runs import NIL, add_ended_run, spend


def test_health_without_sessions_is_unknown(api: Api) -> None:
    body = api.client.get("/api/sync-status/health").json()

    assert (body["overall_health"], body["success_rate"]) == ("unknown", "unknown")
    assert body["sync_statistics"] == {
        "total_sessions": 0,
        "successful_sessions": 0,
        "failed_sessions": 0,
        "avg_sync_time": None,
        "records_per_minute": None,
        "api_efficiency": None,
    }


def test_health_sums_up_the_sessions_of_the_range(api: Api) -> None:
    add_organisation(api, "Professional", users=4)
    for minutes_ago in (10, 20, 30, 40):
        add_ended_run(api, "completed", minutes_ago, records_processed=100, credits_used=5)
    failed = add_ended_run(api, "failed", 50, records_processed=20, credits_used=10)
    add_ended_run(api, "cancelled", 55)
    add_ended_run(api, "failed", 61)
    add_session(api, "full_sync", "in_progress", created_at=START - timedelta(minutes=1))
    spend(api, "get_records", failed, calls=8, credits=8, failures=2, latency_ms=800)
    spend(api, "coql", NIL, calls=2, credits=6, latency_ms=100)
    add_record(api, 1)
    add_record(api, 2, "error", presence="invisible")
    add_record(api, 3, presence="deleted")

    hour = api.client.get("/api/sync-status/health", params={"range": "1h"}).json()
    day = api.client.get("/api/sync-status/health").json()

    assert hour["success_rate"] == 0.8
    assert hour["overall_health"] == "degraded"
    assert hour["sync_statistics"] == {
        "total_sessions": 7,
        "successful_sessions": 4,
        "failed_sessions": 1,
        "avg_sync_time": 30.0,
        "records_per_minute": 200.0,
        "api_efficiency": 14.0,
    }
    assert hour["record_status"] == {
        "total_count": 2,
        "synced_count": 1,
        "pending_count": 0,
        "conflict_count": 0,
        "error_count": 1,
        "oldest_pending_at": None,
        "oldest_conflict_at": None,
        "oldest_error_at": "2026-03-01T09:30:00Z",
    }
    assert (hour["since"], hour["until"]) == ("2026-03-02T08:30:00Z", "2026-03-02T09:30:00Z")
    assert hour["api_usage"] == {
        "calls": 10,
        "credits": 14,
        "failures": 2,
        "error_rate": 0.2,
        "by_operation": [
            {
                "operation": "get_records",
                "calls": 8,
                "credits": 8,
                "failures": 2,
                "avg_latency_ms": 100.0,
            },
            {
                "operation": "coql",
                "calls": 2,
                "credits": 6,
                "failures": 0,
                "avg_latency_ms": 50.0,
            },
        ],
        "used_24h": 14,
        "limit_24h": 52000,
        "remaining_24h": 51986,
    }
    assert len(hour["recent_sessions"]) == 7
    assert hour["recent_sessions"][0]["status"] == "in_progress"
    assert (day["sync_statistics"]["failed_sessions"], day["overall_health"]) == (2, "unhealthy")


@pytest.mark.parametrize(
    ("completed", "failed", "expected"),
    [(95, 5, "healthy"), (94, 6, "degraded"), (80, 20, "degraded"), (79, 21, "unhealthy")],
)
def test_health_is_judged_by_the_share_of_successful_sessions(
    api: Api, completed: int, failed: int, expected: str
) -> None:
    api.sql(
        "INSERT INTO crm_sync_sessions (module, sync_type, status, created_at)"
        " SELECT 'Deals', 'incremental',"
        " CASE WHEN n <= %(completed)s THEN 'completed' ELSE 'failed' END, %(at)s"
        " FROM generate_series(1, %(all)s) n",
        completed=completed,
        all=completed + failed,
        at=START,
    )

    assert api.client.get("/api/sync-status/health").json()["overall_health"] == expected


def test_range_that_is_not_offered_is_refused(api: Api) -> None:
    answer = api.client.get("/api/sync-status/health", params={"range": "2h"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.range"


def test_records_are_broken_down_by_status_without_tombstones_that_agree(api: Api) -> None:
    for record_id, status in enumerate(("synced", "synced", "pending", "conflict", "error"), 1):
        add_record(api, record_id, status)
    add_record(api, 6, presence="deleted")
    add_record(api, 7, "conflict", presence="deleted")

    body = api.client.get("/api/sync-status/records").json()

    assert [(each["status"], each["count"]) for each in body["status_breakdown"]] == [
        ("synced", 2),
        ("pending", 1),
        ("conflict", 2),
        ("error", 1),
    ]
    assert [each["description"] for each in body["status_breakdown"]] == [
        "Both sides hold the same values",
        "Edited locally, on its way to the CRM",
        "Both sides changed the same field. Someone decides",
        "The CRM refused the change, or the record may no longer be seen",
    ]
    assert (body["total_count"], body["synced_count"]) == (6, 2)


def test_each_status_tells_since_when_its_oldest_record_has_it(api: Api) -> None:
    minutes = {1: 5, 2: 3, 3: 90, 4: 200, 5: 10}
    ago = {record: START - timedelta(minutes=passed) for record, passed in minutes.items()}
    add_record(api, 1, "pending", local_modified_at=ago[1])
    add_record(api, 2, "pending", local_modified_at=ago[2])
    add_record(api, 3, "conflict", local_modified_at=ago[4], crm_modified_at=ago[3])
    add_record(api, 4, "error", presence="invisible", gone_at=ago[4])
    add_record(api, 5, "error", local_modified_at=ago[5])

    body = api.client.get("/api/sync-status/records").json()

    assert body["oldest_pending_at"] == "2026-03-02T09:25:00Z"
    assert body["oldest_conflict_at"] == "2026-03-02T08:00:00Z"
    assert body["oldest_error_at"] == "2026-03-02T06:10:00Z"


def test_records_that_are_not_in_sync_come_oldest_first_with_name_and_reason(api: Api) -> None:
    def ago(minutes: int) -> object:
        return START - timedelta(minutes=minutes)

    add_record(api, 1)
    add_record(api, 2, "pending", local_modified_at=ago(4))
    add_record(
        api, 3, "conflict", local_modified_at=ago(60), conflict_fields=Jsonb({"Stage": {}, "B": {}})
    )
    add_record(
        api,
        554023000000235001,
        "error",
        presence="invisible",
        gone_at=ago(180),
        error_details="Merged.",
    )
    add_record(api, 5, "error", local_modified_at=ago(30))
    add_record(api, 6, presence="deleted")
    add_record(
        api,
        7,
        "conflict",
        presence="deleted",
        local_modified_at=ago(90),
        error_details="Deleted in the CRM, and edited here: Stage",
    )
    api.sql(
        "INSERT INTO deals (id, name, crm_modified_at) VALUES (2, 'Smart metering', %(at)s)",
        at=START,
    )

    whole = api.client.get("/api/sync-status/records/out-of-sync").json()
    second = api.client.get(
        "/api/sync-status/records/out-of-sync", params={"limit": 1, "offset": 1}
    ).json()
    errors = api.client.get(
        "/api/sync-status/records/out-of-sync", params={"status": ["error", "conflict"]}
    ).json()

    assert whole == {
        "count": 5,
        "items": [
            {
                "record_id": "554023000000235001",
                "name": None,
                "status": "error",
                "presence": "invisible",
                "reason": "Merged.",
                "since": "2026-03-02T06:30:00Z",
            },
            {
                "record_id": "7",
                "name": None,
                "status": "conflict",
                "presence": "deleted",
                "reason": "Deleted in the CRM, and edited here: Stage",
                "since": "2026-03-02T08:00:00Z",
            },
            {
                "record_id": "3",
                "name": None,
                "status": "conflict",
                "presence": "live",
                "reason": "Changed on both sides: B, Stage",
                "since": "2026-03-02T08:30:00Z",
            },
            {
                "record_id": "5",
                "name": None,
                "status": "error",
                "presence": "live",
                "reason": "The CRM refused the change, or the record may no longer be seen",
                "since": "2026-03-02T09:00:00Z",
            },
            {
                "record_id": "2",
                "name": "Smart metering",
                "status": "pending",
                "presence": "live",
                "reason": "Edited locally, on its way to the CRM",
                "since": "2026-03-02T09:26:00Z",
            },
        ],
        "limit": 50,
        "offset": 0,
        "has_more": False,
    }
    assert ([each["record_id"] for each in second["items"]], second["has_more"]) == (["7"], True)
    assert [each["record_id"] for each in errors["items"]] == ["554023000000235001", "7", "3", "5"]


def test_synced_is_no_way_of_being_out_of_sync(api: Api) -> None:
    answer = api.client.get("/api/sync-status/records/out-of-sync", params={"status": "synced"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("query.status")
