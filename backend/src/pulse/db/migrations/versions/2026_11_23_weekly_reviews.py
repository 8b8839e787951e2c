"""What the weekly review keeps: which weeks were mailed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_weekly_reviews"
down_revision = "2026_11_23_analytics_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what it keeps."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "weekly_reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letters", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('scheduled','to_all','to_self')", name=op.f("ck_weekly_reviews_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'scheduled') = (asked_by IS NULL)", name=op.f("ck_weekly_reviews_asked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_reviews")),
    )
    op.create_index(
        "uq_weekly_reviews_scheduled",
        "weekly_reviews",
        ["week"],
        unique=True,
        postgresql_where=sa.text("kind = 'scheduled'"),
    )
    op.create_index("ix_weekly_reviews_asked_at", "weekly_reviews", ["asked_at"])


def downgrade() -> None:
    """Take away what it kept."""
    op.drop_table("weekly_reviews")
