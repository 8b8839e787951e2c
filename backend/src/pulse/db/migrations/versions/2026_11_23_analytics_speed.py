"""Indexes and aggregates that keep analytics fast."""

from __future__ import annotations

revision = "2026_11_23_analytics_speed"
down_revision = "2026_11_23_weekly_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
