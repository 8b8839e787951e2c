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
    op.drop_column("sync_status_log", "step")
