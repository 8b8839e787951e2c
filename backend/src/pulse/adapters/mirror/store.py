"""A module's mirror in PostgreSQL: each batch is one transaction, guarded by the run's lease."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from pulse.adapters.mirror import absent, statements
from pulse.adapters.mirror.counts import MirrorCounts
from pulse.adapters.mirror.echo import BOOKKEEPING
from pulse.adapters.mirror.staging import STAGING_TABLES, copy_lines, encode
from pulse.core.alerts import RULE_OF_FIELD
from pulse.core.modules import DEALS
from pulse.core.sync import HIDDEN_REASON, Presence
from pulse.edits.connection import json_of
from pulse.edits.judging import judge_records
from pulse.edits.overlay import overlay_records
from pulse.edits.policies import stored_policies
from pulse.jobs.catalogue import RaiseAlerts
from pulse.jobs.outbox import enqueue_once
from pulse.queries.narrow import narrow_table
from pulse.sync.domain.errors import CancelledByUserError, DiskFullError, LeaseLostError
from pulse.sync.ports import Absence, Applied, Batch, Mark

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from psycopg import AsyncConnection, AsyncCursor
    from psycopg_pool import AsyncConnectionPool


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """Which run writes, and the fencing number of its lease."""

    session_id: UUID
    fence: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls and credits of a run so far."""

    calls: int
    credits: int


@contextmanager
def disk_full_told() -> Iterator[None]:
    """Say what to do when PostgreSQL has no room: raise DiskFullError in place of its own error."""
    try:
        yield
    except psycopg.errors.DiskFull as error:
        raise DiskFullError(
            "PostgreSQL has no room left on its disk (SQLSTATE 53100).",
            fix="Free space on the database server; the next sync goes on from here.",
        ) from error


class PostgresMirror(MirrorCounts):
    """The mirror of one module.

    With a `run`, each transaction first checks that the run still holds the lease and last writes
    checkpoint and progress; without one (a single read, a search) observations are applied alone:
    their order is safe by number, so they need no lease. `crm_time` tells the CRM's clock as of
    its latest answer: by then at the latest, a record that was gone and is found again was back.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        module: str,
        field_map: Mapping[str, str],
        *,
        run: RunIdentity | None = None,
        spent: Callable[[], Spent] = lambda: Spent(0, 0),
        crm_time: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        super().__init__(pool, module)
        self._run = run
        self._spent = spent
        self._crm_time = crm_time
        self._field_map = field_map
        watched = RULE_OF_FIELD.keys() & field_map.keys() if module == DEALS else ()
        self._watched = {name: field_map[name] for name in sorted(watched)}
        narrow = narrow_table(module, field_map)
        self._fast = statements.compose(narrow, is_safe=False)
        self._safe = statements.compose(narrow, is_safe=True)
        self._names_known: dict[int, str] = {}
        self._is_cancelled = False

    async def apply(self, batch: Batch, mark: Mark) -> Applied:
        """Apply observations, checkpoint and progress in one transaction."""
        await self._remember_names(batch.names)
        parameters = {
            "module": self._module,
            "number": batch.number,
            "found_at": self._crm_time(),
            "partial": batch.is_partial,
            "first_load": batch.is_first_load,
            "covered": sorted(batch.covered),
            "details": sorted(batch.details),
            "details_short": timedelta(microseconds=0 if batch.are_details_final else 1),
            "session_id": self._run.session_id if self._run else None,
            "bookkeeping": list(BOOKKEEPING),
            "watched_names": list(self._watched),
            "watched_fields": list(self._watched.values()),
            "authored_ids": [each.record_id for each in batch.authored],
            "authored_fields": [each.field for each in batch.authored],
            "authored_values": [json_of(each.value) for each in batch.authored],
            "authors": [each.author for each in batch.authored],
            "accepted": [each.change_id for each in batch.authored if each.change_id is not None],
        }
        try:
            return await self._apply(batch, mark, parameters, self._fast)
        except psycopg.DataError:
            # A dirty value somewhere in the batch: it must not hold up the others.
            return await self._apply(batch, mark, parameters, self._safe)

    async def _apply(
        self,
        batch: Batch,
        mark: Mark,
        parameters: dict[str, object],
        how: statements.Statements,
    ) -> Applied:
        # In a thread, and before the transaction: other batches go on meanwhile, no lock waits.
        lines = await asyncio.to_thread(encode, batch) if batch.observations else None
        async with self._transaction(*(STAGING_TABLES if lines else ())) as connection:
            edited: frozenset[int] = frozenset()
            if lines is None:
                applied = Applied()
            else:
                staged = await copy_lines(connection, lines)
                applied, edited = await self._apply_staged(connection, staged, parameters, how)
                await self._judge(connection, edited)
            # What a detail read finds was counted as a change when the stamp moved.
            counted = Applied() if batch.details else applied
            await self._note_progress(connection, mark, counted, is_judged=bool(edited))
        self._stop_if_asked()
        return applied

    @staticmethod
    async def _apply_staged(
        connection: AsyncConnection,
        staged: int,
        parameters: dict[str, object],
        how: statements.Statements,
    ) -> tuple[Applied, frozenset[int]]:
        """Return what the batch did, and which of its records were edited here."""
        if not parameters["partial"]:
            cursor = await connection.execute(how.for_new, parameters)
            if await cursor.fetchone() == (True,):
                if not parameters["first_load"]:
                    for statement in how.after_new:
                        await connection.execute(statement, parameters)
                return Applied(created=staged), frozenset()
        async with connection.pipeline():
            await connection.execute(statements.LOCK_STATUS)
            await connection.execute(statements.DECIDE, parameters)
            cursor = await connection.execute(statements.COUNT_STEPS)
            for statement in how.for_changes:
                await connection.execute(statement, parameters)
            watched = await connection.execute(statements.LOG_CHANGES, parameters)
            edited = await connection.execute(statements.EDITED_AMONG_DECIDED)
            if parameters["accepted"]:
                await connection.execute(statements.TELL_ACCEPTED, parameters)
                await connection.execute(statements.END_ACCEPTED, parameters)
        if watched.rowcount > 0:
            await enqueue_once(connection, RaiseAlerts())
        steps: dict[str, int] = dict(await cursor.fetchall())
        applied = Applied(
            created=steps.get("create", 0),
            changed=steps.get("change", 0),
            restored=steps.get("restore", 0),
            touched=steps.get("touch", 0),
            same=steps.get("same", 0),
            ignored=steps.get("ignore", 0),
        )
        return applied, frozenset(row[0] for row in await edited.fetchall())

    async def _judge(self, connection: AsyncConnection, edited: frozenset[int]) -> None:
        """Let the merge decide over local changes of records that a batch has read or missed.

        Their status rows are locked by now. Usually there are none.
        """
        if edited:
            policies = await stored_policies(connection)
            await judge_records(connection, self._module, edited, policies)
            await overlay_records(connection, self._module, edited, self._field_map)

    async def mark_gone(self, absences: Sequence[Absence], number: int, mark: Mark) -> Applied:
        """Turn records that are gone into tombstones, or into errors where they are hidden."""
        ordered = sorted({gone.record_id: gone for gone in absences}.values(), key=_by_id)
        parameters = {
            "module": self._module,
            "number": number,
            "ids": [gone.record_id for gone in ordered],
            "presences": [gone.presence.value for gone in ordered],
            "times": [gone.at for gone in ordered],
            "authors": [gone.by for gone in ordered],
            "hidden_reason": HIDDEN_REASON,
            "session_id": self._run.session_id if self._run else None,
        }
        async with self._transaction() as connection:
            await connection.execute(absent.STAGE_ABSENCES)
            await connection.execute(absent.LOCK_ABSENT, parameters)
            await connection.execute(absent.JUDGE_ABSENT, parameters)
            cursor = await connection.execute(absent.COUNT_ABSENT)
            counts: dict[str, int] = dict(await cursor.fetchall())
            for statement in (
                *self._safe.for_absences,
                absent.LOG_ABSENT,
                absent.WRITE_ABSENT_STATUS,
            ):
                await connection.execute(statement, parameters)
            found = await connection.execute(absent.EDITED_AMONG_ABSENT)
            edited = frozenset(row[0] for row in await found.fetchall())
            await self._judge(connection, edited)
            applied = Applied(
                deleted=counts.get(Presence.DELETED, 0), hidden=counts.get(Presence.INVISIBLE, 0)
            )
            await self._note_progress(connection, mark, applied, is_judged=bool(edited))
        self._stop_if_asked()
        return applied

    async def register_gone(self, absences: Sequence[Absence], number: int) -> None:
        """Remember records in the CRM's bin that we never held, so that they are watched."""
        async with self._transaction() as connection:
            await connection.execute(
                absent.REGISTER_GONE,
                {
                    "module": self._module,
                    "number": number,
                    "ids": [gone.record_id for gone in absences],
                    "times": [gone.at for gone in absences],
                },
            )

    @asynccontextmanager
    async def _transaction(self, *first: LiteralString) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that holds only if the lease is still ours; `first` runs in it.

        All of that is two round trips. A run's transactions do not wait for the disk: data and
        checkpoint are lost or kept together, so what a crash of the server loses is read again,
        and the end of the session, which moves the cursor, does wait.
        """
        with disk_full_told():
            async with self._pool.connection() as connection, connection.transaction():
                async with connection.pipeline():
                    lease = await self._check_lease(connection)
                    for statement in first:
                        await connection.execute(statement)
                if lease is not None and await lease.fetchone() is None:
                    raise LeaseLostError("Another worker has taken this run over.")
                yield connection

    async def _check_lease(self, connection: AsyncConnection) -> AsyncCursor | None:
        if self._run is None:
            return None
        # KEY SHARE lets the heartbeat through and holds a takeover back until this commit.
        return await connection.execute(
            "SELECT set_config('synchronous_commit', 'off', true) FROM sync_leases"
            " WHERE module = %s AND session_id = %s AND fence = %s FOR KEY SHARE",
            (self._module, self._run.session_id, self._run.fence),
        )

    async def _note_progress(
        self, connection: AsyncConnection, mark: Mark, applied: Applied, *, is_judged: bool
    ) -> None:
        """Save the checkpoint and announce what happened: last, so that its locks are short."""
        records = f"records:{self._module}" if applied.changes or is_judged else None
        if self._run is None:
            await connection.execute(statements.ANNOUNCE, {"topics": [records]})
            return
        spent = self._spent()
        stands_at = mark.position()
        position = {mark.slice_key: stands_at} if mark.slice_key and stands_at is not None else {}
        cursor = await connection.execute(
            statements.NOTE_PROGRESS,
            {
                "processed": mark.processed,
                "changed": applied.changes,
                "position": Jsonb(position),
                "step": mark.slice_key,
                "words": None if mark.words is None else mark.words(applied),
                "calls": spent.calls,
                "credits": spent.credits,
                "id": self._run.session_id,
                "topics": [records, f"session:{self._run.session_id}"],
            },
        )
        row = await cursor.fetchone()
        if row is not None and row[0]:
            self._is_cancelled = True

    def _stop_if_asked(self) -> None:
        """Raise CancelledByUserError once somebody asked the run to stop; the batch stays."""
        if self._is_cancelled:
            raise CancelledByUserError("The sync was stopped. What is loaded stays.")

    async def _remember_names(self, names: Mapping[int, str]) -> None:
        new = {
            record_id: name
            for record_id, name in names.items()
            if self._names_known.get(record_id) != name
        }
        if not new:
            return
        ids = sorted(new)
        # Outside the batch's transaction: loaders that run side by side share these rows.
        async with self._pool.connection() as connection:
            await connection.execute(
                "INSERT INTO lookup_names (id, name) SELECT * FROM unnest(%s::bigint[], %s::text[])"
                " ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name"
                " WHERE lookup_names.name <> EXCLUDED.name",
                (ids, [new[record_id] for record_id in ids]),
            )
        self._names_known.update(new)


def _by_id(absence: Absence) -> int:
    return absence.record_id
