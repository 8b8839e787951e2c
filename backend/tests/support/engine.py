"""The engine under test: real PostgreSQL, real broker, a running simulator, runs on request."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from pulse.adapters.client import Patience
from pulse.bootstrap import prepare, run_session
from pulse.bootstrap_connection import refresh_connection
from pulse.config import Settings
from pulse.core.sync import SyncType
from pulse.db.engine import database
from pulse.live_sync.sessions import SyncOptions, start_session
from support.engine_worker import IMPATIENT
from support.simulator import SimulatorHandle
from support.synced import crm_settings
from support.truth import Field, MirrorTables, Snapshot, Truth, differences, fields_of, read_mirror

QUICK, FULL, RECONCILE = SyncType.INCREMENTAL, SyncType.FULL, SyncType.RECONCILE
Row = dict[str, Any]
ConnectEngine = Callable[..., "Engine"]
"""Connects a product; settings given by name replace the right ones."""


@dataclass
class Engine:
    """A connected product without its processes: sessions are started and run by the test."""

    crm: SimulatorHandle
    settings: Settings
    patience: Patience = IMPATIENT

    @classmethod
    def connected(
        cls, crm: SimulatorHandle, database_url: str, redis_url: str, **given: object
    ) -> Self:
        """Return an engine whose connection is stored; `given` settings replace the right ones."""
        settings = crm_settings(crm, database_url, redis_url, **given)
        asyncio.run(prepare(settings))
        return cls(crm, settings)

    @property
    def database_url(self) -> str:
        return self.settings.database_url.get_secret_value()

    def sql(self, statement: str, *values: object) -> list[Row]:
        """Run one statement of its own transaction."""
        with psycopg.connect(
            self.database_url, autocommit=True, row_factory=dict_row
        ) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def start(self, kind: SyncType, **options: Any) -> UUID:  # noqa: ANN401 - SyncOptions by name
        """Open a session, as the API does; nothing runs it yet."""

        async def start() -> UUID:
            async with (
                database(self.database_url, pool_size=1) as open_db,
                open_db.begin() as db,
            ):
                session = await start_session(db, "Deals", kind, SyncOptions(**options), "test")
                return session.id

        return asyncio.run(start())

    def run(self, session_id: UUID) -> Row:
        """Run a session as a worker would and return it as it stands then."""
        asyncio.run(run_session(self.settings, session_id, self.patience))
        return self.session(session_id)

    def refresh(self) -> None:
        """Read organisation and fields again, as the worker does every hour."""
        asyncio.run(refresh_connection(self.settings))

    def sync(self, kind: SyncType, **options: Any) -> Row:  # noqa: ANN401 - as `start`
        """Start and run a session."""
        return self.run(self.start(kind, **options))

    def completed(self, kind: SyncType, **options: Any) -> Row:  # noqa: ANN401 - as `start`
        """Start and run a session that must complete."""
        session = self.sync(kind, **options)
        assert session["status"] == "completed", (session["error_code"], session["error_message"])
        return session

    def session(self, session_id: UUID) -> Row:
        return self.sql("SELECT * FROM crm_sync_sessions WHERE id = %s", session_id)[0]

    def log(self, session_id: UUID) -> list[str]:
        """Return the lines that a session wrote into its log."""
        rows = self.sql(
            "SELECT message FROM sync_status_log WHERE session_id = %s ORDER BY id", session_id
        )
        return [row["message"] for row in rows]

    def worker_died(self) -> None:
        """Let the lease's heartbeat be as old as that of a worker that is dead for long."""
        self.sql("UPDATE sync_leases SET heartbeat_at = 'epoch'")

    def fields(self) -> dict[str, Field]:
        return fields_of(self.crm)

    def mirror(self) -> MirrorTables:
        return read_mirror(self.database_url)

    def differences(
        self, snapshot: Snapshot | None = None, *, hidden_is_known: bool = False
    ) -> list[str]:
        """Return how mirror and CRM differ now."""
        return differences(
            Truth.of(self.crm, self.fields()),
            self.mirror(),
            snapshot,
            hidden_is_known=hidden_is_known,
        )

    def status_of(self, record_id: str) -> Row:
        """Return what the mirror knows of a record beside its values."""
        return self.sql(
            "SELECT presence, sync_status, error_details, gone_at, crm_modified_at"
            " FROM record_sync_status WHERE zoho_record_id = %s",
            int(record_id),
        )[0]

    def calls(self) -> dict[str, int]:
        """Return the simulator's own count of calls by operation."""
        return dict(self.crm.state()["calls"])

    def credits_spent(self) -> int:
        """Return the simulator's own count of credits."""
        return int(self.crm.state()["credits"]["spent_ever"])
