"""COQL over HTTP: bodies, statuses, scopes and credits (zoho-crm-v8.md sections 1.5, 2.2 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.simulator import Answer, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=300)) as handle:
        yield handle


@pytest.fixture(scope="module")
def token(simulator: SimulatorHandle) -> str:
    return simulator.access_token()


def ask(simulator: SimulatorHandle, token: str, body: object) -> Answer:
    return simulator.request(
        "POST",
        "/crm/v8/coql",
        body=body,
        headers={"Authorization": f"Zoho-oauthtoken {token}"},
    )


def select(simulator: SimulatorHandle, token: str, text: str) -> Any:  # noqa: ANN401 - JSON
    answer = ask(simulator, token, {"select_query": text})
    assert answer.status == 200, answer.body
    return answer.json()


def test_a_keyset_walk_reaches_every_record_of_the_dump(
    simulator: SimulatorHandle, token: str
) -> None:
    dump = {row["id"]: row for row in simulator.records()}
    seen: dict[str, Any] = {}
    last = "0"
    while True:
        answer = ask(
            simulator,
            token,
            {
                "select_query": "select Deal_Name, Amount, Stage, Account_Name, Modified_Time"
                f" from Deals where id > {last} order by id asc limit 70"
            },
        )
        if answer.status == 204:
            assert answer.body == b""
            break
        page = answer.json()
        seen |= {row["id"]: row for row in page["data"]}
        assert page["info"]["count"] == len(page["data"])
        last = page["data"][-1]["id"]
    assert list(seen) == sorted(dump)
    for record_id, row in seen.items():
        assert row == {name: dump[record_id][name] for name in row}


def test_counts_and_stamps_agree_with_the_dump(simulator: SimulatorHandle, token: str) -> None:
    dump = simulator.records()
    middle = sorted(row["Created_Time"] for row in dump)[len(dump) // 2]
    recent = [row for row in dump if row["Created_Time"] >= middle]
    body = select(
        simulator,
        token,
        f"select COUNT(id), MAX(Modified_Time) from Deals where Created_Time >= '{middle}'",
    )
    assert body == {
        "data": [
            {
                "COUNT(id)": len(recent),
                "MAX(Modified_Time)": max(row["Modified_Time"] for row in recent),
            }
        ],
        "info": {"count": 1, "more_records": False},
    }


def test_a_write_by_somebody_else_is_seen_at_once(simulator: SimulatorHandle, token: str) -> None:
    record = simulator.records()[0]
    simulator.edit({record["id"]: {"Next_Step": "Call the notary"}})
    body = select(
        simulator, token, "select Next_Step from Deals where Next_Step = 'Call the notary'"
    )
    assert body["data"] == [{"Next_Step": "Call the notary", "id": record["id"]}]


def test_deal_history_can_be_queried(simulator: SimulatorHandle, token: str) -> None:
    body = select(
        simulator,
        token,
        "select Potential_Name, Stage from DealHistory where Moved_To__s is null limit 1",
    )
    row = body["data"][0]
    deal = {each["id"]: each for each in simulator.records()}[row["Potential_Name"]["id"]]
    assert row["Stage"] == deal["Stage"]
    assert row["Potential_Name"]["name"] == deal["Deal_Name"]


def test_field_metadata_comes_on_request(simulator: SimulatorHandle, token: str) -> None:
    body = ask(
        simulator,
        token,
        {
            "select_query": "select Stage from Deals where id is not null limit 1",
            "include_meta": ["fields"],
        },
    ).json()
    fields = simulator.request(
        "GET",
        "/crm/v8/settings/fields",
        params={"module": "Deals"},
        headers={"Authorization": f"Zoho-oauthtoken {token}"},
    ).json()["fields"]
    assert list(body) == ["data", "fields", "info"]
    assert body["fields"] == {
        "Stage": next(field for field in fields if field["api_name"] == "Stage")
    }


@pytest.mark.parametrize(
    ("body", "code", "message", "details"),
    [
        ({}, "MANDATORY_NOT_FOUND", "mandatory key not found", {"api_name": "select_query"}),
        (
            {"select_query": "select id from Nowhere where id > 1"},
            "INVALID_MODULE",
            "the given module is not supported in api",
            {},
        ),
        (
            {"select_query": "select id from Deals#12 where id > 1"},
            "INVALID_QUERY",
            "custom view given seems to be invalid",
            {"cvid": "12"},
        ),
        (
            {"select_query": "select id from Deals"},
            "SYNTAX_ERROR",
            "missing clause",
            {"clause": "where"},
        ),
        (
            {"select_query": "select Deal_Name from Deals where Deal_Name > 'a'"},
            "INVALID_QUERY",
            "Invalid query formed",
            {"reason": "invalid operator found", "column_name": "Deal_Name", "operator": ">"},
        ),
        (
            {"select_query": "select id from Deals where id > 1", "include_meta": "fields"},
            "INVALID_DATA",
            "invalid data",
            {
                "expected_data_type": "jsonarray",
                "api_name": "include_meta",
                "json_path": "$.include_meta",
            },
        ),
        (
            {"select_query": "select id from Deals where id > 1", "include_meta": ["layouts"]},
            "INVALID_DATA",
            "invalid data",
            {
                "api_name": "include_meta",
                "json_path": "$.include_meta[0]",
                "supported_values": ["fields"],
            },
        ),
    ],
)
def test_refusals_have_the_bodies_of_the_reference(
    simulator: SimulatorHandle,
    token: str,
    body: dict[str, object],
    code: str,
    message: str,
    details: dict[str, object],
) -> None:
    answer = ask(simulator, token, body)
    assert answer.status == 400
    assert answer.json() == {
        "code": code,
        "details": details,
        "message": message,
        "status": "error",
    }


@pytest.mark.parametrize("scope", ["ZohoCRM.coql.READ", "ZohoCRM.modules.ALL"])
def test_a_query_needs_the_scopes_of_coql_and_of_its_module(
    simulator: SimulatorHandle, scope: str
) -> None:
    body = {"select_query": "select id from Deals where id is not null limit 1"}
    answer = ask(simulator, simulator.access_token(scope), body)
    assert answer.status == 401
    assert answer.json()["code"] == "OAUTH_SCOPE_MISMATCH"


def test_both_scopes_are_enough(simulator: SimulatorHandle) -> None:
    token = simulator.access_token("ZohoCRM.coql.READ,ZohoCRM.modules.Deals.READ")
    select(simulator, token, "select id from Deals where id is not null limit 1")


@pytest.mark.parametrize(
    ("limit", "credits_"), [("", 1), ("limit 200", 1), ("limit 201", 2), ("limit 1001", 3)]
)
def test_the_price_follows_the_limit(
    simulator: SimulatorHandle, token: str, limit: str, credits_: int
) -> None:
    def spent() -> int:
        return int(simulator.state()["credits"]["used"])

    before = spent()
    select(simulator, token, f"select id from Deals where id is not null {limit}")
    assert spent() - before == credits_
