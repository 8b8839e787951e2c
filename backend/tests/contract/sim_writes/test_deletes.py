"""Deletes, the list of deleted records, and the recycle bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.crm_calls import CrmCalls
from support.sim_writing import api_user, first_of

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle


def test_a_delete_answers_for_each_id(calls: CrmCalls, crm: SimulatorHandle) -> None:
    record_id = first_of(crm)["id"]
    answer = calls.call("DELETE", "/Deals", ids=f"{record_id},12")
    assert answer.status == 207
    assert answer.json() == {
        "data": [
            {
                "code": "SUCCESS",
                "details": {"id": record_id},
                "message": "record deleted",
                "status": "success",
            },
            {
                "code": "INVALID_DATA",
                "details": {"id": "12"},
                "message": "record not deleted",
                "status": "error",
            },
        ]
    }
    assert calls.get(f"/Deals/{record_id}").status == 204
    assert calls.call("DELETE", "/Deals").json()["details"] == {"param_name": "ids"}


def test_deleted_records_are_listed_and_age_to_permanent(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    before = crm.state()["clock"]["now"]
    record = first_of(crm)
    crm.advance(5)
    calls.call("DELETE", f"/Deals/{record['id']}")
    newer = {"If-Modified-Since": before}
    (row,) = calls.get("/Deals/deleted", headers=newer).json()["data"]
    assert row == {
        "id": record["id"],
        "display_name": record["Deal_Name"],
        "type": "recycle",
        "deleted_time": row["deleted_time"],
        "deleted_by": api_user(calls),
        "created_by": {k: record["Created_By"][k] for k in ("name", "id")},
    }
    crm.advance(60 * 86_400)
    calls = CrmCalls(crm)
    rows = calls.get("/Deals/deleted", type="permanent", headers=newer).json()["data"]
    assert {
        "id": record["id"],
        "display_name": None,
        "type": "permanent",
        "deleted_time": rows[0]["deleted_time"],
        "deleted_by": None,
        "created_by": None,
    } in rows
    crm.advance(120 * 86_400)
    assert CrmCalls(crm).get("/Deals/deleted").status == 204


def test_deleted_list_refuses_a_type_it_does_not_know(calls: CrmCalls) -> None:
    answer = calls.get("/Deals/deleted", type="some")
    assert answer.json()["details"] == {"param_name": "type"}
    assert answer.json()["code"] == "PATTERN_NOT_MATCHED"


def test_a_restored_record_comes_back_with_its_old_stamp(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    record = first_of(crm)
    calls.call("DELETE", f"/Deals/{record['id']}")
    crm.advance(60)
    answer = calls.call(
        "POST", "/settings/recycle_bin/actions/restore", body={"ids": [record["id"], "12"]}
    )
    assert answer.status == 207
    results = answer.json()["recycle_bin"]
    assert [(r["code"], r["details"]["id"]) for r in results] == [
        ("SUCCESS", record["id"]),
        ("INVALID_DATA", "12"),
    ]
    assert calls.record(record["id"]) == record


def test_the_bin_is_listed_counted_purged_and_emptied(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    size = calls.get("/settings/recycle_bin/actions/count").json()["count"]
    record = first_of(crm)
    calls.call("DELETE", f"/Deals/{record['id']}")
    rows = calls.get("/settings/recycle_bin").json()["recycle_bin"]
    assert len(rows) == size + 1
    assert (rows[0]["id"], rows[0]["module"]) == (record["id"], "Deals")
    crm.switch(recycle_bin_lists_module_as_object=True)
    listed = calls.get("/settings/recycle_bin").json()["recycle_bin"][0]
    assert (listed["id"], listed["module"]["api_name"]) == (record["id"], "Deals")
    one = calls.get(f"/settings/recycle_bin/{record['id']}").json()["recycle_bin"][0]
    assert one["module"]["api_name"] == "Deals"
    assert calls.call("DELETE", f"/settings/recycle_bin/{record['id']}").status == 200
    assert calls.get("/settings/recycle_bin/actions/count").json()["count"] == size
    assert calls.call("POST", "/settings/recycle_bin/actions/empty").json()["code"] == "SUCCESS"
    assert calls.get("/settings/recycle_bin").status == 204
