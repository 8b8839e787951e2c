"""What a failure of the database means for a caller: one table for API, commands and jobs.

SQLSTATE codes are PostgreSQL's (its manual, appendix A).
"""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError

from pulse.kit.errors import UnavailableError


class DatabaseUnavailableError(UnavailableError):
    """PostgreSQL does not answer, refuses the sign-in or has no connection left."""

    code = "database_unavailable"
    title = "Database not reachable"


class DatabaseDiskFullError(UnavailableError):
    """PostgreSQL has no room to write."""

    code = "disk_full"
    title = "Disk full"


class DatabaseReadOnlyError(UnavailableError):
    """The server accepts no writes: a standby, or one that is told to be read-only."""

    code = "database_read_only"
    title = "Database accepts no writes"


def database_problem(error: DBAPIError | psycopg.Error) -> UnavailableError | None:
    """Return what a database error means for the caller, or None if it is a fault of ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    match state:
        case "53100":
            return DatabaseDiskFullError(
                "PostgreSQL has no room left on its disk (SQLSTATE 53100).",
                fix="Make room on the volume that holds the database, then try again.",
            )
        case "25006":
            return DatabaseReadOnlyError(
                "PostgreSQL accepts no writes here (SQLSTATE 25006).",
                fix="Point DATABASE_URL at the primary server.",
            )
        case "53300":
            return DatabaseUnavailableError(
                "PostgreSQL has no connection left (SQLSTATE 53300).",
                fix="Raise max_connections, or run fewer processes.",
            )
        case "42P01":
            return DatabaseUnavailableError(
                "The database lacks this version's tables.",
                code="schema_outdated",
                fix="Run `pulse migrate`.",
            )
        case _ if _is_connection_trouble(cause, state):
            return DatabaseUnavailableError(
                "PostgreSQL cannot be reached.",
                fix="Check that the server that DATABASE_URL names is running and accepts "
                "connections.",
            )
        case _:
            return None


def _is_connection_trouble(cause: BaseException | None, state: str | None) -> bool:
    """Tell whether the connection failed: class 08, 28 and 57P, or no SQLSTATE at all.

    psycopg gives no SQLSTATE where the server was never reached or went away in mid-statement.
    """
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return state is None or state.startswith(("08", "28", "57P"))
