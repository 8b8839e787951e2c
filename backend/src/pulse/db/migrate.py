"""Bring a database to the schema of this version of the product."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from pulse.db.urls import sqlalchemy_url
from pulse.kit.errors import UnavailableError

NEEDED_SERVER_VERSION: Final = 18
_MIGRATION_LOCK: Final = 7_163_001
"""Advisory lock: two processes that start at once migrate one after the other."""


class UnsupportedServerError(UnavailableError):
    """The PostgreSQL server is older than the product needs."""

    code = "postgresql_too_old"


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration with the packaged migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def check_server(connection: Connection) -> None:
    """Refuse a server older than PostgreSQL 18."""
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if number // 10_000 < NEEDED_SERVER_VERSION:
        raise UnsupportedServerError(
            f"PostgreSQL {number // 10_000} is too old: Pipeline Pulse needs "
            f"{NEEDED_SERVER_VERSION} or newer.",
            fix="Upgrade the server that DATABASE_URL names.",
        )


def migrate(database_url: str, revision: str = "head") -> None:
    """Upgrade the database to `revision`; a second caller waits and then has nothing to do."""
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            check_server(connection)
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
            connection.commit()
            try:
                command.upgrade(alembic_config(connection), revision)
                connection.commit()
            finally:
                connection.rollback()
                connection.execute(
                    text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK}
                )
                connection.commit()
    finally:
        engine.dispose()


def is_current(connection: Connection) -> bool:
    """Return whether the database has this version's schema."""
    heads = set(ScriptDirectory.from_config(alembic_config()).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads
