"""Mass update by ids and by custom view, against the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import Answer, Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

DEALS = 60
NOBODY = "1"


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=DEALS)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=DEALS)
    running.freeze()
    running.advance(60)
    return running


@pytest.fixture
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)


def order(calls: CrmCalls, values: Json, module: str = "Deals", **more: Json) -> Answer:
    body = {"data": [values], **more}
    return calls.call("POST", f"/{module}/actions/mass_update", body=body)


def state(calls: CrmCalls, job: str) -> Json:
    return calls.get("/Deals/actions/mass_update", job_id=job).json()["data"][0]


def everything(calls: CrmCalls) -> str:
    listed = calls.get("/settings/custom_views", module="Deals").json()
    return str(listed["info"]["default"])


def scheduled(answer: Answer) -> str:
    assert answer.status == 200, answer.body
    (accepted,) = answer.json()["data"]
    assert accepted["message"] == "mass update scheduled successfully"
    return str(accepted["details"]["job_id"])


def test_values_are_set_in_every_record_at_once(calls: CrmCalls, crm: SimulatorHandle) -> None:
    ids = [deal["id"] for deal in crm.records()[:3]]
    answer = order(calls, {"Next_Step": "Call", "Seats": 9, "Invoice_Date": "2026-12-01"}, ids=ids)
    assert answer.status == 200
    rows = answer.json()["data"]
    record = calls.record(ids[0])
    assert rows[0] == {
        "code": "SUCCESS",
        "details": {
            "id": ids[0],
            "Modified_Time": record["Modified_Time"],
            "Created_Time": record["Created_Time"],
            "Modified_By": {key: record["Modified_By"][key] for key in ("name", "id")},
            "Created_By": {key: record["Created_By"][key] for key in ("name", "id")},
        },
        "message": "record updated",
        "status": "success",
    }
    assert [row["details"]["id"] for row in rows] == ids
    for deal in map(calls.record, ids):
        assert (deal["Next_Step"], deal["Seats"]) == ("Call", 9)
    told = crm.writes()
    assert told["summary"]["writes_per_record"] == dict.fromkeys(ids, 1)
    assert told["summary"]["by_source"] == {"mass_update": 3}
    timeline = calls.get(f"/Deals/{ids[0]}/__timeline").json()["__timeline"]
    assert timeline[0]["source"] == "mass_update"


def test_each_id_has_a_result_of_its_own(calls: CrmCalls, crm: SimulatorHandle) -> None:
    free, locked, kept, theirs, gone = [deal["id"] for deal in crm.records()[:5]]
    crm.lock(locked)
    crm.blueprint(kept)
    crm.editable(theirs, editable=False)
    crm.delete(gone)
    stage = next(s for s in ("Closed Won", "Closed Lost") if s != calls.record(kept)["Stage"])
    answer = order(calls, {"Stage": stage}, ids=[free, locked, kept, theirs, gone, NOBODY])
    assert answer.status == 207
    results = [(row["code"], row["details"]) for row in answer.json()["data"][1:]]
    assert results == [
        ("RECORD_LOCKED", {"id": locked}),
        ("RECORD_IN_BLUEPRINT", {"id": kept}),
        ("NO_PERMISSION", {"id": theirs}),
        ("INVALID_DATA", {"id": gone}),
        ("INVALID_DATA", {"id": NOBODY}),
    ]
    assert answer.json()["data"][4]["message"] == "the id given seems to be invalid"
    assert order(calls, {"Stage": stage}, ids=[NOBODY]).status == 400


def test_a_stage_that_the_records_pipeline_lacks_is_a_mapping_mismatch(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    deal = next(d["id"] for d in crm.records() if d["Pipeline"] == "Standard (Standard)")
    answer = order(calls, {"Stage": "Tender Review"}, ids=[deal])
    assert answer.status == 400
    assert answer.json()["data"] == [
        {
            "code": "MAPPING_MISMATCH",
            "details": {
                "mapped_field": "Pipeline",
                "api_name": "Stage",
                "json_path": "$.data[0].Stage",
            },
            "message": "Pipeline doesn't contain the Stage",
            "status": "error",
        }
    ]


@pytest.mark.parametrize(
    ("values", "message", "details"),
    [
        ({"Nowhere": 1}, "No field found", {}),
        ({}, "No field found", {}),
        ({"Seats": 1, "Discount": 2, "Next_Step": "x", "Type": None},
         "Max field limit exceeded", {"limit": 3}),
        ({"Billing_Email": "a@b.co"},
         "the field Billing_Email is not supported in mass update", {}),
        ({"Next_Step": "x" * 101}, "invalid data", {"maximum_length": 100}),
        ({"Seats": "many"}, "invalid data", {}),
    ],
)  # fmt: skip
def test_values_that_no_record_can_take_refuse_the_call(
    calls: CrmCalls, crm: SimulatorHandle, values: Json, message: str, details: Json
) -> None:
    answer = order(calls, values, ids=[crm.records()[0]["id"]])
    assert answer.status == 400
    assert answer.json() == {
        "data": [
            {"code": "INVALID_DATA", "message": message, "details": details, "status": "error"}
        ]
    }
    assert crm.writes()["writes"] == []


@pytest.mark.parametrize(
    "field",
    ["Account_Name", "Owner", "Sales_Engineer", "Partners", "Layout", "Tag", "Description",
     "Requirements", "Payment_Schedule", "Expected_Revenue", "Deal_Number", "External_Reference",
     "Modified_Time", "id"],
)  # fmt: skip
def test_some_kinds_of_fields_are_never_set_and_the_metadata_say_so(
    calls: CrmCalls, crm: SimulatorHandle, field: str
) -> None:
    answer = order(calls, {field: "x"}, ids=[crm.records()[0]["id"]])
    message = f"the field {field} is not supported in mass update"
    assert answer.json()["data"][0]["message"] == message
    fields = calls.get("/settings/fields", module="Deals").json()["fields"]
    assert {f["api_name"]: f["mass_update"] for f in fields}[field] is False


def test_other_modules_take_one_field(calls: CrmCalls, crm: SimulatorHandle) -> None:
    account = crm.records("Accounts")[0]["id"]
    both = order(calls, {"Phone": "1", "Billing_City": "Oslo"}, "Accounts", ids=[account])
    assert both.json()["data"][0]["details"] == {"limit": 1}
    assert order(calls, {"Billing_City": "Oslo"}, "Accounts", ids=[account]).status == 200


def test_choices_are_added_or_replaced(calls: CrmCalls, crm: SimulatorHandle) -> None:
    deal = crm.records()[0]["id"]
    crm.edit({deal: {"Technologies": ["AWS"]}})
    order(calls, {"Technologies": ["SAP"]}, ids=[deal])
    assert calls.record(deal)["Technologies"] == ["AWS", "SAP"]
    order(calls, {"Technologies": ["Azure"]}, ids=[deal], over_write=True)
    assert calls.record(deal)["Technologies"] == ["Azure"]


def test_over_five_hundred_ids_are_refused(calls: CrmCalls, crm: SimulatorHandle) -> None:
    answer = order(calls, {"Seats": 1}, ids=[NOBODY] * 501)
    (refused,) = answer.json()["data"]
    assert (answer.status, refused["code"], refused["message"], refused["details"]) == (
        400,
        "LIMIT_EXCEEDED",
        "Record count exceeded",
        {"limit": 500},
    )
    assert crm.writes()["writes"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"data": [{"Seats": 1}]}, "MANDATORY_NOT_FOUND"),
        ({"ids": [NOBODY]}, "MANDATORY_NOT_FOUND"),
        ({"data": [{"Seats": 1}], "ids": [NOBODY], "cvid": NOBODY}, "AMBIGUITY_DURING_PROCESSING"),
        ({"data": [{"Seats": 1}], "ids": []}, "INVALID_DATA"),
        ({"data": [{"Seats": 1}, {"Seats": 2}], "ids": [NOBODY]}, "INVALID_DATA"),
        ({"data": [{"Seats": 1}], "cvid": NOBODY}, "INVALID_DATA"),
        ({"data": [{"Seats": 1}], "ids": [NOBODY], "over_write": "yes"}, "INVALID_DATA"),
    ],
)
def test_a_malformed_order_is_refused(
    calls: CrmCalls, crm: SimulatorHandle, body: Json, code: str
) -> None:
    answer = calls.call("POST", "/Deals/actions/mass_update", body=body)
    assert (answer.status, answer.json()["data"][0]["code"]) == (400, code)
    crm.switch(mass_update_errors_are_wrapped=False)
    bare = calls.call("POST", "/Deals/actions/mass_update", body=body)
    assert bare.json()["code"] == code


def test_a_view_is_worked_through_while_its_job_is_asked_for(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    crm.switch(bulk_job_duration_s=100)
    locked = crm.records()[0]["id"]
    crm.lock(locked)
    job = scheduled(order(calls, {"Seats": 4321}, cvid=everything(calls)))
    waiting = {"Failed_Count": 0, "Updated_Count": 0, "Not_Updated_Count": DEALS}
    assert state(calls, job) == {"Status": "SCHEDULED", "Total_Count": DEALS, **waiting}
    crm.advance(55)
    assert state(calls, job) == {
        "Status": "RUNNING",
        "Failed_Count": 1,
        "Updated_Count": DEALS // 2 - 1,
        "Not_Updated_Count": DEALS // 2,
        "Total_Count": DEALS,
    }
    assert sum(deal["Seats"] == 4321 for deal in crm.records()) == DEALS // 2 - 1
    again = order(calls, {"Seats": 1}, cvid=everything(calls))
    assert (again.status, again.json()["data"][0]["code"]) == (202, "ALREADY_SCHEDULED")
    crm.delete(crm.records()[-1]["id"])
    crm.advance(45)
    assert state(calls, job) == {
        "Status": "COMPLETED",
        "Failed_Count": 2,
        "Updated_Count": DEALS - 2,
        "Not_Updated_Count": 0,
        "Total_Count": DEALS,
    }
    written = crm.writes(source="mass_update")["summary"]
    assert (written["writes"], written["records"]) == (DEALS - 2, DEALS - 2)


def test_a_job_can_be_paced_by_its_status_calls(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.switch(bulk_job_polls=3)
    job = scheduled(order(calls, {"Seats": 4321}, cvid=everything(calls)))
    seen = [(told["Status"], told["Updated_Count"]) for told in (state(calls, job) for _ in "123")]
    assert seen == [("RUNNING", 15), ("RUNNING", 37), ("COMPLETED", DEALS)]


def test_a_job_ends_without_being_asked_for(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.switch(bulk_job_duration_s=10)
    scheduled(order(calls, {"Seats": 4321}, cvid=everything(calls)))
    crm.advance(10)
    other = scheduled_when_free(calls)
    assert state(calls, other)["Total_Count"] == DEALS
    assert crm.writes(source="mass_update")["summary"]["records"] == DEALS


def scheduled_when_free(calls: CrmCalls) -> str:
    for _ in range(200):
        answer = order(calls, {"Seats": 5}, cvid=everything(calls))
        if answer.status == 200:
            return scheduled(answer)
    raise AssertionError("the job before it has not ended")


def test_automation_runs_for_ids_and_for_small_views(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.switch(automation_touches_field="Next_Step")
    deal = crm.records()[0]["id"]
    order(calls, {"Seats": 1}, ids=[deal])
    assert crm.writes()["summary"]["by_source"] == {"mass_update": 1, "workflow": 1}
    view = crm.view("One", ids=[deal])
    state(calls, scheduled(order(calls, {"Seats": 2}, cvid=view)))
    assert crm.writes()["summary"]["by_source"] == {"mass_update": 2, "workflow": 2}


def test_a_view_may_be_empty_or_too_large(calls: CrmCalls, crm: SimulatorHandle) -> None:
    empty = order(calls, {"Seats": 1}, cvid=crm.view("None", ids=[]))
    assert (empty.status, empty.json()["data"][0]["code"]) == (400, "NO_RECORDS_FOUND")
    crm.switch(mass_update_view_maximum=DEALS - 1)
    large = order(calls, {"Seats": 1}, cvid=everything(calls))
    assert (large.status, large.json()["data"][0]["details"]) == (400, {"limit": DEALS - 1})


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({}, 400, "MANDATORY_NOT_FOUND"),
        ({"job_id": "x"}, 400, "INVALID_DATA"),
        ({"job_id": NOBODY}, 404, "NOT_FOUND"),
    ],
)
def test_a_job_that_does_not_exist_is_not_told_of(
    calls: CrmCalls, params: Json, status: int, code: str
) -> None:
    answer = calls.get("/Deals/actions/mass_update", **params)
    assert (answer.status, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(("rows_per_credit", "due"), [(0, 1), (10, 3)])
def test_its_price_is_by_call_or_by_rows_as_switched(
    calls: CrmCalls, crm: SimulatorHandle, rows_per_credit: int, due: int
) -> None:
    crm.switch(mass_update_rows_per_credit=rows_per_credit)
    ids = [deal["id"] for deal in crm.records()[:25]]
    before = crm.state()["credits"]["used"]
    assert order(calls, {"Seats": 1}, ids=ids).status == 200
    assert crm.state()["credits"]["used"] == before + due


def test_it_needs_a_scope_of_its_own_and_the_right_to_edit(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    ids = [crm.records()[0]["id"]]
    everywhere = calls.token
    calls.token = crm.access_token("ZohoCRM.modules.ALL")
    assert order(calls, {"Seats": 1}, ids=ids).json()["code"] == "OAUTH_SCOPE_MISMATCH"
    calls.token = crm.access_token("ZohoCRM.mass_update.Deals.UPDATE")
    assert order(calls, {"Seats": 1}, ids=ids).status == 200
    assert calls.get("/Deals/actions/mass_update", job_id="1").status == 401
    calls.token = everywhere
    crm.rights(edit=False)
    assert order(calls, {"Seats": 2}, ids=ids).json()["code"] == "NO_PERMISSION"
    missing = order(calls, {"Seats": 2}, "Nowhere", ids=ids).json()
    assert (missing["code"], missing["details"]) == ("INVALID_MODULE", {"resource_path_index": 0})
