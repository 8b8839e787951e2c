"""Updates and upserts: what moves with them, and who wins a race."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.sim_samples import NEW_DEAL
from support.sim_writing import api_user, first_of, insert

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle


def test_an_update_sets_probability_by_stage_and_notes_the_history(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    (made,) = insert(calls, {**NEW_DEAL, "Amount": 200})
    record_id = made["details"]["id"]
    crm.advance(3 * 86_400)
    calls = CrmCalls(crm)
    answer = calls.call("PUT", "/Deals", body={"data": [{"id": record_id, "Stage": "Closed Won"}]})
    assert answer.json()["data"][0]["message"] == "record updated"
    after = calls.record(record_id)
    assert (after["Probability"], after["Expected_Revenue"]) == (100, 200)
    deal = {"name": "Fresh", "id": record_id}
    rows = [row for row in crm.records("DealHistory") if row["Potential_Name"] == deal]
    facts = ("Stage", "Moved_To__s", "Stage_Duration_Calendar_Days", "Probability", "Amount")
    assert [tuple(row[name] for name in facts) for row in rows] == [
        ("Qualification", "Closed Won", 3, 10, 200),
        ("Closed Won", None, None, 100, 200),
    ]


def test_an_update_moves_modified_time_even_if_nothing_differs(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    before = first_of(crm)
    crm.advance(60)
    calls.call("PUT", f"/Deals/{before['id']}", body={"data": [{"Stage": before["Stage"]}]})
    after = calls.record(before["id"])
    assert after["Modified_Time"] > before["Modified_Time"]
    assert after["Modified_By"]["id"] == api_user(calls)["id"]


def test_a_renamed_account_shows_in_every_deal_without_moving_their_stamps(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    before = [row for row in crm.records() if row["Account_Name"]]
    account = before[0]["Account_Name"]["id"]
    calls.call("PUT", f"/Accounts/{account}", body={"data": [{"Account_Name": "Renamed Ltd"}]})
    for old, new in zip(before, crm.records(), strict=True):
        if old["Account_Name"]["id"] == account:
            assert new["Account_Name"] == {"name": "Renamed Ltd", "id": account}
        assert new["Modified_Time"] == old["Modified_Time"]


def test_a_multi_select_is_replaced_or_appended_to(calls: CrmCalls) -> None:
    (made,) = insert(calls, {**NEW_DEAL, "Technologies": ["AWS"]})
    path = f"/Deals/{made['details']['id']}"
    appended = {"Technologies": ["SAP"], "$append_values": {"Technologies": True}}
    calls.call("PUT", path, body={"data": [appended]})
    assert calls.record(made["details"]["id"])["Technologies"] == ["AWS", "SAP"]
    calls.call("PUT", path, body={"data": [{"Technologies": ["Azure"]}]})
    assert calls.record(made["details"]["id"])["Technologies"] == ["Azure"]


def test_subform_rows_are_changed_appended_and_cleared(calls: CrmCalls) -> None:
    (made,) = insert(calls, {**NEW_DEAL, "Payment_Schedule": [{"Due_Amount": 1}]})
    record_id = made["details"]["id"]
    row_id = calls.record(record_id)["Payment_Schedule"][0]["id"]
    rows = [{"id": row_id, "Due_Amount": 2}, {"Due_Amount": 3}]
    calls.call("PUT", f"/Deals/{record_id}", body={"data": [{"Payment_Schedule": rows}]})
    after = calls.record(record_id)["Payment_Schedule"]
    assert [(row["id"] == row_id, row["Due_Amount"]) for row in after] == [(True, 2), (False, 3)]
    calls.call("PUT", f"/Deals/{record_id}", body={"data": [{"Payment_Schedule": []}]})
    assert calls.record(record_id)["Payment_Schedule"] == []


def test_a_lost_race_is_412(calls: CrmCalls, crm: SimulatorHandle) -> None:
    seen = first_of(crm)
    crm.advance(5)
    crm.edit({seen["id"]: {"Next_Step": "theirs"}})
    answer = calls.call(
        "PUT",
        f"/Deals/{seen['id']}",
        body={"data": [{"Next_Step": "mine"}]},
        headers={"If-Unmodified-Since": seen["Modified_Time"]},
    )
    now = calls.record(seen["id"])
    assert answer.status == 412
    assert answer.json() == {
        "data": [
            {
                "code": "ALREADY_MODIFIED",
                "details": {
                    "id": seen["id"],
                    "Modified_Time": now["Modified_Time"],
                    "Created_Time": seen["Created_Time"],
                    "Modified_By": {k: now["Modified_By"][k] for k in ("name", "id")},
                    "Created_By": {k: seen["Created_By"][k] for k in ("name", "id")},
                },
                "message": "record updated time has already passed if-unmodified-since time",
                "status": "error",
            }
        ]
    }
    assert now["Next_Step"] == "theirs"


def test_edits_within_one_second_cannot_be_told_apart(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    (made,) = insert(calls, NEW_DEAL)
    record_id, stamp = made["details"]["id"], made["details"]["Modified_Time"]
    crm.edit({record_id: {"Next_Step": "theirs"}})
    answer = calls.call(
        "PUT",
        f"/Deals/{record_id}",
        body={"data": [{"Next_Step": "mine"}]},
        headers={"If-Unmodified-Since": stamp},
    )
    assert answer.status == 200
    assert calls.record(record_id)["Modified_Time"] == stamp


@pytest.mark.parametrize(("whole_call", "status"), [(False, 207), (True, 412)])
def test_one_lost_race_in_a_batch_is_answered_as_switched(
    calls: CrmCalls, crm: SimulatorHandle, *, whole_call: bool, status: int
) -> None:
    crm.switch(one_lost_race_fails_the_call=whole_call)
    late, quiet = crm.records()[:2]
    crm.advance(5)
    guard = crm.edit({late["id"]: {"Seats": 1}})[0]["Modified_Time"]
    crm.advance(5)
    crm.edit({late["id"]: {"Seats": 2}})
    answer = calls.call(
        "PUT",
        "/Deals",
        body={"data": [{"id": late["id"], "Seats": 9}, {"id": quiet["id"], "Seats": 9}]},
        headers={"If-Unmodified-Since": guard},
    )
    assert answer.status == status
    assert calls.record(late["id"])["Seats"] == 2
    assert (calls.record(quiet["id"])["Seats"] == 9) is not whole_call


def test_an_upsert_finds_deals_by_name_unless_told_otherwise(calls: CrmCalls) -> None:
    (made,) = insert(calls, {**NEW_DEAL, "External_Reference": "E-1"})
    record_id = made["details"]["id"]
    rows = [{**NEW_DEAL, "Seats": 4}, {**NEW_DEAL, "Deal_Name": "Other"}]
    by_name = calls.call("POST", "/Deals/upsert", body={"data": rows}).json()["data"]
    facts = [(r["action"], r["duplicate_field"], r["details"]["id"] == record_id) for r in by_name]
    assert facts == [("update", "Deal_Name", True), ("insert", None, False)]
    body = {
        "data": [{**NEW_DEAL, "External_Reference": "E-2"}],
        "duplicate_check_fields": ["External_Reference"],
    }
    (by_reference,) = calls.call("POST", "/Deals/upsert", body=body).json()["data"]
    assert (by_reference["action"], by_reference["duplicate_field"]) == ("insert", None)
