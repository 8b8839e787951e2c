"""What the weekly review keeps: which weeks were mailed."""

from __future__ import annotations

revision = "2026_11_23_weekly_reviews"
down_revision = "2026_11_23_analytics_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what it keeps."""


def downgrade() -> None:
    """Take away what it kept."""
