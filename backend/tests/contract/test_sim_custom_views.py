"""Custom views: their list, the records that they show, and those that tests add."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import ControlRefusedError, Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPEN = {"Qualification", "Needs Analysis", "Value Proposition", "Id. Decision Makers",
        "Tender Review", "Proposal/Price Quote", "Award Pending", "Negotiation/Review"}  # fmt: skip

# The seeded story ends on a day of its own, so that what the views show never varies.
SEEDED_AT = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=150)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=150, seeded_at=SEEDED_AT)
    running.freeze()
    running.control("POST", "/clock/set", {"time": "2026-11-20T12:00:00+08:00"})
    return running


@pytest.fixture
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)


def views(calls: CrmCalls, module: str = "Deals") -> dict[str, Json]:
    listed = calls.get("/settings/custom_views", module=module).json()["custom_views"]
    return {view["name"]: view for view in listed}


def shown(calls: CrmCalls, view_id: str, **params: object) -> set[str]:
    rows = calls.walk("/Deals", fields="id", cvid=view_id, per_page=20, **params)
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"] for row in rows}


def test_the_list_names_the_views_of_a_module(calls: CrmCalls) -> None:
    assert list(views(calls)) == [
        "All Deals",
        "Closing This Month",
        "My Open Deals",
        "Stalled Deals",
        "Won Deals",
        "High Value Deals",
    ]
    assert list(views(calls, "Accounts")) == ["All Accounts", "My Accounts"]
    page = calls.get("/settings/custom_views", module="Deals", per_page=4, page=2).json()
    assert [view["name"] for view in page["custom_views"]] == ["Won Deals", "High Value Deals"]
    assert page["info"] == {
        "per_page": 4,
        "default": views(calls)["All Deals"]["id"],
        "count": 2,
        "page": 2,
        "more_records": False,
        "translation": {
            "public_views": "Public Views",
            "other_users_views": "Other Users Views",
            "shared_with_me": "Shared With Me",
            "created_by_me": "Created By Me",
        },
    }
    assert calls.get("/settings/custom_views", module="Deals", page=9).status == 204


def test_one_view_is_answered_with_its_criteria(calls: CrmCalls) -> None:
    stalled = views(calls)["Stalled Deals"]
    answer = calls.get(f"/settings/custom_views/{stalled['id']}", module="Deals")
    assert answer.json() == {"custom_views": [stalled]}
    assert stalled["system_name"] == "STALLED_DEALS"
    stage, modified = stalled["criteria"]["group"]
    assert (stage["field"]["api_name"], set(stage["value"])) == ("Stage", OPEN)
    assert (modified["comparator"], modified["value"]) == ("less_than", "${TODAY}-30")
    assert calls.get("/settings/custom_views/1", module="Deals").status == 204


@pytest.mark.parametrize(
    ("params", "code"),
    [({}, "REQUIRED_PARAM_MISSING"), ({"module": "Nowhere"}, "INVALID_MODULE")],
)
def test_the_list_demands_a_module(calls: CrmCalls, params: Json, code: str) -> None:
    answer = calls.get("/settings/custom_views", **params)
    assert (answer.status, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("name", "count", "belongs"),
    [
        ("Closing This Month", 5, lambda deal, _me: (deal["Closing_Date"] or "")[:7] == "2026-11"),
        ("My Open Deals", 1, lambda deal, me: deal["Stage"] in OPEN and deal["Owner"]["id"] == me),
        (
            "Stalled Deals",
            3,
            lambda deal, _me: (
                deal["Stage"] in OPEN and deal["Modified_Time"] < "2026-10-21T12:00:00+08:00"
            ),
        ),
        ("Won Deals", 46, lambda deal, _me: deal["Stage"] == "Closed Won"),
        (
            "High Value Deals",
            1,
            lambda deal, _me: deal["Stage"] in OPEN and (deal["Amount"] or 0) > 500_000,
        ),
        ("All Deals", 151, lambda _deal, _me: True),
    ],
)
def test_a_view_shows_the_records_that_meet_its_criteria(
    calls: CrmCalls,
    crm: SimulatorHandle,
    name: str,
    count: int,
    belongs: Callable[[Json, str], bool],
) -> None:
    me = calls.get("/users", type="CurrentUser").json()["users"][0]["id"]
    crm.create(
        {
            "Deal_Name": "Everywhere",
            "Stage": "Qualification",
            "Pipeline": "Standard (Standard)",
            "Closing_Date": "2026-11-30",
            "Amount": 900_000,
            "Owner": {"id": me},
        }
    )
    expected = {deal["id"] for deal in crm.records() if belongs(deal, me)}
    view_id = views(calls)[name]["id"]
    assert len(expected) == count
    assert shown(calls, view_id) == expected
    assert calls.get("/Deals/actions/count", cvid=view_id).json() == {"count": len(expected)}


def test_a_view_costs_three_credits_and_excludes_an_order(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    view_id = views(calls)["Won Deals"]["id"]
    before = crm.state()["credits"]["used"]
    assert calls.get("/Deals", fields="id", cvid=view_id).status == 200
    assert crm.state()["credits"]["used"] == before + 3
    refused = calls.get("/Deals", fields="id", cvid=view_id, sort_by="id")
    assert refused.json()["code"] == "AMBIGUITY_DURING_PROCESSING"
    unknown = calls.get("/Deals", fields="id", cvid="1")
    assert unknown.json()["details"] == {"param_name": "cvid"}


def test_a_view_is_added_by_criteria_or_by_ids(calls: CrmCalls, crm: SimulatorHandle) -> None:
    deals = crm.records()
    ids = [deals[3]["id"], deals[7]["id"]]
    mine = crm.view("Two of them", ids=ids)
    assert shown(calls, mine) == set(ids)
    assert views(calls)["Two of them"]["criteria"] is None
    test = {"field": {"api_name": "Seats"}, "comparator": "equal", "value": 4711}
    many = crm.view("Large", criteria=test)
    assert calls.get("/Deals", fields="id", cvid=many).status == 204
    crm.edit({ids[0]: {"Seats": 4711}})
    assert shown(calls, many) == {ids[0]}
    assert shown(calls, many, ids=",".join(ids)) == {ids[0]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": "x"}, "criteria or ids"),
        ({"name": "x", "ids": [], "criteria": {}}, "criteria or ids"),
        ({"name": "x", "criteria": {"field": {"api_name": "Nope"}}}, "incomplete"),
    ],
)
def test_a_view_that_makes_no_sense_is_not_added(
    crm: SimulatorHandle, body: Json, reason: str
) -> None:
    with pytest.raises(ControlRefusedError, match=reason):
        crm.control("POST", "/modules/Deals/views", body)


def test_a_view_of_a_field_that_is_gone_is_not_offered(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    crm.control("DELETE", "/modules/Deals/fields/Closing_Date")
    assert "Closing This Month" not in views(calls)
