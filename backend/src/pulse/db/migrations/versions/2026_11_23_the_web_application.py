"""What the web application's pages ask of the mirror."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_web_application"
down_revision = "2026_11_23_live_mirror"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("sync_status_log", sa.Column("step", sa.Text(), nullable=True))
    op.add_column("crm_connection", sa.Column("connected_by", sa.Text(), nullable=True))
    op.add_column(
        "crm_connection",
        sa.Column("generation", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("crm_connection", sa.Column("environment_digest", sa.Text(), nullable=True))
    op.add_column(
        "crm_connection", sa.Column("token_renewed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "crm_connection", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "crm_connection",
        sa.Column("probed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    op.alter_column("crm_connection", "client_secret_encrypted", nullable=True)
    op.create_table(
        "connect_attempts",
        sa.Column("state_digest", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("accounts_url", sa.Text(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("state_digest", name=op.f("pk_connect_attempts")),
    )
    op.create_index("ix_credit_ledger_session_id", "credit_ledger", ["session_id"], unique=False)
    op.create_index(
        "ix_deals_stage", "deals", ["stage"], unique=False, postgresql_where=sa.text("is_live")
    )
    op.create_index(
        "ix_deals_revenue_recognised_on",
        "deals",
        ["revenue_recognised_on"],
        unique=False,
        postgresql_where=sa.text("is_live AND revenue_recognised_on IS NOT NULL"),
    )
    op.create_index("ix_deal_versions_stage", "deal_versions", ["stage", "valid_to"], unique=False)
    op.create_index(
        "ix_change_log_arrivals",
        "change_log",
        ["module", "id"],
        unique=False,
        postgresql_where=sa.text(
            "kind <> 'learned' AND (kind <> 'created' OR new_value IS NOT NULL)"
        ),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_change_log_arrivals", table_name="change_log")
    op.drop_index("ix_deal_versions_stage", table_name="deal_versions")
    op.drop_index("ix_deals_revenue_recognised_on", table_name="deals")
    op.drop_index("ix_deals_stage", table_name="deals")
    op.drop_index("ix_credit_ledger_session_id", table_name="credit_ledger")
    op.drop_column("sync_status_log", "step")
    op.drop_table("connect_attempts")
    # A connection that was ended has no secret left to go back with.
    op.execute("DELETE FROM crm_connection WHERE client_secret_encrypted IS NULL")
    op.alter_column("crm_connection", "client_secret_encrypted", nullable=False)
    for column in (
        "probed",
        "checked_at",
        "token_renewed_at",
        "environment_digest",
        "generation",
        "connected_by",
    ):
        op.drop_column("crm_connection", column)
