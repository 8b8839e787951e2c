"""Follow operations: their state, their records, page by page or as a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from pulse.bulk import errors
from pulse.bulk.preview import plan_of
from pulse.bulk.schemas import (
    BulkList,
    BulkSession,
    BulkStatus,
    ItemCounts,
    ItemList,
    ItemResult,
    ZohoJob,
)
from pulse.core.bulk import BULK_TYPES, ItemState
from pulse.core.sync import OPEN_STATUSES, SessionStatus, SyncType
from pulse.models import BulkItem, CreditUse, SyncSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.database import Database
    from pulse.web.paging import PageRequest

UNDO: Final = "undo"
_PART: Final = 1_000
_HEADER: Final = (
    "id", "name", "state", "code", "message", "field", "before", "after", "sent_at", "done_at",
)  # fmt: skip
_ALMOST: Final = 99.9
_Undo = aliased(SyncSession)


async def bulk_session(db: AsyncSession, session_id: UUID) -> SyncSession:
    """Return an operation's session. Raises BulkNotFoundError."""
    session = await db.get(SyncSession, session_id)
    if session is None or session.sync_type not in BULK_TYPES:
        raise errors.bulk_not_found(session_id)
    return session


async def item_counts(db: AsyncSession, session_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Return by operation how many records stand where."""
    found: dict[UUID, dict[str, int]] = {
        session_id: dict.fromkeys(ItemState, 0) for session_id in session_ids
    }
    rows = await db.execute(
        select(BulkItem.session_id, BulkItem.state, func.count())
        .where(BulkItem.session_id.in_(session_ids))
        .group_by(BulkItem.session_id, BulkItem.state)
    )
    for session_id, state, count in rows:
        found[session_id][state] = count
    return found


async def undone_by(db: AsyncSession, session_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return by operation the latest one that undoes it, leaving out those that failed."""
    texts = {str(session_id): session_id for session_id in session_ids}
    rows = await db.execute(
        select(_Undo.facts["undo_of"].astext, _Undo.id)
        .where(
            _Undo.sync_type.in_(BULK_TYPES),
            _Undo.facts["undo_of"].astext.in_(texts),
            _Undo.status.not_in((SessionStatus.FAILED, SessionStatus.CANCELLED)),
        )
        .order_by(_Undo.created_at)
    )
    return {texts[undone]: undo for undone, undo in rows}


async def shown(
    db: AsyncSession, sessions: Sequence[SyncSession], now: datetime
) -> list[BulkSession]:
    """Return operations as answers have them."""
    ids = [session.id for session in sessions]
    counts = await item_counts(db, ids)
    undone = await undone_by(db, ids)
    spent = await _spent(db, [each.id for each in sessions if each.status in OPEN_STATUSES])
    return [
        _shown(session, counts[session.id], undone.get(session.id), spent, now)
        for session in sessions
    ]


def _shown(
    session: SyncSession,
    counts: dict[str, int],
    undo: UUID | None,
    spent: dict[UUID, tuple[int, int]],
    now: datetime,
) -> BulkSession:
    facts = session.facts
    calls, credits_used = spent.get(session.id, (0, 0))
    is_open = session.status in OPEN_STATUSES
    total, processed = session.records_total, session.records_processed
    return BulkSession(
        id=session.id,
        module=session.module,
        sync_type=SyncType(session.sync_type),
        operation_type=facts["operation_type"],
        status=SessionStatus(session.status),
        created_at=session.created_at,
        started_at=session.started_at,
        completed_at=session.completed_at,
        progress_percentage=_percentage(session),
        records_processed=processed,
        records_total=total,
        api_calls_made=max(session.api_calls_made, calls),
        credits_used=max(session.credits_used, credits_used),
        seconds_left=_seconds_left(session, counts, now),
        plan=plan_of(facts["plan"]) if facts.get("plan") else None,
        requested_by=session.requested_by,
        cancel_requested_at=session.cancel_requested_at,
        error_code=session.error_code,
        error_message=session.error_message,
        fields=facts.get("fields"),
        choice=facts["choice"],
        counts=ItemCounts(**counts),
        undo_of=facts.get("undo_of"),
        undone_by=undo,
        can_undo=not is_open and undo is None and counts[ItemState.DONE] > 0,
        can_cancel=is_open and session.cancel_requested_at is None,
    )


def _percentage(session: SyncSession) -> float | None:
    if session.status == SessionStatus.COMPLETED:
        return 100.0
    if not session.records_total:
        return None
    share = session.records_processed * 1000 // session.records_total / 10
    return min(share, _ALMOST)


def _seconds_left(session: SyncSession, counts: dict[str, int], now: datetime) -> float | None:
    left = counts[ItemState.WAITING] + counts[ItemState.SENT]
    written = counts[ItemState.DONE] + sum(
        counts[state] for state in (ItemState.FAILED, ItemState.UNCHANGED)
    )
    if session.status != SessionStatus.IN_PROGRESS or session.started_at is None:
        return None
    elapsed_s = (now - session.started_at).total_seconds()
    if not written or not left or elapsed_s <= 0:
        return None
    return round(left * elapsed_s / written, 1)


async def _spent(db: AsyncSession, open_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return calls and credits of open operations as the ledger has them now."""
    if not open_ids:
        return {}
    rows = await db.execute(
        select(CreditUse.session_id, func.sum(CreditUse.calls), func.sum(CreditUse.credits))
        .where(CreditUse.session_id.in_(open_ids))
        .group_by(CreditUse.session_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


async def bulk_status(db: AsyncSession, session_id: UUID, now: datetime) -> BulkStatus:
    """Return an operation and the CRM's job behind it. Raises BulkNotFoundError."""
    session = await bulk_session(db, session_id)
    job = session.facts.get("job")
    return BulkStatus(
        session=(await shown(db, [session], now))[0],
        zoho_job_status=None if job is None else ZohoJob.model_validate(job),
    )


async def list_operations(db: AsyncSession, page: PageRequest, now: datetime) -> BulkList:
    """Return operations, the newest first."""
    is_bulk = SyncSession.sync_type.in_(BULK_TYPES)
    count = await db.scalar(select(func.count()).select_from(SyncSession).where(is_bulk)) or 0
    sessions = (
        await db.scalars(
            select(SyncSession)
            .where(is_bulk)
            .order_by(SyncSession.created_at.desc(), SyncSession.id)
            .limit(page.limit)
            .offset(page.offset)
        )
    ).all()
    return BulkList(
        count=count,
        items=await shown(db, sessions, now),
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(sessions) < count,
    )


async def list_items(
    db: AsyncSession, session_id: UUID, states: Sequence[ItemState], page: PageRequest
) -> ItemList:
    """Return records of an operation in their order. Raises BulkNotFoundError."""
    await bulk_session(db, session_id)
    wanted = [BulkItem.session_id == session_id]
    if states:
        wanted.append(BulkItem.state.in_(states))
    count = await db.scalar(select(func.count()).select_from(BulkItem).where(*wanted)) or 0
    items = (
        await db.scalars(
            select(BulkItem)
            .where(*wanted)
            .order_by(BulkItem.position)
            .limit(page.limit)
            .offset(page.offset)
        )
    ).all()
    return ItemList(
        count=count,
        items=[item_result(item) for item in items],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(items) < count,
    )


def item_result(item: BulkItem) -> ItemResult:
    """Return a record of an operation as answers have it."""
    return ItemResult(
        id=str(item.record_id),
        name=item.record_name,
        state=ItemState(item.state),
        before=item.before,
        after=item.after,
        code=item.error_code,
        message=item.error_message,
        field=item.error_field,
        sent_at=item.sent_at,
        done_at=item.done_at,
    )


async def results_csv(database: Database, session_id: UUID) -> AsyncIterator[str]:
    """Yield what became of every record as CSV, part by part: a snapshot of one moment."""
    yield _lines([_HEADER])
    async with database.reading.begin() as db:
        after = 0
        while True:
            items = (
                await db.scalars(
                    select(BulkItem)
                    .where(BulkItem.session_id == session_id, BulkItem.position > after)
                    .order_by(BulkItem.position)
                    .limit(_PART)
                )
            ).all()
            if not items:
                return
            yield _lines([_cells(item) for item in items])
            after = items[-1].position
            db.expunge_all()


def _cells(item: BulkItem) -> tuple[object, ...]:
    return (
        item.record_id,
        _safe(item.record_name),
        item.state,
        _safe(item.error_code),
        _safe(item.error_message),
        _safe(item.error_field),
        _json(item.before),
        _json(item.after),
        None if item.sent_at is None else item.sent_at.isoformat(),
        None if item.done_at is None else item.done_at.isoformat(),
    )


def _safe(text: str | None) -> str | None:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r\n" else text


# Any: canonical JSON.
def _json(values: dict[str, Any] | None) -> str | None:
    return None if values is None else orjson.dumps(values).decode()


def _lines(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
