"""The schema that clients are generated from: every error declared, problems as one component.

Each operation tells the role that it needs as `x-required-role` (`none`: open to strangers), taken
from the dependency that asks for it, and declares the refusals that come with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from pulse.core.access import Role
from pulse.web import access
from pulse.web.credentials import SESSION_COOKIE
from pulse.web.errors import MALFORMED, internal_error
from pulse.web.origin import cross_site
from pulse.web.problems import (
    PROBLEM_MEDIA_TYPE,
    PROBLEM_REF,
    Problem,
    Responses,
    merged,
    problems,
)
from pulse.web.sizes import body_too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant
    from fastapi.routing import APIRoute

    from pulse.kit.errors import PulseError


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
        needs = dict(_needs(app))
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _declare_access(operation, needs.get((path, method)), is_unsafe=method != "get")
                answers = operation["responses"]
                if "requestBody" in operation:
                    answers["413"] = problems(body_too_large(path))[413]
                if "422" in answers:
                    answers["422"] = _malformed_response()
                declared: Responses = {500: answers["500"]} if "500" in answers else {}
                answers["500"] = merged(declared, problems(internal_error()))[500]
        schema["components"]["securitySchemes"] = _SECURITY_SCHEMES
        app.openapi_schema = schema
    return app.openapi_schema


_SECURITY_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "A log-in of a browser.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "An API token, `pp_…`."},
}


def _needs(app: FastAPI) -> Iterator[tuple[tuple[str, str], access.Need]]:
    """Yield what each operation asks of its caller, by path and method."""
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        found = None if dependant is None else _need_in(dependant)
        if found is not None and context.path_format is not None:
            for method in context.methods or ():
                yield (context.path_format, method.lower()), found


def _need_in(dependant: Dependant) -> access.Need | None:
    """Return the strictest need among the dependencies of a route, if there is any."""
    needs = [each.call for each in dependant.dependencies if isinstance(each.call, access.Need)]
    deeper = [found for each in dependant.dependencies if (found := _need_in(each)) is not None]
    return max([*needs, *deeper], key=lambda need: need.rank, default=None)


# Any: as above.
def _declare_access(
    operation: dict[str, Any], need: access.Need | None, *, is_unsafe: bool
) -> None:
    """Write down the role that an operation needs and how it refuses whoever lacks it."""
    if need is None:
        return
    refusals: list[PulseError] = [cross_site()] if is_unsafe else []
    if need.role is None:
        operation["x-required-role"] = "none"
    else:
        operation["x-required-role"] = need.role.value
        operation["security"] = (
            [{"session": []}] if need.in_browser else [{"session": []}, {"token": []}]
        )
        refusals += [
            access.NotSignedInError(),
            access.SessionExpiredError(),
            access.InvalidCredentialError(),
            access.TokenExpiredError(),
        ]
        if need.in_browser:
            refusals.append(access.SessionNeededError())
        if not need.even_temporary:
            refusals.append(access.PasswordChangeRequiredError())
        if need.role is not Role.VIEWER:
            refusals.append(access.RoleNeededError(need.role, Role.VIEWER))
    answers = operation["responses"]
    for status, declared in problems(*refusals).items():
        key = str(status)
        known: Responses = {status: answers[key]} if key in answers else {}
        answers[key] = merged(known, {status: declared})[status]


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
