"""The description of the API is complete: what it declares is what it sends."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from support.api import Api
from support.api_rows import add_session, connect_crm

Operation = tuple[str, str, dict[str, Any]]


def _operations(schema: dict[str, Any]) -> Iterator[Operation]:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


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
    operations = list(_operations(schema))

    assert [path for path, _, each in operations if not each.get("summary")] == []
    assert [path for path, _, each in operations if not each.get("description")] == []
    names = [each["operationId"] for _, _, each in operations]
    assert len(names) == len(set(names)) > 10


def test_every_error_is_declared_as_a_problem_with_an_example(schema: dict[str, Any]) -> None:
    lacking = [
        (path, method, status)
        for path, method, operation in _operations(schema)
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
        for path, _, operation in _operations(schema)
        if path not in {"/health", "/api/live-sync/events"} and "503" not in operation["responses"]
    ]

    assert lacking == []


def test_every_answer_has_an_example_that_fits_its_schema(schema: dict[str, Any]) -> None:
    lacking = []
    for path, _, operation in _operations(schema):
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


def test_answers_fit_what_is_declared(api: Api, schema: dict[str, Any]) -> None:
    connect_crm(api)
    ended = add_session(api, "incremental", "completed")
    requests = [
        ("post", "/api/live-sync/sync/full", {}),
        ("post", "/api/live-sync/sync/incremental", {}),
        ("post", "/api/live-sync/sync/reconcile", {}),
        ("get", "/api/live-sync/status/current", {}),
        ("get", "/api/live-sync/status/{session_id}", {"session_id": ended}),
        ("post", "/api/live-sync/sessions/{session_id}/cancel", {"session_id": ended}),
        ("get", "/api/live-sync/configuration", {}),
        ("get", "/api/sync-status/health", {}),
        ("get", "/api/sync-status/records", {}),
        ("get", "/api/sync-status/history", {}),
        ("get", "/api/sync-status/history/{session_id}", {"session_id": ended}),
        ("get", "/health", {}),
        ("get", "/health/ready", {}),
    ]
    for method, path, values in requests:
        answer = api.client.request(method, path.format(**values))

        declared = schema["paths"][path][method]["responses"][str(answer.status_code)]["content"]
        kind = answer.headers["content-type"]
        _assert_fits(answer.json(), declared[kind]["schema"], schema)


def _assert_fits(value: object, shape: dict[str, Any], schema: dict[str, Any]) -> None:
    whole = {**shape, "components": schema["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(
        value
    )
