"""A connected product whose people edit deals, as the API does; pushes run on request."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import psycopg
import pytest
from psycopg.types.json import Jsonb

from pulse.adapters.pushing import ZohoWriter
from pulse.bootstrap_push import push_changes, record_push
from pulse.edits import store
from pulse.edits.authors import Author
from support.engine import QUICK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pulse.edits.connection import Connection
    from pulse.records.ports import PushedRecord
    from pulse.sync.domain.merge import Value
    from pulse.sync.pushing.context import Pushed
    from pulse.sync.pushing.ports import RowOutcome
    from support.engine import Engine
    from support.simulator import Json

T = TypeVar("T")
MEI = Author(None, "Mei Tan")


class PushingProduct:
    """An engine after its first full sync, with edits and pushes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.crm = engine.crm

    def run(self, act: Callable[[Connection], Awaitable[T]]) -> T:
        """Let `act` do something in a transaction of its own."""

        async def acting() -> T:
            async with (
                await psycopg.AsyncConnection.connect(self.engine.database_url) as connection,
                connection.transaction(),
            ):
                return await act(connection)

        return asyncio.run(acting())

    def edit(self, record_id: str, values: Mapping[str, Value], author: Author = MEI) -> None:
        """Edit a deal here."""
        self.run(lambda db: store.change_record(db, "Deals", int(record_id), values, author))

    def push(self) -> Pushed:
        """Run the job that pushes, as a worker would."""
        return asyncio.run(self.pushing())

    async def pushing(self) -> Pushed:
        """Push beside whatever else runs in this loop."""
        return await push_changes(self.engine.settings, "Deals", self.engine.patience)

    def push_one(self, record_id: str) -> PushedRecord:
        """Push one deal while somebody waits for it."""
        return asyncio.run(self.pushing_one(record_id))

    async def pushing_one(self, record_id: str) -> PushedRecord:
        """Push one deal beside whatever else runs in this loop."""
        async with record_push(self.engine.settings, self.engine.patience) as crm:
            return await crm.push(int(record_id))

    def set(self, **settings: object) -> None:
        """Store settings by key, with `__` for the dot."""
        for key, value in settings.items():
            self.engine.sql(
                "INSERT INTO settings (key, value) VALUES (%s, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                key.replace("__", "."),
                Jsonb(value),
            )

    def forget_waits(self) -> None:
        """Let time pass: what was put off is due now."""
        self.engine.sql("UPDATE pending_changes SET next_try_at = NULL")

    def changes(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return columns of every local change, by record and field."""
        names = ", ".join(columns or ("record_id::text", "field", "new_value", "state"))
        rows = self.engine.sql(
            f"SELECT {names} FROM pending_changes ORDER BY record_id, field, state <> 'sent'"
        )
        return [tuple(row.values()) for row in rows]

    def status(self, record_id: str) -> str:
        return str(self.engine.status_of(record_id)["sync_status"])

    def record(self, record_id: str) -> dict[str, Json]:
        """Return a deal as the CRM holds it now."""
        return next(row for row in self.crm.records() if row["id"] == record_id)

    def document(self, record_id: str) -> dict[str, Any]:
        """Return a deal as the mirror holds it."""
        [row] = self.engine.sql(
            "SELECT document FROM crm_documents WHERE record_id = %s", int(record_id)
        )
        held: dict[str, Any] = row["document"]
        return held

    def log(self, record_id: str) -> list[tuple[Any, ...]]:
        """Return kind, field, new value, side and author of what the log tells of a deal."""
        rows = self.engine.sql(
            "SELECT kind, field, new_value, side, changed_by FROM change_log"
            " WHERE record_id = %s AND kind NOT IN ('created', 'learned')"
            " AND (field IS NULL OR field <> ALL(%s)) ORDER BY id",
            int(record_id),
            ["Modified_By", "Last_Activity_Time"],
        )
        return [tuple(row.values()) for row in rows]

    def differences(self) -> list[str]:
        """Let a quick sync bring what our writes moved besides; return how both sides differ."""
        self.engine.completed(QUICK)
        return self.engine.differences()

    def writes(self, record_id: str) -> list[dict[str, Json]]:
        """Return the writes that reached a deal through the API: fields with their new values."""
        told = self.crm.writes(record_id=record_id, source="crm_api")["writes"]
        return [{name: step["new"] for name, step in write["fields"].items()} for write in told]


def money(value: object) -> Decimal:
    """Return a number of any origin as the Decimal that it reads as."""
    return Decimal(str(value))


class KilledError(BaseException):
    """The worker is gone: nothing of it catches this."""


class Meddler(ZohoWriter):
    """The real writer, with somebody at its elbow: acts run once, around calls that write."""

    before: ClassVar[list[Callable[[], None]]] = []
    """Each is run before one call."""
    after: ClassVar[list[Callable[[], None]]] = []
    """Each is run after one call, before its answer is looked at."""

    async def update(
        self,
        module: str,
        rows: Sequence[Mapping[str, object]],
        guard: datetime,
        *,
        run_automation: bool,
    ) -> Sequence[RowOutcome]:
        if self.before:
            await asyncio.to_thread(self.before.pop(0))
        outcomes = await super().update(module, rows, guard, run_automation=run_automation)
        if self.after:
            await asyncio.to_thread(self.after.pop(0))
        return outcomes


@pytest.fixture
def meddler(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Meddler]]:
    """Let a test act in the very moment between a push's read and its write, or after it."""
    monkeypatch.setattr("pulse.bootstrap_push.ZohoWriter", Meddler)
    yield Meddler
    left = (list(Meddler.before), list(Meddler.after))
    Meddler.before.clear()
    Meddler.after.clear()
    assert left == ([], []), "an act was never run"


def killed() -> None:
    """Kill the worker that runs this."""
    raise KilledError
