"""Edits meet other writers of a record: a batch of a sync, another field map."""

from __future__ import annotations

import asyncio

import psycopg
from psycopg_pool import AsyncConnectionPool

from pulse.adapters.mirror import PostgresMirror
from pulse.adapters.mirror.refill import refill
from pulse.edits.authors import Author
from pulse.edits.store import change_record
from pulse.sync.domain.observation import Observation
from pulse.sync.ports import Batch, Mark
from support.edited import DEAL, FIELD_MAP, EditedMirror, after
from support.waiting import wait_until

MEI = Author(None, "Mei Tan")
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def _somebody_waits_for_a_lock(database_url: str) -> None:
    def is_waiting() -> bool:
        with psycopg.connect(database_url) as watcher:
            return watcher.execute(_WAITING).fetchone() == (1,)

    await asyncio.to_thread(wait_until, is_waiting)


def test_a_batch_waits_for_an_edit_of_its_record_and_is_judged_against_it(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees({"Amount": 10}, at=0)
    seen = Batch([Observation(DEAL, after(60), {"Amount": 15})], 50, frozenset({"Amount"}))

    async def meet() -> None:
        async with AsyncConnectionPool(
            database_url, min_size=2, kwargs={"autocommit": True}, open=False
        ) as pool:
            async with pool.connection() as editing, editing.transaction():
                await change_record(editing, "Deals", DEAL, {"Amount": 20}, MEI)
                batch = asyncio.create_task(
                    PostgresMirror(pool, "Deals", FIELD_MAP).apply(seen, Mark())
                )
                await _somebody_waits_for_a_lock(database_url)
                assert not batch.done()
            assert (await batch).changed == 1

    asyncio.run(meet())
    assert mirror.changes("base_value", "new_value", "crm_value", "state") == [
        (10, 20, 15, "conflict")
    ]


def test_an_edit_waits_for_a_batch_and_is_made_on_what_it_brought(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees({"Amount": 10}, at=0)

    async def meet() -> None:
        async with AsyncConnectionPool(
            database_url, min_size=2, kwargs={"autocommit": True}, open=False
        ) as pool:
            async with pool.connection() as batch, batch.transaction():
                await batch.execute("SELECT FROM record_sync_status FOR NO KEY UPDATE")
                await batch.execute("UPDATE crm_documents SET document = '{\"Amount\": 15}'")

                async def edit() -> None:
                    async with pool.connection() as editing, editing.transaction():
                        await change_record(editing, "Deals", DEAL, {"Amount": 20}, MEI)

                editing = asyncio.create_task(edit())
                await _somebody_waits_for_a_lock(database_url)
            await editing

    asyncio.run(meet())
    assert mirror.changes("base_value", "new_value", "state") == [(15, 20, "queued")]


def test_another_field_map_shows_edits_of_the_field_that_stands_for_a_column_now(
    mirror: EditedMirror, database_url: str
) -> None:
    mirror.sees({"Amount": 10, "Net_Amount": 7}, at=0)
    mirror.edit({"Amount": 20, "Net_Amount": 8})
    mapped = {**FIELD_MAP, "OCH_Revenue": "Net_Amount"}

    async def refilled() -> int:
        async with AsyncConnectionPool(database_url, min_size=1, open=False) as pool:
            return await refill(pool, "Deals", mapped)

    assert asyncio.run(refilled()) == 1
    assert mirror.deal("amount") == 8
    assert mirror.sql("SELECT amount FROM deal_versions") == [{"amount": 7}]
    assert asyncio.run(refilled()) == 0
