"""The vendor's OpenAPI files of CRM v8: what they list, and what they say against an answer.

They are not part of this repository. They are looked for in the folder that the variable
ZOHO_OAS_DIR names, or in ``shared/zoho-oas`` beside the repository.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

Json: TypeAlias = Any  # a vendor file, or an answer

FILES = Path(os.environ.get("ZOHO_OAS_DIR") or Path(__file__).parents[4] / "shared" / "zoho-oas")
METHODS = ("get", "post", "put", "patch", "delete")


class Operation(NamedTuple):
    """A method on a path of a file; file names have no suffix, paths no version."""

    file: str
    method: str
    path: str


@cache
def document(file: str) -> Json:
    """Return a file, without the patterns that are in another dialect than Python's."""
    text = (FILES / f"{file}.json").read_text(encoding="utf-8")
    return json.loads(text, object_hook=_without_foreign_patterns)


def _without_foreign_patterns(node: Json) -> Json:
    return {
        key: value
        for key, value in node.items()
        if not (key == "pattern" and isinstance(value, str) and "\\p" in value)
    }


def operations() -> set[Operation]:
    """Return every operation of every file."""
    return {
        Operation(file.stem, method, path)
        for file in FILES.glob("*.json")
        for path, item in document(file.stem)["paths"].items()
        for method in METHODS
        if method in item
    }


def complaints(operation: Operation, status: int, body: Json) -> set[str]:
    """Return what the file says against an answer, as "where: what" with list places starred.

    ``body`` is None for an answer without one; an unlisted status is a complaint too.
    """
    listed = document(operation.file)["paths"][operation.path][operation.method]["responses"]
    if str(status) not in listed:
        return {f"status: {status} is not listed"}
    answer = _resolved(operation.file, listed[str(status)])
    if body is None:
        return {"body: is missing"} if answer.get("content") else set()
    if "application/json" not in answer.get("content", {}):
        return {"body: is not expected"}
    errors = _validator(operation, status).iter_errors(body)
    return {said for error in errors for said in _leaves(error)}


def media_complaints(operation: Operation, status: int, media: str) -> set[str]:
    """Return what the file says against an answer that is a file of this media type."""
    listed = document(operation.file)["paths"][operation.path][operation.method]["responses"]
    answer = _resolved(operation.file, listed.get(str(status), {}))
    return set() if media in answer.get("content", {}) else {f"body: {media} is not listed"}


@cache
def _validator(operation: Operation, status: int) -> Draft202012Validator:
    whole = document(operation.file)
    listed = whole["paths"][operation.path][operation.method]["responses"][str(status)]
    schema = _resolved(operation.file, listed)["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": whole.get("components", {})})


def _resolved(file: str, node: Json) -> Json:
    if "$ref" not in node:
        return node
    found = document(file)
    for key in node["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    return found


def _leaves(error: ValidationError) -> Iterator[str]:
    """Yield what the branch that fits best complains about."""
    if error.context:
        branches: dict[object, list[ValidationError]] = {}
        for cause in error.context:
            branches.setdefault(cause.schema_path[0], []).append(cause)
        for cause in min(branches.values(), key=_misfit):
            yield from _leaves(cause)
    elif error.validator != "oneOf":
        # A oneOf without causes fits several branches: the files' branches overlap.
        path = ".".join("*" if isinstance(key, int) else str(key) for key in error.absolute_path)
        yield f"{path or '$'}: {_brief(error)}"


def _misfit(causes: list[ValidationError]) -> tuple[int, int]:
    """Return how badly a branch fits: a wrong type or constant weighs more than the rest."""
    said = [leaf for cause in causes for leaf in _leaves(cause)]
    return sum(cause.validator in ("type", "enum", "const") for cause in causes), len(said)


def _brief(error: ValidationError) -> str:
    """Return the complaint without the value it is about, which differs from run to run."""
    match error.validator:
        case "enum" | "const":
            return f"{error.instance!r} is not among the listed values"
        case "type":
            return f"{_kind(error.instance)} instead of {error.validator_value}"
        case "additionalProperties":
            return error.message
        case "required" | "dependentRequired":
            return error.message
        case other:
            return f"breaks {other} {error.validator_value!r}"


def _kind(value: Json) -> str:
    return "null" if value is None else type(value).__name__
