"""The tables of the live mirror."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_live_mirror"
down_revision = None
branch_labels = None
depends_on = None

# Dirty values must not stop a load: what cannot be read as its type is empty in the narrow tables
# and stays as it is in the document.
_READERS = """
CREATE FUNCTION pulse_numeric(value text) RETURNS numeric LANGUAGE sql STABLE AS
  $$ SELECT CASE WHEN pg_input_is_valid(value, 'numeric') THEN value::numeric END $$;
CREATE FUNCTION pulse_bigint(value text) RETURNS bigint LANGUAGE sql STABLE AS
  $$ SELECT CASE WHEN pg_input_is_valid(value, 'bigint') THEN value::bigint END $$;
CREATE FUNCTION pulse_date(value text) RETURNS date LANGUAGE sql STABLE AS
  $$ SELECT CASE WHEN pg_input_is_valid(value, 'date') THEN value::date END $$;
CREATE FUNCTION pulse_instant(value text) RETURNS timestamptz LANGUAGE sql STABLE AS
  $$ SELECT CASE WHEN pg_input_is_valid(value, 'timestamptz') THEN value::timestamptz END $$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE SEQUENCE observation_number")
    op.execute(_READERS)
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("crm_modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "credit_ledger",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("calls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("credits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("latency_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("minute", "operation", "session_id", name=op.f("pk_credit_ledger")),
    )
    op.create_table(
        "credit_readings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column(
            "read_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_readings")),
    )
    op.create_table(
        "crm_connection",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("accounts_url", sa.Text(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("api_domain", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("access_token_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "scopes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column(
            "is_from_environment", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column(
            "connected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_connection")),
    )
    op.create_table(
        "crm_currencies",
        sa.Column("iso_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=True),
        sa.Column("exchange_rate", sa.Numeric(), nullable=False),
        sa.Column("is_base", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("iso_code", name=op.f("pk_crm_currencies")),
    )
    op.create_table(
        "crm_documents",
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_crm_documents")),
    )
    op.create_table(
        "crm_fields",
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("api_name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("data_type", sa.Text(), nullable=False),
        sa.Column("json_type", sa.Text(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("is_custom", sa.Boolean(), nullable=False),
        sa.Column("is_read_only", sa.Boolean(), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("pick_list", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("lookup_module", sa.Text(), nullable=True),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("module", "field_id", name=op.f("pk_crm_fields")),
    )
    op.create_table(
        "crm_organisation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("company_name", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("users_licensed", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_organisation")),
    )
    op.create_table(
        "crm_sync_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("sync_type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("records_processed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("records_total", sa.Integer(), nullable=True),
        sa.Column("records_changed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("api_calls_made", sa.Integer(), server_default="0", nullable=False),
        sa.Column("credits_used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Text(), server_default="schedule", nullable=False),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "metadata",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "checkpoint",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('pending','in_progress','completed','failed','cancelled')",
            name=op.f("ck_crm_sync_sessions_status"),
        ),
        sa.CheckConstraint(
            "sync_type IN ('full_sync','incremental','manual','webhook','reconcile','small_batch','mass_update','bulk_write')",
            name=op.f("ck_crm_sync_sessions_sync_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_sync_sessions")),
    )
    op.create_index(
        "ix_crm_sync_sessions_created_at", "crm_sync_sessions", ["created_at"], unique=False
    )
    op.create_index(
        "ix_crm_sync_sessions_started_at", "crm_sync_sessions", ["started_at"], unique=False
    )
    op.create_index(
        "uq_crm_sync_sessions_open_pull",
        "crm_sync_sessions",
        ["module"],
        unique=True,
        postgresql_where=sa.text(
            "status IN ('pending','in_progress') AND sync_type IN ('full_sync','incremental','reconcile')"
        ),
    )
    op.create_table(
        "crm_users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_users")),
    )
    op.create_table(
        "currency_rates",
        sa.Column("iso_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("exchange_rate", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("iso_code", "valid_from", name=op.f("pk_currency_rates")),
    )
    op.create_table(
        "deal_versions",
        sa.Column("deal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "valid_to",
            sa.DateTime(timezone=True),
            server_default=sa.text("'infinity'"),
            nullable=False,
        ),
        sa.Column(
            "known_from",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("exchange_rate", sa.Numeric(), nullable=True),
        sa.Column("probability", sa.Numeric(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("closing_date", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("crm_created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("business_region", sa.Text(), nullable=True),
        sa.Column("solution_type", sa.Text(), nullable=True),
        sa.Column("funding_type", sa.Text(), nullable=True),
        sa.Column("market_segment", sa.Text(), nullable=True),
        sa.Column("proposal_submitted_on", sa.Date(), nullable=True),
        sa.Column("po_generated_on", sa.Date(), nullable=True),
        sa.Column("kicked_off_on", sa.Date(), nullable=True),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.Column("payment_received_on", sa.Date(), nullable=True),
        sa.Column("revenue_recognised_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("deal_id", "valid_from", name=op.f("pk_deal_versions")),
    )
    op.create_index(
        "ix_deal_versions_valid", "deal_versions", ["valid_to", "valid_from"], unique=False
    )
    op.create_table(
        "deals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("crm_modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("exchange_rate", sa.Numeric(), nullable=True),
        sa.Column("probability", sa.Numeric(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("closing_date", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("crm_created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("business_region", sa.Text(), nullable=True),
        sa.Column("solution_type", sa.Text(), nullable=True),
        sa.Column("funding_type", sa.Text(), nullable=True),
        sa.Column("market_segment", sa.Text(), nullable=True),
        sa.Column("proposal_submitted_on", sa.Date(), nullable=True),
        sa.Column("po_generated_on", sa.Date(), nullable=True),
        sa.Column("kicked_off_on", sa.Date(), nullable=True),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.Column("payment_received_on", sa.Date(), nullable=True),
        sa.Column("revenue_recognised_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
    )
    op.create_index(
        "ix_deals_closing_date",
        "deals",
        ["closing_date"],
        unique=False,
        postgresql_where=sa.text("is_live"),
    )
    op.create_index("ix_deals_crm_modified_at", "deals", ["crm_modified_at"], unique=False)
    op.create_table(
        "field_map",
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("canonical_name", sa.Text(), nullable=False),
        sa.Column("api_name", sa.Text(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("module", "canonical_name", name=op.f("pk_field_map")),
    )
    op.create_table(
        "lookup_names",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup_names")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "available_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["available_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "record_sync_status",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("zoho_record_id", sa.BigInteger(), nullable=False),
        sa.Column("local_record_id", sa.BigInteger(), nullable=True),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("sync_status", sa.Text(), server_default="synced", nullable=False),
        sa.Column("presence", sa.Text(), server_default="live", nullable=False),
        sa.Column("last_sync_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("local_modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("crm_created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("crm_modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("observed_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("details_stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflict_fields", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error_details", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "presence IN ('live','deleted','invisible')",
            name=op.f("ck_record_sync_status_presence"),
        ),
        sa.CheckConstraint(
            "sync_status IN ('synced','pending','conflict','error')",
            name=op.f("ck_record_sync_status_sync_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_sync_status")),
        sa.UniqueConstraint("zoho_record_id", name=op.f("uq_record_sync_status_zoho_record_id")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_record_sync_status_created",
        "record_sync_status",
        ["module", "crm_created_at"],
        unique=False,
    )
    op.create_index(
        "ix_record_sync_status_gone",
        "record_sync_status",
        ["module", "watched_at"],
        unique=False,
        postgresql_where=sa.text("presence <> 'live'"),
    )
    op.create_index(
        "ix_record_sync_status_modified",
        "record_sync_status",
        ["module", "crm_modified_at"],
        unique=False,
    )
    op.create_index(
        "ix_record_sync_status_open",
        "record_sync_status",
        ["module", "sync_status"],
        unique=False,
        postgresql_where=sa.text("sync_status <> 'synced'"),
    )
    op.create_index(
        "ix_record_sync_status_stale_details",
        "record_sync_status",
        ["module"],
        unique=False,
        postgresql_where=sa.text("details_stamp <> crm_modified_at"),
    )
    op.create_table(
        "schema_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("api_name", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "noticed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('added','renamed','removed','retyped','returned')",
            name=op.f("ck_schema_events_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schema_events")),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.Text(), server_default="system", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "change_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column(
            "old_value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "new_value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("side", sa.Text(), server_default="crm", nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "observed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'updated' OR old_value IS DISTINCT FROM new_value",
            name=op.f("ck_change_log_change"),
        ),
        sa.CheckConstraint(
            "kind IN ('created','updated','learned','deleted','restored')",
            name=op.f("ck_change_log_kind"),
        ),
        sa.CheckConstraint("side IN ('crm','local')", name=op.f("ck_change_log_side")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_log")),
    )
    op.create_index(
        "ix_change_log_changed_at", "change_log", ["module", "changed_at"], unique=False
    )
    op.create_index("ix_change_log_record", "change_log", ["record_id", "id"], unique=False)
    op.create_table(
        "sync_cursors",
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("changed_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("full_sync_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["crm_sync_sessions.id"],
            name=op.f("fk_sync_cursors_session_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("module", name=op.f("pk_sync_cursors")),
    )
    op.create_table(
        "sync_leases",
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "heartbeat_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["crm_sync_sessions.id"],
            name=op.f("fk_sync_leases_session_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("module", name=op.f("pk_sync_leases")),
    )
    op.create_table(
        "sync_status_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column(
            "timestamp", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("record_count", sa.Integer(), nullable=True),
        sa.Column("api_response", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["crm_sync_sessions.id"],
            name=op.f("fk_sync_status_log_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_status_log")),
    )
    op.create_index(
        "ix_sync_status_log_session_id",
        "sync_status_log",
        ["session_id", "timestamp"],
        unique=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP SEQUENCE observation_number")
    for reader in ("numeric", "bigint", "date", "instant"):
        op.execute(f"DROP FUNCTION pulse_{reader}(text)")
    op.drop_index("ix_sync_status_log_session_id", table_name="sync_status_log")
    op.drop_table("sync_status_log")
    op.drop_table("sync_leases")
    op.drop_table("sync_cursors")
    op.drop_index("ix_change_log_record", table_name="change_log")
    op.drop_index("ix_change_log_changed_at", table_name="change_log")
    op.drop_table("change_log")
    op.drop_table("settings")
    op.drop_table("schema_events")
    op.drop_index(
        "ix_record_sync_status_stale_details",
        table_name="record_sync_status",
        postgresql_where=sa.text("details_stamp <> crm_modified_at"),
    )
    op.drop_index(
        "ix_record_sync_status_open",
        table_name="record_sync_status",
        postgresql_where=sa.text("sync_status <> 'synced'"),
    )
    op.drop_index("ix_record_sync_status_modified", table_name="record_sync_status")
    op.drop_index(
        "ix_record_sync_status_gone",
        table_name="record_sync_status",
        postgresql_where=sa.text("presence <> 'live'"),
    )
    op.drop_index("ix_record_sync_status_created", table_name="record_sync_status")
    op.drop_table("record_sync_status")
    op.drop_index(
        "ix_outbox_unsent", table_name="outbox", postgresql_where=sa.text("sent_at IS NULL")
    )
    op.drop_table("outbox")
    op.drop_table("lookup_names")
    op.drop_table("field_map")
    op.drop_index("ix_deals_crm_modified_at", table_name="deals")
    op.drop_index("ix_deals_closing_date", table_name="deals", postgresql_where=sa.text("is_live"))
    op.drop_table("deals")
    op.drop_index("ix_deal_versions_valid", table_name="deal_versions")
    op.drop_table("deal_versions")
    op.drop_table("currency_rates")
    op.drop_table("crm_users")
    op.drop_index(
        "uq_crm_sync_sessions_open_pull",
        table_name="crm_sync_sessions",
        postgresql_where=sa.text(
            "status IN ('pending','in_progress') AND sync_type IN ('full_sync','incremental','reconcile')"
        ),
    )
    op.drop_index("ix_crm_sync_sessions_started_at", table_name="crm_sync_sessions")
    op.drop_index("ix_crm_sync_sessions_created_at", table_name="crm_sync_sessions")
    op.drop_table("crm_sync_sessions")
    op.drop_table("crm_organisation")
    op.drop_table("crm_fields")
    op.drop_table("crm_documents")
    op.drop_table("crm_currencies")
    op.drop_table("crm_connection")
    op.drop_table("credit_readings")
    op.drop_table("credit_ledger")
    op.drop_table("accounts")
