"""Limits, faults, clock and latency of the simulator, as a client meets them."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from support.crm_calls import CrmCalls
from support.simulator import ControlRefusedError, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW_DEAL = {
    "Deal_Name": "Fresh",
    "Stage": "Qualification",
    "Pipeline": "Standard (Standard)",
}
TOO_MANY = {
    "code": "TOO_MANY_REQUESTS",
    "details": {},
    "message": "Too many requests. Please try again later.",
    "status": "error",
}


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=250)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=250, edition="enterprise", users=20, latency_ms=0)
    running.freeze()
    return running


@pytest.fixture
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)


def used(crm: SimulatorHandle) -> int:
    return int(crm.state()["credits"]["used"])


# Credits


@pytest.mark.parametrize(
    ("edition", "users", "budget", "at_once"),
    [
        ("free", 3, 5_000, 5),
        ("standard", 10, 52_500, 10),
        ("standard", 400, 100_000, 10),
        ("professional", 10, 55_000, 15),
        ("enterprise", 20, 70_000, 20),
        ("ultimate", 20, 90_000, 25),
    ],
)
def test_edition_and_licences_decide_credits_and_calls_at_once(
    crm: SimulatorHandle, edition: str, users: int, budget: int, at_once: int
) -> None:
    limits = crm.limits(edition=edition, licences=users)
    assert (limits["credit_budget"], limits["calls_at_once"]) == (budget, at_once)
    org = CrmCalls(crm).get("/org").json()["org"][0]["license_details"]
    assert org["paid_type"] == edition
    assert org["users_license_purchased"] == users
    assert org["paid"] is (edition != "free")


@pytest.mark.parametrize(
    ("method", "path", "body", "cost"),
    [
        ("GET", "/Deals?fields=Stage", None, 1),
        ("GET", "/Deals?fields=Stage&sort_by=Modified_Time", None, 1),
        ("GET", "/org", None, 1),
        ("GET", "/Deals", None, 1),
        ("GET", "/Deals/1234567890123456789", None, 1),
        ("POST", "/Deals", {"data": [NEW_DEAL] * 10}, 1),
        ("POST", "/Deals", {"data": [NEW_DEAL] * 11}, 2),
        ("POST", "/Deals", {"data": [NEW_DEAL] * 100}, 10),
    ],
)
def test_calls_cost_credits(
    calls: CrmCalls, crm: SimulatorHandle, method: str, path: str, body: object, cost: int
) -> None:
    before = used(crm)
    calls.call(method, path, body=body)
    assert used(crm) - before == cost


def test_credits_are_announced_from_half_of_the_budget_on(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    crm.limits(credit_budget=10, spend=4)
    assert "X-API-CREDITS-REMAINING" in calls.get("/org").headers
    crm.limits(credit_budget=100)
    assert "X-API-CREDITS-REMAINING" not in calls.get("/org").headers


def test_spent_credits_refuse_calls_and_come_back_after_a_day(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    crm.limits(credit_budget=3)
    answers = [calls.get("/org") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers.get("X-API-CREDITS-REMAINING") for answer in answers] == [
        None,
        "1",
        "0",
        "0",
    ]
    assert answers[-1].json() == TOO_MANY
    assert "Retry-After" not in answers[-1].headers
    assert crm.state()["limits"]["refused"] == {"credits": 1}
    crm.advance(86_399)
    calls = CrmCalls(crm)
    assert calls.get("/org").status == 429
    crm.advance(1)
    assert calls.get("/org").status == 200


# Simultaneous calls


def test_calls_beyond_the_limit_at_once_are_refused(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.limits(calls_at_once=3)
    crm.latency(700)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: calls.get("/org"), range(5)))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 429, 429]
    state = crm.state()["limits"]
    assert (state["running"], state["peak"], state["refused"]) == (0, 3, {"concurrency": 2})


def test_complex_calls_have_a_limit_of_their_own(calls: CrmCalls, crm: SimulatorHandle) -> None:
    crm.limits(complex_calls_at_once=2)
    crm.latency(700)
    paths = ["/Deals?fields=Stage&sort_by=id"] * 4 + ["/Deals?fields=Stage"] * 3
    with ThreadPoolExecutor(7) as pool:
        answers = list(pool.map(calls.get, paths))
    assert sorted(answer.status for answer in answers[:4]) == [200, 200, 429, 429]
    assert [answer.status for answer in answers[4:]] == [200, 200, 200]
    assert crm.state()["limits"]["refused"] == {"sub_concurrency": 2}


# Faults


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


# Clock, latency, switches


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
    deadline = time.monotonic() + 20
    while len(crm.records()) == 250:
        assert time.monotonic() < deadline, "the write is lost"
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


# Control plane


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
    deadline = time.monotonic() + 30
    while sum(crm.state()["edits"].values()) < 50:
        assert time.monotonic() < deadline, "the team does not work"
    crm.activity(0)
    done = crm.state()["edits"]
    assert crm.state()["edits"] == done
    assert done["Deals.updated"] > 0


def test_naming_can_be_canonical(running: SimulatorHandle) -> None:
    running.reset(deals=5, naming="canonical")
    try:
        names = set(running.records()[0])
    finally:
        running.reset(deals=250, naming="stock")
    assert {"Opportunity_Name", "OCH_Revenue", "Opportunity_Owner"} <= names
    assert not {"Deal_Name", "Amount", "Owner"} & names


def test_state_counts_calls_by_operation(calls: CrmCalls, crm: SimulatorHandle) -> None:
    calls.get("/org")
    calls.get("/Deals", fields="Stage")
    counted = crm.state()["calls"]
    assert counted == {"oauth.token": 1, "org.get": 1, "records.list": 1}
    assert json.dumps(crm.state()["credits"]["by_operation"]) == '{"org.get": 1, "records.list": 1}'
