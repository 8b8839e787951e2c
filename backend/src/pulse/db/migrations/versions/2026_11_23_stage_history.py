"""Stage history as the CRM kept it before we looked."""

from __future__ import annotations

revision = "2026_11_23_stage_history"
down_revision = "2026_11_23_saved_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
