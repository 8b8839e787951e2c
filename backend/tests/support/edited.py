"""A mirror that tests feed with what the CRM shows, and people who edit it: no CRM is asked."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from pulse.adapters.mirror import PostgresMirror
from pulse.core.sync import Presence
from pulse.edits import store
from pulse.edits.authors import Author
from pulse.edits.connection import exact_cursor
from pulse.sync.domain.observation import Observation
from pulse.sync.ports import Absence, Batch, Mark

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

    from pulse.core.sync import RecordStatus
    from pulse.edits.connection import Connection
    from pulse.edits.store import Changed
    from pulse.sync.domain.merge import Value
    from pulse.sync.ports import Applied

T = TypeVar("T")
Row = dict[str, Any]
START = datetime(2026, 8, 17, tzinfo=UTC)
FIELD_MAP = {
    "Opportunity_Name": "Deal_Name",
    "OCH_Revenue": "Amount",
    "Probability": "Probability",
    "Stage": "Stage",
    "Closing_Date": "Closing_Date",
    "Account_Name": "Account_Name",
    "Solution_Type": "Solutions",
}
MEI = Author(UUID(int=7), "Mei Tan")
OMAR = Author(UUID(int=8), "Omar Haddad")
COLLEAGUE = "554023000000001001"
"""Id of the CRM's user who changes records there."""
DEAL = 554023000000401001


def after(seconds: float) -> datetime:
    """Return a stamp of the CRM, so long after the first."""
    return START + timedelta(seconds=seconds)


class EditedMirror:
    """The mirror of Deals; `with` closes its connections. Each call is one transaction."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._runner = asyncio.Runner()
        self._number = 0

    def __enter__(self) -> Self:
        self._pool = AsyncConnectionPool(
            self._url, min_size=1, max_size=2, kwargs={"autocommit": True}, open=False
        )
        self._runner.run(self._pool.open())
        self.mirror = PostgresMirror(self._pool, "Deals", FIELD_MAP)
        for canonical_name, api_name in FIELD_MAP.items():
            self.sql(
                "INSERT INTO field_map (module, canonical_name, api_name, is_chosen)"
                " VALUES ('Deals', %s, %s, false) ON CONFLICT DO NOTHING",
                canonical_name,
                api_name,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.run(self._pool.close())
        self._runner.close()

    def run(self, act: Callable[[Connection], Awaitable[T]]) -> T:
        """Let `act` do something in a transaction of its own."""

        async def acting() -> T:
            async with self._pool.connection() as connection, connection.transaction():
                return await act(connection)

        return self._runner.run(acting())

    def sql(self, statement: str, *values: object) -> list[Row]:
        async def asking(connection: Connection) -> list[Row]:
            cursor = exact_cursor(connection)
            cursor.row_factory = dict_row
            await cursor.execute(statement, values)
            return await cursor.fetchall() if cursor.description else []

        return self.run(asking)

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def sees(
        self,
        values: Mapping[str, Value],
        at: float,
        record_id: int = DEAL,
        **batch: Any,  # noqa: ANN401 - the members of Batch by name
    ) -> Applied:
        """Let a read show the record as it is in the CRM since `at` seconds after START."""
        held = {name: value for name, value in values.items() if value is not None}
        held.setdefault("Modified_By", COLLEAGUE)
        return self._runner.run(
            self.mirror.apply(
                Batch(
                    [Observation(record_id, after(at), held)],
                    batch.pop("number", None) or self.next_number(),
                    frozenset(held) | frozenset(values),
                    **batch,
                ),
                Mark(),
            )
        )

    def misses(
        self, at: float, presence: Presence = Presence.DELETED, record_id: int = DEAL
    ) -> Applied:
        """Let a confirming read find the record deleted, or hidden."""
        return self._runner.run(
            self.mirror.mark_gone(
                [Absence(record_id, presence, after(at), COLLEAGUE)], self.next_number(), Mark()
            )
        )

    def edit(
        self, values: Mapping[str, Value], author: Author = MEI, record_id: int = DEAL
    ) -> Changed:
        return self.run(lambda db: store.change_record(db, "Deals", record_id, values, author))

    def resolve(
        self,
        how: Callable[..., Awaitable[RecordStatus]],
        what: object = None,
        author: Author = OMAR,
    ) -> RecordStatus:
        """Resolve conflicts of the deal by a function of `pulse.edits.resolving`."""
        return self.run(lambda db: how(db, "Deals", DEAL, what, author))

    def send(self, *fields: str) -> None:
        """Freeze what waits of these fields (all without any), as a push does before it writes."""
        self.sql(
            "UPDATE pending_changes SET state = 'sent', sent_at = now() WHERE state = 'queued'"
            " AND (%s OR field = ANY(%s))",
            not fields,
            list(fields),
        )

    def set_policy(self, policy: str, **by_field: str) -> None:
        for key, value in (
            ("conflicts.policy", policy),
            ("conflicts.field_policies", by_field),
        ):
            self.sql(
                "INSERT INTO settings (key, value) VALUES (%s, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                key,
                Jsonb(value),
            )

    def changes(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return columns of every local change, by record and field, the sent one first."""
        names = ", ".join(columns or ("field", "new_value", "state"))
        return [
            tuple(row.values())
            for row in self.sql(
                f"SELECT {names} FROM pending_changes ORDER BY record_id, field, state <> 'sent'"
            )
        ]

    def status(self, record_id: int = DEAL) -> Row:
        return self.sql(
            "SELECT sync_status, presence, conflict_fields, error_details, local_modified_at"
            " FROM record_sync_status WHERE zoho_record_id = %s",
            record_id,
        )[0]

    def deal(self, column: str, record_id: int = DEAL) -> object:
        """Return a column of the narrow row."""
        return self.sql(f"SELECT {column} AS it FROM deals WHERE id = %s", record_id)[0]["it"]

    def document(self, record_id: int = DEAL) -> Row:
        [row] = self.sql(
            "SELECT document - 'Modified_By' AS it FROM crm_documents WHERE record_id = %s",
            record_id,
        )
        held: Row = row["it"]
        return held

    def log(self) -> list[tuple[Any, ...]]:
        """Return kind, field, old and new value, side and author of the log beyond the creation."""
        return [
            tuple(row.values())
            for row in self.sql(
                "SELECT kind, field, old_value, new_value, side, changed_by FROM change_log"
                " WHERE kind <> 'created' ORDER BY id"
            )
        ]

    def jobs(self) -> list[tuple[Any, ...]]:
        return [
            tuple(row.values()) for row in self.sql("SELECT job, payload FROM outbox ORDER BY id")
        ]
