"""The engine's `Run` for reads outside a session: a force sync, a search.

Such reads need no lease, because observations are ordered by stamp and number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from pulse.core.sync import SyncType
from pulse.kit.logging import get_logger
from pulse.sync.runs import RunRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulse.sync.domain.checkpoint import Position
    from pulse.sync.ports import Applied, Cursors

_log: Final = get_logger(__name__)
_NO_SESSION: Final = UUID(int=0)


class LooseRun:
    """Belongs to no session: what it is told goes to the log of the process."""

    checkpoint: Mapping[str, Position] = {}
    facts: Mapping[str, object] = {}

    def __init__(self, module: str) -> None:
        self.session_id = _NO_SESSION
        self.request = RunRequest(module, SyncType.MANUAL)

    async def note(self, **facts: object) -> None:
        """Log facts."""
        _log.debug("sync.read.noted", module=self.request.module, **facts)

    async def begin_load(self, **facts: object) -> None:
        """Refuse: a single read loads no module."""
        raise TypeError(f"no session to load for: {facts}")

    async def log(
        self,
        message: str,
        *,
        step: str,
        status: str = "in_progress",
        record_count: int | None = None,
    ) -> None:
        """Log a line."""
        _log.info(
            "sync.read.told", message=message, step=step, status=status, record_count=record_count
        )

    async def expect(self, records_total: int | None) -> None:
        """Nobody watches the progress of a single read."""

    async def complete(self, cursors: Cursors, summary: str, applied: Applied) -> None:
        """Refuse: a single read sees one record, so it can move no cursor."""
        raise TypeError(f"no session to end: {summary} ({cursors}, {applied})")
