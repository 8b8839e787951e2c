"""Ended runs and what their calls cost, as the engine would have left them."""

from datetime import datetime, timedelta
from uuid import UUID

from support.api import START, Api
from support.api_rows import add_session

NIL = UUID(int=0)
"""The session of calls that belong to none."""


def add_ended_run(
    api: Api, status: str, minutes_ago: float, sync_type: str = "incremental", **columns: object
) -> UUID:
    """Insert a session that was asked for some minutes before START and took 30 seconds."""
    created = START - timedelta(minutes=minutes_ago)
    columns = {"started_at": created, "completed_at": created + timedelta(seconds=30), **columns}
    return add_session(api, sync_type, status, created_at=created, **columns)


def spend(
    api: Api,
    operation: str,
    session_id: UUID = NIL,
    at: datetime = START - timedelta(minutes=5),
    **columns: int,
) -> None:
    """Insert what one operation cost in one minute."""
    values = {"calls": 1, "credits": 1, "failures": 0, "latency_ms": 0, **columns}
    api.sql(
        "INSERT INTO credit_ledger (minute, operation, session_id, calls, credits, failures,"
        " latency_ms) VALUES (%(at)s, %(operation)s, %(session)s, %(calls)s, %(credits)s,"
        " %(failures)s, %(latency_ms)s)",
        at=at,
        operation=operation,
        session=session_id,
        **values,
    )
