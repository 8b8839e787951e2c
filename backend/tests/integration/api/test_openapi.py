"""The description of the API is complete: what it declares is what it sends."""

from typing import Any

import httpx
import jsonschema
import pytest

from support.accounts import browser
from support.api import Api
from support.operations import BODIES, MISSING_IDS, admin_headers, operations, sample_ids
from support.synced import Synced


def _with_examples(media: dict[str, Any], schema: dict[str, Any]) -> bool:
    if "example" in media or media.get("examples"):
        return True
    shape = media.get("schema", {})
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
    return bool(shape.get("examples"))


@pytest.fixture
def schema(api: Api) -> dict[str, Any]:
    document: dict[str, Any] = api.client.get("/openapi.json").json()
    return document


def test_every_operation_has_summary_description_and_a_name_of_its_own(
    schema: dict[str, Any],
) -> None:
    every = list(operations(schema))

    assert [path for path, _, each in every if not each.get("summary")] == []
    assert [path for path, _, each in every if not each.get("description")] == []
    names = [each["operationId"] for _, _, each in every]
    assert len(names) == len(set(names)) > 10


def test_every_error_is_declared_as_a_problem_with_an_example(schema: dict[str, Any]) -> None:
    lacking = [
        (path, method, status)
        for path, method, operation in operations(schema)
        for status, answer in operation["responses"].items()
        if int(status) >= 400 and path != "/health/ready"
        if list(answer["content"]) != ["application/problem+json"]
        or not answer["content"]["application/problem+json"].get("examples")
    ]

    assert lacking == []


def test_every_operation_that_asks_the_database_declares_its_failure(
    schema: dict[str, Any],
) -> None:
    lacking = [
        path
        for path, _, operation in operations(schema)
        if path not in {"/health", "/api/live-sync/events"} and "503" not in operation["responses"]
    ]

    assert lacking == []


def test_every_answer_has_an_example_that_fits_its_schema(schema: dict[str, Any]) -> None:
    lacking = []
    for path, _, operation in operations(schema):
        for status, answer in operation["responses"].items():
            for kind, media in answer.get("content", {}).items():
                if kind == "text/event-stream":
                    continue
                if not _with_examples(media, schema):
                    lacking.append((path, status))
                for example in media.get("examples", {}).values():
                    _assert_fits(example["value"], media["schema"], schema)
    assert lacking == []
    for name, component in schema["components"]["schemas"].items():
        for example in component.get("examples", []):
            _assert_fits(example, {"$ref": f"#/components/schemas/{name}"}, schema)


def test_answers_of_every_operation_fit_what_is_declared(synced: Synced) -> None:
    schema = synced.api.client.get("/openapi.json").json()
    ids = sample_ids(synced)
    with browser(synced.api.url, None) as client:
        for path, method, operation in operations(schema):
            # Streams: of events without end, and of a file that is no JSON.
            if path in {"/api/live-sync/events", "/api/exports/deals.csv"}:
                continue
            for values in (ids, MISSING_IDS) if "{" in path else (ids,):
                answer = client.request(
                    method,
                    path.format(**values),
                    json=BODIES.get((method, path)),
                    headers=admin_headers(synced.api),
                )
                _assert_declared(answer, operation, schema)
            malformed = client.request(
                method,
                path.format(**dict.fromkeys(ids, "x")),
                params={"since": "x"},
                json=[],
                headers=admin_headers(synced.api),
            )
            if malformed.status_code == 422:
                _assert_declared(malformed, operation, schema)


def _assert_declared(
    answer: httpx.Response, operation: dict[str, Any], schema: dict[str, Any]
) -> None:
    declared = operation["responses"][str(answer.status_code)]["content"]
    media = declared[answer.headers["content-type"]]
    _assert_fits(answer.json(), media["schema"], schema)
    if answer.status_code >= 400 and "code" in answer.json():
        assert answer.json()["code"] in media["examples"]


def _assert_fits(value: object, shape: dict[str, Any], schema: dict[str, Any]) -> None:
    whole = {**shape, "components": schema["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(
        value
    )
