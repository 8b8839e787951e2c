"""Models and migrations describe one schema, in both directions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from devtools.new_migration import revision_id
from sqlalchemy import create_engine, inspect

import pulse.models  # noqa: F401 - its tables register themselves with Base
from pulse.db.base import Base
from pulse.db.migrate import alembic_config, is_current, migrate
from pulse.db.urls import sqlalchemy_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(empty_database_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_migrations_lead_exactly_to_the_models(empty_database_url: str, empty: Connection) -> None:
    migrate(empty_database_url)
    context = MigrationContext.configure(empty, opts={"compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []
    assert is_current(empty)


def test_every_migration_can_be_taken_back(empty_database_url: str, empty: Connection) -> None:
    migrate(empty_database_url)
    command.downgrade(alembic_config(empty), "base")
    empty.commit()
    assert inspect(empty).get_table_names() == ["alembic_version"]
    migrate(empty_database_url)
    assert is_current(empty)


def test_the_id_of_a_revision_fits_alembics_column() -> None:
    day = datetime(2026, 12, 1, tzinfo=UTC)
    assert revision_id("Add saved views", day) == "2026_12_01_add_saved_views"
    assert revision_id("Keep the names of looked-up records", day) == (
        "2026_12_01_keep_the_names_of_loo"
    )
