"""Writes whose answer is lost, comes late, or that arrive long after their sender gave up."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import TYPE_CHECKING

import pytest

from support.bulk_writes import BulkWrites
from support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.crm_calls import CrmCalls
    from support.simulator import Json, SimulatorHandle


def one(calls: CrmCalls, deal: str) -> Json:
    return calls.call("PUT", "/Deals", body={"data": [{"id": deal, "Seats": 7}]}).json()


def mass(calls: CrmCalls, deal: str) -> Json:
    body = {"data": [{"Seats": 7}], "ids": [deal]}
    return calls.call("POST", "/Deals/actions/mass_update", body=body).json()


def by_file(calls: CrmCalls, deal: str) -> Json:
    bulk = BulkWrites(calls)
    file_id = bulk.file_id([["id", "Seats"], [deal, "7"]])
    return bulk.create("update", file_id, find_by="id").json()


WRITES = [
    ("records.update", one),
    ("mass_update.create", mass),
    ("bulk_write.create", by_file),
]


@pytest.mark.parametrize(("route", "write"), WRITES)
def test_a_write_is_done_although_its_answer_is_lost(
    calls: CrmCalls, crm: SimulatorHandle, route: str, write: Callable[[CrmCalls, str], Json]
) -> None:
    deal = crm.records()[0]["id"]
    crm.fault("lost_answer", route=route, count=1)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        write(calls, deal)
    wait_until(lambda: crm.writes()["summary"]["writes_per_record"] == {deal: 1})
    assert calls.record(deal)["Seats"] == 7


@pytest.mark.parametrize(("route", "write"), WRITES)
def test_a_write_can_arrive_long_after_its_sender_was_cut_off(
    calls: CrmCalls, crm: SimulatorHandle, route: str, write: Callable[[CrmCalls, str], Json]
) -> None:
    deal = crm.records()[0]["id"]
    crm.fault("late_write", route=route, count=1, duration_s=30)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        write(calls, deal)
    crm.edit({deal: {"Seats": 1}})
    crm.advance(29)
    assert [each["source"] for each in crm.writes()["writes"]] == ["crm_ui"]
    crm.advance(1)
    wait_until(lambda: crm.writes()["summary"]["writes"] == 2)
    record = calls.record(deal)
    assert record["Seats"] == 7
    assert crm.writes()["writes"][1]["at"] == record["Modified_Time"]


def test_a_late_write_still_loses_the_race_that_its_guard_was_for(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    deal = crm.records()[0]
    crm.fault("late_write", route="records.update", count=1, duration_s=30)
    guard = {"If-Unmodified-Since": deal["Modified_Time"]}
    body = {"data": [{"id": deal["id"], "Seats": 7}]}
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        calls.call("PUT", "/Deals", body=body, headers=guard)
    crm.edit({deal["id"]: {"Seats": 1}})
    before = crm.state()["credits"]["by_operation"].get("records.update", 0)
    crm.advance(30)
    wait_until(lambda: crm.state()["credits"]["by_operation"].get("records.update", 0) > before)
    assert calls.record(deal["id"])["Seats"] == 1


def test_a_late_answer_comes_whole_after_the_work_is_done(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    deal = crm.records()[0]["id"]
    crm.fault("late_answer", route="records.update", count=1, duration_s=0.2)
    with pytest.raises(TimeoutError):
        impatient(calls, crm, deal)
    wait_until(lambda: crm.writes()["summary"]["writes_per_record"] == {deal: 1})
    assert one(calls, deal)["data"][0]["code"] == "SUCCESS"


def impatient(calls: CrmCalls, crm: SimulatorHandle, deal: str) -> None:
    crm.request(
        "PUT",
        "/crm/v8/Deals",
        body={"data": [{"id": deal, "Seats": 7}]},
        headers={"Authorization": f"Zoho-oauthtoken {calls.token}"},
        timeout_s=0.05,
    )
