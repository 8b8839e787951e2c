from datetime import timedelta
from uuid import UUID

import pytest

from support.api import START, Api
from support.api_rows import add_organisation, add_record, add_session

NIL = UUID(int=0)


def _ended(api: Api, status: str, minutes_ago: float, **columns: object) -> UUID:
    created = START - timedelta(minutes=minutes_ago)
    columns = {"started_at": created, "completed_at": created + timedelta(seconds=30), **columns}
    return add_session(api, "incremental", status, created_at=created, **columns)


def _spend(api: Api, operation: str, session_id: UUID, **columns: int) -> None:
    values = {"calls": 1, "credits": 1, "failures": 0, "latency_ms": 0, **columns}
    api.sql(
        "INSERT INTO credit_ledger (minute, operation, session_id, calls, credits, failures,"
        " latency_ms) VALUES (%(at)s, %(operation)s, %(session)s, %(calls)s, %(credits)s,"
        " %(failures)s, %(latency_ms)s)",
        at=START - timedelta(minutes=5),
        operation=operation,
        session=session_id,
        **values,
    )


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
        _ended(api, "completed", minutes_ago, records_processed=100, credits_used=5)
    failed = _ended(api, "failed", 50, records_processed=20, credits_used=10)
    _ended(api, "cancelled", 55)
    _ended(api, "failed", 61)
    add_session(api, "full_sync", "in_progress", created_at=START - timedelta(minutes=1))
    _spend(api, "get_records", failed, calls=8, credits=8, failures=2, latency_ms=800)
    _spend(api, "coql", NIL, calls=2, credits=6, latency_ms=100)
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
    }
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


def test_records_are_broken_down_by_status_without_those_deleted(api: Api) -> None:
    for record_id, status in enumerate(("synced", "synced", "pending", "conflict", "error"), 1):
        add_record(api, record_id, status)
    add_record(api, 6, presence="deleted")

    body = api.client.get("/api/sync-status/records").json()

    assert [(each["status"], each["count"]) for each in body["status_breakdown"]] == [
        ("synced", 2),
        ("pending", 1),
        ("conflict", 1),
        ("error", 1),
    ]
    assert all(each["description"] for each in body["status_breakdown"])
    assert (body["total_count"], body["synced_count"]) == (5, 2)


def test_history_pages_newest_first_and_filters(api: Api) -> None:
    ids = [_ended(api, "completed", minutes_ago) for minutes_ago in (1, 2, 3)]
    failed = _ended(api, "failed", 4, error_code="crm_unavailable", error_message="Away.")

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


def test_one_session_shows_its_whole_log_and_what_its_calls_cost(api: Api) -> None:
    session_id = _ended(api, "completed", 5, metadata={"plan": {"source": "pages"}})
    for line in ("First.", "Second."):
        api.sql(
            "INSERT INTO sync_status_log (session_id, timestamp, status, message, api_response)"
            " VALUES (%(id)s, %(at)s, 'completed', %(line)s, '{\"status\": 200}')",
            id=session_id,
            at=START,
            line=line,
        )
    _spend(api, "get_records", session_id, calls=4, credits=4, latency_ms=600)
    _spend(api, "coql", NIL)

    body = api.client.get(f"/api/sync-status/history/{session_id}").json()

    assert body["session"]["id"] == str(session_id)
    assert body["metadata"] == {"plan": {"source": "pages"}}
    assert [line["message"] for line in body["log"]] == ["First.", "Second."]
    assert body["log"][0]["api_response"] == {"status": 200}
    assert body["log_is_cut"] is False
    assert body["credit_use"] == [
        {
            "operation": "get_records",
            "calls": 4,
            "credits": 4,
            "failures": 0,
            "avg_latency_ms": 150.0,
        }
    ]
