"""Errors as RFC 9457 problem documents, and how a route declares those it may answer with.

A route is given the errors themselves, as examples: `responses=problems(NotFoundError("…"))`. The
same objects that a service raises so become the schema, and the generated client knows them.
"""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulse.kit.errors import PulseError

PROBLEM_MEDIA_TYPE: Final = "application/problem+json"
PROBLEM_REF: Final = {"$ref": "#/components/schemas/Problem"}

Responses = dict[int | str, dict[str, Any]]
"""What FastAPI takes as `responses`: by status, parts of OpenAPI's response object."""


class FieldProblem(BaseModel):
    """One field of a payload that could not be read, or whose value cannot be taken."""

    field: str = Field(
        description="Where it stands, as `query.since` or `body.mode`; of a record, its API name."
    )
    message: str
    label: str | None = Field(default=None, description="How pages call a record's field.")
    code: str | None = Field(default=None, description="Stable word for programs.")
    fix: str | None = Field(default=None, description="What to send instead.")


class Problem(BaseModel):
    """Why a request failed and what to do about it (RFC 9457). Further members hold facts."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`urn:pulse:problem:` and the code.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, in a sentence.")
    code: str = Field(description="Stable word for programs.")
    fix: str | None = Field(default=None, description="What to do next.")
    errors: list[FieldProblem] | None = Field(default=None, description="The fields at fault.")


class ProblemResponse(JSONResponse):
    """A JSON answer with the media type of problems."""

    media_type = PROBLEM_MEDIA_TYPE


def problem_response(
    members: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    """Return the answer that carries a problem; its `status` member is the HTTP status."""
    return ProblemResponse(members, int(str(members["status"])), headers)


def problems(*examples: PulseError) -> Responses:
    """Return the OpenAPI responses that declare these errors, one example a code."""
    by_status: dict[int, list[PulseError]] = defaultdict(list)
    for example in examples:
        by_status[example.status].append(example)
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {
                PROBLEM_MEDIA_TYPE: {
                    "schema": PROBLEM_REF,
                    "examples": {
                        error.code: {"summary": error.title, "value": error.problem()}
                        for error in errors
                    },
                }
            },
        }
        for status, errors in by_status.items()
    }


def merged(*parts: Responses) -> Responses:
    """Return one declaration out of several; examples of one status stand side by side."""
    whole: Responses = {}
    for part in parts:
        for status, response in part.items():
            if status not in whole:
                whole[status] = {
                    "description": response["description"],
                    "content": {
                        PROBLEM_MEDIA_TYPE: {"schema": PROBLEM_REF, "examples": {}},
                    },
                }
            whole[status]["content"][PROBLEM_MEDIA_TYPE]["examples"] |= response["content"][
                PROBLEM_MEDIA_TYPE
            ]["examples"]
    return whole
