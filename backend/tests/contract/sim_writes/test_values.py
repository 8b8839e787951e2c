"""What fields take: values that do not fit are refused, each by its name and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.sim_samples import NEW_DEAL
from support.sim_writing import first_of, insert

if TYPE_CHECKING:
    from support.crm_calls import CrmCalls
    from support.simulator import Json, SimulatorHandle


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


def test_read_only_fields_keep_their_values(calls: CrmCalls, crm: SimulatorHandle) -> None:
    before = first_of(crm)
    changes = {"Created_Time": "2001-01-01T00:00:00Z", "Expected_Revenue": 1, "Deal_Number": "X"}
    calls.call("PUT", f"/Deals/{before['id']}", body={"data": [changes]})
    after = calls.record(before["id"])
    for name in changes:
        assert after[name] == before[name]
