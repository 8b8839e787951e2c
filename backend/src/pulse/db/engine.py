"""SQLAlchemy's engine: one a process, or one a job step; whoever makes it closes it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from pulse.db.urls import sqlalchemy_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# The CRM's numbers are Decimals: they go into JSON columns with all their digits.
_JSON: Final = msgspec.json.Encoder(decimal_format="number")

OpenDb = async_sessionmaker[AsyncSession]
"""Opens a unit of work: `async with open_db.begin() as db` commits at its end."""


@asynccontextmanager
async def database(database_url: str, *, pool_size: int = 5) -> AsyncIterator[OpenDb]:
    """Yield what opens units of work on a database; all its connections are closed at the end."""
    engine = make_engine(database_url, pool_size=pool_size)
    try:
        yield units_of_work(engine)
    finally:
        await engine.dispose()


def make_engine(database_url: str, *, pool_size: int = 5) -> AsyncEngine:
    """Return an engine; the pool keeps up to `pool_size` connections and opens no more."""
    return create_async_engine(
        sqlalchemy_url(database_url),
        pool_size=pool_size,
        max_overflow=0,
        # A server that was restarted leaves dead connections in the pool.
        pool_pre_ping=True,
        json_serializer=lambda value: _JSON.encode(value).decode(),
    )


def units_of_work(engine: AsyncEngine) -> OpenDb:
    """Return the factory of sessions over `engine`; objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
