"""Which local changes wait for a push, and which a living push has in its hands.

A run of the push claims records by writing its id into `sent_by` of their changes, and is alive for
as long as one of its connections holds the advisory lock of that id: a worker that dies lets go of
everything at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

RUN_LOCKS: Final = 7_163_003
"""Class of the advisory locks that say: this run of the push is alive."""

# The last 32 bits of a run's id are random.
RUN_KEY: Final = "('x' || right({0}::text, 8))::bit(32)::int"

# The locks are looked at once a query, not once a change.
ALIVE: Final = f"""
alive AS MATERIALIZED (
  SELECT held.objid FROM pg_locks held
  WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
    AND held.classid = {RUN_LOCKS}
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
)"""  # noqa: S608 - composed of constants
# A null `sent_by` is nobody's.
IS_HELD: Final = f"""coalesce(
  {RUN_KEY.format("change.sent_by")}::oid IN (SELECT objid FROM alive), false)"""  # noqa: S608 - as above

IS_OPEN: Final = """(change.state IN ('queued', 'sent')
  OR change.state = 'conflict' AND change.awaits_timeline)"""
"""What a push may act on; what was sent is only looked up, and sent again as it is."""
IS_DUE: Final = "(change.next_try_at IS NULL OR change.next_try_at <= now())"

_MODULES: Final = f"""
WITH {ALIVE}
SELECT DISTINCT change.module FROM pending_changes change
JOIN record_sync_status status ON status.zoho_record_id = change.record_id
WHERE {IS_OPEN} AND {IS_DUE} AND NOT {IS_HELD} AND status.presence <> 'invisible'
ORDER BY change.module
"""  # noqa: S608 - as above


async def modules_with_due_changes(db: AsyncSession) -> Sequence[str]:
    """Return the modules of which a local change waits that no living push has in its hands."""
    return (await db.scalars(text(_MODULES))).all()
