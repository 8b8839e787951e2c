"""People at work here: they edit deals, settle conflicts, give up and try again, at random.

What is accepted is noted in the ledger as soon as it is committed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg

from pulse.edits import records, resolving, store
from pulse.edits.authors import Author
from pulse.edits.connection import exact_cursor
from pulse.kit.errors import PulseError
from support.edit_ledger import Step, choice
from support.edited_values import FIELDS, Values

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from random import Random

    from pulse.edits.connection import Connection
    from support.edit_ledger import EditLedger

T = TypeVar("T")
Row = Any  # a named tuple of the driver
PEOPLE: Final = (Author(None, "Mei Tan"), Author(None, "Omar Haddad"), Author(None, "Ana Ruiz"))
_ENDINGS: Final = ("crm", "local", "typed")


@dataclass
class Editors:
    """Act on deals here; `done` counts acts, and refusals by their code."""

    database_url: str
    values: Values
    ledger: EditLedger
    deals: Sequence[int]
    done: Counter[str] = field(default_factory=Counter)
    _steps: list[tuple[int, str, Step]] = field(default_factory=list)
    """What the present transaction does, until it is committed."""
    _chosen: list[tuple[int, str, Any]] = field(default_factory=list)

    def edit(self, rng: Random) -> None:
        """Edit some fields of a deal: mostly anew, at times to a value that somebody has seen."""
        deal, author = rng.choice(self.deals), rng.choice(PEOPLE)
        names = rng.sample(FIELDS, rng.choice((1, 1, 2, 3)))

        async def act(db: Connection) -> None:
            values = {}
            for name in names:
                seen = await self._seen(db, deal, name) if rng.random() < 0.2 else []
                values[name] = rng.choice(seen) if seen else self.values.draw(rng, name, "here")
            changed = await store.change_record(db, "Deals", deal, values, author)
            in_flight = await self._in_flight(db, deal)
            for name in (*changed.changed, *changed.cancelled):
                step = Step(
                    values[name],
                    author.name,
                    in_flight.get(name, ()),
                    is_end=name in changed.cancelled,
                )
                self._note(deal, name, step)

        self._do("edits", act)

    def drop(
        self, rng: Random, deal: int | None = None, fields: Sequence[str] | None = None
    ) -> None:
        """Give up edits of a deal; where no fields are named, that of one field or all."""
        deal, author = deal or rng.choice(self.deals), rng.choice(PEOPLE)
        if fields is None and rng.random() >= 0.3:
            fields = [rng.choice(FIELDS)]

        async def act(db: Connection) -> None:
            dropped = await store.drop_changes(db, "Deals", deal, fields, author)
            in_flight = await self._in_flight(db, deal)
            for each in dropped:
                step = Step(each.value, author.name, in_flight.get(each.field, ()), is_end=True)
                self._note(deal, each.field, step)

        self._do("drops", act)

    def retry(self, rng: Random, deal: int | None = None) -> None:
        """Try refused and waiting edits of a deal again."""
        deal = deal or rng.choice(self.deals)

        async def act(db: Connection) -> None:
            await store.retry_changes(db, "Deals", deal, None)

        self._do("retries", act)

    def resolve(self, rng: Random, how: str | None = None) -> None:
        """Settle the conflicts of a deal that has some, field by field."""
        author = rng.choice(PEOPLE)

        async def act(db: Connection) -> None:
            conflicts = await self._rows(
                db,
                "SELECT record_id, field, new_value FROM pending_changes"
                " WHERE state = 'conflict' ORDER BY record_id, field",
            )
            if not conflicts:
                return
            deal = rng.choice(conflicts).record_id
            await records.lock_record(db, "Deals", deal)
            for row in conflicts:
                if row.record_id == deal:
                    await self._resolve_field(db, rng, row, author, how)

        self._do("resolutions", act)

    async def _resolve_field(
        self, db: Connection, rng: Random, row: Row, author: Author, how: str | None
    ) -> None:
        deal, name = row.record_id, row.field
        # What was read before the lock may be over.
        still = await self._rows(
            db,
            "SELECT new_value, crm_value, is_record_gone FROM pending_changes"
            " WHERE record_id = %s AND field = %s AND state = 'conflict'",
            deal,
            name,
        )
        if not still:
            return
        [now] = still
        match how or rng.choice((*_ENDINGS, "skip")):
            case "crm":
                await resolving.use_crm(db, "Deals", deal, [name], author)
                self._note(deal, name, Step(now.new_value, author.name, is_end=True))
            case "local":
                await resolving.use_local(db, "Deals", deal, [name], author)
                self._chosen.append((deal, name, now.new_value))
            case "skip":
                await resolving.skip(db, "Deals", deal, [name], author)
            case _:
                value = self.values.draw(rng, name, "here")
                await resolving.use_values(db, "Deals", deal, {name: value}, author)
                is_crms = value == now.crm_value and not now.is_record_gone
                if value == now.new_value:
                    self._chosen.append((deal, name, value))
                else:
                    ended = now.new_value if is_crms else value
                    step = Step(ended, author.name, is_end=is_crms)
                    self._note(deal, name, step)

    def _do(self, what: str, act: Callable[[Connection], Awaitable[None]]) -> None:
        async def acting() -> None:
            async with (
                await psycopg.AsyncConnection.connect(self.database_url) as connection,
                connection.transaction(),
            ):
                await act(connection)

        self._steps.clear()
        self._chosen.clear()
        try:
            asyncio.run(acting())
        except PulseError as refused:
            self.done[f"{what}: {refused.code}"] += 1
            return
        self.done[what] += 1
        for deal, name, step in self._steps:
            self.ledger.steps[deal, name].append(step)
        self.ledger.chosen.update(choice(*each) for each in self._chosen)

    def _note(self, deal: int, name: str, step: Step) -> None:
        self._steps.append((deal, name, step))

    async def _seen(self, db: Connection, deal: int, name: str) -> list[Any]:
        """Return values that somebody sees of a field: the CRM's, and what was agreed."""
        rows = await self._rows(
            db,
            "SELECT document -> %s AS value FROM crm_documents WHERE record_id = %s"
            " UNION ALL SELECT base_value FROM pending_changes WHERE record_id = %s AND field = %s",
            name,
            deal,
            deal,
            name,
        )
        return [row.value for row in rows]

    async def _in_flight(self, db: Connection, deal: int) -> dict[str, tuple[Any, ...]]:
        rows = await self._rows(
            db,
            "SELECT field, new_value FROM pending_changes WHERE record_id = %s AND state = 'sent'",
            deal,
        )
        return {row.field: (row.new_value,) for row in rows}

    @staticmethod
    async def _rows(db: Connection, statement: str, *values: object) -> list[Row]:
        cursor = exact_cursor(db)
        await cursor.execute(statement, values)
        return await cursor.fetchall()
