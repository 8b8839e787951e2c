"""`GET /api/live-sync/plan`: what a full sync would do, without starting it."""

import asyncio
from uuid import UUID

from pulse.bootstrap import run_session
from support.api import HandClock, served
from support.simulator import SimulatorHandle
from support.synced import Synced, crm_settings


def test_a_loaded_mirror_counts_for_nothing(synced: Synced) -> None:
    client = synced.api.client
    spent = synced.crm.state()["credits"]["spent_ever"]
    used = client.get("/api/live-sync/status/current").json()["credits"]["used"]

    preview = client.get("/api/live-sync/plan?sync_type=full").json()

    assert synced.crm.state()["credits"]["spent_ever"] == spent
    assert preview["spent_by_preview"] == {"calls": 0, "credits": 0}
    assert (preview["records"], preview["counted_by"]) == (60, "mirror")
    assert (preview["chosen"]["source"], preview["chosen"]["credits"]) == ("coql", 1)
    assert {option["source"] for option in preview["rejected"]} == {"pages", "bulk_read"}
    assert preview["credits"] == {
        "used_before": used,
        "used_after": used + 1,
        "limit": 70_000,
        "remaining_after": 70_000 - used - 1,
        "scheduled_share": 0.8,
    }
    assert (preview["is_affordable"], preview["resumes"]) == (True, None)
    assert client.get("/api/sync-status/history").json()["count"] == 1


def test_the_run_does_what_the_preview_said(synced: Synced) -> None:
    preview = synced.api.client.get("/api/live-sync/plan").json()

    plan = synced.sync("full")["session"]["plan"]  # type: ignore[index] # JSON

    kept = ("source", "slices", "calls", "credits", "reason")
    assert {name: plan[name] for name in kept} == {name: preview["chosen"][name] for name in kept}


def test_before_the_first_load_the_crm_counts_for_one_credit(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> None:
    with served(crm_settings(crm, database_url, redis_url), clock) as api:
        first = api.client.get("/api/live-sync/plan").json()
        spent = crm.state()["credits"]["spent_ever"]
        second = api.client.get("/api/live-sync/plan").json()

    assert (first["records"], first["counted_by"]) == (60, "crm")
    # The first look reads the fields as well, which the load would have had to do.
    assert first["spent_by_preview"]["credits"] > 1
    assert second["spent_by_preview"] == {"calls": 1, "credits": 1}
    assert crm.state()["credits"]["spent_ever"] == spent + 1


def test_a_load_that_was_broken_off_is_gone_on_with(synced: Synced) -> None:
    client = synced.api.client
    # Broken off after its last batch: its checkpoint is whole, only the proof is missing.
    synced.api.sql("UPDATE crm_sync_sessions SET status = 'cancelled', completed_at = now()")
    [summary] = client.get("/api/sync-status/history").json()["items"]

    preview = client.get("/api/live-sync/plan").json()

    assert preview["resumes"] == {
        "session_id": summary["id"],
        "records_loaded": 60,
        "records_total": 60,
    }
    started = client.post("/api/live-sync/sync/full").json()["session_id"]
    asyncio.run(run_session(synced.settings, UUID(started)))
    session = client.get(f"/api/live-sync/status/{started}").json()["session"]
    assert (session["status"], session["resumed_from"]) == ("completed", summary["id"])


def test_a_load_that_the_day_has_no_credits_for_is_said_not_to_be_affordable(
    synced: Synced,
) -> None:
    synced.api.sql(
        "INSERT INTO credit_ledger (minute, operation, session_id, calls, credits)"
        " VALUES (%(at)s, 'coql', '00000000-0000-0000-0000-000000000000', 1, 69999)",
        at=synced.api.clock.now(),
    )

    preview = synced.api.client.get("/api/live-sync/plan").json()

    assert (preview["is_affordable"], preview["credits"]["remaining_after"]) == (False, 0)
