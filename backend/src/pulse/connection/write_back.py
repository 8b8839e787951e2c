"""When the product's own fields are written back, and how that went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, func, or_, select

from pulse.core.modules import DEALS
from pulse.core.owned import WRITTEN_ROLES
from pulse.core.sync import SyncMode
from pulse.jobs.catalogue import WriteBackValues
from pulse.jobs.outbox import enqueue
from pulse.models import Deal, OutboxMessage, OwnedValue, WriteBack
from pulse.queries.credits import DAY, credit_state
from pulse.queries.owned_fields import owned_field_names
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

EVERY: Final = timedelta(minutes=5)
"""From one write-back to the next; one that finds nothing to write calls nobody."""
SHOWN_SKIPS: Final = 20


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A record that took no values, in the CRM's words."""

    record_id: int
    name: str | None
    code: str
    message: str
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class WriteBackReport:
    """How the write-back stands."""

    is_on: bool
    is_paused_by_mode: bool
    last: WriteBack | None
    records_written: int
    """Deals of which the CRM holds values of ours."""
    credits_spent: int
    """In the last 24 hours."""
    credits_allowed: int | None
    """Of a day; None while the organisation's limit is not known."""
    skipped: int
    skips: Sequence[SkippedRecord]
    """The latest of them."""


async def start_write_back(db: AsyncSession, now: datetime) -> bool:
    """Enqueue a write-back if one is due; return whether it was. The caller commits."""
    stored = await read_settings(db)
    if not stored.is_write_back_on or stored.mode is SyncMode.CRM_TO_LOCAL:
        return False
    if WRITTEN_ROLES.isdisjoint(await owned_field_names(db, DEALS)):
        return False
    is_too_soon = exists().where(
        OutboxMessage.job == WriteBackValues.name,
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at > now - EVERY),
    )
    if await db.scalar(select(is_too_soon)):
        return False
    await enqueue(db, WriteBackValues())
    return True


async def write_back_report(db: AsyncSession, now: datetime) -> WriteBackReport:
    """Return how the write-back of deals stands."""
    stored = await read_settings(db)
    limit = (await credit_state(db, now)).limit
    spent = await db.scalar(
        select(func.coalesce(func.sum(WriteBack.credits), 0)).where(
            WriteBack.module == DEALS, WriteBack.ended_at > now - DAY
        )
    )
    written = await db.scalar(
        select(func.count())
        .select_from(OwnedValue)
        .where(OwnedValue.module == DEALS, OwnedValue.written != {})
    )
    is_skipped = (
        OwnedValue.module == DEALS,
        OwnedValue.state == "refused",
        OwnedValue.next_try_at > now,
    )
    skipped = await db.scalar(select(func.count()).select_from(OwnedValue).where(*is_skipped))
    rows = await db.execute(
        select(OwnedValue, Deal.name)
        .outerjoin(Deal, Deal.id == OwnedValue.record_id)
        .where(*is_skipped)
        .order_by(OwnedValue.settled_at.desc(), OwnedValue.record_id)
        .limit(SHOWN_SKIPS)
    )
    return WriteBackReport(
        is_on=stored.is_write_back_on,
        is_paused_by_mode=stored.mode is SyncMode.CRM_TO_LOCAL,
        last=await db.scalar(
            select(WriteBack)
            .where(WriteBack.module == DEALS)
            .order_by(WriteBack.id.desc())
            .limit(1)
        ),
        records_written=int(written or 0),
        credits_spent=int(spent or 0),
        credits_allowed=None if limit is None else int(limit * stored.write_back_share),
        skipped=int(skipped or 0),
        skips=[
            SkippedRecord(
                value.record_id,
                name,
                value.error_code or "",
                value.error_message or "",
                value.next_try_at or now,
            )
            for value, name in rows
        ],
    )
