"""Weekly reviews that were mailed."""

from __future__ import annotations

revision = "2026_11_23_weekly_reviews"
down_revision = "2026_11_23_exports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
