"""A run of a session: it claims the module's lease, keeps it alive, and writes the session's end.

The lease is a row with an owner, a heartbeat and a fencing number. Claiming raises the number, so
whatever a worker that was thought dead still tries to write is refused.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import psycopg
import structlog
from psycopg.types.json import Jsonb

from pulse.adapters.mirror.store import RunIdentity, Spent, disk_full_told
from pulse.adapters.resume import carried
from pulse.core.sync import PULL_TYPES, SESSION_TRANSITIONS, WAITED, SessionStatus, SyncType
from pulse.sync.domain.errors import CancelledByUserError, LeaseLostError, SyncError
from pulse.sync.domain.steps import DONE, START, current_step
from pulse.sync.runs import RunRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from uuid import UUID

    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

    from pulse.kit.errors import PulseError
    from pulse.sync.domain.checkpoint import Position
    from pulse.sync.ports import Applied, Cursors

LEASE_EXPIRES: Final = timedelta(seconds=30)
HEARTBEAT_S: Final = 5.0
_log: Final = structlog.get_logger(__name__)
_NOTHING: Final = Spent(0, 0)


@dataclass(slots=True)
class PostgresRun:
    """One claimed run; the engine's `Run` port."""

    pool: AsyncConnectionPool
    identity: RunIdentity
    request: RunRequest
    checkpoint: dict[str, Position]
    facts: dict[str, object]
    requested_by: str
    lease: str
    """Name of the lease: the module of a pull, the session of any other run."""
    stops_at_once: bool = True
    """A wish to stop ends the block that is kept alive; else the use case looks for it itself."""
    status: SessionStatus = SessionStatus.IN_PROGRESS
    spent: Callable[[], Spent] = lambda: _NOTHING
    spent_before: Spent = _NOTHING
    """By the workers that this run was taken over from."""

    def count_on(self, spent: Callable[[], Spent]) -> None:
        """Count what this worker spends on top of what was spent before it."""
        before = self.spent_before

        def whole() -> Spent:
            now = spent()
            return Spent(before.calls + now.calls, before.credits + now.credits)

        self.spent = whole

    @property
    def session_id(self) -> UUID:
        """Id of the session."""
        return self.identity.session_id

    async def note(self, **facts: object) -> None:
        """Add facts to the session: plan, cursor, phase."""
        self.facts.update(facts)
        async with self.fenced() as connection:
            await connection.execute(
                "UPDATE crm_sync_sessions SET metadata = metadata || %s WHERE id = %s",
                (Jsonb(facts), self.session_id),
            )

    async def begin_load(self, **facts: object) -> None:
        """Add facts of a load that begins anew: the checkpoint of an earlier one is forgotten."""
        self.facts.update(facts)
        self.checkpoint.clear()
        async with self.fenced() as connection:
            await connection.execute(
                "UPDATE crm_sync_sessions SET metadata = metadata || %s, checkpoint = '{}',"
                " records_processed = 0 WHERE id = %s",
                (Jsonb(facts), self.session_id),
            )

    async def log(
        self,
        message: str,
        *,
        step: str,
        status: str = "in_progress",
        record_count: int | None = None,
    ) -> None:
        """Add a line to the session's log, under the name of the step that it tells of."""
        async with self.fenced() as connection:
            await self._write_log(connection, step, status, message, record_count)

    async def log_wait(self, why: str, wait_s: float, http_status: int | None) -> None:
        """Tell that a call is made again after `wait_s`, under the step that waits for it."""
        async with self.fenced() as connection:
            await self._write_log(
                connection,
                current_step() or START,
                WAITED,
                f"{why}. Waiting {wait_s:.1f} s, then asking again",
                None,
                {"status": http_status, "wait_s": round(wait_s, 3)},
            )

    async def expect(self, records_total: int | None) -> None:
        """Tell how many records the run will process, as far as known."""
        async with self.fenced() as connection:
            await connection.execute(
                "UPDATE crm_sync_sessions SET records_total = %s WHERE id = %s",
                (records_total, self.session_id),
            )

    async def complete(self, cursors: Cursors, summary: str, applied: Applied) -> None:
        """Finish the session, moving the cursors in the same transaction."""
        async with self.fenced() as connection:
            await connection.execute(
                "INSERT INTO sync_cursors"
                " (module, changed_since, deleted_since, full_sync_at, session_id)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (module) DO UPDATE SET"
                " changed_since = EXCLUDED.changed_since, deleted_since = EXCLUDED.deleted_since,"
                " full_sync_at = EXCLUDED.full_sync_at, session_id = EXCLUDED.session_id,"
                " updated_at = now()",
                (
                    self.request.module,
                    cursors.changed_since,
                    cursors.deleted_since,
                    cursors.full_sync_at,
                    self.session_id,
                ),
            )
            await self._write_log(connection, DONE, "completed", summary, applied.changes)
            counts = {name: getattr(applied, name) for name in applied.__slots__}
            await self._end(connection, SessionStatus.COMPLETED, {"counts": counts})

    async def finish(self, summary: str, **facts: object) -> None:
        """Finish a session that moves no cursor."""
        async with self.fenced() as connection:
            await self._write_log(connection, DONE, "completed", summary, None)
            await self._end(connection, SessionStatus.COMPLETED, facts)

    async def fail(self, error: PulseError) -> None:
        """End the session with what went wrong and what to do; a cancelled one as cancelled."""
        cancelled = isinstance(error, CancelledByUserError)
        status = SessionStatus.CANCELLED if cancelled else SessionStatus.FAILED
        async with self.fenced() as connection:
            await self._write_log(connection, status, status, str(error), None)
            await self._end(
                connection,
                status,
                {} if cancelled else {"error": dict(error.problem())},
                error_code=None if cancelled else error.code,
                error_message=None if cancelled else str(error),
            )

    async def _end(
        self,
        connection: AsyncConnection,
        status: SessionStatus,
        facts: Mapping[str, object],
        *,
        error_code: str | None = None,
        error_message: str | None = None,
    ) -> None:
        assert (SessionStatus.IN_PROGRESS, status) in SESSION_TRANSITIONS  # noqa: S101 - a law
        spent = self.spent()
        self.facts.update(facts)
        self.status = status
        await connection.execute(
            "UPDATE crm_sync_sessions SET status = %(status)s, completed_at = clock_timestamp(),"
            " error_code = %(code)s, error_message = %(message)s,"
            " metadata = metadata || %(facts)s,"
            " api_calls_made = greatest(api_calls_made, %(calls)s),"
            " credits_used = greatest(credits_used, %(credits)s),"
            " records_total = coalesce(records_total, records_processed)"
            " WHERE id = %(id)s AND status = 'in_progress'",
            {
                "status": status.value,
                "code": error_code,
                "message": error_message,
                "facts": Jsonb(dict(facts)),
                "calls": spent.calls,
                "credits": spent.credits,
                "id": self.session_id,
            },
        )
        await connection.execute(
            "UPDATE sync_leases SET heartbeat_at = 'epoch' WHERE module = %s AND fence = %s",
            (self.lease, self.identity.fence),
        )
        if self.lease != self.request.module:
            # Nobody else ever takes it.
            await connection.execute("DELETE FROM sync_leases WHERE module = %s", (self.lease,))

    async def _write_log(
        self,
        connection: AsyncConnection,
        step: str,
        status: str,
        message: str,
        record_count: int | None,
        api_response: Mapping[str, object] | None = None,
    ) -> None:
        await connection.execute(
            "INSERT INTO sync_status_log"
            " (session_id, timestamp, step, status, message, record_count, api_response)"
            " VALUES (%s, clock_timestamp(), %s, %s, %s, %s, %s)",
            (
                self.session_id,
                step,
                status,
                message,
                record_count,
                None if api_response is None else Jsonb(dict(api_response)),
            ),
        )

    @asynccontextmanager
    async def fenced(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that holds only if the lease is still ours, and announces itself."""
        with disk_full_told():
            async with self.pool.connection() as connection, connection.transaction():
                cursor = await connection.execute(
                    "SELECT 1 FROM sync_leases WHERE module = %s AND session_id = %s AND fence = %s"
                    " FOR KEY SHARE",
                    (self.lease, self.session_id, self.identity.fence),
                )
                if await cursor.fetchone() is None:
                    raise LeaseLostError("Another worker has taken this run over.")
                yield connection
                await connection.execute(
                    "SELECT pg_notify('pulse_events', %s)", (f"session:{self.session_id}",)
                )

    @asynccontextmanager
    async def kept_alive(self, sleep: Callable[[float], Awaitable[None]]) -> AsyncIterator[None]:
        """Renew the lease while the block runs; a lost lease or a request to stop ends the block.

        Raises LeaseLostError or CancelledByUserError in place of the block's own cancellation.
        """
        block = asyncio.current_task()
        assert block is not None  # noqa: S101 - a coroutine always runs in a task
        reason: SyncError | None = None

        async def beat() -> None:
            nonlocal reason
            while reason is None:
                await sleep(HEARTBEAT_S)
                try:
                    reason = await self._renew()
                except psycopg.OperationalError as error:
                    # The server restarts, perhaps: the lease outlives a few missed beats.
                    _log.warning("sync.run.heartbeat_missed", error=str(error))
            block.cancel()

        heartbeat = asyncio.create_task(beat(), name="lease heartbeat")
        try:
            yield
        except asyncio.CancelledError:
            if reason is not None:
                block.uncancel()
                raise reason from None
            raise
        finally:
            heartbeat.cancel()
            await asyncio.wait([heartbeat])

    async def _renew(self) -> SyncError | None:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                # A beat on its way while the run ends must not take up the lease that was let go.
                "UPDATE sync_leases SET heartbeat_at ="
                " CASE WHEN heartbeat_at = 'epoch' THEN heartbeat_at ELSE now() END"
                " FROM crm_sync_sessions session"
                " WHERE sync_leases.module = %s AND session_id = %s AND fence = %s"
                " AND session.id = session_id RETURNING session.cancel_requested_at",
                (self.lease, self.session_id, self.identity.fence),
            )
            row = await cursor.fetchone()
        if row is None:
            return LeaseLostError("Another worker has taken this run over.")
        if row[0] is not None and self.stops_at_once:
            return CancelledByUserError("The sync was stopped. What is loaded stays.")
        return None


async def claim(pool: AsyncConnectionPool, session_id: UUID, owner: str) -> PostgresRun | None:
    """Take a session's lease and return its run.

    Returns None when there is nothing to do: the session has ended, or another worker that is
    alive runs it. A run whose heartbeat is older than LEASE_EXPIRES is taken over.
    """
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute(
            "SELECT module, sync_type, status, metadata, checkpoint, requested_by,"
            " greatest(api_calls_made, (SELECT sum(calls) FROM credit_ledger"
            " WHERE session_id = session.id)),"
            " greatest(credits_used, (SELECT sum(credits) FROM credit_ledger"
            " WHERE session_id = session.id))"
            " FROM crm_sync_sessions session"
            " WHERE id = %s FOR UPDATE",
            (session_id,),
        )
        session = await cursor.fetchone()
        if session is None or session[2] not in {"pending", "in_progress"}:
            return None
        module, sync_type, status, facts, checkpoint, requested_by, *spent = session
        is_pull = sync_type in PULL_TYPES
        lease_name = module if is_pull else f"session:{session_id}"
        # Stronger than an update's own lock: it waits for a batch that is about to commit.
        await connection.execute(
            "SELECT FROM sync_leases WHERE module = %s FOR UPDATE", (lease_name,)
        )
        cursor = await connection.execute(
            "INSERT INTO sync_leases (module, session_id, owner) VALUES (%(module)s, %(id)s,"
            " %(owner)s) ON CONFLICT (module) DO UPDATE SET session_id = %(id)s,"
            " owner = %(owner)s, fence = sync_leases.fence + 1, heartbeat_at = now()"
            " WHERE sync_leases.heartbeat_at < now() - %(expires)s RETURNING fence",
            {"module": lease_name, "id": session_id, "owner": owner, "expires": LEASE_EXPIRES},
        )
        lease = await cursor.fetchone()
        if lease is None:
            return None
        if status == "pending":
            begun = await carried(connection, module, sync_type, session_id)
            facts, checkpoint = {**facts, **begun.facts}, {**checkpoint, **begun.checkpoint}
            await connection.execute(
                "UPDATE crm_sync_sessions SET status = 'in_progress', started_at = now(),"
                " metadata = %s, checkpoint = %s, records_processed = %s"
                " WHERE id = %s AND status = 'pending'",
                (Jsonb(facts), Jsonb(checkpoint), begun.processed, session_id),
            )
            words = "Started."
        else:
            words = "Taken over from a worker that stopped answering."
        await connection.execute(
            "INSERT INTO sync_status_log (session_id, timestamp, step, status, message)"
            " VALUES (%s, clock_timestamp(), %s, 'in_progress', %s)",
            (session_id, START, words),
        )
        await connection.execute("SELECT pg_notify('pulse_events', %s)", (f"session:{session_id}",))
    since = facts.get("since")
    return PostgresRun(
        pool,
        RunIdentity(session_id, int(lease[0])),
        RunRequest(
            module,
            SyncType(sync_type),
            datetime.fromisoformat(since) if isinstance(since, str) else None,
            facts.get("accept_deletions") is True,
            facts.get("source"),
        ),
        checkpoint,
        facts,
        requested_by,
        lease_name,
        stops_at_once=is_pull,
        spent_before=Spent(int(spent[0]), int(spent[1])),
    )
