"""How long deals stood in their stages, kept as they move."""

from __future__ import annotations

revision = "2026_11_23_kept_stages"
down_revision = "2026_11_23_weekly_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what it keeps."""


def downgrade() -> None:
    """Take away what it kept."""
