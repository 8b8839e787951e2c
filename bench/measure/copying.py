"""The floor of a load: the very rows that it wrote, by raw COPY into the same tables.

One connection, one COPY a table, indexes and constraints in place: nothing is parsed, compared or
decided, so no load that keeps these tables on one connection can be faster.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from measure.servers import Servers

TABLES: Final = (
    "crm_documents",
    "record_sync_status",
    "deals",
    "deal_versions",
    "stage_stays",
    "change_log",
)
# The change log refers to it; one row, so its time is not measured.
_SESSIONS: Final = "crm_sync_sessions"
_CHUNK_BYTES: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Copied:
    """What the floor took."""

    seconds: float
    records: int
    size_bytes: int

    @property
    def rate(self) -> float:
        """Records a second; a record has a row in each table."""
        return self.records / self.seconds


def copy_floor(servers: Servers, loaded_url: str) -> Copied:
    """Dump the tables of a loaded database and copy them into a fresh one."""
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as name, servers.database() as fresh:
        folder = Path(name)
        with psycopg.connect(loaded_url) as source:
            records = source.execute("SELECT count(*) FROM crm_documents").fetchone()
            for table in (_SESSIONS, *TABLES):
                _dump(source, table, folder / table)
        with psycopg.connect(fresh) as target:
            _load(target, _SESSIONS, folder / _SESSIONS)
            target.commit()
            started = time.perf_counter()
            for table in TABLES:
                _load(target, table, folder / table)
            target.commit()
            seconds = time.perf_counter() - started
        size = sum((folder / table).stat().st_size for table in TABLES)
    assert records is not None  # noqa: S101 - an aggregate always gives a row
    return Copied(seconds, int(records[0]), size)


def _dump(source: psycopg.Connection, table: str, to: Path) -> None:
    query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with source.cursor() as cursor, cursor.copy(query) as rows, to.open("wb") as file:
        for chunk in rows:
            file.write(chunk)


def _load(target: psycopg.Connection, table: str, path: Path) -> None:
    query = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with target.cursor() as cursor, cursor.copy(query) as rows, path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            rows.write(chunk)
