"""Starting a run: session and message appear together, and only once a module."""

import asyncio

import psycopg
import pytest
from sqlalchemy import select

from pulse.core.sync import SyncType
from pulse.db.engine import database
from pulse.jobs.catalogue import RefreshConnection
from pulse.jobs.outbox import backlog, enqueue
from pulse.live_sync.sessions import (
    AlreadyRunningError,
    RequestedSource,
    SyncOptions,
    start_session,
)
from pulse.models import OutboxMessage, SyncSession


def test_a_started_session_leaves_with_its_message(database_url: str) -> None:
    async def start() -> SyncSession:
        async with database(database_url) as open_db, open_db.begin() as db:
            options = SyncOptions(accept_deletions=True, source=RequestedSource.COQL)
            return await start_session(db, "Deals", SyncType.FULL, options, "ada")

    session = asyncio.run(start())

    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT job, payload, sent_at FROM outbox").fetchall() == [
            ("run_session", {"session_id": str(session.id)}, None)
        ]
        assert connection.execute(
            "SELECT module, sync_type, status, requested_by, metadata FROM crm_sync_sessions"
        ).fetchall() == [
            (
                "Deals",
                "full_sync",
                "pending",
                "ada",
                {"since": None, "accept_deletions": True, "source": "coql"},
            )
        ]


def test_a_message_of_a_transaction_that_rolls_back_never_existed(database_url: str) -> None:
    async def scenario() -> int:
        async with database(database_url) as open_db:
            async with open_db() as db:
                await enqueue(db, RefreshConnection())
                await db.rollback()
            async with open_db() as db:
                return (await backlog(db)).count

    assert asyncio.run(scenario()) == 0


def test_the_second_start_learns_the_id_of_the_first(database_url: str) -> None:
    async def scenario() -> None:
        async with database(database_url) as open_db:
            async with open_db.begin() as db:
                first = await start_session(db, "Deals", SyncType.FULL)
            async with open_db.begin() as db:
                with pytest.raises(AlreadyRunningError) as refused:
                    await start_session(db, "Deals", SyncType.INCREMENTAL)
                # The refusal left the transaction usable, and other modules are free.
                await start_session(db, "Accounts", SyncType.INCREMENTAL)
            assert refused.value.session_id == first.id
            assert refused.value.extra == {"session_id": str(first.id)}
            async with open_db() as db:
                assert (await backlog(db)).count == 2

    asyncio.run(scenario())


def test_of_many_starts_at_once_one_gets_through(database_url: str) -> None:
    async def scenario() -> list[object]:
        async with database(database_url, pool_size=8) as open_db:

            async def start() -> object:
                async with open_db.begin() as db:
                    return (await start_session(db, "Deals", SyncType.FULL)).id

            return await asyncio.gather(*(start() for _ in range(8)), return_exceptions=True)

    results = asyncio.run(scenario())

    refused = [result for result in results if isinstance(result, AlreadyRunningError)]
    started = [result for result in results if not isinstance(result, AlreadyRunningError)]
    assert len(started) == 1
    assert {error.session_id for error in refused} == set(started)
    assert len(refused) == 7


def test_an_enqueued_job_is_announced_at_commit(database_url: str) -> None:
    async def scenario() -> int:
        async with database(database_url) as open_db, open_db.begin() as db:
            return await enqueue(db, RefreshConnection())

    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("LISTEN pulse_events")
        message_id = asyncio.run(scenario())
        heard = [note.payload for note in listener.notifies(timeout=5, stop_after=1)]

    assert heard == [f"outbox:{message_id}"]


def test_the_backlog_tells_how_long_the_oldest_message_waits(database_url: str) -> None:
    async def scenario() -> None:
        async with database(database_url) as open_db:
            async with open_db.begin() as db:
                await enqueue(db, RefreshConnection())
                await enqueue(db, RefreshConnection())
            async with open_db() as db:
                oldest = await db.scalar(
                    select(OutboxMessage.created_at).order_by(OutboxMessage.id).limit(1)
                )
                found = await backlog(db)
                assert (found.count, found.oldest) == (2, oldest)

    asyncio.run(scenario())
