"""What a full sync takes over from the one before, if that one did not finish."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from pulse.core.sync import SyncType

if TYPE_CHECKING:
    from psycopg import AsyncConnection

RESUME_WINDOW: Final = timedelta(hours=12)
"""An export's file lives a day, a page token too: an older load begins anew."""
_CARRIED_FACTS: Final = ("load", "plan")


@dataclass(frozen=True, slots=True)
class Begun:
    """A load that was broken off; empty where there is none to go on with."""

    # Any: the JSON of an earlier session.
    facts: dict[str, Any] = field(default_factory=dict)
    checkpoint: dict[str, Any] = field(default_factory=dict)
    processed: int = 0

    @property
    def session_id(self) -> UUID | None:
        """Return the session that had begun it."""
        return UUID(self.facts["resumed_from"]) if self.facts else None


async def carried(
    connection: AsyncConnection, module: str, sync_type: str, session_id: UUID
) -> Begun:
    """Return what a session of this type goes on with."""
    if sync_type != SyncType.FULL:
        return Begun()
    cursor = await connection.execute(
        "SELECT id, status, metadata, checkpoint, records_processed, completed_at >= now() - %s"
        " FROM crm_sync_sessions WHERE module = %s AND sync_type = 'full_sync' AND id <> %s"
        " AND status IN ('completed', 'failed', 'cancelled')"
        " ORDER BY completed_at DESC NULLS LAST LIMIT 1",
        (RESUME_WINDOW, module, session_id),
    )
    earlier = await cursor.fetchone()
    if earlier is None or earlier[1] == "completed" or not earlier[5]:
        return Begun()
    if "load" not in earlier[2]:
        return Begun()
    facts = {name: earlier[2][name] for name in _CARRIED_FACTS if name in earlier[2]}
    facts["resumed_from"] = str(earlier[0])
    return Begun(facts, earlier[3], earlier[4])
