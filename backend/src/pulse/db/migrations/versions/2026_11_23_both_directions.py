"""Local edits on their way to the CRM, bulk operations, notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_both_directions"
down_revision = "2026_11_23_accounts_and_audit"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('created','updated','learned','deleted','restored')"
_KINDS_WITH_DROPPED = "kind IN ('created','updated','learned','deleted','restored','dropped')"
_ARRIVALS = "kind <> 'learned' AND (kind <> 'created' OR new_value IS NOT NULL)"
_ARRIVALS_NOW = "kind NOT IN ('learned','dropped') AND (kind <> 'created' OR new_value IS NOT NULL)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _change_kinds(_KINDS_WITH_DROPPED, _ARRIVALS_NOW)
    op.create_table(
        "pending_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("base_value", postgresql.JSONB(), nullable=True),
        sa.Column("is_base_known", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("new_value", postgresql.JSONB(), nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("source", sa.Text(), server_default="edit", nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "edited_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("crm_value", postgresql.JSONB(), nullable=True),
        sa.Column("crm_modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("crm_modified_by", sa.Text(), nullable=True),
        sa.Column("conflict_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_record_gone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("awaits_timeline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_skipped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_resolved", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("resolved_against", postgresql.JSONB(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_field", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_guard", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued','sent','conflict','error')",
            name=op.f("ck_pending_changes_state"),
        ),
        sa.CheckConstraint(
            "NOT is_base_known OR base_value IS DISTINCT FROM new_value",
            name=op.f("ck_pending_changes_change"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_pending_changes_sent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_changes")),
    )
    op.create_index(
        "uq_pending_changes_open",
        "pending_changes",
        ["record_id", "field"],
        unique=True,
        postgresql_where=sa.text("state <> 'sent'"),
    )
    op.create_index(
        "uq_pending_changes_sent",
        "pending_changes",
        ["record_id", "field"],
        unique=True,
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_index("ix_pending_changes_record_id", "pending_changes", ["record_id"], unique=False)
    op.create_index(
        "ix_pending_changes_state", "pending_changes", ["module", "state", "id"], unique=False
    )
    op.create_table(
        "bulk_items",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("record_name", sa.Text(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("crm_modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_field", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting','sent','done','unchanged','failed','left_alone')",
            name=op.f("ck_bulk_items_state"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["crm_sync_sessions.id"],
            name=op.f("fk_bulk_items_session_id_crm_sync_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "record_id", name=op.f("pk_bulk_items")),
    )
    op.create_index(
        "ix_bulk_items_state", "bulk_items", ["session_id", "state", "position"], unique=False
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_created_at", "notices", ["created_at"], unique=False)
    op.create_table(
        "notice_reads",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_up_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_reads")),
    )
    _create_layouts()
    _create_owned_fields()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("write_backs")
    op.drop_table("owned_values")
    op.drop_table("owned_fields")
    op.drop_column("crm_users", "is_connected")
    op.drop_table("crm_pipelines")
    op.drop_table("crm_layouts")
    op.drop_table("notice_reads")
    op.drop_table("notices")
    op.drop_table("bulk_items")
    op.drop_table("pending_changes")
    op.execute("DELETE FROM change_log WHERE kind = 'dropped'")
    _change_kinds(_KINDS, _ARRIVALS)


def _create_layouts() -> None:
    """What the CRM requires of a record by its layout, and the stages of its pipelines."""
    op.create_table(
        "crm_layouts",
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("layout_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("module", "layout_id", name=op.f("pk_crm_layouts")),
    )
    op.create_table(
        "crm_pipelines",
        sa.Column("layout_id", sa.BigInteger(), nullable=False),
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("stages", postgresql.JSONB(), nullable=False),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("layout_id", "pipeline_id", name=op.f("pk_crm_pipelines")),
    )
    op.add_column(
        "crm_users",
        sa.Column("is_connected", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def _create_owned_fields() -> None:
    """Fields that the product keeps in the CRM for itself, and what it wrote into them."""
    op.create_table(
        "owned_fields",
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "mapped_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("module", "role", name=op.f("pk_owned_fields")),
        sa.UniqueConstraint("module", "field_id", name=op.f("uq_owned_fields_module_field_id")),
    )
    op.create_table(
        "owned_values",
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("written", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("state", sa.Text(), server_default="done", nullable=False),
        sa.Column("wanted", postgresql.JSONB(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("echo_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "settled_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('done','sent','refused')", name=op.f("ck_owned_values_state")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_owned_values")),
    )
    op.create_index(
        "ix_owned_values_state",
        "owned_values",
        ["module", "state"],
        unique=False,
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_table(
        "write_backs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_backs")),
    )
    op.create_index("ix_write_backs_ended_at", "write_backs", ["module", "ended_at"], unique=False)


def _change_kinds(kinds: str, arrivals: str) -> None:
    """Let the change log take these kinds; its index of arrivals follows."""
    op.drop_constraint(op.f("ck_change_log_kind"), "change_log", type_="check")
    op.create_check_constraint(op.f("ck_change_log_kind"), "change_log", kinds)
    op.drop_index("ix_change_log_arrivals", table_name="change_log")
    op.create_index(
        "ix_change_log_arrivals",
        "change_log",
        ["module", "id"],
        unique=False,
        postgresql_where=sa.text(arrivals),
    )
