"""What the web application's pages ask of the mirror."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_web_application"
down_revision = "2026_11_23_live_mirror"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("sync_status_log", sa.Column("step", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("sync_status_log", "step")
