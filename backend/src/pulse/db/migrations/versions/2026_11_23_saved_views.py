"""Saved views of deals and analyses."""

from __future__ import annotations

revision = "2026_11_23_saved_views"
down_revision = "2026_11_23_both_directions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
