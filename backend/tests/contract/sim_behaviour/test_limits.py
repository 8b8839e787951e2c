"""Credits and calls at once: what is counted, announced and refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.sim_samples import NEW_DEAL, TOO_MANY

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle


def used(crm: SimulatorHandle) -> int:
    return int(crm.state()["credits"]["used"])


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
