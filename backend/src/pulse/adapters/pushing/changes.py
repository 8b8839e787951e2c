"""Local changes in PostgreSQL, as one run of the push takes hold of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from pulse.adapters.pushing import statements
from pulse.core.sync import SyncMode
from pulse.db.events import CHANNEL, Topic
from pulse.edits.connection import exact_cursor
from pulse.edits.judging import judge_records
from pulse.edits.overlay import overlay_records
from pulse.edits.policies import stored_policies, stored_settings
from pulse.edits.records import lock_records
from pulse.edits.resolving import settle_weighed
from pulse.sync.domain.merge import ChangeState
from pulse.sync.pushing.ports import PushedChange

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence
    from datetime import datetime
    from random import Random
    from typing import LiteralString
    from uuid import UUID

    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

    from pulse.sync.pushing.ports import Refusal

FIRST_WAIT_S: Final = 5.0
LONGEST_WAIT_S: Final = 900.0


class PostgresChanges:
    """The `LocalChanges` port of one run, which is alive inside `held`."""

    def __init__(self, pool: AsyncConnectionPool, module: str, run_id: UUID, rng: Random) -> None:
        self._pool = pool
        self._module = module
        self._run = run_id
        self._rng = rng

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Be alive while the block runs: what this run has claimed and sent is nobody else's."""
        async with self._pool.connection() as connection:
            await connection.execute(statements.HOLD, {"run": self._run})
            try:
                yield
            finally:
                if not connection.broken:
                    await connection.execute(statements.LET_GO, {"run": self._run})

    async def is_due(self) -> bool:
        """Return whether any record waits to be claimed."""
        async with self._transaction() as connection:
            given = {"module": self._module, "limit": 1, "of_persons": False}
            return await (await connection.execute(statements.DUE, given)).fetchone() is not None

    async def may_write(self) -> bool:
        """Return whether the mode lets anything out now."""
        async with self._transaction() as connection:
            return (await stored_settings(connection)).mode is not SyncMode.CRM_TO_LOCAL

    async def claim(self, limit: int, *, of_persons: bool = False) -> Sequence[int]:
        """Claim records with due changes, people's newest edits first, and return their ids."""
        async with self._claiming() as connection:
            cursor = await connection.execute(
                statements.DUE,
                {"module": self._module, "limit": limit, "of_persons": of_persons},
            )
            ids = [int(row[0]) for row in await cursor.fetchall()]
            await self._mark_claimed(connection, ids)
        return ids

    async def claim_record(self, record_id: int) -> bool:
        """Claim one record whatever it waits for; False while another run has it."""
        async with self._claiming() as connection:
            cursor = await connection.execute(
                statements.IS_RECORD_HELD, {"record_id": record_id, "module": self._module}
            )
            if await cursor.fetchone() == (True,):
                return False
            await self._mark_claimed(connection, [record_id])
        return True

    @asynccontextmanager
    async def _claiming(self) -> AsyncIterator[AsyncConnection]:
        async with self._transaction() as connection:
            await connection.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
                (statements.CLAIM_LOCKS, self._module),
            )
            yield connection

    async def _mark_claimed(self, connection: AsyncConnection, ids: Sequence[int]) -> None:
        if ids:
            await connection.execute(
                statements.CLAIM, {"ids": ids, "module": self._module, "run": self._run}
            )

    async def read(self, record_ids: Collection[int]) -> Sequence[PushedChange]:
        """Return what this run may act on: queued, awaiting the timeline, sent by it."""
        async with self._transaction() as connection:
            return await self._rows(connection, statements.READ, {"ids": list(record_ids)})

    async def begin(
        self, guards: Mapping[int, datetime], among: Collection[int] | None = None
    ) -> Sequence[PushedChange]:
        """Mark what is queued of these records (`among`: ids of changes) as sent; return it."""
        if not guards:
            return ()
        async with self._transaction() as connection:
            await lock_records(connection, self._module, list(guards))
            return await self._rows(
                connection,
                statements.BEGIN,
                {
                    "ids": list(guards),
                    "guards": list(guards.values()),
                    "among": None if among is None else list(among),
                },
            )

    async def _rows(
        self, connection: AsyncConnection, statement: LiteralString, given: dict[str, object]
    ) -> Sequence[PushedChange]:
        cursor = exact_cursor(connection)
        await cursor.execute(statement, {**given, "module": self._module, "run": self._run})
        # Any: a row's columns have the types that the query gives them.
        rows: list[Any] = await cursor.fetchall()
        return [
            PushedChange(
                id=row.id,
                record_id=row.record_id,
                field=row.field,
                value=row.new_value,
                author=row.author_name,
                edited_at=row.edited_at,
                is_sent=row.state == ChangeState.SENT,
                guard=row.sent_guard,
                sent_at=row.sent_at,
                awaits_timeline=row.awaits_timeline,
                is_return=row.is_return,
            )
            for row in rows
        ]

    async def give_back(self, change_ids: Collection[int]) -> None:
        """Queue sent changes again that were certainly not written; later edits take them in."""
        if not change_ids:
            return
        given = {"ids": list(change_ids), "run": self._run}
        async with self._settling(change_ids) as connection:
            await connection.execute(statements.TELL_NOT_OURS, given)
            await connection.execute(statements.FOLD, given)
            await connection.execute(statements.QUEUE_AGAIN, given)

    async def refuse(self, refusals: Mapping[int, Refusal]) -> None:
        """Note by id of a change, sent or queued, why the CRM does not take it."""
        if not refusals:
            return
        given = {"ids": list(refusals), "run": self._run}
        async with self._settling(list(refusals)) as connection:
            await connection.execute(statements.TELL_NOT_OURS, given)
            await connection.execute(statements.FOLD, given)
            await connection.execute(
                statements.REFUSE,
                {
                    "ids": list(refusals),
                    "codes": [refusal.code for refusal in refusals.values()],
                    "messages": [refusal.message for refusal in refusals.values()],
                    "fields": [refusal.field for refusal in refusals.values()],
                    "run": self._run,
                },
            )

    async def weighed(self, times: Sequence[tuple[PushedChange, datetime | None]]) -> None:
        """Settle changes that awaited the timeline, each with when the CRM's field changed."""
        for change, changed_at in sorted(times, key=lambda pair: pair[0].record_id):
            async with self._transaction() as connection:
                await settle_weighed(
                    connection, self._module, change.record_id, change.field, changed_at
                )

    async def put_off(
        self, record_ids: Collection[int], refusal: Refusal, wait_s: float | None = None
    ) -> None:
        """Let claimed records wait and then be due again, longer with every try."""
        async with self._transaction() as connection:
            await connection.execute(
                statements.PUT_OFF,
                {
                    "ids": list(record_ids),
                    "module": self._module,
                    "run": self._run,
                    "jitter": self._rng.uniform(0.75, 1.25),
                    "wait_s": wait_s,
                    "first_s": FIRST_WAIT_S,
                    "most_s": LONGEST_WAIT_S,
                    "code": refusal.code,
                    "message": refusal.message,
                },
            )

    async def release(self, record_ids: Collection[int]) -> None:
        """Let go of claimed records; what is left of them is due for any run."""
        async with self._transaction() as connection:
            await connection.execute(
                statements.RELEASE,
                {"ids": list(record_ids), "module": self._module, "run": self._run},
            )

    @asynccontextmanager
    async def _settling(self, change_ids: Collection[int]) -> AsyncIterator[AsyncConnection]:
        """Lock the changes' records, and bring in line what is derived of them afterwards."""
        async with self._transaction() as connection:
            cursor = await connection.execute(statements.RECORDS_OF, {"ids": list(change_ids)})
            records = [int(row[0]) for row in await cursor.fetchall()]
            await lock_records(connection, self._module, records)
            yield connection
            policies = await stored_policies(connection)
            await judge_records(connection, self._module, records, policies)
            await overlay_records(connection, self._module, records)
            await connection.execute(
                "SELECT pg_notify(%s, %s)", (CHANNEL, f"{Topic.RECORDS}:{self._module}")
            )

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self._pool.connection() as connection, connection.transaction():
            yield connection
