"""The driver's connection of a transaction, and JSON that keeps every digit through it.

Slices hold a SQLAlchemy session, adapters a psycopg connection: both come in as `Db`.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec
import psycopg
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb, set_json_loads
from sqlalchemy.ext.asyncio import AsyncSession

if TYPE_CHECKING:
    from pulse.sync.domain.merge import Value

# Any: rows of a connection may have any form.
Connection: TypeAlias = psycopg.AsyncConnection[Any]
Db: TypeAlias = AsyncSession | Connection

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_exact_json = partial(json.loads, parse_float=Decimal)


async def driver_connection(db: AsyncSession) -> Connection:
    """Return the psycopg connection of the session's transaction; what is unflushed is flushed."""
    await db.flush()
    raw = await (await db.connection()).get_raw_connection()
    driver = raw.driver_connection
    if not isinstance(driver, psycopg.AsyncConnection):
        raise TypeError(f"a session over psycopg is needed, this one has {type(driver).__name__}")
    return driver


async def connection_of(db: Db) -> Connection:
    """Return the psycopg connection of either form of a transaction."""
    return await driver_connection(db) if isinstance(db, AsyncSession) else db


# Any: a row has the columns of its query.
def exact_cursor(connection: Connection) -> psycopg.AsyncCursor[Any]:
    """Return a cursor of named rows whose JSON numbers come as int and Decimal, never as float."""
    cursor = connection.cursor(row_factory=namedtuple_row)
    set_json_loads(_exact_json, cursor)
    return cursor


def json_of(value: Value) -> Jsonb | None:
    """Return a canonical value as a parameter: jsonb with all its digits, null where empty."""
    return None if value is None else Jsonb(value, dumps=_encoded)


def _encoded(value: object) -> bytes:
    return _ENCODER.encode(value)
