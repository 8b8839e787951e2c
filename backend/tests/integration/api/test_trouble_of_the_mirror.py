"""What `status/current` says when the mirror does not get newer, and why."""

from datetime import timedelta

import pytest

from support.api import START, Api
from support.api_rows import add_organisation, add_session, connect_crm, load_fully

MINUTE = timedelta(minutes=1)


def ended(api: Api, status: str, minutes_ago: int, **columns: object) -> None:
    at = START - minutes_ago * MINUTE
    add_session(
        api, "incremental", status, created_at=at, started_at=at, completed_at=at, **columns
    )


def current(api: Api) -> dict[str, object]:
    body: dict[str, object] = api.client.get("/api/live-sync/status/current").json()
    return body


@pytest.fixture
def loaded(api: Api) -> Api:
    """A connected product whose last good run was 40 minutes ago."""
    connect_crm(api)
    load_fully(api)
    ended(api, "completed", 40)
    return api


def test_trouble_began_with_the_first_failure_since_the_last_good_run(loaded: Api) -> None:
    ended(loaded, "failed", 50, error_code="disk_full", error_message="An older failure.")
    problem = {"title": "CRM not reachable", "detail": "No answer.", "fix": "Check the network."}
    for minutes_ago in (25, 10):
        ended(
            loaded,
            "failed",
            minutes_ago,
            error_code="crm_unavailable",
            error_message="No answer. Check the network.",
            metadata={"error": problem},
        )

    body = current(loaded)

    assert (body["condition"], body["data_age"]) == ("failing", 2_400.0)
    assert body["trouble"] == {
        "since": "2026-03-02T09:05:00Z",
        "code": "crm_unavailable",
        **problem,
    }


def test_trouble_is_over_with_a_run_that_completes(loaded: Api) -> None:
    ended(loaded, "failed", 25, error_code="crm_unavailable", error_message="No answer.")
    ended(loaded, "completed", 10)

    body = current(loaded)

    assert (body["condition"], body["trouble"]) == ("in_sync", None)


def test_a_cancelled_run_is_no_trouble_and_mends_none(loaded: Api) -> None:
    ended(loaded, "cancelled", 30)
    assert current(loaded)["trouble"] is None

    ended(loaded, "failed", 20, error_code="disk_full", error_message="No room.")
    ended(loaded, "cancelled", 10)

    body = current(loaded)
    assert body["condition"] == "failing"
    assert body["last_run"]["status"] == "cancelled"  # type: ignore[index] # JSON
    assert body["trouble"] == {
        "since": "2026-03-02T09:10:00Z",
        "code": "disk_full",
        "title": "Sync failed",
        "detail": "No room.",
        "fix": None,
    }


def test_refused_sign_in_is_told_before_any_run_has_met_it(loaded: Api) -> None:
    loaded.sql(
        "UPDATE crm_connection SET refused_at = %(at)s, refusal = 'It was revoked (invalid_code).'",
        at=START - 2 * MINUTE,
    )

    body = current(loaded)

    assert (body["condition"], body["next_sync_hold"]) == ("failing", "sign_in_refused")
    assert body["trouble"] == {
        "since": "2026-03-02T09:28:00Z",
        "code": "sign_in_refused",
        "title": "Sign-in refused by the CRM",
        "detail": "It was revoked (invalid_code).",
        "fix": "Connect again in CRM Integration.",
    }


def test_data_older_than_two_intervals_is_stale_and_the_next_sync_late(loaded: Api) -> None:
    body = current(loaded)

    assert (body["condition"], body["late_by"]) == ("stale", 25 * 60)


def test_a_mirror_that_is_read_by_hand_only_is_paused(loaded: Api) -> None:
    loaded.client.put("/api/live-sync/configuration", json={"interval_minutes": None})

    body = current(loaded)

    assert (body["condition"], body["late_by"], body["interval_minutes"]) == ("paused", None, None)


def test_a_run_in_trouble_shows_that_it_runs_and_keeps_the_trouble(loaded: Api) -> None:
    ended(loaded, "failed", 20, error_code="disk_full", error_message="No room.")
    add_session(loaded, "incremental", "pending", created_at=START)

    body = current(loaded)

    assert body["condition"] == "syncing"
    assert body["trouble"] is not None
    assert body["next_sync_hold"] == "running"


def test_a_connected_product_that_has_loaded_nothing_says_so(api: Api) -> None:
    connect_crm(api)

    assert current(api)["condition"] == "never_synced"


def test_scheduled_syncs_say_from_when_on_their_share_is_back(loaded: Api) -> None:
    add_organisation(loaded, "Free", users=3)
    loaded.client.put("/api/live-sync/configuration", json={"scheduled_share": 0.6})
    # 60 % of 5,000 are 3,000.
    for hours_ago, spent in ((20, 1_000), (2, 2_500)):
        loaded.sql(
            "INSERT INTO credit_ledger (minute, operation, session_id, calls, credits)"
            " VALUES (%(at)s, 'coql', '00000000-0000-0000-0000-000000000000', 1, %(credits)s)",
            at=START - timedelta(hours=hours_ago),
            credits=spent,
        )

    body = current(loaded)

    assert body["credits"] == {
        "used": 3_500,
        "limit": 5_000,
        "remaining": 1_500,
        "resets_gradually": True,
        "scheduled_share": 0.6,
        "scheduled_from": "2026-03-02T13:30:00Z",
    }
    assert body["next_sync_hold"] == "budget_spent"
