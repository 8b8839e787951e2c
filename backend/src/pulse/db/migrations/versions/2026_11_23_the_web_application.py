"""What the web application's pages ask of the mirror."""

from __future__ import annotations

from alembic import op

revision = "2026_11_23_web_application"
down_revision = "2026_11_23_live_mirror"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
