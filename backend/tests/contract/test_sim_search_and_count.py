"""Search and record count over HTTP (zoho-crm-v8.md sections 4.6 and 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.simulator import Answer, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=250)) as handle:
        handle.freeze()
        yield handle


@pytest.fixture
def token(simulator: SimulatorHandle) -> str:
    return simulator.access_token()


def get(simulator: SimulatorHandle, token: str, path: str, **parameters: str) -> Answer:
    return simulator.request(
        "GET",
        f"/crm/v8/{path}",
        params=parameters,
        headers={"Authorization": f"Zoho-oauthtoken {token}"},
    )


def test_a_hit_is_the_whole_record_unless_fields_are_named(
    simulator: SimulatorHandle, token: str
) -> None:
    record = simulator.records()[0]
    criteria = f"(id:equals:{record['id']})"
    whole = get(simulator, token, "Deals/search", criteria=criteria).json()
    assert whole["data"] == [get(simulator, token, f"Deals/{record['id']}").json()["data"][0]]
    assert whole["info"] == {"per_page": 200, "count": 1, "page": 1, "more_records": False}
    part = get(simulator, token, "Deals/search", criteria=criteria, fields="Deal_Name").json()
    plain = {key: value for key, value in part["data"][0].items() if not key.startswith("$")}
    assert plain == {"id": record["id"], "Deal_Name": record["Deal_Name"]}


def test_pages_hold_every_hit_once(simulator: SimulatorHandle, token: str) -> None:
    expected = sorted((row["id"] for row in simulator.records()), reverse=True)
    seen: list[str] = []
    for page in (1, 2, 3):
        body = get(
            simulator,
            token,
            "Deals/search",
            criteria="(Created_Time:greater_than:2000-01-01T00:00:00Z)",
            per_page="100",
            page=str(page),
        ).json()
        seen += [row["id"] for row in body["data"]]
        assert body["info"]["more_records"] is (page < 3)
    assert seen == expected


def test_a_write_is_found_only_when_the_index_has_caught_up(
    simulator: SimulatorHandle, token: str
) -> None:
    simulator.switch(search_index_lag_s=30)
    record = simulator.records()[1]

    def found(name: str) -> list[str]:
        answer = get(simulator, token, "Deals/search", criteria=f"(Deal_Name:equals:{name})")
        return [] if answer.status == 204 else [row["id"] for row in answer.json()["data"]]

    simulator.edit({record["id"]: {"Deal_Name": "Zymurgy plant"}})
    assert found("Zymurgy plant") == []
    assert record["id"] in found(record["Deal_Name"].split(" - ")[0])
    simulator.advance(29)
    assert found("Zymurgy plant") == []
    simulator.advance(1)
    assert found("Zymurgy plant") == [record["id"]]
    simulator.delete(record["id"])
    assert found("Zymurgy plant") == [record["id"]]
    simulator.advance(30)
    assert found("Zymurgy plant") == []
    simulator.restore(record["id"])
    assert found("Zymurgy plant") == []
    simulator.advance(30)
    assert found("Zymurgy plant") == [record["id"]]


def test_nothing_found_is_204_without_a_body(simulator: SimulatorHandle, token: str) -> None:
    answer = get(simulator, token, "Deals/search", word="nobodyhasthisname")
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize(
    ("path", "parameters", "code", "message", "details"),
    [
        (
            "Deals/search",
            {},
            "EXPECTED_PARAM_MISSING",
            "one of the expected parameter is missing",
            {"param_names": ["criteria", "email", "phone", "word"]},
        ),
        (
            "Deals/search",
            {"word": "straits", "page": "11"},
            "LIMIT_REACHED",
            "maximum response iteration limit reached",
            {"limit": "2000"},
        ),
        (
            "Deals/search",
            {"criteria": "(Stage:starts_with:Clo)"},
            "INVALID_QUERY",
            "invalid operator found",
            {
                "operator": "starts_with",
                "reason": "The operator is not valid for the field type",
                "api_name": "Stage",
            },
        ),
        (
            "Deals/actions/count",
            {"cvid": "1", "word": "straits"},
            "AMBIGUITY_DURING_PROCESSING",
            (
                "Please use either Cvid or Search Params."
                " Combination of both the params is not allowed"
            ),
            {"ambiguity_due_to": [{"param_name": "cvid"}, {"param_name": "word"}]},
        ),
    ],
)
def test_refusals_have_the_bodies_of_the_reference(
    simulator: SimulatorHandle,
    token: str,
    path: str,
    parameters: dict[str, str],
    code: str,
    message: str,
    details: dict[str, object],
) -> None:
    answer = get(simulator, token, path, **parameters)
    assert answer.status == 400
    assert answer.json() == {
        "code": code,
        "details": details,
        "message": message,
        "status": "error",
    }


def test_a_count_is_stale_for_a_while(simulator: SimulatorHandle, token: str) -> None:
    simulator.switch(count_staleness_s=60)
    first = get(simulator, token, "Deals/actions/count").json()["count"]
    assert first == len(simulator.records())
    gone = simulator.records()[-1]["id"]
    simulator.delete(gone)
    simulator.advance(59)
    assert get(simulator, token, "Deals/actions/count").json() == {"count": first}
    simulator.advance(1)
    assert get(simulator, token, "Deals/actions/count").json() == {"count": first - 1}


def test_a_count_takes_criteria(simulator: SimulatorHandle, token: str) -> None:
    won = sum(row["Stage"] == "Closed Won" for row in simulator.records())
    answer = get(simulator, token, "Deals/actions/count", criteria="(Stage:equals:Closed Won)")
    assert answer.json() == {"count": won}


def test_search_and_count_need_the_search_scope(simulator: SimulatorHandle) -> None:
    token = simulator.access_token("ZohoCRM.modules.ALL,ZohoCRM.settings.ALL")
    for path in ("Deals/search", "Deals/actions/count"):
        assert get(simulator, token, path, word="straits").status == 401
