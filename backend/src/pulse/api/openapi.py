"""The schema that clients are generated from: every error declared, problems as one component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from pulse.web.errors import MALFORMED, internal_error
from pulse.web.problems import (
    PROBLEM_MEDIA_TYPE,
    PROBLEM_REF,
    Problem,
    Responses,
    merged,
    problems,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from fastapi.routing import APIRoute


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function, which is unique in the application."""
    return route.name


def install_openapi(app: FastAPI) -> None:
    """Make the application describe its problems as they are sent."""
    # FastAPI asks for the schema through this attribute; its documentation names the override.
    app.openapi = lambda: _schema(app)  # type: ignore[method-assign] # as above


# Any: an OpenAPI document is open JSON.
def _schema(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version=app.openapi_version,
            summary=app.summary,
            routes=app.routes,
        )
        components = schema.setdefault("components", {}).setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components |= problem.pop("$defs")
        for name, examples in _examples(app):
            components[name]["examples"] = examples
        components["Problem"] = problem
        # FastAPI's own shape of a malformed payload; ours is a problem.
        components.pop("HTTPValidationError", None)
        components.pop("ValidationError", None)
        for operations in schema["paths"].values():
            for operation in operations.values():
                answers = operation["responses"]
                if "422" in answers:
                    answers["422"] = _malformed_response()
                declared: Responses = {500: answers["500"]} if "500" in answers else {}
                answers["500"] = merged(declared, problems(internal_error()))[500]
        app.openapi_schema = schema
    return app.openapi_schema


def _examples(app: FastAPI) -> Iterator[tuple[str, list[Any]]]:
    """Yield the examples of each answer, by the name of its schema.

    FastAPI drops every member without a value from the document, also inside an example, where
    null is what is shown.
    """
    for context in iter_route_contexts(app.routes):
        model = getattr(context, "response_model", None)
        if isinstance(model, type) and issubclass(model, BaseModel):
            extra = model.model_config.get("json_schema_extra")
            if isinstance(extra, dict) and isinstance(found := extra.get("examples"), list):
                yield model.__name__, found


def _malformed_response() -> dict[str, Any]:
    return {
        "description": "Malformed request",
        "content": {
            PROBLEM_MEDIA_TYPE: {
                "schema": PROBLEM_REF,
                "examples": {
                    "malformed_request": {"summary": "Malformed request", "value": MALFORMED}
                },
            }
        },
    }
