"""Every failure leaves the API as a problem document; here is what each kind becomes.

PulseError                    its own status, code and fix
payload that cannot be read   422 malformed_request, naming the fields
no such route or method       404 route_not_found, 405 method_not_allowed
database away, full, …        503 (`pulse.db.errors`)
Redis away                    503 broker_unavailable
anything else                 500 internal_error: a fault of ours, raised on so that it is logged
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import psycopg
from fastapi.exceptions import RequestValidationError
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from pulse.db.errors import DatabaseDiskFullError, DatabaseUnavailableError, database_problem
from pulse.kit.errors import ConfigurationError, PulseError, UnavailableError
from pulse.kit.logging import get_logger
from pulse.web.problems import problem_response, problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI, Request
    from fastapi.responses import Response

_log = get_logger(__name__)

MALFORMED: Final = {
    "type": "urn:pulse:problem:malformed_request",
    "title": "Malformed request",
    "status": 422,
    "detail": "query.since: Input should be a valid datetime.",
    "code": "malformed_request",
    "fix": "Correct the fields named; the API's documentation at /docs shows their form.",
    "errors": [{"field": "query.since", "message": "Input should be a valid datetime"}],
}
"""An example of the one problem that answers 422."""


class BrokerUnavailableError(UnavailableError):
    """Redis (or Valkey) does not answer."""

    code = "broker_unavailable"
    title = "Broker not reachable"


class DatabaseBusyError(UnavailableError):
    """Every connection of this process is in use."""

    code = "database_busy"
    title = "Database busy"


def database_busy() -> DatabaseBusyError:
    """Return the problem of a request that got no connection in time."""
    return DatabaseBusyError(
        "All database connections of this process are busy.",
        fix="Try again; if it stays, look for slow queries in PostgreSQL's log.",
    )


def internal_error() -> PulseError:
    """Return the problem of a fault of ours; what went wrong is in the log alone."""
    return PulseError(
        "The server failed on this request.",
        fix="Try again; if it stays, look for the error in the API's log and report it.",
    )


def secret_unreadable() -> ConfigurationError:
    """Return an example of a connection that was stored with another key."""
    return ConfigurationError(
        "The stored CRM connection cannot be decrypted with PULSE_SECRET_KEY.",
        code="secret_unreadable",
        fix="Put the key that it was stored with back, or connect to the CRM again.",
    )


DATABASE_PROBLEMS: Final = problems(
    DatabaseUnavailableError(
        "PostgreSQL cannot be reached.",
        fix="Check that the server that DATABASE_URL names is running and accepts connections.",
    ),
    DatabaseDiskFullError(
        "PostgreSQL has no room left on its disk (SQLSTATE 53100).",
        fix="Make room on the volume that holds the database, then try again.",
    ),
    database_busy(),
)
"""Declared by every route that asks the database."""


def broker_problem() -> BrokerUnavailableError:
    """Return the problem of a Redis that does not answer."""
    return BrokerUnavailableError(
        "Redis cannot be reached.",
        fix="Check that the server that REDIS_URL names is running and accepts connections.",
    )


def install_error_handlers(app: FastAPI) -> None:
    """Make the application answer failures as problems."""
    app.add_exception_handler(PulseError, _pulse_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(psycopg.Error, _database_error)
    app.add_exception_handler(PoolTimeoutError, _database_busy)
    app.add_exception_handler(RedisError, _broker_error)
    # Starlette answers with this and raises the error on, so the server logs it.
    app.add_exception_handler(Exception, _internal_error)


async def _pulse_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PulseError)  # noqa: S101 - the type it is registered for
    return _answer(request, error)


def _answer(request: Request, error: PulseError) -> Response:
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning(
            "api.request.refused", path=request.url.path, code=error.code, detail=error.detail
        )
    return problem_response(error.problem())


async def _malformed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the type it is registered for
    fields = [
        {"field": ".".join(str(part) for part in entry["loc"]), "message": str(entry["msg"])}
        for entry in error.errors()
    ]
    return _malformed_fields(fields)


def _malformed_fields(fields: Sequence[Mapping[str, str]]) -> Response:
    detail = " ".join(f"{entry['field']}: {entry['message']}." for entry in fields)
    return problem_response(MALFORMED | {"detail": detail, "errors": fields})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the type it is registered for
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:
        # FastAPI's answer to a body that it cannot even decode; we refuse nothing this way.
        return _malformed_fields([{"field": "body", "message": "It is not JSON"}])
    code, detail = {
        HTTPStatus.NOT_FOUND: ("route_not_found", f"There is nothing at {request.url.path}."),
        HTTPStatus.METHOD_NOT_ALLOWED: (
            "method_not_allowed",
            f"{request.url.path} does not take {request.method}.",
        ),
    }.get(status, (status.name.lower(), str(error.detail)))
    return problem_response(
        {
            "type": f"urn:pulse:problem:{code}",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
            "code": code,
            "fix": "The API's documentation at /docs lists every route.",
        },
        error.headers,
    )


async def _database_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError | psycopg.Error)  # noqa: S101 - the types it is registered for
    problem = database_problem(error)
    if problem is None:
        raise error
    return _answer(request, problem)


async def _database_busy(request: Request, _error: Exception) -> Response:
    return _answer(request, database_busy())


async def _broker_error(request: Request, _error: Exception) -> Response:
    return _answer(request, broker_problem())


async def _internal_error(_request: Request, _error: Exception) -> Response:
    return problem_response(internal_error().problem())
