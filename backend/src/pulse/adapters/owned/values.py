"""Owned values in PostgreSQL: what was written, what differs, and what rides along."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from pulse.adapters.mirror.echo import BOOKKEEPING
from pulse.adapters.owned import statements
from pulse.core.modules import DEALS
from pulse.core.owned import PENDING_TOLD_AFTER, OwnedRole
from pulse.core.sync import RecordStatus
from pulse.sync.write_back import OwnedWrite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence

    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

    from pulse.analytics.o2r.telling import Told
    from pulse.kit.clock import Clock
    from pulse.sync.pushing.ports import Refusal
    from pulse.sync.write_back import Written

TRIED_AGAIN_AFTER: Final = timedelta(hours=6)
"""When a record that was locked or refused is written again."""
_FOUND_AT_ONCE: Final = 5_000


class PostgresOwnedValues:
    """The `OwnedValues` port, over the deals."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        names: Mapping[OwnedRole, str],
        clock: Clock,
        told: Told | None = None,
    ) -> None:
        self._pool = pool
        self._names = names
        self._clock = clock
        self._work = statements.work(sorted(names), () if told is None else (told.query,))
        self._parameters = {} if told is None else told.parameters
        self._found: list[int] = []

    @asynccontextmanager
    async def held(self) -> AsyncIterator[bool]:
        """Be the only write-back while the block runs; False if another one is at work."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (statements.LOCK,))
            if await cursor.fetchone() != (True,):
                yield False
                return
            try:
                yield True
            finally:
                if not connection.broken:
                    await connection.execute("SELECT pg_advisory_unlock(%s)", (statements.LOCK,))

    async def has_work(self) -> bool:
        """Return whether anything is to be written or looked up."""
        if await self.in_doubt(1):
            return True
        return bool(await self._find(1))

    async def in_doubt(self, limit: int) -> Sequence[OwnedWrite]:
        """Return writes of which nobody learned what became of them."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statements.IN_DOUBT, self._given(limit=limit))
            return [_write(row) for row in await cursor.fetchall()]

    async def begin(self, limit: int) -> Sequence[OwnedWrite]:
        """Mark values that differ as on their way and return them; trouble first.

        To find what differs every deal is read, so thousands are found at once; whether they differ
        still is asked again as each batch begins.
        """
        while self._work is not None:
            if not self._found:
                self._found = await self._find(_FOUND_AT_ONCE)
            some, self._found = self._found[:limit], self._found[limit:]
            if not some:
                break
            if writes := await self._begin(self._work, some):
                return writes
        return ()

    async def _find(self, limit: int) -> list[int]:
        if self._work is None:
            return []
        async with self._pool.connection() as connection:
            cursor = await connection.execute(self._work.find, self._given(limit=limit))
            return [row[0] for row in await cursor.fetchall()]

    async def _begin(self, work: statements.Work, some: Sequence[int]) -> Sequence[OwnedWrite]:
        besides = (
            {OwnedRole.LAST_SYNC.value: canonical_now(self._clock)}
            if OwnedRole.LAST_SYNC in self._names
            else {}
        )
        async with self._pool.connection() as connection, connection.transaction():
            cursor = await connection.execute(
                work.begin, self._given(ids=list(some), limit=len(some), besides=Jsonb(besides))
            )
            return [_write(row) for row in await cursor.fetchall()]

    async def settle(
        self,
        written: Sequence[Written],
        refused: Mapping[int, Refusal],
        back: Collection[int],
    ) -> None:
        """Note what was taken, what was refused, what goes out again."""
        async with self._pool.connection() as connection, connection.transaction():
            await _take(connection, written)
            await connection.execute(
                statements.REFUSED,
                {
                    "ids": list(refused),
                    "codes": [refusal.code for refusal in refused.values()],
                    "messages": [refusal.message for refusal in refused.values()],
                    "wait": TRIED_AGAIN_AFTER,
                },
            )
            await connection.execute(statements.BACK, (list(back),))

    async def note_run(self, **told: object) -> None:
        """Note what a run did and spent."""
        async with self._pool.connection() as connection:
            await connection.execute(statements.NOTE_RUN, self._given(**told))

    async def spent(self) -> int:
        """Return the credits that write-backs spent in the last 24 hours."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statements.SPENT, self._given())
            row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - an aggregate always gives a row
        return int(row[0])

    def _given(self, **given: object) -> dict[str, object]:
        return {"module": DEALS, "pending_after": PENDING_TOLD_AFTER, **self._parameters, **given}


class PostgresRiders:
    """The `Riders` port: last sync, and the status where the edit that carries it settles it."""

    def __init__(
        self, pool: AsyncConnectionPool, names: Mapping[OwnedRole, str], clock: Clock
    ) -> None:
        self._pool = pool
        self._names = dict(names)
        self._clock = clock
        self._aboard: dict[int, dict[str, str]] = {}

    async def board(self, record_ids: Collection[int]) -> Mapping[int, Mapping[str, object]]:
        """Return what to add to the rows of these records: API name → wire value."""
        if not self._names:
            return {}
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statements.BOARDING, {"ids": list(record_ids)})
            rows = await cursor.fetchall()
        now = canonical_now(self._clock)
        rides: dict[int, Mapping[str, object]] = {}
        for record_id, has_more, told in rows:
            values: dict[str, str] = {}
            if OwnedRole.LAST_SYNC in self._names:
                values[OwnedRole.LAST_SYNC] = now
            is_news = not has_more and told != RecordStatus.SYNCED
            if OwnedRole.SYNC_STATUS in self._names and is_news:
                values[OwnedRole.SYNC_STATUS] = RecordStatus.SYNCED
            self._aboard[record_id] = values
            rides[record_id] = {
                self._names[OwnedRole(role)]: wire_owned(OwnedRole(role), value)
                for role, value in values.items()
            }
        return rides

    async def arrived(self, record_ids: Collection[int]) -> None:
        """Note that the CRM took what boarded the rows of these records last."""
        taken = {each: self._aboard.pop(each) for each in record_ids if each in self._aboard}
        if not any(taken.values()):
            return
        async with self._pool.connection() as connection:
            await connection.execute(
                statements.ARRIVED,
                {
                    "ids": list(taken),
                    "written": [Jsonb(values) for values in taken.values()],
                    "module": DEALS,
                },
            )

    def thrown_out(self, fields: Collection[str | None]) -> bool:
        """Return whether the CRM minded one of ours among `fields`; if so, none rides any more."""
        if set(self._names.values()).isdisjoint(fields):
            return False
        self._names.clear()
        self._aboard.clear()
        return True


def canonical_now(clock: Clock) -> str:
    """Return this second as a canonical instant: the CRM keeps whole seconds."""
    return clock.now().astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


# Any: texts and numbers, as they are.
def wire_owned(role: OwnedRole, value: Any) -> object:  # noqa: ANN401 - as above
    """Return a canonical value as a row of a write carries it; the CRM wants an offset."""
    return f"{value[:-1]}+00:00" if role is OwnedRole.LAST_SYNC else value


async def _take(connection: AsyncConnection, written: Sequence[Written]) -> None:
    if not written:
        return
    cursor = await connection.execute(statements.CONNECTED_USERS)
    ours = {None, *(row[0] for row in await cursor.fetchall())}
    given = {
        "ids": [each.record_id for each in written],
        # Who wrote last is told; without a user of ours to hold it against, it tells nothing.
        "edited": [
            len(ours) > 1 and each.bookkeeping.get("Modified_By") not in ours for each in written
        ],
        "stamps": [each.stamp for each in written],
        "bookkeeping": [Jsonb(dict(each.bookkeeping)) for each in written],
        "bookkeeping_fields": list(BOOKKEEPING),
    }
    for statement in (
        statements.LOCK_RECORDS,
        statements.SETTLE_LAST_CHANGE,
        statements.UNTELL_ECHO,
        statements.TAKE_BOOKKEEPING,
        statements.TAKE_STAMPS,
        statements.DONE,
    ):
        await connection.execute(statement, given)


# Any: rows as the query gives them.
def _write(row: tuple[Any, ...]) -> OwnedWrite:
    record_id, wanted = row
    return OwnedWrite(record_id, {OwnedRole(role): value for role, value in wanted.items()})
