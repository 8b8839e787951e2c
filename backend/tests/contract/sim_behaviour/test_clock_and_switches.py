"""Clock, latency, switches and the simulator's own count of calls."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime

import pytest

from support.crm_calls import CrmCalls
from support.sim_samples import NEW_DEAL
from support.simulator import ControlRefusedError, SimulatorHandle
from support.waiting import wait_until


def test_the_date_header_follows_the_simulated_clock(calls: CrmCalls, crm: SimulatorHandle) -> None:
    first = parsedate_to_datetime(calls.get("/org").headers["Date"])
    crm.advance(3000)
    second = parsedate_to_datetime(calls.get("/org").headers["Date"])
    assert (second - first).total_seconds() == 3000
    crm.control("POST", "/clock/set", {"time": "2031-05-06T07:08:09+08:00"})
    assert calls.crm.request("GET", "/crm/v8/nothing/at/all").headers["Date"] == (
        "Mon, 05 May 2031 23:08:09 GMT"
    )


def test_latency_holds_every_answer_back(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.latency(150)
    began = time.monotonic()
    calls.get("/org")
    assert time.monotonic() - began >= 0.15


def test_a_write_is_done_even_if_the_caller_gave_up_waiting(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    crm.latency(600)
    with pytest.raises(TimeoutError):
        crm.request(
            "POST",
            "/crm/v8/Deals",
            body={"data": [NEW_DEAL]},
            headers={"Authorization": f"Zoho-oauthtoken {calls.token}"},
            timeout_s=0.2,
        )
    assert len(crm.records()) == 250
    wait_until(lambda: len(crm.records()) > 250)
    assert crm.records()[-1]["Deal_Name"] == "Fresh"
    assert crm.state()["limits"]["running"] == 0


def test_switches_are_typed_and_known(crm: SimulatorHandle) -> None:
    crm.switch(throttle_code="RATE_LIMIT_EXCEEDED", sends_retry_after=True)
    crm.limits(credit_budget=0)
    answer = CrmCalls(crm).get("/org")
    assert answer.json()["code"] == "RATE_LIMIT_EXCEEDED"
    assert answer.headers["Retry-After"] == "1"
    with pytest.raises(ControlRefusedError, match="switch cost_search takes int, not str"):
        crm.switch(cost_search="3")
    with pytest.raises(ControlRefusedError, match="no switch colour"):
        crm.switch(colour="red")


def test_state_counts_calls_by_operation(calls: CrmCalls, crm: SimulatorHandle) -> None:
    calls.get("/org")
    calls.get("/Deals", fields="Stage")
    counted = crm.state()["calls"]
    assert counted == {"oauth.token": 1, "org.get": 1, "records.list": 1}
    assert json.dumps(crm.state()["credits"]["by_operation"]) == '{"org.get": 1, "records.list": 1}'


def test_the_team_works_between_two_moments_and_leaves_the_clock_at_the_second(
    crm: SimulatorHandle,
) -> None:
    crm.thaw()
    crm.control("POST", "/clock/set", {"time": "2031-05-05T00:00:00Z"})
    stretch = {"begin": "2031-05-05T01:00:00Z", "end": "2031-05-05T10:00:00Z", "edits": 12}

    done = crm.control("POST", "/activity/work", stretch)

    assert (done["edits"], done["now"][:16]) == (12, "2031-05-05T10:00")
    stamps = {write["at"] for write in crm.writes(source="crm_ui")["writes"]}
    assert stamps
    assert all("2031-05-05T09:00:00" <= stamp < "2031-05-05T18:00:00" for stamp in stamps)


@pytest.mark.parametrize(
    ("stretch", "why"),
    [
        ({"begin": "2031-05-05T10:00:00Z", "end": "2031-05-05T01:00:00Z"}, "in order"),
        ({"begin": "2031-05-01T10:00:00Z", "end": "2031-05-04T10:00:00Z"}, "not before"),
        ({"begin": "2031-05-05T01:00:00Z", "end": "2031-05-05T02:00:00Z", "edits": -1}, "negative"),
    ],
)
def test_a_stretch_of_work_that_cannot_be_is_refused(
    crm: SimulatorHandle, stretch: dict[str, object], why: str
) -> None:
    crm.thaw()
    crm.control("POST", "/clock/set", {"time": "2031-05-05T00:00:00Z"})

    with pytest.raises(ControlRefusedError, match=why):
        crm.control("POST", "/activity/work", {"edits": 1, **stretch})


def test_nobody_works_while_the_clock_is_frozen(crm: SimulatorHandle) -> None:
    crm.freeze()

    with pytest.raises(ControlRefusedError, match="frozen"):
        crm.control(
            "POST",
            "/activity/work",
            {"begin": "2031-05-05T01:00:00Z", "end": "2031-05-05T02:00:00Z", "edits": 1},
        )
