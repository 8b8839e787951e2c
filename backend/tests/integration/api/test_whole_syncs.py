"""Syncs from the click to the mirror: the API, the engine and a running CRM."""

import pytest

from support.api import HandClock, served
from support.simulator import SimulatorHandle
from support.synced import Synced, crm_settings


def test_full_sync_ends_complete_with_its_plan_and_its_credits(synced: Synced) -> None:
    client = synced.api.client
    [summary] = client.get("/api/sync-status/history").json()["items"]
    session = client.get(f"/api/live-sync/status/{summary['id']}").json()["session"]
    history = client.get(f"/api/sync-status/history/{summary['id']}").json()

    assert (session["status"], session["progress_percentage"]) == ("completed", 100.0)
    assert (session["records_processed"], session["records_total"]) == (60, 60)
    assert session["plan"]["reason"]
    assert session["api_calls_made"] > 0
    assert sum(use["calls"] for use in history["credit_use"]) == session["api_calls_made"]
    assert sum(use["credits"] for use in history["credit_use"]) == session["credits_used"]
    # The test runs the session itself: no worker is there, and the log says so.
    assert [line["message"].partition(":")[0] for line in history["log"]][:2] == [
        "No worker is alive",
        "Started.",
    ]
    assert history["log"][-1]["status"] == "completed"


def test_mirror_holds_what_the_crm_holds(synced: Synced) -> None:
    client = synced.api.client

    assert client.get("/api/sync-status/records").json()["synced_count"] == 60
    assert client.get("/api/live-sync/status/current").json()["total_records_synced"] == 60


def test_quick_sync_brings_edits_and_deletions(synced: Synced) -> None:
    edited, deleted = (str(deal["id"]) for deal in synced.crm.records()[:2])
    synced.crm.advance(5)
    synced.crm.edit({edited: {"Deal_Name": "Edited elsewhere"}})
    synced.crm.delete(deleted)

    detail = synced.sync("incremental")

    session = detail["session"]
    assert isinstance(session, dict)
    assert (session["status"], session["records_changed"]) == ("completed", 2)
    client = synced.api.client
    record = client.get(f"/api/records/{edited}").json()["record"]
    assert record["Deal_Name"] == "Edited elsewhere"
    assert client.get(f"/api/records/{deleted}").json()["sync_metadata"]["presence"] == "deleted"
    assert client.get("/api/sync-status/records").json()["total_count"] == 59


def test_drift_check_of_an_equal_mirror_changes_nothing(synced: Synced) -> None:
    session = synced.sync("reconcile")["session"]

    assert isinstance(session, dict)
    assert (session["status"], session["records_changed"]) == ("completed", 0)


@pytest.mark.parametrize(
    ("setting", "value", "code", "fix"),
    [
        ("zoho_refresh_token", "1000.no.token", "sign_in_refused", "Connect again"),
        ("zoho_client_secret", "wrong", "sign_in_refused", "Connect again"),
    ],
)
def test_run_that_cannot_sign_in_says_so_in_session_and_log(
    crm: SimulatorHandle,
    database_url: str,
    redis_url: str,
    clock: HandClock,
    setting: str,
    value: str,
    code: str,
    fix: str,
) -> None:
    settings = crm_settings(crm, database_url, redis_url, **{setting: value})
    with served(settings, clock) as api:
        detail = Synced(api, crm, settings).sync("full")

    session, activity = detail["session"], detail["recent_activity"]
    assert isinstance(session, dict)
    assert isinstance(activity, list)
    assert (session["status"], session["error_code"]) == ("failed", code)
    assert fix in session["error_message"]
    assert activity[0]["message"] == session["error_message"]


def test_required_field_that_the_crm_lacks_is_named_in_session_log_and_metadata(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> None:
    crm.control("DELETE", "/modules/Deals/fields/Market_Segment")
    settings = crm_settings(crm, database_url, redis_url)
    with served(settings, clock) as api:
        detail = Synced(api, crm, settings).sync("full")
        metadata = api.client.get("/api/crm/fields/metadata").json()

    session, activity = detail["session"], detail["recent_activity"]
    assert isinstance(session, dict)
    assert isinstance(activity, list)
    assert (session["status"], session["error_code"]) == ("failed", "required_field_missing")
    assert "Market_Segment" in session["error_message"]
    assert "map another field" in activity[0]["message"]
    assert metadata["required_fields_status"]["missing"] == ["Market_Segment"]
    assert metadata["required_fields_status"]["validation_passed"] is False


def test_missing_scope_is_named_in_the_session_with_what_to_do(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> None:
    token = crm.control("POST", "/tokens/refresh", {"scope": "ZohoCRM.org.READ"})["refresh_token"]
    settings = crm_settings(crm, database_url, redis_url, zoho_refresh_token=token)
    with served(settings, clock) as api:
        session = Synced(api, crm, settings).sync("full")["session"]

    assert isinstance(session, dict)
    assert (session["status"], session["error_code"]) == ("failed", "scope_missing")
    assert "grant all scopes" in session["error_message"]
