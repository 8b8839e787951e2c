"""What a preview says before anything is written, and what no operation takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from support.bulk import BulkProduct


def test_a_preview_tells_record_by_record_what_would_be_written_and_why_not(
    bulk: BulkProduct,
) -> None:
    ids = sorted(bulk.crm_values("Stage"))
    same, deleted, hidden, edited, *fine = ids[:7]
    bulk.crm.edit({same: {"Next_Step": "Call them"}})
    bulk.crm.delete(deleted)
    bulk.crm.hide(hidden)
    bulk.synced.sync("reconcile")
    bulk.edit(edited, {"Next_Step": "Somebody types"})

    told = bulk.preview({"ids": [*ids[:7], "123", fine[0]]}, {"Next_Step": "Call them"})

    assert (told["operation"], told["count"], told["limit"]) == ("mass_update", 8, 50_000)
    assert (told["will_change"], told["unchanged"], told["left_alone"], told["will_fail"]) == (
        3, 1, 1, 3,
    )  # fmt: skip
    assert [(row["id"], row["before"], row["after"]) for row in told["sample"]] == [
        (each, {"Next_Step": None}, {"Next_Step": "Call them"}) for each in fine
    ]
    assert {
        (each["state"], each["code"], each["field"], each["count"], each["sample"][0]["id"])
        for each in told["reasons"]
    } == {
        ("unchanged", "same_value", None, 1, same),
        ("left_alone", "edit_waiting", "Next_Step", 1, edited),
        ("failed", "record_unknown", None, 1, "123"),
        ("failed", "record_deleted", None, 1, deleted),
        ("failed", "record_hidden", None, 1, hidden),
    }
    plan = told["plan"]
    assert (plan["way"], plan["calls"], plan["credits"]) == ("mass_update", 3, 3)
    assert plan["credits_left_after"] == plan["credits_left"] - 3
    assert {each["way"] for each in plan["rejected"]} == {"put", "bulk_write", "mass_update_view"}
    assert bulk.writes() == {}

    # By filter, as the table's address has it; and four fields are no mass update any more.
    stage = bulk.mirror_values("Stage")[fine[0]]
    values = {"Next_Step": "x", "Description": "y", "Lead_Source": None, "Probability": 5}
    told = bulk.preview({"filter": f"stage={stage}&sort=-value"}, values)
    live = {each for each, held in bulk.mirror_values("Stage").items() if held == stage}
    assert told["count"] == len(live - {deleted, hidden})
    assert told["plan"]["way"] == "put"

    # Values of their own are checked one by one.
    own = [
        {"id": fine[0], "fields": {"Probability": 40}},
        {"id": fine[1], "fields": {"Probability": "much"}},
        {"id": fine[2], "fields": {"Created_Time": "2026-01-01T00:00:00Z"}},
        {"id": "123", "fields": {"Probability": 1}},
    ]
    told = bulk.preview({"records": own})
    assert (told["operation"], told["will_change"], told["will_fail"]) == ("bulk_write", 1, 3)
    failed = {(each["field"], each["sample"][0]["id"]) for each in told["reasons"]}
    assert failed == {("Probability", fine[1]), ("Created_Time", fine[2]), (None, "123")}


def test_what_cannot_be_done_is_refused_by_name(bulk: BulkProduct) -> None:
    some = {"ids": sorted(bulk.crm_values("Stage"))[:3]}
    many = [str(10**17 + number) for number in range(50_001)]

    def refused(path: str, choose: Any, fields: Any = None, **more: Any) -> tuple[str, Any]:  # noqa: ANN401 - JSON
        told = bulk.post(path, {"choose": choose, "fields": fields, **more}, 400)
        return told["code"], told.get("limit") or told.get("field")

    step = {"Next_Step": "x"}
    assert refused("small-batch", {"ids": many[:101]}, step) == ("too_many_records", 100)
    assert refused("mass-update", {"ids": many}, step) == ("too_many_records", 50_000)
    own = [{"id": each, "fields": step} for each in many[:25_001]]
    assert refused("write", {"records": own}) == ("too_many_records", 25_000)
    assert refused("mass-update", {"records": own[:1]}) == ("same_values_only", "choose.records")
    assert refused("write", {"records": [own[0], own[0]]}) == ("chosen_twice", "choose.records")
    assert refused("write", {"records": []}) == ("nothing_chosen", "choose")
    assert refused("mass-update", {"ids": []}, step) == ("nothing_chosen", "choose")
    assert refused("mass-update", {}, step) == ("one_choice", "choose")
    assert refused("mass-update", some | {"filter": ""}, step) == ("one_choice", "choose")
    assert refused("mass-update", some, {}) == ("values_needed", "fields")
    assert refused("preview", some, {"Nowhere": 1}) == ("bad_value", "Nowhere")
    assert refused("preview", some, {"Closing_Date": "soon"}) == ("bad_value", "Closing_Date")
    assert refused("preview", some, {"Stage": "Never heard of"}) == ("bad_value", "Stage")
    assert refused("preview", some, {"Modified_Time": None}) == ("bad_value", "Modified_Time")
    assert refused("preview", {"filter": "colour=red"}, step) == ("invalid_filter", "choose.filter")
    assert refused("mass-update", some, {"Description": "x"}, way="mass_update") == (
        "way_impossible",
        "way",
    )
    told = bulk.post("mass-update", {"choose": some, "fields": step, "confirmed_count": 2}, 409)
    assert (told["code"], told["confirmed"], told["now"]) == ("selection_changed", 2, 3)
    assert bulk.post("mass-update", {"choose": {"ids": ["123"]}, "fields": step}, 409)["code"] == (
        "nothing_to_write"
    )
    assert bulk.post("preview", {"choose": {"view": "77"}, "fields": step}, 404)["code"] == (
        "view_not_found"
    )
    bulk.synced.api.client.put("/api/live-sync/configuration", json={"mode": "crm_to_local"})
    assert bulk.post("small-batch", {"choose": some, "fields": step}, 409)["code"] == (
        "crm_is_read_only"
    )
    assert bulk.client.get("/api/bulk/operations").json()["count"] == 0
    assert bulk.writes() == {}


@pytest.mark.parametrize("path", ["status", "items", "results.csv"])
def test_an_unknown_operation_is_not_found(bulk: BulkProduct, path: str) -> None:
    session = bulk.sql("SELECT id FROM crm_sync_sessions")[0][0]
    answer = bulk.client.get(f"/api/bulk/operation/{session}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "bulk_not_found")
