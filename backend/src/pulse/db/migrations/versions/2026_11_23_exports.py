"""Exports that are prepared by a job and fetched later."""

from __future__ import annotations

revision = "2026_11_23_exports"
down_revision = "2026_11_23_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
