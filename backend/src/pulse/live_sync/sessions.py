"""Start a run of sync: a session and the message that sets it off, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from pulse.core.sync import OPEN_STATUSES, PULL_TYPES, SyncType
from pulse.db.events import Topic, notify
from pulse.jobs.catalogue import RunSession
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import ConflictError
from pulse.models import SyncSession

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession


class RequestedSource(StrEnum):
    """Where a full sync may be told to read from, instead of leaving it to the planner."""

    PAGES = "pages"
    COQL = "coql"
    BULK_READ = "bulk_read"


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What a person or the schedule may ask of a run.

    `since` can only widen what an incremental run reads. `accept_deletions` lets a run through
    that the mass-deletion brake held back before.
    """

    since: datetime | None = None
    accept_deletions: bool = False
    source: RequestedSource | None = None

    # Any: the JSON of the session's `metadata`.
    def facts(self) -> dict[str, Any]:
        """Return the options as they are kept on the session."""
        return {
            "since": None if self.since is None else self.since.isoformat(),
            "accept_deletions": self.accept_deletions,
            "source": self.source,
        }


class AlreadyRunningError(ConflictError):
    """A pull of the module is open: one runs at a time."""

    code = "sync_already_running"

    def __init__(self, module: str, session_id: UUID) -> None:
        super().__init__(
            f"A sync of {module} is already running: session {session_id}.",
            fix="Follow it, or cancel it first (`pulse sync cancel` and its id).",
            extra={"session_id": str(session_id)},
        )
        self.session_id = session_id


_DEFAULTS = SyncOptions()


async def start_session(
    db: AsyncSession,
    module: str,
    sync_type: SyncType,
    options: SyncOptions = _DEFAULTS,
    requested_by: str = "schedule",
) -> SyncSession:
    """Open a session and enqueue its run; the caller commits.

    Raises AlreadyRunningError with the id of the open pull session of the module, if there is one:
    the database's own index decides, so two callers at once cannot both start.
    """
    while True:
        started: SyncSession | None = await db.scalar(
            insert(SyncSession)
            .values(
                module=module,
                sync_type=sync_type,
                requested_by=requested_by,
                facts=options.facts(),
            )
            .on_conflict_do_nothing()
            .returning(SyncSession)
        )
        if started is not None:
            await enqueue(db, RunSession(started.id))
            await notify(db, Topic.SESSION, started.id)
            return started
        running = await open_session_id(db, module)
        # None: it ended between the two statements, so there is room now.
        if running is not None:
            raise AlreadyRunningError(module, running)


async def open_session_id(db: AsyncSession, module: str) -> UUID | None:
    """Return the id of the module's pull session that has not ended, if any."""
    return await db.scalar(
        select(SyncSession.id).where(
            SyncSession.module == module,
            SyncSession.status.in_(OPEN_STATUSES),
            SyncSession.sync_type.in_(PULL_TYPES),
        )
    )
