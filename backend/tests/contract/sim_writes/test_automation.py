"""A workflow rule changes another field after a write, when the write lets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.sim_writing import make

if TYPE_CHECKING:
    from support.crm_calls import CrmCalls
    from support.simulator import Json, SimulatorHandle


def timeline(calls: CrmCalls, deal: str) -> list[Json]:
    return list(calls.get(f"/Deals/{deal}/__timeline", sort_order="asc").json()["__timeline"])


@pytest.mark.parametrize(
    ("trigger", "runs"),
    [
        ({}, True),
        ({"trigger": ["workflow"]}, True),
        ({"trigger": ["approval", "blueprint"]}, False),
        ({"trigger": []}, False),
    ],
)
def test_the_rule_runs_unless_the_trigger_leaves_workflows_out(
    calls: CrmCalls, crm: SimulatorHandle, *, trigger: Json, runs: bool
) -> None:
    deal = make(calls)
    crm.switch(automation_touches_field="Next_Step")
    body = {"data": [{"id": deal, "Seats": 3}], **trigger}
    assert calls.call("PUT", "/Deals", body=body).status == 200
    assert calls.record(deal)["Next_Step"] == ("Workflow run 1" if runs else None)
    sources = [entry["source"] for entry in timeline(calls, deal)]
    assert sources == ["crm_api", "crm_api", *(["workflow"] if runs else [])]


def test_the_rule_writes_in_the_second_of_the_write_or_in_a_later_one(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    deal = make(calls)
    crm.switch(automation_touches_field="Strategic_Deal", automation_delay_s=1)
    answer = calls.call("PUT", "/Deals", body={"data": [{"id": deal, "Seats": 3}]})
    stamp = answer.json()["data"][0]["details"]["Modified_Time"]
    assert (calls.record(deal)["Strategic_Deal"], calls.record(deal)["Modified_Time"]) == (
        None,
        stamp,
    )
    crm.advance(1)
    touched = calls.record(deal)
    assert touched["Strategic_Deal"] is True
    assert touched["Modified_Time"] > stamp
    crm.switch(automation_delay_s=0)
    answer = calls.call("PUT", "/Deals", body={"data": [{"id": deal, "Seats": 4}]})
    assert calls.record(deal)["Strategic_Deal"] is False
    details = answer.json()["data"][0]["details"]
    assert calls.record(deal)["Modified_Time"] == details["Modified_Time"]


def test_the_rule_of_a_deleted_record_comes_to_nothing(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    deal = make(calls)
    crm.switch(automation_touches_field="Next_Step", automation_delay_s=1)
    calls.call("PUT", "/Deals", body={"data": [{"id": deal, "Seats": 3}]})
    crm.delete(deal)
    crm.advance(1)
    assert crm.writes(source="workflow")["writes"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Discount", 1),
        ("Lead_Source", "Advertisement"),
        ("Description", "Workflow run 1"),
    ],
)
def test_the_rule_finds_a_value_for_each_kind_of_field(
    calls: CrmCalls, crm: SimulatorHandle, field: str, value: Json
) -> None:
    deal = make(calls)
    crm.switch(automation_touches_field=field)
    calls.call("PUT", "/Deals", body={"data": [{"id": deal}]})
    assert calls.record(deal)[field] == value


def test_dates_are_set_to_the_day_and_the_moment(calls: CrmCalls, crm: SimulatorHandle) -> None:
    deal = make(calls)
    for field in ("Invoice_Date", "Next_Review"):
        crm.switch(automation_touches_field=field)
        calls.call("PUT", "/Deals", body={"data": [{"id": deal}]})
    record = calls.record(deal)
    assert record["Invoice_Date"] == record["Modified_Time"][:10]
    assert record["Next_Review"] == record["Modified_Time"]


def test_a_stage_brings_its_probability_unless_one_is_given(calls: CrmCalls) -> None:
    deal = make(calls)
    calls.call("PUT", "/Deals", body={"data": [{"id": deal, "Stage": "Needs Analysis"}]})
    assert calls.record(deal)["Probability"] == 20
    row = {"id": deal, "Stage": "Value Proposition", "Probability": 35}
    calls.call("PUT", "/Deals", body={"data": [row]})
    assert calls.record(deal)["Probability"] == 35
