"""Locks, blueprints, rights and layouts keep the API user from writing, and say so row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.sim_samples import NEW_DEAL

if TYPE_CHECKING:
    from support.crm_calls import CrmCalls
    from support.simulator import Json, SimulatorHandle


def make(calls: CrmCalls, count: int = 1) -> list[str]:
    answer = calls.call("POST", "/Deals", body={"data": [NEW_DEAL] * count, "trigger": []})
    return [row["details"]["id"] for row in answer.json()["data"]]


def update(calls: CrmCalls, *rows: Json, status: int) -> list[Json]:
    answer = calls.call("PUT", "/Deals", body={"data": list(rows)})
    assert answer.status == status, answer.body
    return list(answer.json()["data"])


def test_a_locked_record_is_neither_changed_nor_deleted(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    locked, free = make(calls, 2)
    stamp = calls.record(locked)["Modified_Time"]
    crm.lock(locked)
    record = calls.record(locked)
    assert (record["Locked__s"], record["$locked_for_me"]) == (True, True)
    assert record["Modified_Time"] == stamp
    refused, written = update(
        calls, {"id": locked, "Seats": 5}, {"id": free, "Seats": 5}, status=207
    )
    assert refused == {
        "code": "RECORD_LOCKED",
        "message": "Sorry, you cannot perform this operation as the record is locked.",
        "details": {"api_name": "id", "json_path": "$.data[0].id", "action": "record_locking"},
        "status": "error",
    }
    assert written["code"] == "SUCCESS"
    deleted = calls.call("DELETE", "/Deals", ids=locked)
    assert deleted.status == 400
    assert deleted.json()["data"][0]["details"] == {"id": locked, "action": "record_locking"}
    assert calls.record(locked)["Seats"] is None
    crm.lock(locked, locked=False)
    update(calls, {"id": locked, "Seats": 5}, status=200)
    assert calls.record(locked)["$locked_for_me"] is False


def test_a_lock_moves_the_stamp_if_switched(calls: CrmCalls, crm: SimulatorHandle) -> None:
    (deal,) = make(calls)
    before = calls.record(deal)["Modified_Time"]
    crm.switch(locking_moves_modified_time=True)
    crm.advance(60)
    crm.lock(deal)
    assert calls.record(deal)["Modified_Time"] > before


def test_a_blueprint_keeps_the_stage_and_nothing_else(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    (deal,) = make(calls)
    crm.blueprint(deal)
    assert calls.record(deal)["$process_flow"] is True
    (refused,) = update(calls, {"id": deal, "Stage": "Needs Analysis", "Seats": 9}, status=400)
    assert refused == {
        "code": "RECORD_IN_BLUEPRINT",
        "message": "The record is in blue print",
        "details": {"api_name": "Stage", "json_path": "$.data[0].Stage"},
        "status": "error",
    }
    assert calls.record(deal)["Seats"] is None
    update(calls, {"id": deal, "Stage": "Qualification", "Seats": 9}, status=200)
    crm.blueprint(deal, inside=False)
    update(calls, {"id": deal, "Stage": "Needs Analysis"}, status=200)


@pytest.mark.parametrize(
    ("right", "permission", "method", "path", "body"),
    [
        ("edit", "Crm_Implied_Edit_Deals", "PUT", "/Deals", {"data": [{"id": "1"}]}),
        ("create", "Crm_Implied_Create_Deals", "POST", "/Deals", {"data": [NEW_DEAL]}),
        ("edit", "Crm_Implied_Edit_Deals", "POST", "/Deals/upsert", {"data": [NEW_DEAL]}),
        ("delete", "Crm_Implied_Delete_Deals", "DELETE", "/Deals?ids=1", None),
    ],
)
def test_a_right_that_the_profile_lacks_refuses_the_call(
    calls: CrmCalls,
    crm: SimulatorHandle,
    right: str,
    permission: str,
    method: str,
    path: str,
    body: Json,
) -> None:
    crm.rights(**{right: False})
    answer = calls.call(method, path, body=body)
    assert answer.status == 403
    assert answer.json() == {
        "code": "NO_PERMISSION",
        "message": "permission denied",
        "details": {"permissions": [permission]},
        "status": "error",
    }
    assert crm.writes()["summary"]["writes"] == 0


def test_the_modules_metadata_shows_what_the_profile_may_do(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    def rights() -> tuple[bool, bool, bool]:
        module = calls.get("/settings/modules/Deals").json()["modules"][0]
        return module["creatable"], module["editable"], module["deletable"]

    assert rights() == (True, True, True)
    crm.rights(edit=False, delete=False)
    assert rights() == (True, False, False)
    crm.rights(edit=True, delete=True)
    assert rights() == (True, True, True)


def test_a_record_that_the_user_may_not_edit_is_refused_in_its_row(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    mine, theirs = make(calls, 2)
    crm.editable(theirs, editable=False)
    assert calls.record(theirs)["$editable"] is False
    written, refused = update(calls, {"id": mine, "Seats": 1}, {"id": theirs}, status=207)
    assert written["code"] == "SUCCESS"
    assert refused == {
        "code": "NO_PERMISSION",
        "message": "permission denied",
        "details": {"api_name": "id", "json_path": "$.data[1].id"},
        "status": "error",
    }
    crm.editable(theirs, editable=True)
    update(calls, {"id": theirs, "Seats": 1}, status=200)


@pytest.mark.parametrize("always", [False, True])
def test_fields_that_the_layout_demands_are_checked_when_the_row_names_it(
    calls: CrmCalls, crm: SimulatorHandle, *, always: bool
) -> None:
    (deal,) = make(calls)
    crm.demand("Closing_Date")
    layout = calls.get("/settings/layouts", module="Deals").json()["layouts"][0]
    required = [f["api_name"] for f in layout["sections"][0]["fields"] if f["required"]]
    assert required == ["Deal_Name", "Stage", "Pipeline", "Closing_Date"]
    crm.switch(layout_rules_bind_every_write=always)
    named = {"Layout": {"id": layout["id"]}}
    missing = {
        "code": "MANDATORY_NOT_FOUND",
        "message": "required field not found",
        "details": {"api_name": "Closing_Date", "json_path": "$.data[0].Closing_Date"},
        "status": "error",
    }
    assert update(calls, {"id": deal, "Closing_Date": None, **named}, status=400) == [missing]
    inserted = calls.call("POST", "/Deals", body={"data": [{**NEW_DEAL, **named}]})
    assert inserted.json()["data"] == [missing]
    without = calls.call("POST", "/Deals", body={"data": [NEW_DEAL]})
    assert without.status == (400 if always else 201)


def test_the_control_plane_stands_above_locks_and_rights(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    (deal,) = make(calls)
    crm.lock(deal)
    crm.rights(edit=False)
    crm.edit({deal: {"Seats": 77}})
    assert calls.record(deal)["Seats"] == 77
