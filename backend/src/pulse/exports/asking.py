"""Ask for an export, look at those there are, cancel one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Numeric, case, cast, func, select

from pulse.analytics.question import read_question
from pulse.core.access import Role
from pulse.core.exports import (
    FORMATS,
    KEPT_FOR,
    LISTS,
    MOST_OPEN,
    MOST_ROWS,
    OPEN_STATES,
    ExportFormat,
    ExportKind,
    ExportState,
)
from pulse.db.events import Topic, notify
from pulse.exports.columns import chosen_columns
from pulse.exports.errors import (
    export_deal_not_found,
    export_ended,
    export_not_found,
    no_such_format,
    subject_mismatch,
    too_many_open,
    too_many_rows,
)
from pulse.exports.figures import check_pivot
from pulse.exports.order import order_of
from pulse.exports.reading import count_deals
from pulse.exports.schemas import ExportLine, ExportList, ExportPreview, FormatEstimate
from pulse.exports.wishes import read_wish
from pulse.exports.words import filter_words, in_one_line
from pulse.jobs.catalogue import MakeExports
from pulse.jobs.outbox import enqueue
from pulse.models import Deal, Export
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.exports.listing import ListReader
    from pulse.exports.schemas import ExportAsked, ExportRequest
    from pulse.web.access import Principal

MOST_LISTED: Final = 50
_ROWS_A_SECOND: Final[Mapping[ExportFormat, int]] = {
    ExportFormat.CSV: 25_000,
    ExportFormat.ZIP: 20_000,
    ExportFormat.XLSX: 6_000,
    ExportFormat.PDF: 25_000,
    ExportFormat.PPTX: 25_000,
}
"""Before a file of a format was made here."""
_LEAST_SECONDS: Final = 0.3
_TELLING_ROWS: Final = 1_000
"""Files of fewer deals tell of the worker's start, not of its speed."""


async def _speeds(db: AsyncSession) -> Mapping[ExportFormat, float]:
    """Return deals a second by format, as the kept files of many deals took."""
    took = func.extract("epoch", Export.finished_at - Export.started_at)
    rows = await db.execute(
        select(Export.format, func.sum(Export.rows_total) / func.sum(func.greatest(took, 0.05)))
        .where(Export.state == ExportState.COMPLETED, Export.rows_total >= _TELLING_ROWS)
        .group_by(Export.format)
    )
    measured = {ExportFormat(row[0]): float(row[1] or 0) for row in rows}
    return {each: measured.get(each) or usual for each, usual in _ROWS_A_SECOND.items()}


async def check_request(
    db: AsyncSession, asked: ExportAsked, now: datetime, lists: ListReader
) -> tuple[int, str]:
    """Return how many deals are meant, and the filters in words.

    Raises InvalidInputError that names what cannot be read.
    """
    _check_subject(asked)
    if asked.kind is ExportKind.OPPORTUNITIES:
        found = await lists.facts(db, asked.query, now)
        return found.rows, in_one_line(found.filters)
    wish = read_wish(asked.query)
    question = await read_question(db, wish.asked, now, wish.as_of, wish.compared_with)
    side = question.now
    if asked.kind is ExportKind.DEALS:
        order_of(wish.sort.removeprefix("-"), side.deals(), side)
        chosen_columns(
            asked.columns, side.scope.fields, side.scope.money.base, is_now=side.at is None
        )
    elif asked.kind is ExportKind.ANALYSIS:
        check_pivot(wish.pivot, side.scope)
    elif asked.kind is ExportKind.O2R_DEAL:
        return 1, await _deal_words(db, int(asked.subject or 0))
    words = in_one_line(await filter_words(db, wish.asked, question.today, side.scope))
    return await count_deals(db, side), words


def _check_subject(asked: ExportAsked) -> None:
    if (asked.kind is ExportKind.O2R_DEAL) == (asked.subject is None):
        raise subject_mismatch(asked.kind)


async def _deal_words(db: AsyncSession, deal_id: int) -> str:
    found = (await db.execute(select(Deal.name).where(Deal.id == deal_id))).one_or_none()
    if found is None:
        raise export_deal_not_found(deal_id)
    return f"Deal: {found.name or deal_id}"


async def preview_export(
    db: AsyncSession, asked: ExportAsked, now: datetime, lists: ListReader
) -> ExportPreview:
    """Return what a file would hold, and about how long each format takes."""
    rows, words = await check_request(db, asked, now, lists)
    speeds = await _speeds(db)
    return ExportPreview(
        rows=rows,
        words=words,
        formats=[
            FormatEstimate(
                format=each,
                seconds=round(max(rows / speeds[each], _LEAST_SECONDS), 1),
                is_too_large=rows > MOST_ROWS.get(each, rows),
            )
            for each in FORMATS[asked.kind]
        ],
    )


async def start_export(
    db: AsyncSession, who: Principal, wanted: ExportRequest, now: datetime, lists: ListReader
) -> ExportLine:
    """Have a file made; the caller commits."""
    if wanted.format not in FORMATS[wanted.kind]:
        raise no_such_format(wanted.kind, wanted.format)
    rows, words = await check_request(db, wanted, now, lists)
    most = MOST_ROWS.get(wanted.format)
    if most is not None and rows > most:
        raise too_many_rows(rows, most, wanted.format)
    await _check_open(db, who)
    export = Export(
        user_id=who.user_id,
        user_name=who.name,
        kind=wanted.kind,
        format=wanted.format,
        query=wanted.query,
        subject=wanted.subject,
        columns=wanted.columns,
        words=words,
        state=ExportState.WAITING,
        attempt=0,
        rows_done=0,
        rows_total=rows if wanted.kind in LISTS else None,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    db.add(export)
    await db.flush()
    await audit(
        db,
        who,
        "export.started",
        kind="export",
        subject=str(export.id),
        name=f"{wanted.kind} as {wanted.format}",
        after={"query": wanted.query, "deal": wanted.subject, "filters": words, "deals": rows},
    )
    await enqueue(db, MakeExports())
    await notify(db, Topic.EXPORTS, export.id)
    return _line(export, who, None)


async def _check_open(db: AsyncSession, who: Principal) -> None:
    # Two requests at once count one after the other.
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(who.user_id), 0))))
    count = await db.scalar(
        select(func.count()).where(Export.user_id == who.user_id, Export.state.in_(OPEN_STATES))
    )
    if (count or 0) >= MOST_OPEN:
        raise too_many_open()


async def list_exports(db: AsyncSession, who: Principal, now: datetime) -> ExportList:
    """Return the caller's exports that are kept, the newest first."""
    rows = await db.execute(
        select(Export, _seconds_left())
        .where(Export.user_id == who.user_id, Export.expires_at > now)
        .order_by(Export.created_at.desc(), Export.id.desc())
        .limit(MOST_LISTED)
    )
    return ExportList(items=[_line(row[0], who, row[1]) for row in rows])


async def find_export(
    db: AsyncSession, who: Principal, export_id: UUID, now: datetime, *, locked: bool = False
) -> Export:
    """Return an export of the caller's, or anybody's for an admin. Raises NotFoundError."""
    query = select(Export).where(Export.id == export_id, Export.expires_at > now)
    if who.role is not Role.ADMIN:
        query = query.where(Export.user_id == who.user_id)
    export = await db.scalar(query.with_for_update() if locked else query)
    if export is None:
        raise export_not_found(export_id)
    return export


async def show_export(
    db: AsyncSession, who: Principal, export_id: UUID, now: datetime
) -> ExportLine:
    """Return one export. Raises NotFoundError."""
    export = await find_export(db, who, export_id, now)
    left = await db.scalar(select(_seconds_left()).where(Export.id == export_id))
    return _line(export, who, left)


async def cancel_export(
    db: AsyncSession, who: Principal, export_id: UUID, now: datetime
) -> ExportLine:
    """Stop an export that waits or is being made. Raises ConflictError if it is over."""
    export = await find_export(db, who, export_id, now, locked=True)
    if export.state not in OPEN_STATES:
        raise export_ended(export_id, export.state)
    export.state = ExportState.CANCELLED
    export.finished_at = now
    await audit(
        db,
        who,
        "export.cancelled",
        kind="export",
        subject=str(export_id),
        name=f"{export.kind} as {export.format}",
    )
    await notify(db, Topic.EXPORTS, export_id)
    await db.flush()
    return _line(export, who, None)


def _seconds_left() -> ColumnElement[float | None]:
    """Return the time that the remaining rows take at the speed so far, by the database's clock."""
    passed = func.extract("epoch", func.now() - Export.started_at)
    share = (Export.rows_total - Export.rows_done) / cast(func.nullif(Export.rows_done, 0), Numeric)
    is_running = Export.state == ExportState.RUNNING
    return func.greatest(case((is_running, passed * share), else_=None), 0)


def _line(export: Export, who: Principal, seconds_left: object) -> ExportLine:
    return ExportLine(
        id=export.id,
        kind=ExportKind(export.kind),
        format=ExportFormat(export.format),
        query=export.query,
        subject=export.subject,
        columns=export.columns,
        words=export.words,
        state=ExportState(export.state),
        by=export.user_name,
        is_mine=export.user_id == who.user_id,
        rows_done=export.rows_done,
        rows_total=export.rows_total,
        seconds_left=None
        if seconds_left is None or export.state != ExportState.RUNNING
        else round(float(str(seconds_left)), 1),
        created_at=export.created_at,
        started_at=export.started_at,
        finished_at=export.finished_at,
        expires_at=export.expires_at,
        file_name=export.file_name,
        size_bytes=export.size_bytes,
        error_code=export.error_code,
        error_message=export.error_message,
    )
