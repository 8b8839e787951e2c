"""Data quality alerts out of the change log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_alerts"
down_revision = "2026_11_23_o2r"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "watched_changes",
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "field", name=op.f("pk_watched_changes")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "raised_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("size", sa.Numeric(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column("old_currency", sa.Text(), nullable=True),
        sa.Column("new_currency", sa.Text(), nullable=True),
        sa.Column("compared_in", sa.Text(), nullable=True),
        sa.Column("old_value", sa.Numeric(), nullable=True),
        sa.Column("new_value", sa.Numeric(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "rule IN ('amount_moved','probability_fell','closing_pushed','stage_backwards')",
            name=op.f("ck_alerts_rule"),
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name=op.f("ck_alerts_acknowledged"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("rule", "change_id", name=op.f("uq_alerts_rule_change_id")),
    )
    op.create_index("ix_alerts_deal", "alerts", ["deal_id", "changed_at"])
    newest_first = [sa.text("changed_at DESC"), sa.text("id DESC")]
    op.create_index("ix_alerts_changed_at", "alerts", newest_first)
    op.create_index(
        "ix_alerts_open",
        "alerts",
        newest_first,
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("alerts")
    op.drop_table("watched_changes")
