"""The fourteen CRM operations of the product, each done over HTTP with an API token, as curl would.

Every test quotes its row: number, operation, and how the product offers it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import httpx
import pytest

from pulse.bootstrap_bulk import run_session
from support.engine import Engine
from support.pushing import PushingProduct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.synced import Synced

Json = dict[str, Any]

SESSION_KEYS: Final = {
    "id", "sync_type", "status", "started_at", "completed_at", "progress_percentage",
    "records_processed", "records_total", "api_calls_made", "credits_used", "rate",
    "seconds_left", "plan", "error_message",
}  # fmt: skip


class Curl:
    """Requests with a bearer token alone: no cookie, no browser."""

    def __init__(self, synced: Synced, client: httpx.Client) -> None:
        self.synced = synced
        self._client = client

    def __call__(self, method: str, path: str, body: object = None, status: int = 200) -> Json:
        """Send one request and return the JSON of its answer."""
        answer = self._client.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        return found

    def finished(self, session_id: str) -> Json:
        """Run a session as the worker does, and return its status."""
        asyncio.run(run_session(self.synced.settings, UUID(session_id)))
        return self("GET", f"/api/live-sync/status/{session_id}")

    def operation(self, session_id: str) -> Json:
        """Run a bulk operation as the worker does, and return its status."""
        asyncio.run(run_session(self.synced.settings, UUID(session_id)))
        return self("GET", f"/api/bulk/operation/{session_id}/status")

    def first(self) -> str:
        """Return the id of a deal."""
        return str(self.synced.crm.records()[0]["id"])


@pytest.fixture
def curl(synced: Synced) -> Iterator[Curl]:
    made = synced.api.client.post(
        "/api/tokens", json={"name": "acceptance", "role": "admin", "expires_in_days": 1}
    )
    assert made.status_code == 201, made.text
    url = str(synced.api.client.base_url)
    headers = {"Authorization": f"Bearer {made.json()['secret']}"}
    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        yield Curl(synced, client)


def test_1_and_2_metadata_permissions_and_fields(curl: Curl) -> None:
    """Row 1: token, organisation, permission check. Row 2: are the required fields there?"""
    checked = curl("GET", "/api/crm/auth/validate")
    assert {
        "status", "organization", "token_expires_at", "permissions", "module_access"
    } <= checked.keys()  # fmt: skip
    assert (checked["status"], checked["module_access"]["deals"]) == ("valid", True)
    assert set(checked["permissions"].values()) == {True}

    fields = curl("GET", "/api/crm/fields/metadata")
    required = fields["required_fields_status"]
    assert (len(required["available"]), required["missing"]) == (23, [])
    assert required["validation_passed"] is True


def test_3_4_and_5_full_and_incremental_load_of_any_size(curl: Curl) -> None:
    """Rows 3 to 5: full load; only what changed since the cursor, deletions included; pages."""
    started = curl("POST", "/api/live-sync/sync/full", status=202)
    assert {"message", "session_id", "status"} <= started.keys()
    told = curl.finished(started["session_id"])
    assert told["session"].keys() >= SESSION_KEYS
    assert (told["session"]["status"], told["session"]["records_processed"]) == ("completed", 60)
    assert {"timestamp", "status", "message", "record_count"} <= told["recent_activity"][0].keys()

    changed, gone = (row["id"] for row in curl.synced.crm.records()[:2])
    curl.synced.crm.advance(5)
    curl.synced.crm.edit({changed: {"Next_Step": "Call the buyer"}})
    curl.synced.crm.delete(gone)
    quick = curl("POST", "/api/live-sync/sync/incremental", status=202)
    assert curl.finished(quick["session_id"])["session"]["status"] == "completed"
    assert curl("GET", f"/api/records/{changed}")["record"]["Next_Step"] == "Call the buyer"
    assert curl("GET", f"/api/records/{gone}")["sync_metadata"]["presence"] == "deleted"
    status = curl("GET", "/api/live-sync/status/current")
    assert {
        "is_syncing", "status", "last_sync_at", "total_records_synced", "new_records_today",
        "api_calls_today", "credits", "data_age", "next_sync_in", "pending_changes", "conflicts",
    } <= status.keys()  # fmt: skip
    assert (status["total_records_synced"], status["credits"]["resets_gradually"]) == (59, True)


def test_6_and_7_custom_fields_are_created_validated_and_updated(curl: Curl) -> None:
    """Rows 6 and 7: POST fields/create, GET fields/validate, PATCH fields/{field_id}."""
    before = curl("GET", "/api/crm/fields/validate")
    assert (before["validation_passed"], len(before["missing"])) == (False, 4)
    made = curl("POST", "/api/crm/fields/create")
    assert (made["created"], made["failed"]) == (4, 0)
    after = curl("GET", "/api/crm/fields/validate")
    assert (after["validation_passed"], after["missing"]) == (True, [])

    field = next(line for line in after["fields"] if line["role"] == "sync_status")
    renamed = curl("PATCH", f"/api/crm/fields/{field['field_id']}", {"label": "Pulse state"})
    assert (renamed["label"], renamed["api_name"]) == ("Pulse state", field["api_name"])
    # It is known by its id, so it goes on playing its part.
    again = curl("GET", "/api/crm/fields/validate")
    assert (again["validation_passed"], again["missing"]) == (True, [])
    other = {"fields": [{"label": "Pulse state", "data_type": "text"}]}
    refused = curl("POST", "/api/crm/fields/create", other)
    assert refused["failed"] == 1
    assert refused["fields"][0]["code"] == "DUPLICATE_DATA"
    assert curl("PATCH", "/api/crm/fields/1", {"label": "X"}, status=404)["code"] == (
        "field_not_found"
    )


def test_8_a_small_batch_is_updated(curl: Curl) -> None:
    """Row 8: small batch update, 100 records, POST /api/bulk/small-batch."""
    answer = curl(
        "POST",
        "/api/bulk/small-batch",
        {"choose": {"ids": [curl.first()]}, "fields": {"Next_Step": "Send the offer"}},
    )
    assert {
        "message", "total_records", "successful_updates", "failed_updates", "details"
    } <= answer.keys()  # fmt: skip
    assert (answer["total_records"], answer["failed_updates"]) == (1, 0)


def test_9_and_13_the_same_values_go_to_many_records_and_a_view(curl: Curl) -> None:
    """Rows 9 and 13: mass update by ids, by filter, by custom view; the status of its job."""
    ids = [row["id"] for row in curl.synced.crm.records()[:3]]
    started = curl(
        "POST",
        "/api/bulk/mass-update",
        {"choose": {"ids": ids}, "fields": {"Next_Step": "Send the offer"}},
        status=202,
    )
    told = curl.operation(started["session_id"])
    assert (told["session"]["status"], told["session"]["operation_type"]) == (
        "completed",
        "mass_update",
    )
    shown = {row["id"]: row["Next_Step"] for row in curl.synced.crm.records()}
    assert [shown[each] for each in ids] == ["Send the offer"] * 3

    view = curl.synced.crm.view("Ours", ids=ids)
    whole = curl(
        "POST",
        "/api/bulk/mass-update",
        {"choose": {"view": view}, "fields": {"Next_Step": "Call"}, "way": "mass_update_view"},
        status=202,
    )
    told = curl.operation(whole["session_id"])
    assert told["session"]["status"] == "completed"
    assert told["zoho_job_status"]["state"].lower() == "completed"


def test_10_and_14_records_are_written_in_bulk_from_a_file(curl: Curl) -> None:
    """Rows 10 and 14: bulk write, a CSV in a ZIP built by us; job status and result file."""
    ids = [row["id"] for row in curl.synced.crm.records()[:2]]
    records = [{"id": each, "fields": {"Next_Step": f"Step {at}"}} for at, each in enumerate(ids)]
    started = curl(
        "POST", "/api/bulk/write", {"choose": {"records": records}, "way": "bulk_write"}, status=202
    )
    told = curl.operation(started["session_id"])
    assert (told["session"]["status"], told["session"]["operation_type"]) == (
        "completed",
        "bulk_write",
    )
    assert told["zoho_job_status"]["state"].lower() == "completed"
    shown = {row["id"]: row["Next_Step"] for row in curl.synced.crm.records()}
    assert [shown[each] for each in ids] == ["Step 0", "Step 1"]


def test_11_the_crm_is_searched_by_criteria(curl: Curl) -> None:
    """Row 11: search by criteria, GET /api/records/search."""
    name = str(curl.synced.crm.records()[0]["Deal_Name"])
    found = curl("POST", "/api/records/search", {
        "criteria": [{"field": "Deal_Name", "operator": "equals", "values": [name]}]
    })  # fmt: skip
    assert curl.first() in [item["id"] for item in found["items"]]
    same = curl("GET", f"/api/records/search?criteria={found['expression']}")
    assert [item["id"] for item in same["items"]] == [item["id"] for item in found["items"]]


def test_12_one_record_is_complete_and_synced_in_each_direction(curl: Curl) -> None:
    """Row 12: GET /api/records/{id}, POST /api/records/{id}/sync?direction=."""
    first = curl.first()
    record = curl("GET", f"/api/records/{first}")
    assert {"local_sync_status", "last_synced", "crm_modified", "has_conflicts"} <= record[
        "sync_metadata"
    ].keys()
    product = PushingProduct(Engine(curl.synced.crm, curl.synced.settings))
    product.edit(first, {"Next_Step": "Send the offer"})
    pushed = curl("POST", f"/api/records/{first}/sync?direction=to_crm")
    assert {"action_taken", "conflicts_detected", "changed_fields"} <= pushed["sync_result"].keys()
    assert (pushed["direction"], pushed["sync_result"]["changed_fields"]) == (
        "to_crm",
        ["Next_Step"],
    )
    assert product.record(first)["Next_Step"] == "Send the offer"
    read = curl("POST", f"/api/records/{first}/sync?direction=from_crm")
    assert {"message", "direction", "sync_result", "timestamp"} <= read.keys()
