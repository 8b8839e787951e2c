"""Bulk operations over HTTP, run as a worker would; a test can act around their writes."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import psycopg
import pytest

from pulse.adapters.bulk import ZohoBulkWriter
from pulse.bootstrap_bulk import run_session
from pulse.edits.authors import Author
from pulse.edits.store import change_record
from support.engine_worker import IMPATIENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pulse.sync.bulking.ports import Answer, Item
    from pulse.sync.domain.observation import JsonValue
    from support.simulator import Json
    from support.synced import Synced


class BulkProduct:
    """A synced product whose bulk operations run on request."""

    def __init__(self, synced: Synced) -> None:
        self.synced = synced
        self.crm = synced.crm
        self.client = synced.api.client

    def sql(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        return self.synced.api.sql(statement, **values)

    def post(self, path: str, body: Json, status: int = 200) -> Json:
        answer = self.client.post(f"/api/bulk/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def preview(self, choose: Json, fields: Json = None, **more: Json) -> Json:
        return self.post("preview", {"choose": choose, "fields": fields, **more})

    def start(self, path: str, choose: Json, fields: Json = None, **more: Json) -> str:
        """Start an operation; return its session's id."""
        body = {"choose": choose, "fields": fields, **more}
        return str(self.post(path, body, 202)["session_id"])

    def run(self, session_id: str) -> Json:
        """Run an operation as a worker would; return its session as it stands then."""
        asyncio.run(run_session(self.synced.settings, UUID(session_id), IMPATIENT))
        return self.session(session_id)

    def session(self, session_id: str) -> Json:
        return self.status(session_id)["session"]

    def status(self, session_id: str) -> Json:
        answer = self.client.get(f"/api/bulk/operation/{session_id}/status")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def undo(self, session_id: str) -> Json:
        """Undo an operation and run that; return the undo's session."""
        undo = self.post(f"operation/{session_id}/undo", None, 202)
        return self.run(str(undo["session_id"]))

    def items(self, session_id: str, *states: str) -> list[Json]:
        """Return the records of an operation, all of its pages."""
        found: list[Json] = []
        while True:
            page = self.client.get(
                f"/api/bulk/operation/{session_id}/items",
                params={"state": list(states), "limit": 200, "offset": len(found)},
            ).json()
            found += page["items"]
            if not page["has_more"]:
                assert page["count"] == len(found)
                return found

    def ends(self, session_id: str) -> dict[str, tuple[str, str | None, str | None]]:
        """Return state, code and field of each record of an operation."""
        return {
            item["id"]: (item["state"], item["code"], item["field"])
            for item in self.items(session_id)
        }

    def crm_values(self, field: str) -> dict[str, Json]:
        """Return a field of all deals as the CRM holds it now."""
        return {row["id"]: row[field] for row in self.crm.records()}

    def mirror_values(self, field: str) -> dict[str, Json]:
        rows = self.sql(
            "SELECT record_id::text, document -> %(field)s FROM crm_documents"
            " WHERE module = 'Deals'",
            field=field,
        )
        return {row[0]: row[1] for row in rows}

    def log(self, field: str, session_id: str) -> set[tuple[str, Json, str, str]]:
        """Return record, new value, side and author of what an operation did to a field."""
        rows = self.sql(
            "SELECT record_id::text, new_value, side, changed_by FROM change_log"
            " WHERE field = %(field)s AND session_id = %(id)s",
            field=field,
            id=session_id,
        )
        return {(row[0], row[1], row[2], row[3]) for row in rows}

    def writes(self) -> Counter[str]:
        """Return how often each record of the CRM was written by other than its own users."""
        told = self.crm.writes(limit=10_000)["writes"]
        return Counter(write["record_id"] for write in told if write["source"] != "crm_ui")

    def edit(self, record_id: str, values: Mapping[str, Any]) -> None:
        """Edit a deal here."""

        async def editing() -> None:
            async with (
                await psycopg.AsyncConnection.connect(self.synced.api.database_url) as connection,
                connection.transaction(),
            ):
                await change_record(
                    connection, "Deals", int(record_id), values, Author(None, "Mei Tan")
                )

        asyncio.run(editing())

    def worker_died(self) -> None:
        """Let lease and message of a run be as old as those of a worker that is dead for long."""
        self.sql("UPDATE sync_leases SET heartbeat_at = 'epoch'")
        self.sql("UPDATE outbox SET sent_at = now() - interval '1 hour'")


class KilledError(BaseException):
    """The worker is gone: nothing of it catches this."""


def killed() -> None:
    """Kill the worker that runs this."""
    raise KilledError


class BulkMeddler(ZohoBulkWriter):
    """The real writer, with somebody at its elbow: acts run once, around calls that write."""

    before: ClassVar[list[Callable[[], None]]] = []
    after: ClassVar[list[Callable[[], None]]] = []

    async def update(
        self, module: str, rows: Sequence[Item], guard: datetime
    ) -> Sequence[Answer] | None:
        await _act(self.before)
        answers = await super().update(module, rows, guard)
        await _act(self.after)
        return answers

    async def mass_update(
        self, module: str, ids: Sequence[int], values: Mapping[str, JsonValue | None]
    ) -> Sequence[Answer] | None:
        await _act(self.before)
        answers = await super().mass_update(module, ids, values)
        await _act(self.after)
        return answers

    async def start_bulk_write(self, module: str, rows: Sequence[Item]) -> str | None:
        await _act(self.before)
        job_id = await super().start_bulk_write(module, rows)
        await _act(self.after)
        return job_id


async def _act(acts: list[Callable[[], None]]) -> None:
    if acts:
        await asyncio.to_thread(acts.pop(0))


@pytest.fixture
def bulk(synced: Synced) -> BulkProduct:
    return BulkProduct(synced)


@pytest.fixture
def bulk_meddler(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[BulkMeddler]]:
    """Let a test act in the very moment before an operation writes, or after it."""
    monkeypatch.setattr("pulse.bootstrap_bulk.ZohoBulkWriter", BulkMeddler)
    yield BulkMeddler
    left = (list(BulkMeddler.before), list(BulkMeddler.after))
    BulkMeddler.before.clear()
    BulkMeddler.after.clear()
    assert left == ([], []), "an act was never run"
