"""Opportunity to revenue: milestones, blockers, comments, action items, strategic accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_o2r"
down_revision = "2026_11_23_stage_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "o2r_milestones",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("actual_on", sa.Date(), nullable=True),
        sa.Column(
            "set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_o2r_milestones")),
    )
    op.create_index(
        "ix_o2r_milestones_deal_id", "o2r_milestones", ["deal_id", "milestone", "id"], unique=False
    )
    op.create_index("ix_o2r_milestones_set_at", "o2r_milestones", ["set_at"], unique=False)
    op.create_table(
        "o2r_blockers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolved_by_name", sa.Text(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "resolved_at IS NULL OR resolved_at >= opened_at", name=op.f("ck_o2r_blockers_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_o2r_blockers")),
    )
    op.create_index(
        "ix_o2r_blockers_deal_id", "o2r_blockers", ["deal_id", "opened_at"], unique=False
    )
    op.create_index(
        "ix_o2r_blockers_open",
        "o2r_blockers",
        ["deal_id"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "o2r_comments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_o2r_comments")),
    )
    op.create_index(
        "ix_o2r_comments_deal_id", "o2r_comments", ["deal_id", "created_at"], unique=False
    )
    op.create_table(
        "o2r_actions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("done_by_name", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "priority IN ('high','medium','low')", name=op.f("ck_o2r_actions_priority")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user_accounts.id"],
            name=op.f("fk_o2r_actions_owner_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_o2r_actions")),
    )
    op.create_index("ix_o2r_actions_deal_id", "o2r_actions", ["deal_id"], unique=False)
    op.create_index(
        "ix_o2r_actions_open",
        "o2r_actions",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "o2r_action_versions",
        sa.Column("action_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "valid_to",
            sa.DateTime(timezone=True),
            server_default=sa.text("'infinity'"),
            nullable=False,
        ),
        sa.Column("deal_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["o2r_actions.id"],
            name=op.f("fk_o2r_action_versions_action_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("action_id", "valid_from", name=op.f("pk_o2r_action_versions")),
    )
    op.create_index(
        "ix_o2r_action_versions_valid",
        "o2r_action_versions",
        ["valid_to", "valid_from"],
        unique=False,
    )
    op.create_table(
        "strategic_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.Column("unset_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unset_by", sa.Uuid(), nullable=True),
        sa.Column("unset_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "unset_at IS NULL OR unset_at >= set_at", name=op.f("ck_strategic_accounts_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategic_accounts")),
    )
    op.create_index(
        "ix_strategic_accounts_account_id",
        "strategic_accounts",
        ["account_id", "set_at"],
        unique=False,
    )
    op.create_index(
        "uq_strategic_accounts_now",
        "strategic_accounts",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("unset_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in (
        "strategic_accounts",
        "o2r_action_versions",
        "o2r_actions",
        "o2r_comments",
        "o2r_blockers",
        "o2r_milestones",
    ):
        op.drop_table(table)
