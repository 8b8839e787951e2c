"""Opportunity to revenue: milestones, blockers, comments, action items, strategic accounts."""

from __future__ import annotations

revision = "2026_11_23_o2r"
down_revision = "2026_11_23_stage_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
