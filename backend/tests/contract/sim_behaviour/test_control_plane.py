"""The control plane: colleagues, administrators and the sales team at their screens."""

from __future__ import annotations

import pytest

from support.crm_calls import CrmCalls
from support.sim_samples import NEW_DEAL
from support.simulator import ControlRefusedError, SimulatorHandle
from support.waiting import wait_until


def test_edits_of_one_request_share_a_second_and_an_author(crm: SimulatorHandle) -> None:
    crm.thaw()
    ids = [row["id"] for row in crm.records()[:40]]
    edited = crm.edit({record_id: {"Seats": place} for place, record_id in enumerate(ids)})
    assert len({row["Modified_Time"] for row in edited}) == 1
    assert len({row["Modified_By"]["id"] for row in edited}) == 1
    me = CrmCalls(crm).get("/users", type="CurrentUser").json()["users"][0]["id"]
    assert edited[0]["Modified_By"]["id"] != me


def test_a_refused_edit_changes_nothing(crm: SimulatorHandle) -> None:
    before = crm.records()
    edits = {before[0]["id"]: {"Seats": 5}, before[1]["id"]: {"Stage": "Nowhere"}}
    with pytest.raises(ControlRefusedError, match="row 1 is refused"):
        crm.edit(edits)
    assert crm.records() == before


def test_a_hidden_record_is_gone_for_the_api_and_neither_deleted_nor_edited(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    record = crm.records()[0]
    bins = crm.deleted()
    crm.hide(record["id"])
    assert calls.get(f"/Deals/{record['id']}").status == 204
    assert len(crm.records()) == 249
    assert record in crm.records(hidden=True)
    assert crm.deleted() == bins
    crm.unhide(record["id"])
    assert calls.record(record["id"]) == record


def test_a_purged_record_leaves_only_its_id(crm: SimulatorHandle) -> None:
    record_id = crm.records()[0]["id"]
    crm.purge(record_id)
    (row,) = [row for row in crm.deleted() if row["id"] == record_id]
    assert (row["type"], row["display_name"], row["deleted_by"]) == ("permanent", None, None)
    with pytest.raises(ControlRefusedError, match=f"cannot restore {record_id}"):
        crm.restore(record_id)


def test_fields_are_added_renamed_and_removed(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.control(
        "POST", "/modules/Deals/fields", {"api_name": "Mood", "data_type": "text", "length": 5}
    )
    record_id = crm.records()[0]["id"]
    assert calls.record(record_id)["Mood"] is None
    crm.edit({record_id: {"Mood": "sunny"}})
    crm.control("POST", "/modules/Deals/fields/Mood/rename", {"api_name": "Temper"})
    record = calls.record(record_id)
    assert record["Temper"] == "sunny"
    assert "Mood" not in record
    names = [
        row["api_name"] for row in calls.get("/settings/fields", module="Deals").json()["fields"]
    ]
    assert names[-1] == "Temper"
    crm.control("DELETE", "/modules/Deals/fields/Temper")
    assert "Temper" not in calls.record(record_id)
    with pytest.raises(ControlRefusedError, match="Owner is a system field"):
        crm.control("DELETE", "/modules/Deals/fields/Owner")


def test_a_renamed_stage_field_keeps_its_rules(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.control("POST", "/modules/Deals/fields/Stage/rename", {"api_name": "Sales_Stage"})
    row = {**NEW_DEAL, "Sales_Stage": "Closed Won"}
    answer = calls.call("POST", "/Deals", body={"data": [row]})
    assert answer.status == 201
    made = calls.record(answer.json()["data"][0]["details"]["id"])
    assert (made["Sales_Stage"], made["Probability"]) == ("Closed Won", 100)


def test_a_changed_user_shows_in_every_record_and_is_newer(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    owner = crm.records()[0]["Owner"]["id"]
    before = calls.get(f"/users/{owner}").json()["users"][0]
    crm.advance(5)
    crm.control("POST", f"/users/{owner}", {"last_name": "Newname", "is_active": False})
    name = f"{before['first_name']} Newname"
    since = {"If-Modified-Since": before["Modified_Time"]}
    (after,) = calls.get("/users", headers=since).json()["users"]
    assert (after["id"], after["full_name"], after["status"]) == (owner, name, "disabled")
    assert crm.records()[0]["Owner"] == {"name": name, "id": owner, "email": before["email"]}


def test_a_new_user_can_own_deals(calls: CrmCalls, crm: SimulatorHandle) -> None:
    made = crm.control("POST", "/users", {"first_name": "Ada", "last_name": "King"})
    user = calls.get(f"/users/{made['id']}").json()["users"][0]
    assert (user["full_name"], user["email"], user["status"]) == (
        "Ada King",
        "ada.king@meranti.example.com",
        "active",
    )
    deal = crm.create({**NEW_DEAL, "Owner": {"id": made["id"]}})[0]
    assert deal["Owner"]["name"] == "Ada King"


def test_an_exchange_rate_is_changed_and_dated(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.advance(5)
    crm.control("POST", "/currencies/USD", {"exchange_rate": 0.7511})
    rows = calls.get("/org/currencies").json()["currencies"]
    (dollar,) = [row for row in rows if row["iso_code"] == "USD"]
    assert dollar["exchange_rate"] == "0.751100000"
    assert dollar["modified_time"] > dollar["created_time"]
    with pytest.raises(ControlRefusedError, match="SGD is the home currency"):
        crm.control("POST", "/currencies/SGD", {"exchange_rate": 2})


def test_the_sales_team_works_until_it_is_told_to_stop(crm: SimulatorHandle) -> None:
    crm.thaw()
    crm.activity(30_000)
    wait_until(lambda: sum(crm.state()["edits"].values()) >= 50)
    crm.activity(0)
    done = crm.state()["edits"]
    assert crm.state()["edits"] == done
    written = crm.writes()["summary"]["by_action"]
    assert done == {f"Deals.{action}": count for action, count in written.items()}
    assert max(done, key=lambda kind: done[kind]) == "Deals.updated"


def test_naming_can_be_canonical(running: SimulatorHandle) -> None:
    running.reset(deals=5, naming="canonical")
    try:
        names = set(running.records()[0])
    finally:
        running.reset(deals=250, naming="stock")
    assert {"Opportunity_Name", "OCH_Revenue", "Opportunity_Owner"} <= names
    assert not {"Deal_Name", "Amount", "Owner"} & names
