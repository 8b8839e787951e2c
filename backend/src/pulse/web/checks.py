"""Is each part that the product needs there, and what to do if it is not: for API and commands."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

import psycopg
import redis.asyncio
from pydantic import BaseModel
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pulse.db.errors import database_problem
from pulse.db.migrate import is_current
from pulse.models import CrmConnection
from pulse.web.database import Database
from pulse.web.errors import broker_problem, database_busy

WORKER_KEYS: Final = "pulse:worker:*"
"""Keys that live workers keep in Redis; they expire when a worker is gone."""
_REACH_TIMEOUT_S: Final = 2.0
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Check(BaseModel):
    """One part that the product needs."""

    ok: bool
    message: str
    fix: str | None = None


async def check_database(database: Database) -> Check:
    """Return whether PostgreSQL answers and has this version's schema."""
    try:
        async with database.engine.connect() as connection:
            if await connection.run_sync(is_current):
                return Check(ok=True, message="PostgreSQL answers.")
    except (DBAPIError, psycopg.Error) as error:
        problem = database_problem(error)
        if problem is None:
            raise
        return Check(ok=False, message=problem.detail, fix=problem.fix)
    except PoolTimeoutError:
        busy = database_busy()
        return Check(ok=False, message=busy.detail, fix=busy.fix)
    return Check(
        ok=False,
        message="The database does not have this version's schema.",
        fix="Run `pulse migrate`.",
    )


async def check_broker(broker: redis.asyncio.Redis) -> tuple[Check, Check]:
    """Return whether Redis answers, and whether a worker keeps its key there."""
    try:
        workers = [key async for key in broker.scan_iter(match=WORKER_KEYS, count=1000)]
    except RedisError:
        problem = broker_problem()
        return (
            Check(ok=False, message=problem.detail, fix=problem.fix),
            Check(
                ok=False,
                message="Workers are reached through Redis, which does not answer.",
                fix=problem.fix,
            ),
        )
    return Check(ok=True, message="Redis answers."), worker_check(len(workers))


def worker_check(alive: int) -> Check:
    """Return what a number of live workers means."""
    if alive == 0:
        return Check(
            ok=False,
            message="No worker is alive: syncs that are asked for wait until one is.",
            fix="Start one: `pulse up` on a laptop, or "
            "`celery -A pulse.worker.app worker` on a server.",
        )
    return Check(
        ok=True, message="1 worker is alive." if alive == 1 else f"{alive} workers are alive."
    )


async def check_crm(database: Database) -> Check:
    """Return whether a CRM is connected, accepts our sign-in and can be reached."""
    async with database.reading.begin() as db:
        connection = await db.scalar(select(CrmConnection).limit(1))
    if connection is None or connection.refresh_token_encrypted is None:
        return Check(
            ok=False,
            message="No CRM is connected.",
            fix="Set ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN and start again.",
        )
    if connection.refused_at is not None:
        return Check(
            ok=False,
            message=connection.refusal or "The CRM refuses our sign-in.",
            fix="Check client id, secret and data centre (ZOHO_ACCOUNTS_URL), or connect again.",
        )
    address = connection.api_domain or connection.base_url
    if not await _answers(address):
        return Check(
            ok=False,
            message=f"The CRM at {address} cannot be reached.",
            fix="Check this machine's network and ZOHO_BASE_URL; syncs try again by themselves.",
        )
    return Check(ok=True, message=f"Connected to {address}.")


async def _answers(address: str) -> bool:
    """Return whether the host takes a connection; no call is made, so no credit is spent."""
    parts = urlsplit(address)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 443)
    try:
        async with asyncio.timeout(_REACH_TIMEOUT_S):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
