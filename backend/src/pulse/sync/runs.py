"""The session that a use case of the engine works for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from pulse.core.sync import SyncType
    from pulse.sync.domain.checkpoint import Position
    from pulse.sync.ports import Applied, Cursors


class Run(Protocol):
    """The session that a use case works for."""

    @property
    def session_id(self) -> UUID:
        """Id of the session."""
        ...

    @property
    def request(self) -> RunRequest:
        """What was asked for."""
        ...

    @property
    def checkpoint(self) -> Mapping[str, Position]:
        """Slice → position, as the last transaction left it."""
        ...

    @property
    def facts(self) -> Mapping[str, object]:
        """What earlier steps of this run noted."""
        ...

    async def note(self, **facts: object) -> None:
        """Add facts to the session: plan, cursor, phase."""
        ...

    async def begin_load(self, **facts: object) -> None:
        """Add facts of a load that begins anew: the checkpoint of an earlier one is forgotten."""
        ...

    async def log(
        self,
        message: str,
        *,
        step: str,
        status: str = "in_progress",
        record_count: int | None = None,
    ) -> None:
        """Add a line to the session's log, under the name of the step that it tells of."""
        ...

    async def expect(self, records_total: int | None) -> None:
        """Tell how many records the run will process, as far as known."""
        ...

    async def complete(self, cursors: Cursors, summary: str, applied: Applied) -> None:
        """Finish the session, moving the cursors in the same transaction."""
        ...


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a session was asked to do."""

    module: str
    sync_type: SyncType
    since: datetime | None = None
    accept_deletions: bool = False
    source: str | None = None
