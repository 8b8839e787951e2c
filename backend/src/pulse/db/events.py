"""Events that leave with the commit: one channel, a topic and a subject, never data.

A listener learns that something changed and reads it again; PostgreSQL delivers nothing of a
transaction that rolls back, and equal events of one transaction once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

CHANNEL: Final = "pulse_events"


class Topic(StrEnum):
    """What an event is about; what follows the colon is named after each."""

    SESSION = "session"
    """Id of a run of sync."""
    RECORDS = "records"
    """API name of a module whose mirror changed."""
    SETTINGS = "settings"
    """Key of a stored setting."""
    SCHEMA = "schema"
    """API name of a module whose fields or field map changed."""
    CONNECTION = "connection"
    """Always `crm`."""
    ACCESS = "access"
    """Id of a user whose rights, sessions or tokens changed."""
    NOTICES = "notices"
    """Role that is told something."""
    ALERTS = "alerts"
    """Always `deals`: some were raised or acknowledged."""
    EXPORTS = "exports"
    """Id of an export that went on or ended."""
    O2R = "o2r"
    """Id of a deal whose milestones, blockers, comments, action items or flag changed; `general`
    where the action item is no deal's."""
    OUTBOX = "outbox"
    """Id of a message to send."""


async def notify(db: AsyncSession | AsyncConnection, topic: Topic, subject: object) -> None:
    """Announce a change of `subject` when the transaction of `db` commits."""
    await db.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": CHANNEL, "payload": f"{topic}:{subject}"},
    )
