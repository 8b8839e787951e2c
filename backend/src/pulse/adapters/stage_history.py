"""The import of stage history in PostgreSQL: who runs it, how far it is, and its rows."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from pulse.adapters.mirror import stays
from pulse.core.stage_history import IMPORT_TRIED_AGAIN_AFTER, ImportState
from pulse.db.events import CHANNEL, Topic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from uuid import UUID

    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

    from pulse.adapters.mirror.store import Spent
    from pulse.kit.errors import PulseError
    from pulse.sync.domain.stage_history import EnteredStage

_LOCK: Final = 7_163_011
_COLUMNS: Final = "id, deal_id, stage, entered_at, amount, probability, closing_date, entered_by"

_CLAIM: Final = """
UPDATE stage_history_imports
SET state = 'running', started_at = coalesce(started_at, now()), heartbeat_at = now()
WHERE state IN ('waiting', 'running')
RETURNING id, checkpoint, rows_read, calls, credits
"""
_PLAN: Final = """
UPDATE stage_history_imports
SET source = %(source)s, reason = %(reason)s, rows_total = %(total)s, heartbeat_at = now(),
    checkpoint = %(checkpoint)s, rows_read = 0, rows_kept = 0
WHERE id = %(id)s
"""
# A row that came before is written again only if the CRM tells it otherwise now.
_KEEP: Final = f"""
INSERT INTO stage_history ({_COLUMNS})
SELECT * FROM unnest(%(ids)s::bigint[], %(deals)s::bigint[], %(stages)s::text[],
  %(moments)s::timestamptz[], %(amounts)s::numeric[], %(probabilities)s::numeric[],
  %(days)s::date[], %(people)s::bigint[])
ON CONFLICT (id) DO UPDATE SET
  deal_id = excluded.deal_id, stage = excluded.stage, entered_at = excluded.entered_at,
  amount = excluded.amount, probability = excluded.probability,
  closing_date = excluded.closing_date, entered_by = excluded.entered_by, imported_at = now()
WHERE (stage_history.deal_id, stage_history.stage, stage_history.entered_at,
       stage_history.amount, stage_history.probability, stage_history.closing_date,
       stage_history.entered_by)
  IS DISTINCT FROM (excluded.deal_id, excluded.stage, excluded.entered_at, excluded.amount,
       excluded.probability, excluded.closing_date, excluded.entered_by)
"""  # noqa: S608 - the columns are a constant
_GO_ON: Final = """
UPDATE stage_history_imports
SET checkpoint = %(checkpoint)s, heartbeat_at = now(), rows_read = rows_read + %(read)s,
    rows_kept = rows_kept + %(kept)s,
    rows_total = greatest(rows_total, rows_read + %(read)s)
WHERE id = %(id)s
"""
# Where two rows share a second, the later id is the later row.
_SETTLE: Final = """
WITH ordered AS (
  SELECT id, deal_id, entered_at,
    stage IS DISTINCT FROM lag(stage) OVER deal AS is_start
  FROM stage_history
  WINDOW deal AS (PARTITION BY deal_id ORDER BY entered_at, id)
), stays AS (
  SELECT id, is_start, CASE WHEN is_start THEN min(entered_at) FILTER (WHERE is_start) OVER (
      PARTITION BY deal_id ORDER BY entered_at, id
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) END AS left_at
  FROM ordered
)
UPDATE stage_history AS row SET is_start = stays.is_start, left_at = stays.left_at
FROM stays
WHERE stays.id = row.id
  AND (row.is_start, row.left_at) IS DISTINCT FROM (stays.is_start, stays.left_at)
"""
_END: Final = """
UPDATE stage_history_imports
SET state = %(state)s, finished_at = now(), calls = %(calls)s, credits = %(credits)s,
    error_code = %(code)s, error_message = %(message)s, error_fix = %(fix)s,
    next_try_at = now() + %(wait)s
WHERE id = %(id)s
"""
_TELL: Final = "SELECT pg_notify(%s, %s)"


@dataclass(frozen=True, slots=True)
class Claimed:
    """An import that this process runs, and how far it was before."""

    id: UUID
    # Any: what each source needs to go on.
    checkpoint: dict[str, Any] | None
    rows_read: int
    calls: int
    credits: int


class StageHistoryStore:
    """Rows and state of the import."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def claimed(self) -> AsyncIterator[Claimed | None]:
        """Be the only one to import while the block runs; None: nothing to do, or another does.

        PostgreSQL frees the lock when this process dies, and the import goes on elsewhere.
        """
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))
            if await cursor.fetchone() != (True,):
                yield None
                return
            try:
                row = await (await connection.execute(_CLAIM)).fetchone()
                yield None if row is None else Claimed(*row)
            finally:
                if not connection.broken:
                    await connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))

    async def deals(self) -> int:
        """Return how many live deals the mirror holds."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT count(*) FROM deals WHERE is_live")
            row = await cursor.fetchone()
        return 0 if row is None else int(row[0])

    async def plan(
        self,
        import_id: UUID,
        source: str,
        reason: str,
        total: int | None,
        checkpoint: Mapping[str, object],
    ) -> None:
        """Note how the rows will be read, from the beginning."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(
                _PLAN,
                {
                    "id": import_id,
                    "source": source,
                    "reason": reason,
                    "total": total,
                    "checkpoint": Jsonb(dict(checkpoint)),
                },
            )
            await _tell(connection)

    async def keep(
        self,
        import_id: UUID,
        rows: Sequence[EnteredStage],
        read: int,
        checkpoint: Mapping[str, object],
    ) -> None:
        """Keep rows and the checkpoint that they lead to, in one transaction."""
        async with self._pool.connection() as connection, connection.transaction():
            # Two rows of one id in a statement would be refused; the last one told holds.
            unique = {row.id: row for row in rows}.values()
            await connection.execute(
                _KEEP,
                {
                    "ids": [row.id for row in unique],
                    "deals": [row.deal_id for row in unique],
                    "stages": [row.stage for row in unique],
                    "moments": [row.entered_at for row in unique],
                    "amounts": [row.amount for row in unique],
                    "probabilities": [row.probability for row in unique],
                    "days": [row.closing_date for row in unique],
                    "people": [row.entered_by for row in unique],
                },
            )
            await connection.execute(
                _GO_ON,
                {
                    "id": import_id,
                    "checkpoint": Jsonb(dict(checkpoint)),
                    "read": read,
                    "kept": len(unique),
                },
            )
            await _tell(connection)

    async def complete(self, import_id: UUID, spent: Spent) -> None:
        """Let the rows be seen as stays, all at once, and end the import."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(stays.LOCK)
            for statement in (_SETTLE, *stays.REBUILD):
                await connection.execute(statement)
            await _end(connection, import_id, ImportState.COMPLETED, spent)

    async def stop(
        self, import_id: UUID, state: ImportState, trouble: PulseError, spent: Spent
    ) -> None:
        """End the import early; what it kept stays, unseen, for the next one to go on from."""
        async with self._pool.connection() as connection, connection.transaction():
            await _end(connection, import_id, state, spent, trouble)

    async def learn_statistics(self) -> None:
        """Let PostgreSQL count the rows anew: they came all at once."""
        async with self._pool.connection() as connection:
            await connection.execute("ANALYZE stage_history, stage_stays")


async def _end(
    connection: AsyncConnection,
    import_id: UUID,
    state: ImportState,
    spent: Spent,
    trouble: PulseError | None = None,
) -> None:
    await connection.execute(
        _END,
        {
            "id": import_id,
            "state": state.value,
            "calls": spent.calls,
            "credits": spent.credits,
            "code": None if trouble is None else trouble.code,
            "message": None if trouble is None else trouble.detail,
            "fix": None if trouble is None else trouble.fix,
            "wait": IMPORT_TRIED_AGAIN_AFTER if state is ImportState.FAILED else None,
        },
    )
    await _tell(connection)


async def _tell(connection: AsyncConnection) -> None:
    await connection.execute(_TELL, (CHANNEL, f"{Topic.RECORDS}:DealHistory"))
