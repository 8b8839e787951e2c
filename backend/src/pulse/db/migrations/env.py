"""Run migrations on the connection that `pulse.db.migrate` hands in.

The models come in the same way, and only where a revision is generated or compared: the database
layer lies below them.
"""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
