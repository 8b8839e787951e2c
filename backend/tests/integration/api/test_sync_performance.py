"""Performance over time: parts that add up to what health tells of the same range."""

from datetime import timedelta

import pytest

from support.api import START, Api
from support.api_rows import add_organisation
from support.runs import NIL, add_ended_run, spend

EMPTY = {
    "runs": 0,
    "completed": 0,
    "failed": 0,
    "avg_sync_time": None,
    "records_per_minute": None,
    "api_efficiency": None,
    "calls": 0,
    "failed_calls": 0,
    "error_rate": None,
    "avg_latency_ms": None,
    "credits": 0,
}


@pytest.mark.parametrize(
    ("wanted", "parts", "seconds"),
    [("1h", 12, 300), ("24h", 24, 3600), ("7d", 28, 21600), ("30d", 30, 86400)],
)
def test_a_range_without_runs_has_all_its_parts_and_they_are_empty(
    api: Api, wanted: str, parts: int, seconds: int
) -> None:
    body = api.client.get("/api/sync-status/performance", params={"range": wanted}).json()

    assert (body["range"], body["part_seconds"], len(body["parts"])) == (wanted, seconds, parts)
    assert body["total"] == EMPTY
    assert body["parts"][0] == {
        **EMPTY,
        "since": f"{START - timedelta(seconds=seconds * parts):%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{START - timedelta(seconds=seconds * (parts - 1)):%Y-%m-%dT%H:%M:%SZ}",
        "credits_24h": 0,
    }
    assert body["parts"][-1]["until"] == "2026-03-02T09:30:00Z"
    assert (body["used_24h"], body["limit_24h"], body["remaining_24h"]) == (0, None, None)


def test_each_part_sums_up_its_own_runs_and_calls(api: Api) -> None:
    add_organisation(api, "Professional", users=4)
    for minutes_ago, records in ((12, 100), (14, 300)):
        add_ended_run(api, "completed", minutes_ago, records_processed=records, credits_used=10)
    failed = add_ended_run(api, "failed", 1, records_processed=20, credits_used=5)
    add_ended_run(api, "failed", 61)
    at = START - timedelta(minutes=12)
    spend(api, "records.list", NIL, at, calls=8, credits=8, failures=2, latency_ms=800)
    spend(api, "coql.query", NIL, at, calls=2, credits=6, latency_ms=100)
    spend(api, "records.list", failed, START - timedelta(minutes=1), calls=5, credits=5, failures=5)

    body = api.client.get("/api/sync-status/performance", params={"range": "1h"}).json()

    assert body["parts"][9] == {
        "since": "2026-03-02T09:15:00Z",
        "until": "2026-03-02T09:20:00Z",
        "runs": 2,
        "completed": 2,
        "failed": 0,
        "avg_sync_time": 30.0,
        "records_per_minute": 400.0,
        "api_efficiency": 20.0,
        "calls": 10,
        "failed_calls": 2,
        "error_rate": 0.2,
        "avg_latency_ms": 90.0,
        "credits": 14,
        "credits_24h": 14,
    }
    assert body["parts"][11] == {
        "since": "2026-03-02T09:25:00Z",
        "until": "2026-03-02T09:30:00Z",
        "runs": 1,
        "completed": 0,
        "failed": 1,
        "avg_sync_time": None,
        "records_per_minute": None,
        "api_efficiency": 4.0,
        "calls": 5,
        "failed_calls": 5,
        "error_rate": 1.0,
        "avg_latency_ms": 0.0,
        "credits": 5,
        "credits_24h": 19,
    }
    assert body["total"] == {
        "runs": 3,
        "completed": 2,
        "failed": 1,
        "avg_sync_time": 30.0,
        "records_per_minute": 400.0,
        "api_efficiency": 16.8,
        "calls": 15,
        "failed_calls": 7,
        "error_rate": 7 / 15,
        "avg_latency_ms": 60.0,
        "credits": 19,
    }
    assert (body["used_24h"], body["limit_24h"], body["remaining_24h"]) == (19, 52000, 51981)


@pytest.mark.parametrize("wanted", ["1h", "24h", "7d", "30d"])
def test_the_parts_add_up_to_what_health_tells_of_the_range(api: Api, wanted: str) -> None:
    for hours_ago in (0.2, 3, 30, 200, 600, 800):
        add_ended_run(api, "completed", hours_ago * 60, records_processed=50, credits_used=4)
        spend(api, "records.list", at=START - timedelta(hours=hours_ago), calls=3, credits=4)

    body = api.client.get("/api/sync-status/performance", params={"range": wanted}).json()
    health = api.client.get("/api/sync-status/health", params={"range": wanted}).json()

    assert body["total"]["runs"] == health["sync_statistics"]["total_sessions"] > 0
    assert body["total"]["credits"] == health["api_usage"]["credits"]
    for figure in ("runs", "calls", "credits"):
        assert sum(part[figure] for part in body["parts"]) == body["total"][figure]
    for figure in ("avg_sync_time", "records_per_minute", "api_efficiency"):
        assert body["total"][figure] == health["sync_statistics"][figure]


def test_credits_count_for_24_hours_and_then_come_back(api: Api) -> None:
    spend(api, "records.list", at=START - timedelta(hours=30.5), credits=100)
    spend(api, "records.list", at=START - timedelta(hours=9.5), credits=7)

    day = api.client.get("/api/sync-status/performance").json()["parts"]

    # What was spent 30.5 hours ago had come back by the end of the part of 5.5 hours ago.
    assert [part["credits_24h"] for part in day] == [100] * 14 + [107] * 3 + [7] * 7
    assert sum(part["credits"] for part in day) == 7


def test_a_row_that_is_ahead_of_our_clock_counts_in_the_last_part(api: Api) -> None:
    add_ended_run(api, "completed", -0.01)

    body = api.client.get("/api/sync-status/performance").json()

    assert [part["runs"] for part in body["parts"]] == [0] * 23 + [1]
