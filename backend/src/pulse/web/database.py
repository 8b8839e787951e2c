"""The unit of work: one request is one transaction, and this edge alone commits.

A route asks for `WriteDb` or `ReadDb`. The commit comes before the answer is sent, so a client that
was told "done" reads its own write. Readers get a read-only transaction with one snapshot: all
numbers of an answer belong to the same moment.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)

from pulse.db.engine import units_of_work
from pulse.db.urls import sqlalchemy_url

_CONNECT_TIMEOUT_S = 5


class Database:
    """The engine of one process with its two kinds of transaction."""

    def __init__(self, database_url: str, *, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            _url(database_url),
            pool_size=pool_size,
            max_overflow=pool_size,
            # A server that was restarted leaves dead connections in the pool.
            pool_pre_ping=True,
            # The connection that was used last knows the catalogue best.
            pool_use_lifo=True,
            pool_timeout=10,
            connect_args={
                "connect_timeout": _CONNECT_TIMEOUT_S,
                # Totals are planned for the values that are asked for: the generic plan of a
                # prepared statement took 80 ms over 100,000 deals where this one takes 17.
                "prepare_threshold": None,
            },
        )
        self.writing = units_of_work(self.engine)
        snapshots = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self.reading = units_of_work(snapshots)

    async def close(self) -> None:
        """Close all pooled connections."""
        await self.engine.dispose()


def _url(database_url: str) -> URL:
    return make_url(sqlalchemy_url(database_url))


async def _write(request: Request) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.writing.begin() as db:
        yield db


async def _read(request: Request) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.reading.begin() as db:
        yield db


WriteDb = Annotated[AsyncSession, Depends(_write, scope="function")]
"""A transaction that commits when the route returns and rolls back when it raises."""

ReadDb = Annotated[AsyncSession, Depends(_read, scope="function")]
"""A read-only transaction."""
