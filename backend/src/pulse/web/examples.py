"""Values for the examples of an error's declaration."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

EXAMPLE_ID: Final = UUID("01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11")
EXAMPLE_MOMENT: Final = datetime(2026, 8, 17, 8, 57, tzinfo=UTC)
