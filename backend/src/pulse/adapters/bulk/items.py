"""The records of one operation in PostgreSQL; every write checks the lease of its run."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pulse.adapters.bulk import statements
from pulse.core.bulk import ItemState
from pulse.edits.connection import exact_cursor, json_of
from pulse.edits.records import lock_records, refuse_read_only
from pulse.sync.bulking.ports import Item
from pulse.sync.domain.errors import CancelledByUserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import LiteralString

    from psycopg import AsyncConnection

    from pulse.adapters.runs import PostgresRun
    from pulse.sync.bulking.ports import Verdict
    from pulse.sync.domain.observation import JsonValue

_STATE_WORDS: Final = {
    ItemState.DONE: "written",
    ItemState.UNCHANGED: "unchanged",
    ItemState.FAILED: "not written",
    ItemState.LEFT_ALONE: "left alone",
}


class PostgresBulkItems:
    """The `BulkItems` port of one run; `author` is whom the change log names."""

    def __init__(self, run: PostgresRun, author: str) -> None:
        self._run = run
        self._author = author
        undo_of = run.facts.get("undo_of")
        self._given: dict[str, object] = {"id": run.session_id, "undo_of": undo_of}

    async def waiting(self, limit: int) -> Sequence[Item]:
        """Return the next records that wait, in their order."""
        return await self._items(statements.WAITING, {"limit": limit})

    async def sent(self) -> Sequence[Item]:
        """Return the records whose fate is open."""
        return await self._items(statements.SENT, {})

    async def _items(self, statement: LiteralString, given: Mapping[str, object]) -> list[Item]:
        async with self._run.pool.connection() as connection:
            cursor = exact_cursor(connection)
            await cursor.execute(statement, {**self._given, **given})
            # Any: a row's columns have the types that the query gives them.
            rows: list[Any] = await cursor.fetchall()
        return [
            Item(
                row.record_id,
                row.after,
                before=row.before,
                expected=_of(row.expected, row.after),
                is_accepted=row.is_accepted,
            )
            for row in rows
        ]

    async def mark_sent(self, items: Sequence[Item], chunk: int) -> frozenset[int]:
        """Freeze records before their call and return those that may be written."""
        ids = [item.record_id for item in items]
        async with self._run.fenced() as connection:
            # An edit of one of them waits until it is marked, or comes first and is seen here.
            await lock_records(connection, self._run.request.module, ids)
            cursor = await connection.execute(
                statements.MARK_SENT,
                {
                    **self._given,
                    "ids": ids,
                    "befores": [_json(item.before) for item in items],
                    "afters": [_json(item.after) for item in items],
                    "chunk": chunk,
                },
            )
            marked = frozenset(int(row[0]) for row in await cursor.fetchall())
            others = [record_id for record_id in ids if record_id not in marked]
            if others:
                await connection.execute(statements.LEAVE_ALONE, {**self._given, "ids": others})
                await self._note_progress(connection)
        return marked

    async def note_accepted(self, record_ids: Sequence[int]) -> None:
        """Remember that the CRM said of these records that they were written."""
        await self._move(statements.NOTE_ACCEPTED, record_ids)

    async def back_to_waiting(self, record_ids: Sequence[int]) -> None:
        """Let sent records wait again: they were certainly not written."""
        await self._move(statements.WAIT_AGAIN, record_ids)

    async def _move(self, statement: LiteralString, record_ids: Sequence[int]) -> None:
        if record_ids:
            async with self._run.fenced() as connection:
                await connection.execute(statement, {**self._given, "ids": list(record_ids)})

    async def end(self, verdicts: Sequence[Verdict]) -> None:
        """Settle records, with the session's progress and a line of its log."""
        if not verdicts:
            return
        ids = [each.record_id for each in verdicts]
        async with self._run.fenced() as connection:
            await connection.execute(
                statements.END,
                {
                    **self._given,
                    "ids": ids,
                    "states": [each.state.value for each in verdicts],
                    "codes": [each.code for each in verdicts],
                    "messages": [each.message for each in verdicts],
                    "fields": [each.field for each in verdicts],
                    "befores": [_json(each.before) for each in verdicts],
                },
            )
            await connection.execute(
                statements.TELL_AUTHOR, {**self._given, "ids": ids, "author": self._author}
            )
            await self._note_progress(connection)
        await self._run.log(_words(verdicts), step="write", record_count=len(verdicts))

    async def fail_waiting(self, code: str, message: str) -> None:
        """Fail all that wait: the CRM refuses the whole operation for this reason."""
        async with self._run.fenced() as connection:
            await connection.execute(
                statements.FAIL_WAITING, {**self._given, "code": code, "message": message}
            )
            await self._note_progress(connection)

    async def close(self) -> None:
        """Settle what was sent as well as it can be: the run ends before it could look."""
        async with self._run.fenced() as connection:
            await connection.execute(statements.CLOSE_SENT, self._given)
            await self._note_progress(connection)

    async def check_may_go_on(self) -> None:
        """Raise once somebody asked the operation to stop, or the mode lets nothing out."""
        async with self._run.pool.connection() as connection:
            await refuse_read_only(connection)
            cursor = await connection.execute(
                "SELECT cancel_requested_at IS NOT NULL FROM crm_sync_sessions WHERE id = %(id)s",
                self._given,
            )
            if await cursor.fetchone() == (True,):
                raise CancelledByUserError("Stopped. What is written stays; the rest is not.")

    async def note_job(self, job: Mapping[str, object] | None) -> None:
        """Keep where the CRM's job stands on the session; None: its records are settled."""
        known = self._run.facts.get("job")
        if job is not None:
            asked_at = datetime.now(UTC).isoformat()
            await self._run.note(job={"counts": {}, **job, "asked_at": asked_at})
        elif isinstance(known, dict) and not known.get("is_settled"):
            await self._run.note(job={**known, "is_settled": True})

    async def counts(self) -> Mapping[ItemState, int]:
        """Return how many records stand where."""
        async with self._run.pool.connection() as connection:
            cursor = await connection.execute(statements.COUNTS, self._given)
            found = {ItemState(row[0]): int(row[1]) for row in await cursor.fetchall()}
        return {state: found.get(state, 0) for state in ItemState}

    async def _note_progress(self, connection: AsyncConnection) -> None:
        spent = self._run.spent()
        await connection.execute(
            statements.PROGRESS, {**self._given, "calls": spent.calls, "credits": spent.credits}
        )


def _of(
    expected: Mapping[str, JsonValue | None] | None, after: Mapping[str, JsonValue | None]
) -> Mapping[str, JsonValue | None] | None:
    """Return what is expected of the fields that are to be restored."""
    return None if expected is None else {name: expected.get(name) for name in after}


def _json(values: Mapping[str, JsonValue | None] | None) -> object:
    return None if values is None else json_of(dict(values))


def _words(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(each.state for each in verdicts)
    codes = Counter(each.code for each in verdicts if each.state is ItemState.FAILED)
    told = ", ".join(
        f"{counts[state]:,} {words}" for state, words in _STATE_WORDS.items() if counts[state]
    )
    why = ", ".join(f"{count:,} {code}" for code, count in codes.most_common(3))
    return f"{told} ({why})" if why else told
