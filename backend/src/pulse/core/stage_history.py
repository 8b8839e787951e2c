"""States of an import of the CRM's own stage history, and what they mean."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final


class ImportState(StrEnum):
    """Where an import stands.

    waiting → running → completed | failed | unavailable
    """

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    """For now: it is tried again, and goes on from its checkpoint."""
    UNAVAILABLE = "unavailable"
    """The CRM does not give it to us: somebody has to act before it is worth another try."""


OPEN_IMPORTS: Final = (ImportState.WAITING, ImportState.RUNNING)
IMPORT_DEAD_AFTER: Final = timedelta(seconds=90)
"""An import without a heartbeat for this long is given to another worker."""
IMPORT_TRIED_AGAIN_AFTER: Final = timedelta(hours=1)
FIRST_SYNC: Final = "first sync"
"""Who asked for the import that follows the first full sync."""
