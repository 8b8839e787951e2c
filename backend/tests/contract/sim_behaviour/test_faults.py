"""Faults on order: each strikes the calls that it names, as a client meets it."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

import pytest

from support.crm_calls import CrmCalls
from support.sim_samples import NEW_DEAL, TOO_MANY
from support.simulator import ControlRefusedError, SimulatorHandle


def test_a_status_fault_strikes_so_many_matching_calls(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    crm.fault("status", route="records.list", status=503, after=1, count=2)
    seen = [calls.get("/Deals", fields="Stage").status for _ in range(4)]
    assert seen == [200, 503, 503, 200]
    assert calls.get("/org").status == 200
    assert crm.state()["faults_fired"] == {"status": 2}


def test_a_fault_can_be_bound_to_a_path_and_a_method(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.fault("status", route="/crm/v8/Deals*", method="POST", status=500)
    assert calls.get("/Deals", fields="Stage").status == 200
    assert calls.call("POST", "/Deals", body={"data": [NEW_DEAL]}).status == 500
    assert len(crm.records()) == 250


@pytest.mark.parametrize(("retry_after_s", "header"), [(7, "7"), (None, None)])
def test_a_429_comes_with_or_without_retry_after(
    calls: CrmCalls, crm: SimulatorHandle, retry_after_s: int | None, header: str | None
) -> None:
    crm.fault("status", status=429, retry_after_s=retry_after_s)
    answer = calls.get("/org")
    assert (answer.status, answer.json()) == (429, TOO_MANY)
    assert answer.headers.get("Retry-After") == header


def test_a_fault_of_some_probability_repeats_with_its_seed(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    patterns = []
    for _ in range(2):
        number = crm.fault("status", probability=0.4, seed=5)
        patterns.append([calls.get("/org").status for _ in range(20)])
        crm.control("DELETE", f"/faults/{number}")
    assert patterns[0] == patterns[1]
    assert set(patterns[0]) == {200, 503}


def test_a_lost_answer_comes_after_the_write(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.fault("lost_answer", route="records.insert", count=1)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        calls.call("POST", "/Deals", body={"data": [NEW_DEAL]})
    assert [row["Deal_Name"] for row in crm.records()[250:]] == ["Fresh"]


def test_a_dropped_connection_comes_before_the_write(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.fault("drop", route="records.insert", count=1)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        calls.call("POST", "/Deals", body={"data": [NEW_DEAL]})
    assert len(crm.records()) == 250


def test_a_cut_body_ends_before_its_announced_length(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.fault("cut_body", route="records.list", body_fraction=0.25, count=1)
    with pytest.raises(http.client.IncompleteRead) as cut:
        calls.get("/Deals", fields="Stage")
    received = len(cut.value.partial)
    assert received == (received + (cut.value.expected or 0)) // 4


def test_a_slow_body_arrives_whole(calls: CrmCalls, crm: SimulatorHandle) -> None:
    plain = calls.get("/Deals", fields="Stage").json()["data"]
    crm.fault("slow_body", route="records.list", duration_s=0.4, count=1)
    began = time.monotonic()
    slow = calls.get("/Deals", fields="Stage").json()["data"]
    assert slow == plain
    assert time.monotonic() - began >= 0.4


def test_a_timeout_never_answers(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.fault("timeout", route="org.get", count=1)
    connection = http.client.HTTPConnection(urlsplit(crm.url).netloc, timeout=0.5)
    try:
        connection.request("GET", "/crm/v8/org")
        with pytest.raises(TimeoutError):
            connection.getresponse()
    finally:
        connection.close()
    assert calls.get("/org").status == 200


def test_access_tokens_can_expire_in_the_middle_of_a_walk(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    crm.fault("expire_tokens", route="records.list", after=1, count=1)
    first = calls.get("/Deals", fields="Stage", per_page=100).json()
    token = first["info"]["next_page_token"]
    again = {"fields": "Stage", "per_page": 100, "page_token": token}
    refused = calls.get("/Deals", **again)
    assert (refused.status, refused.json()["code"]) == (401, "INVALID_TOKEN")
    assert CrmCalls(crm).get("/Deals", **again).json()["info"]["page"] == 2


def test_page_tokens_can_expire_in_the_middle_of_a_walk(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    token = calls.get("/Deals", fields="Stage").json()["info"]["next_page_token"]
    crm.fault("expire_page_tokens", route="records.list", count=1)
    answer = calls.get("/Deals", fields="Stage", page_token=token)
    assert (answer.status, answer.json()["code"]) == (400, "EXPIRED_VALUE")


def test_faults_strike_the_token_endpoint_too(crm: SimulatorHandle) -> None:
    crm.fault("status", route="oauth.token", status=502, count=1)
    refresh = {"grant_type": "refresh_token", "refresh_token": crm.connection["refresh_token"]}
    assert [crm.token(**refresh).status for _ in range(2)] == [502, 200]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"kind": "earthquake"}, "'earthquake' is not a valid FaultKind"),
        ({"kind": "status", "wher": "x"}, "unknown fault key wher"),
        ({"kind": "status", "count": "two"}, "fault key count has the wrong type: 'two'"),
    ],
)
def test_a_wrong_fault_order_is_refused_with_the_reason(
    crm: SimulatorHandle, order: dict[str, object], reason: str
) -> None:
    with pytest.raises(ControlRefusedError, match=reason):
        crm.control("POST", "/faults", order)
