"""The outbox: a job leaves with the data that calls for it, or not at all.

`enqueue` writes a row in the caller's transaction; the worker's relay sends it to the broker after
the commit. A message may arrive twice, so whoever takes it does nothing the second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb
from sqlalchemy import func, select

from pulse.db.events import CHANNEL, Topic, notify
from pulse.models import OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import AsyncConnection
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.jobs.catalogue import Job


async def enqueue(db: AsyncSession, job: Job, *, delay: timedelta = timedelta()) -> int:
    """Write `job` into the outbox and return the id of its message; the caller commits.

    It is sent once `delay` is over, by the first relay that looks then.
    """
    message = OutboxMessage(job=job.name, payload=job.payload(), available_at=func.now() + delay)
    db.add(message)
    await db.flush()
    await notify(db, Topic.OUTBOX, message.id)
    return message.id


# `xmin` is the transaction that wrote a row: a message of another one may be sent before this
# commit, and its job would not see what this one has written.
_ENQUEUE_ONCE: Final = """
WITH message AS (
  INSERT INTO outbox (job, payload)
  SELECT %(job)s, %(payload)s
  WHERE NOT EXISTS (
    SELECT FROM outbox WHERE sent_at IS NULL AND job = %(job)s AND payload = %(payload)s
      AND xmin = pg_current_xact_id()::xid
  )
  RETURNING id
)
SELECT pg_notify(%(channel)s, %(topic)s || id) FROM message
"""


# Any: rows of a connection may have any form.
async def enqueue_once(connection: AsyncConnection[Any], job: Job) -> None:
    """Write `job` into the outbox unless the caller's transaction has done so already."""
    await connection.execute(
        _ENQUEUE_ONCE,
        {
            "job": job.name,
            "payload": Jsonb(job.payload()),
            "channel": CHANNEL,
            "topic": f"{Topic.OUTBOX}:",
        },
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages that wait for the broker."""

    count: int
    oldest: datetime | None


async def backlog(db: AsyncSession) -> Backlog:
    """Return how many messages are unsent and since when the oldest of them waits."""
    row = (
        await db.execute(
            select(func.count(), func.min(OutboxMessage.created_at)).where(
                OutboxMessage.sent_at.is_(None)
            )
        )
    ).one()
    return Backlog(row[0], row[1])
