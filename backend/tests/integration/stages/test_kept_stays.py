"""Stays that are kept as deals move are those that a rebuild from nothing gives."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from psycopg_pool import AsyncConnectionPool

from pulse.adapters.mirror import stays
from pulse.adapters.mirror.refill import refill
from pulse.adapters.mirror.store import PostgresMirror, Spent
from pulse.adapters.stage_history import StageHistoryStore
from pulse.core.sync import Presence
from pulse.sync.domain.observation import Observation
from pulse.sync.domain.stage_history import EnteredStage
from pulse.sync.ports import Absence, Batch, Mark

if TYPE_CHECKING:
    from uuid import UUID

FIELD_MAP = {
    "Opportunity_Name": "Deal_Name",
    "OCH_Revenue": "Amount",
    "Stage": "Stage",
    "Created_Time": "Created_Time",
}
BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
STAGES = ("A", "B", "C", None)
FIRST = 6
"""Deals of the first load; as many again come later."""
STEPS = 40
SEEDS = range(4)

KEPT = "SELECT to_jsonb(s) FROM stage_stays s ORDER BY deal_id, started_at"
SOURCES = (
    "SELECT to_jsonb(s) FROM pulse_stays(ARRAY(SELECT DISTINCT deal_id FROM deal_versions)) s"
    " ORDER BY deal_id, started_at"
)


class Organisation:
    """Deals that move, go and come back, and reads of them in any order."""

    def __init__(self, pool: AsyncConnectionPool, random: Random) -> None:
        self.pool = pool
        self.random = random
        self.mirror = PostgresMirror(pool, "Deals", FIELD_MAP)
        self.number = 0
        self.known = 0
        self.told = 0

    def moment(self) -> datetime:
        """Some second, often the same; never one that the reads' order alone would give."""
        return BIRTH + timedelta(seconds=self.random.randrange(30))

    async def read(self, ids: range | list[int], *, is_first_load: bool = False) -> None:
        self.number += 1
        # A read that was sent earlier may arrive now.
        number = self.number - self.random.choice([0, 0, 2])
        await self.mirror.apply(
            Batch(
                [
                    Observation(each, self.moment(), document)
                    for each in sorted(ids)
                    if (document := self.document(each))
                ],
                max(number, 1),
                frozenset({"Deal_Name", "Amount", "Stage", "Created_Time"}),
                is_first_load=is_first_load,
            ),
            Mark(),
        )

    def document(self, deal: int) -> dict[str, Any]:
        stage = self.random.choice(STAGES)
        born = BIRTH + timedelta(seconds=deal)
        told = {
            "Deal_Name": f"Deal {deal}",
            "Amount": self.random.choice([1, 2]),
            "Created_Time": born.isoformat(),
        }
        return told if stage is None else {**told, "Stage": stage}

    async def some_are_read(self) -> None:
        await self.read(self.some())

    async def new_ones_come(self) -> None:
        first = self.known + 1
        self.known = min(self.known + 2, 2 * FIRST)
        await self.read(range(first, self.known + 1))

    async def some_go(self) -> None:
        self.number += 1
        await self.mirror.mark_gone(
            [Absence(each, Presence.DELETED, self.moment()) for each in self.some()[:2]],
            self.number,
            Mark(),
        )

    async def the_crm_tells(self) -> None:
        """Import rows of any deals, of some that the mirror has not seen yet too."""
        store = StageHistoryStore(self.pool)
        rows = []
        for deal in self.random.sample(range(1, 2 * FIRST + 1), 4):
            self.told += 1
            entered = self.moment() - timedelta(seconds=self.random.randrange(40))
            stage = self.random.choice(["A", "B", "C"])
            rows.append(EnteredStage(self.told, deal, stage, entered, None, None, None, None))
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "INSERT INTO stage_history_imports (state, requested_by, requested_at)"
                " VALUES ('running', 'first sync', now()) RETURNING id"
            )
            row = await cursor.fetchone()
        assert row is not None
        begun: UUID = row[0]
        await store.keep(begun, rows, len(rows), {})
        await store.complete(begun, Spent(1, 1))

    async def another_field_stands_for_the_stage(self) -> None:
        field = self.random.choice(["Stage", "Deal_Name"])
        await refill(self.pool, "Deals", FIELD_MAP | {"Stage": field})

    def some(self) -> list[int]:
        return self.random.sample(range(1, self.known + 1), self.random.randint(1, 4))


async def read(pool: AsyncConnectionPool, query: str) -> list[Any]:
    async with pool.connection() as connection:
        return await (await connection.execute(query)).fetchall()


async def run(database_url: str, seed: int) -> list[Any]:
    async with AsyncConnectionPool(
        database_url, min_size=1, max_size=2, kwargs={"autocommit": True}, open=False
    ) as pool:
        async with pool.connection() as connection:
            await connection.execute(
                "TRUNCATE crm_documents, record_sync_status, deals, deal_versions, stage_stays,"
                " stage_history, stage_history_imports, change_log, pending_changes"
            )
        crm = Organisation(pool, Random(seed))
        crm.known = FIRST
        await crm.read(range(1, FIRST + 1), is_first_load=True)
        ways = [
            *[crm.some_are_read] * 5,
            crm.new_ones_come,
            *[crm.some_go] * 2,
            crm.the_crm_tells,
            crm.another_field_stands_for_the_stage,
        ]
        seen = []
        for _ in range(STEPS):
            way = crm.random.choice(ways)
            await way()
            kept = await read(pool, KEPT)
            assert kept == await read(pool, SOURCES), way.__name__
            seen += kept
        async with pool.connection() as connection, connection.transaction():
            await connection.execute(stays.LOCK)
            for statement in stays.REBUILD:
                await connection.execute(statement)
        assert await read(pool, KEPT) == kept
        return [row[0] for row in seen]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_is_what_a_rebuild_gives(database_url: str, seed: int) -> None:
    seen = asyncio.run(run(database_url, seed))
    # Not of nothing: deals came later, went and came back, and the CRM told of some.
    assert len({row["deal_id"] for row in seen}) > FIRST
    for trait in ("is_gone", "is_imported", "is_start_known", "entered_before", "next_stage"):
        assert any(row[trait] for row in seen), trait
        assert not all(row[trait] for row in seen), trait
