"""Insert, update, upsert, delete and restore against the simulator, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD = "Standard (Standard)"
NEW_DEAL = {"Deal_Name": "Fresh", "Stage": "Qualification", "Pipeline": STANDARD}


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=60)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=60)
    running.freeze()
    return running


@pytest.fixture
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)


def insert(calls: CrmCalls, *rows: Json, status: int = 201) -> list[Json]:
    answer = calls.call("POST", "/Deals", body={"data": list(rows)})
    assert answer.status == status, answer.body
    return list(answer.json()["data"])


def first_of(crm: SimulatorHandle, module: str = "Deals") -> Json:
    return crm.records(module)[0]


def api_user(calls: CrmCalls) -> Json:
    user = calls.get("/users", type="CurrentUser").json()["users"][0]
    return {"name": user["full_name"], "id": user["id"]}


def test_an_insert_answers_with_the_stamps_of_the_record(calls: CrmCalls) -> None:
    (result,) = insert(calls, NEW_DEAL)
    record = calls.record(result["details"]["id"])
    me = api_user(calls)
    assert result == {
        "code": "SUCCESS",
        "details": {
            "id": record["id"],
            "Created_Time": record["Created_Time"],
            "Modified_Time": record["Modified_Time"],
            "Created_By": me,
            "Modified_By": me,
            "$approval_state": "approved",
        },
        "message": "record added",
        "status": "success",
    }


def test_what_an_insert_leaves_out_is_filled_in(calls: CrmCalls) -> None:
    (result,) = insert(calls, {**NEW_DEAL, "Amount": 1000.5, "Currency": "USD"})
    record = calls.record(result["details"]["id"])
    assert record["Amount"] == 1000.5
    assert record["Probability"] == 10
    assert record["Expected_Revenue"] == 100.05
    assert record["Exchange_Rate"] == 0.7465
    assert record["Owner"]["id"] == api_user(calls)["id"]
    assert record["Layout"]["name"] == "Standard"
    assert record["Tag"] == []
    assert record["Deal_Number"] == "D-0000063"
    assert record["Last_Activity_Time"] == record["Modified_Time"]


def test_values_come_back_in_wire_form(calls: CrmCalls, crm: SimulatorHandle) -> None:
    account, contact = first_of(crm, "Accounts"), first_of(crm, "Contacts")
    given = {
        **NEW_DEAL,
        "Account_Name": {"id": account["id"]},
        "Contact_Name": {"id": int(contact["id"])},
        "Closing_Date": "2027-02-28",
        "Next_Review": "2026-12-01T10:00:00Z",
        "Technologies": ["AWS", "SAP"],
        "Legacy_Reference": 123456789012345678,
        "Strategic_Deal": True,
        "Tag": [{"name": "Tender"}],
        "Next_Step": "",
        "Partners": [{"Partners": {"id": account["id"]}}],
        "Payment_Schedule": [{"Instalment": 1, "Due_Amount": 5}],
    }
    (result,) = insert(calls, given)
    record = calls.record(result["details"]["id"])
    reference = {"name": account["Account_Name"], "id": account["id"]}
    assert record["Account_Name"] == reference
    assert record["Contact_Name"] == {"name": contact["Full_Name"], "id": contact["id"]}
    assert record["Closing_Date"] == "2027-02-28"
    assert record["Next_Review"] == "2026-12-01T18:00:00+08:00"
    assert record["Technologies"] == ["AWS", "SAP"]
    assert record["Legacy_Reference"] == "123456789012345678"
    assert record["Strategic_Deal"] is True
    assert [tag["name"] for tag in record["Tag"]] == ["Tender"]
    assert record["Next_Step"] is None
    assert [link["Partners"] for link in record["Partners"]] == [reference]
    assert [line["Due_Amount"] for line in record["Payment_Schedule"]] == [5]


@pytest.mark.parametrize(
    ("field", "value", "details"),
    [
        ("Seats", "many", {"expected_data_type": "integer"}),
        ("Seats", True, {"expected_data_type": "integer"}),
        ("Seats", 1_000_000_000, {"maximum_length": 9}),
        ("Amount", "100", {"expected_data_type": "double"}),
        ("Amount", 10**16, {"maximum_length": 16}),
        ("Deal_Name", 5, {"expected_data_type": "text"}),
        ("Deal_Name", "x" * 121, {"maximum_length": 120}),
        ("Description", ["a"], {"expected_data_type": "text"}),
        ("Closing_Date", "2026-02-30", {"expected_data_type": "date"}),
        ("Closing_Date", "28/02/2026", {"expected_data_type": "date"}),
        ("Next_Review", "2026-01-01T00:00:00", {"expected_data_type": "datetime"}),
        ("Next_Review", "2026-01-01T00:00:00.123Z", {"expected_data_type": "datetime"}),
        ("Billing_Email", "nobody", {"expected_data_type": "email"}),
        ("Tender_URL", "no url", {"expected_data_type": "website"}),
        ("Legacy_Reference", "12x", {"expected_data_type": "bigint"}),
        ("Legacy_Reference", "1" * 19, {"maximum_length": 18}),
        ("Strategic_Deal", "true", {"expected_data_type": "boolean"}),
        ("Technologies", "AWS", {"expected_data_type": "jsonarray"}),
        ("Account_Name", ["1"], {"expected_data_type": "jsonobject"}),
        ("Country", "Atlantis", {}),
        ("Technologies", ["Abacus"], {}),
        ("Stage", "Daydreaming", {}),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(
    calls: CrmCalls, field: str, value: Json, details: Json
) -> None:
    (result,) = insert(calls, {**NEW_DEAL, field: value}, status=400)
    assert result == {
        "code": "INVALID_DATA",
        "details": {**details, "api_name": field, "json_path": f"$.data[0].{field}"},
        "message": "invalid data",
        "status": "error",
    }


def test_a_lookup_must_exist(calls: CrmCalls) -> None:
    (result,) = insert(calls, {**NEW_DEAL, "Account_Name": {"id": "12"}}, status=400)
    assert result["message"] == "the id given seems to be invalid"
    assert result["details"] == {"api_name": "id", "json_path": "$.data[0].Account_Name.id"}


@pytest.mark.parametrize("missing", ["Deal_Name", "Stage", "Pipeline"])
def test_mandatory_fields_are_demanded_of_an_insert(calls: CrmCalls, missing: str) -> None:
    row = {name: value for name, value in NEW_DEAL.items() if name != missing}
    (result,) = insert(calls, row, status=400)
    assert result == {
        "code": "MANDATORY_NOT_FOUND",
        "details": {"api_name": missing, "json_path": f"$.data[0].{missing}"},
        "message": "required field not found",
        "status": "error",
    }


def test_an_update_may_leave_mandatory_fields_out_but_not_empty_them(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    record_id = first_of(crm)["id"]
    fine = calls.call("PUT", f"/Deals/{record_id}", body={"data": [{"Seats": 3}]})
    assert fine.status == 200
    emptied = calls.call("PUT", f"/Deals/{record_id}", body={"data": [{"Deal_Name": None}]})
    assert emptied.status == 400
    assert emptied.json()["data"][0]["code"] == "MANDATORY_NOT_FOUND"


def test_a_stage_outside_its_pipeline_is_refused(calls: CrmCalls) -> None:
    (result,) = insert(calls, {**NEW_DEAL, "Stage": "Award Pending"}, status=400)
    assert result == {
        "code": "INVALID_DATA",
        "details": {"api_name": "Stage", "json_path": "$.data[0].Stage"},
        "message": "Pipeline doesn't contain the Stage",
        "status": "error",
    }


@pytest.mark.parametrize("probability", [-1, 101])
def test_a_probability_is_between_0_and_100(calls: CrmCalls, probability: int) -> None:
    (result,) = insert(calls, {**NEW_DEAL, "Probability": probability}, status=400)
    assert result["message"] == "Given Probability is not valid"


def test_several_reasons_come_together(calls: CrmCalls) -> None:
    (result,) = insert(calls, {"Deal_Name": "x", "Seats": "y", "Stage": "Nope"}, status=400)
    assert result["code"] == "MULTIPLE_OR_MULTI_ERRORS"
    assert [
        (each["code"], each["details"]["api_name"]) for each in result["details"]["errors"]
    ] == [
        ("INVALID_DATA", "Seats"),
        ("INVALID_DATA", "Stage"),
        ("MANDATORY_NOT_FOUND", "Pipeline"),
    ]


def test_a_unique_value_is_taken_whatever_its_case(calls: CrmCalls) -> None:
    (first,) = insert(calls, {**NEW_DEAL, "External_Reference": "Ref-1"})
    (second,) = insert(calls, {**NEW_DEAL, "External_Reference": "REF-1"}, status=400)
    taken_by = first["details"]["id"]
    details = second["details"]
    assert second["code"] == "DUPLICATE_DATA"
    assert details["id"] == taken_by
    assert details["json_path"] == "$.data[0].External_Reference"
    assert details["duplicate_record"]["id"] == taken_by
    assert set(details["duplicate_record"]["Owner"]) == {"name", "id", "zuid"}
    assert details["duplicate_record"]["module"]["api_name"] == "Deals"
    assert details["more_records"] is False


def test_a_unique_value_is_free_again_after_a_delete(calls: CrmCalls) -> None:
    (first,) = insert(calls, {**NEW_DEAL, "External_Reference": "Ref-1"})
    calls.call("DELETE", f"/Deals/{first['details']['id']}")
    insert(calls, {**NEW_DEAL, "External_Reference": "Ref-1"})


def test_mixed_results_are_207_in_the_order_of_the_rows(calls: CrmCalls) -> None:
    results = insert(calls, {"Deal_Name": "only"}, NEW_DEAL, {**NEW_DEAL, "Seats": "x"}, status=207)
    assert [result["status"] for result in results] == ["error", "success", "error"]
    assert results[2]["details"]["json_path"] == "$.data[2].Seats"


def test_unknown_fields_are_passed_over_or_refused_as_switched(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    insert(calls, {**NEW_DEAL, "Nonsense": 1})
    crm.switch(unknown_fields_are_refused=True)
    (result,) = insert(calls, {**NEW_DEAL, "Nonsense": 1}, status=400)
    assert result["details"] == {"api_name": "Nonsense", "json_path": "$.data[0].Nonsense"}


def test_read_only_fields_keep_their_values(calls: CrmCalls, crm: SimulatorHandle) -> None:
    before = first_of(crm)
    changes = {"Created_Time": "2001-01-01T00:00:00Z", "Expected_Revenue": 1, "Deal_Number": "X"}
    calls.call("PUT", f"/Deals/{before['id']}", body={"data": [changes]})
    after = calls.record(before["id"])
    for name in changes:
        assert after[name] == before[name]


def test_a_hundred_and_one_rows_are_refused(calls: CrmCalls) -> None:
    answer = calls.call("POST", "/Deals", body={"data": [NEW_DEAL] * 101})
    assert answer.status == 400
    assert answer.json() == {
        "code": "LIMIT_EXCEEDED",
        "details": {"maximum_length": 100, "api_name": "data"},
        "message": "count of records in your request exceeds the limit",
        "status": "error",
    }


def test_a_write_refused_as_a_whole_is_wrapped_as_switched(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    plain = calls.call("POST", "/Deals", body=b"{")
    crm.switch(write_errors_are_wrapped=True)
    wrapped = calls.call("POST", "/Deals", body=b"{")
    assert (wrapped.status, wrapped.json()) == (400, {"data": [plain.json()]})


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"data":[]}', b"\xff"])
def test_a_body_that_cannot_be_read_is_refused(calls: CrmCalls, body: bytes) -> None:
    answer = calls.call("POST", "/Deals", body=body)
    assert (answer.status, answer.json()["code"]) == (400, "UNABLE_TO_PARSE_DATA_TYPE")


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
