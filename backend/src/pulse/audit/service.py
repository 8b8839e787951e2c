"""Find lines of the audit log. Pages go by id, so a log that grows does not shift them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from pulse.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines are wanted; all conditions hold together, an empty one is none."""

    user_ids: tuple[UUID, ...] = ()
    actions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    subject: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.user_ids:
            found.append(AuditEntry.user_id.in_(self.user_ids))
        if self.actions:
            found.append(AuditEntry.action.in_(self.actions))
        if self.kinds:
            found.append(AuditEntry.kind.in_(self.kinds))
        if self.subject is not None:
            found.append(AuditEntry.subject == self.subject)
        if self.since is not None:
            found.append(AuditEntry.at >= self.since)
        if self.before is not None:
            found.append(AuditEntry.at < self.before)
        return found


async def entries(
    db: AsyncSession, wanted: AuditFilter, limit: int, older_than: int | None
) -> tuple[Sequence[AuditEntry], bool]:
    """Return up to `limit` lines, newest first, and whether older ones follow."""
    query = select(AuditEntry).where(*wanted.conditions())
    if older_than is not None:
        query = query.where(AuditEntry.id < older_than)
    rows = (await db.scalars(query.order_by(AuditEntry.id.desc()).limit(limit + 1))).all()
    return rows[:limit], len(rows) > limit


async def choices(
    db: AsyncSession,
) -> tuple[Sequence[str], Sequence[str], Sequence[tuple[UUID, str]]]:
    """Return the actions, the kinds and the people (by their last name in use) of the log."""
    actions = await db.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    kinds = await db.scalars(select(AuditEntry.kind).distinct().order_by(AuditEntry.kind))
    people = await db.execute(
        select(AuditEntry.user_id, AuditEntry.user_name)
        .ext(distinct_on(AuditEntry.user_id))
        .where(AuditEntry.user_id.is_not(None))
        .order_by(AuditEntry.user_id, AuditEntry.id.desc())
    )
    named = sorted(
        ((row.user_id, row.user_name) for row in people), key=lambda each: each[1].lower()
    )
    return actions.all(), kinds.all(), named
