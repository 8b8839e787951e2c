"""A real PostgreSQL 18 for tests: one server a session, a fresh database a test.

Where tests run in several processes, each of these is a session with a server of its own.

`database_url` is a migrated database; `empty_database_url` has no tables. Both are libpq addresses
(`postgresql://…`), which psycopg and SQLAlchemy's default driver understand.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from pulse.cli.stack.postgres import LAPTOP_SETTINGS, Cluster, prepare_cluster
from pulse.db.migrate import migrate
from support.waiting import wait_until

_database_numbers = count(1)

# The data lives as long as the session, so nothing is flushed to disk.
_TEST_SETTINGS = dict(LAPTOP_SETTINGS) | {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
}
# A database a test is a thousand small files: in memory they cost a fifth of the time.
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2 * 2**30


def make_public_folder(parent: Path | None = None) -> Path:
    """Make a temporary folder that PostgreSQL's account may reach when tests run as root.

    pytest's own `tmp_path` is private to its owner.
    """
    folder = Path(tempfile.mkdtemp(prefix="pulse-", dir=parent))
    folder.chmod(0o755)
    return folder


def _place_for_data() -> Path | None:
    """Return the memory's file system if the machine has one with room; None is the usual place."""
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES
    return _MEMORY if has_room else None


def _is_up(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    folder = make_public_folder(_place_for_data())
    cluster = prepare_cluster(folder / "postgresql", _TEST_SETTINGS)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            cluster.server_argv(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=cluster.folder,
            user=cluster.account,
            group=cluster.account,
            extra_groups=None if cluster.account is None else [],
        )
    try:
        wait_until(lambda: _is_up(cluster) or server.poll() is not None)
        assert server.poll() is None, (folder / "server.log").read_text()
        yield cluster
    finally:
        # SIGQUIT: the data is thrown away, so no checkpoint is waited for.
        server.send_signal(3)
        server.wait(30)
        shutil.rmtree(folder)


def _create_database(cluster: Cluster, template: str) -> str:
    name = f"test_{os.getpid()}_{next(_database_numbers)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return name


def _drop_database(cluster: Cluster, name: str) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def migrated_template(postgres_cluster: Cluster) -> str:
    """The name of a database with this version's tables, migrated once and copied for each test."""
    name = _create_database(postgres_cluster, "template1")
    migrate(postgres_cluster.url(name))
    return name


@pytest.fixture
def database_url(postgres_cluster: Cluster, migrated_template: str) -> Iterator[str]:
    name = _create_database(postgres_cluster, migrated_template)
    yield postgres_cluster.url(name)
    _drop_database(postgres_cluster, name)


@pytest.fixture
def empty_database_url(postgres_cluster: Cluster) -> Iterator[str]:
    name = _create_database(postgres_cluster, "template1")
    yield postgres_cluster.url(name)
    _drop_database(postgres_cluster, name)
