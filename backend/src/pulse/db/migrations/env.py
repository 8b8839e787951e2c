"""Run migrations on the connection that `pulse.db.migrate` hands in."""

from __future__ import annotations

from alembic import context

import pulse.models  # noqa: F401 - registers the tables
from pulse.db.base import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
with context.begin_transaction():
    context.run_migrations()
