"""Data quality alerts out of the change log."""

from __future__ import annotations

revision = "2026_11_23_alerts"
down_revision = "2026_11_23_o2r"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
