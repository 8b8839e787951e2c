"""The system's clock, as the default of what can be handed in."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the time as aware UTC."""
    return datetime.now(UTC)
