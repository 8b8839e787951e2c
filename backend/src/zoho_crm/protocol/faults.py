"""From an answer to its JSON document, or to the one error that it means.

The CRM reports errors in several clothes: a bare object, a row of the wrapper that a success
would have, an object under HTTP 200, a proxy's page. Sources: the v8 page Status Codes, the
vendor's OpenAPI examples, and the samples of `tests/samples`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from zoho_crm.errors import (
    AlreadyScheduled,
    BrokenAnswer,
    InvalidModule,
    InvalidToken,
    LimitExceeded,
    NoPermission,
    NotFound,
    PageTokenExpired,
    PageTokenMismatch,
    RequestRefused,
    ScopeMissing,
    ServerFault,
    Throttled,
    UnexpectedAnswer,
    ZohoError,
)

if TYPE_CHECKING:
    from zoho_crm.protocol.wire import Answer

# A JSON object of the CRM: its values are of any JSON type, numbers with a point are Decimals.
Json = dict[str, Any]

# A currency field takes 16 digits before the point and 9 after it; a float would round them.
_decode = msgspec.json.Decoder(float_hook=Decimal).decode

EMPTY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})

# Refusals that stand for the whole request even when they come as a row of the wrapper.
REQUEST_CODES = frozenset(
    {
        "AUTHENTICATION_FAILURE",
        "AUTHORIZATION_FAILED",
        "INTERNAL_ERROR",
        "INVALID_MODULE",
        "INVALID_REQUEST_METHOD",
        "INVALID_TOKEN",
        "INVALID_URL_PATTERN",
        "NO_PERMISSION",
        "OAUTH_SCOPE_MISMATCH",
        "RATE_LIMIT_EXCEEDED",
        "REQUIRED_PARAM_MISSING",
        "TOO_MANY_REQUESTS",
        "UNABLE_TO_PARSE_DATA_TYPE",
    }
)
_BY_CODE: dict[str, type[RequestRefused | NoPermission | PageTokenExpired | PageTokenMismatch]] = {
    "ALREADY_SCHEDULED": AlreadyScheduled,
    "AUTHORIZATION_FAILED": NoPermission,
    "NO_PERMISSION": NoPermission,
    "EXPIRED_VALUE": PageTokenExpired,
    "TOKEN_BOUND_DATA_MISMATCH": PageTokenMismatch,
    "INVALID_MODULE": InvalidModule,
    "LIMIT_EXCEEDED": LimitExceeded,
    "LIMIT_REACHED": LimitExceeded,
    "CRITERIA_LIMIT_EXCEEDED": LimitExceeded,
    "DISCRETE_PAGINATION_LIMIT_EXCEEDED": LimitExceeded,
    "PAGINATION_LIMIT_EXCEEDED": LimitExceeded,
    "FILE_TOO_LARGE": LimitExceeded,
    "REQUEST_ENTITY_TOO_LARGE": LimitExceeded,
    "HEADER_LIMIT_EXCEEDED": LimitExceeded,
    "RESOURCE_NOT_FOUND": NotFound,
    "NOT_FOUND": NotFound,
    # Comes with 404 where fields are created, and nothing is missing but a key of the request.
    "EXPECTED_FIELD_MISSING": RequestRefused,
    "INVALID_URL_PATTERN": NotFound,
}
_THROTTLES = frozenset({"TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"})
_SERVER_CODES = frozenset(
    {"INTERNAL_ERROR", "INTERNAL_SERVER_ERROR", "BAD_GATEWAY", "SERVICE_UNAVAILABLE"}
)


def read_json(answer: Answer) -> Json:
    """Return the answer's JSON object; raise what a body that is none means by its status."""
    try:
        document = _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise without_json(answer) from broken
    if not isinstance(document, dict):
        raise UnexpectedAnswer("body", "a JSON object was expected", status=answer.status)
    return document


def without_json(answer: Answer) -> ZohoError:
    """Return the error that a body without readable JSON means."""
    kind = answer.headers.get("content-type", "no content type")
    seen = f"HTTP {answer.status} with {len(answer.body)} bytes of {kind}, not the CRM's JSON"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(seen, retry_after_s=answer.retry_after_s)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerFault(seen, status=answer.status, retry_after_s=answer.retry_after_s)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return InvalidToken("INVALID_TOKEN", seen, status=answer.status)
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return BrokenAnswer(seen)
    return UnexpectedAnswer("body", seen, status=answer.status)


def is_error(value: object) -> bool:
    """Tell whether a JSON value is the CRM's error object, whatever the HTTP status was."""
    return isinstance(value, Mapping) and value.get("status") == "error" and "code" in value


def only_error_in(document: Json, key: str) -> Json | None:
    """Return the error of a bare or wrapped error body; None when the body is no error."""
    if is_error(document):
        return document
    rows = document.get(key)
    if isinstance(rows, list) and len(rows) == 1 and is_error(rows[0]):
        row: Json = rows[0]
        return row
    return None


def error_from(answer: Answer, found: Mapping[str, Any]) -> ZohoError:
    """Return the typed error for a CRM error object."""
    code = str(found.get("code", ""))
    message = str(found.get("message", ""))
    named = found.get("details")
    details = named if isinstance(named, Mapping) else {}
    status = answer.status
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _THROTTLES:
        return Throttled(f"{code}: {message}", retry_after_s=answer.retry_after_s)
    # Listed with 401 and with 403: the code decides, and a fresh token would not help.
    if code == "OAUTH_SCOPE_MISMATCH":
        return ScopeMissing(code, message, details, status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _SERVER_CODES:
        return ServerFault(
            f"{code}: {message}", status=status, code=code, retry_after_s=answer.retry_after_s
        )
    # Under 400 the same code speaks of Bulk Read's page token.
    if status == HTTPStatus.UNAUTHORIZED or (
        code == "INVALID_TOKEN" and status != HTTPStatus.BAD_REQUEST
    ):
        return InvalidToken(code, message, details, status=status)
    kind = _BY_CODE.get(code)
    if kind is None:
        kind = NotFound if status == HTTPStatus.NOT_FOUND else RequestRefused
    return kind(code, message, details, status=status)


def document_of(answer: Answer, key: str) -> Json | None:
    """Return the JSON object of a success; None for 204 and 304; raise the error otherwise.

    `key` is the wrapper of the resource (`data`, `fields`, `org`, …), in which errors may hide.
    """
    if answer.status in EMPTY:
        return None
    document = read_json(answer)
    found = only_error_in(document, key)
    if found is not None:
        raise error_from(answer, found)
    if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        raise error_from(answer, document) if "code" in document else without_json(answer)
    return document


def rows_of(answer: Answer, document: Json, key: str) -> list[Json]:
    """Return the list under `key`."""
    rows = document.get(key)
    if not isinstance(rows, list):
        raise UnexpectedAnswer(key, "a list was expected", status=answer.status)
    return rows
