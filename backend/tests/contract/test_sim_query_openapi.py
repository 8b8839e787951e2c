"""The query side's answers against the vendor's OpenAPI files, where those are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

VENDOR_FILES = Path(__file__).parents[4] / "shared" / "zoho-oas"

pytestmark = pytest.mark.skipif(
    not VENDOR_FILES.is_dir(), reason="the vendor's OpenAPI files are not beside the repository"
)

JOBS = "/crm/bulk/v8/read"
# The vendor's schema demands these of every job, its documentation shows no job that has them.
NEVER_SEEN = (
    "'Attachment_Source__s' is a required property",
    "'File_Id__s' is a required property",
)


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=60)) as handle:
        yield handle


@pytest.fixture(scope="module")
def token(simulator: SimulatorHandle) -> str:
    return simulator.access_token()


def complaints(file: str, path: str, method: str, status: int, body: object) -> list[str]:
    document = json.loads((VENDOR_FILES / f"{file}.json").read_text())
    answer = document["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = resolved(document, answer["$ref"])
    (media,) = answer["content"].values()
    schema = {**media["schema"], "components": document.get("components", {})}
    return [error.message for error in Draft202012Validator(schema).iter_errors(body)]


def resolved(document: dict[str, Any], reference: str) -> dict[str, Any]:
    for key in reference.removeprefix("#/").split("/"):
        document = document[key]
    return document


def call(
    simulator: SimulatorHandle, token: str, method: str, path: str, body: object = None
) -> tuple[int, Any]:
    headers = {"Authorization": f"Zoho-oauthtoken {token}", "Content-Type": "application/json"}
    answer = simulator.request(method, path, body=body, headers=headers)
    return answer.status, answer.json()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("select Deal_Name, Owner, Account_Name.Phone, Tag from Deals where id > 1 limit 3", 200),
        ("select Stage, COUNT(id) as n from Deals where id > 1 group by Stage", 200),
        ("select id from Deals", 400),
        ("update Deals", 400),
        ("select id from Deals where Nope = 1", 400),
        ("select id from Deals where (id > 1 and id > 2 and id > 3)", 400),
        ("select id from Deals where not id > 1", 400),
        ("select id from Deals where Amount = 'many'", 400),
        ("select id from Deals where Description = 'x'", 400),
        ("select id from Deals where Deal_Name > 'x'", 400),
        ("select Stage as a, Amount as a from Deals where id > 1", 400),
        ("select Stage, Stage from Deals where id > 1", 400),
        ("select Stage as '' from Deals where id > 1", 400),
        ("select Stage, COUNT(id) from Deals where id > 1", 400),
        ("select id from Deals where id > 1 limit 3000", 400),
        ("select id from Deals where id > 1 limit s", 400),
        ("select id from Nowhere where id > 1", 400),
        ("select total(Amount) from Deals where id > 1", 400),
    ],
)
def test_coql(simulator: SimulatorHandle, token: str, text: str, status: int) -> None:
    seen, body = call(simulator, token, "POST", "/crm/v8/coql", {"select_query": text})
    assert seen == status
    assert complaints("coql", "/coql", "post", status, body) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 200), ("?word=a", 400), ("?criteria=x", 400), ("?cvid=1&word=abc", 400)],
)
def test_record_count(simulator: SimulatorHandle, token: str, query: str, status: int) -> None:
    seen, body = call(simulator, token, "GET", f"/crm/v8/Deals/actions/count{query}")
    assert seen == status
    path = "/{moduleApiName}/actions/count"
    assert complaints("record-count", path, "get", status, body) == []


def test_timelines(simulator: SimulatorHandle, token: str) -> None:
    deal = simulator.records()[0]
    simulator.edit({deal["id"]: {"Seats": 77, "Strategic_Deal": not deal["Strategic_Deal"]}})
    path = "/{module}/{recordId}/__timeline"
    status, body = call(simulator, token, "GET", f"/crm/v8/Deals/{deal['id']}/__timeline")
    assert status == 200
    assert complaints("timelines", path, "get", 200, body) == []
    status, body = call(simulator, token, "GET", "/crm/v8/Deals/1/__timeline")
    assert status == 400
    assert complaints("timelines", path, "get", 400, body) == []


def test_bulk_read_jobs(simulator: SimulatorHandle, token: str) -> None:
    condition = {"field": {"api_name": "Stage"}, "comparator": "equal", "value": "Closed Won"}
    query = {
        "module": {"api_name": "Deals"},
        "fields": ["Stage"],
        "criteria": {"group_operator": "or", "group": [condition, condition]},
    }
    status, body = call(simulator, token, "POST", JOBS, {"query": query})
    assert status == 201
    assert complaints("bulk-read", "/read", "post", 201, body) == []
    job = body["data"][0]["details"]["id"]
    status, body = call(simulator, token, "GET", f"{JOBS}/{job}")
    assert status == 200
    found = complaints("bulk-read", "/read/{jobId}", "get", 200, body)
    assert sorted(found) == sorted(NEVER_SEEN)
    status, body = call(simulator, token, "GET", f"{JOBS}/1")
    assert status == 404
    assert complaints("bulk-read", "/read/{jobId}", "get", 404, body) == []


@pytest.mark.parametrize(
    "query",
    [
        None,
        {"module": {"api_name": "Deals"}, "fields": ["Payment_Schedule"]},
        {"module": {"api_name": "Deals"}, "page": 501},
        {"module": {"api_name": "Deals"}, "cvid": "1"},
        {"page_token": "x"},
        *[
            {
                "module": {"api_name": "Deals"},
                "criteria": {"field": {"api_name": name}, "comparator": how, "value": "x"},
            }
            for name, how in (
                ("Stage", "equals"),
                ("Owner", "contains"),
                ("Amount", "equal"),
                ("Nope", "equal"),
            )
        ],
    ],
)
def test_refused_bulk_read_jobs(
    simulator: SimulatorHandle, token: str, query: dict[str, object] | None
) -> None:
    body = {} if query is None else {"query": query}
    status, answer = call(simulator, token, "POST", JOBS, body)
    assert status == 400
    found = complaints("bulk-read", "/read", "post", 400, answer)
    # Some codes stand in two branches of the vendor's oneOf.
    assert [text for text in found if "is valid under each of" not in text] == []
