"""How many local changes wait for the CRM, and how many wait for a person.

A *pending change* is counted by field, not by record: it is queued or on its way. An edit of a
field whose predecessor is on its way counts with it as one. *Conflicts* are counted by record, as
the queue shows them and as they are decided. A skipped conflict is not asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, tuple_

from pulse.models import PendingChange
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits."""

    pending: int
    """Fields with an edit that is queued or on its way to the CRM."""
    oldest_pending_at: datetime | None
    """Since when the oldest of them waits."""
    conflicts: int
    """Records in conflict that were not skipped altogether."""
    errors: int
    """Edits that the CRM refused."""


async def waiting_changes(db: AsyncSession, module: str) -> Waiting:
    """Count the local changes of a module."""
    change = PendingChange
    is_pending = change.state.in_((ChangeState.QUEUED, ChangeState.SENT))
    row = (
        await db.execute(
            select(
                func.count(tuple_(change.record_id, change.field).distinct()).filter(is_pending),
                func.min(change.created_at).filter(is_pending),
                func.count(change.record_id.distinct()).filter(
                    change.state == ChangeState.CONFLICT, ~change.is_skipped
                ),
                func.count().filter(change.state == ChangeState.ERROR),
            ).where(change.module == module)
        )
    ).one()
    return Waiting(row[0], row[1], row[2], row[3])
