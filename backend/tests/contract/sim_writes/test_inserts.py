"""New records: their stamps, what is filled in, results row by row, calls refused as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.sim_samples import NEW_DEAL
from support.sim_writing import api_user, first_of, insert

if TYPE_CHECKING:
    from support.crm_calls import CrmCalls
    from support.simulator import SimulatorHandle


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
