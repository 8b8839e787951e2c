"""One deal with everything that the mirror holds of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Text, case, cast, func, select

from pulse.analytics.stages.spans import spans_of_deal
from pulse.core.deal_filters import Outcome
from pulse.core.modules import DEALS
from pulse.core.sync import ChangeKind, Presence, RecordStatus
from pulse.deals.crm_link import crm_url
from pulse.deals.detail_schemas import (
    DealDetail,
    DealHistory,
    DealSync,
    LastChange,
    StageOnPath,
    StagePath,
)
from pulse.deals.field_groups import shown_fields
from pulse.deals.marks import LocalEdits, read_local_edits
from pulse.deals.stages import StageRange, path
from pulse.deals.worth import Converted, worth
from pulse.edits.rules import PIPELINE
from pulse.fields.field_book import FieldBook, read_field_book
from pulse.fields.reading import exact_json, ids_in, names_of
from pulse.fields.values import Named
from pulse.kit.errors import NotFoundError
from pulse.models import ChangeLogEntry, CrmPipeline, Deal, DealVersion, Document, RecordSyncStatus
from pulse.queries.money import read_conversion
from pulse.queries.stages import read_sales_process
from pulse.queries.today import organisation_today
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.fields.reading import Names, Stored
    from pulse.queries.stages import SalesProcess

_DAY: Final = timedelta(days=1)
_CHANGES: Final = (
    ChangeKind.CREATED,
    ChangeKind.UPDATED,
    ChangeKind.DELETED,
    ChangeKind.RESTORED,
)


def deal_not_found(deal_id: int) -> NotFoundError:
    """Return the error for an id that the mirror does not know."""
    return NotFoundError(
        f"There is no deal {deal_id} in the mirror.",
        code="deal_not_found",
        fix=f"If it exists in the CRM, POST /api/records/{deal_id}/sync fetches it.",
    )


async def require_deal(db: AsyncSession, deal_id: int) -> None:
    """Raise NotFoundError if the mirror never held this deal; tombstones are known."""
    known = await db.scalar(
        select(Document.record_id).where(Document.record_id == deal_id, Document.module == DEALS)
    )
    if known is None:
        raise deal_not_found(deal_id)


async def read_deal(
    db: AsyncSession, deal_id: int, now: datetime, asking: UUID | None = None
) -> DealDetail:
    """Return a deal as the mirror shows it, under its local edits; tombstones included.

    `asking` is who will read it. Raises NotFoundError.
    """
    conversion = await read_conversion(db, (await read_settings(db)).base_currency)
    process = await read_sales_process(db)
    row = (
        await db.execute(
            select(
                Deal,
                RecordSyncStatus,
                cast(Document.document, Text).label("document"),
                conversion.value(Deal).label("base_amount"),
                conversion.weighted(Deal).label("weighted"),
                conversion.uses_own_rate(Deal).label("uses_own_rate"),
                conversion.is_without_rate(Deal).label("is_without_rate"),
                process.is_open().label("is_open"),
                process.is_won().label("is_won"),
                process.is_lost().label("is_lost"),
            )
            .join(RecordSyncStatus, RecordSyncStatus.zoho_record_id == Deal.id)
            .join(Document, Document.record_id == Deal.id)
            .where(Deal.id == deal_id)
        )
    ).one_or_none()
    if row is None:
        raise deal_not_found(deal_id)
    deal: Deal = row.Deal
    book = await read_field_book(db)
    document: dict[str, Stored] = exact_json(row.document)
    past = await _past(db, deal_id)
    edits = (await read_local_edits(db, [deal_id])).get(deal_id, LocalEdits())
    names = await names_of(db, _ids(book, document, deal, past) | edits.ids(book))
    outcome = _outcome(is_open=row.is_open, is_won=row.is_won, is_lost=row.is_lost)
    history = _history(deal, past)
    return DealDetail(
        id=str(deal.id),
        name=deal.name,
        account=_named(deal.account_id, names),
        owner=_named(deal.owner_id, names),
        country=deal.country,
        market_segment=deal.market_segment,
        closing_date=deal.closing_date,
        outcome=outcome,
        days_overdue=_days_overdue(deal, outcome, await organisation_today(db, now)),
        created_at=deal.crm_created_at,
        value=worth(
            deal,
            conversion,
            Converted(
                row.base_amount,
                row.weighted,
                uses_own_rate=row.uses_own_rate,
                is_without_rate=row.is_without_rate,
            ),
        ),
        path=_path(
            deal,
            past,
            await _process_of(db, process, edits.over(document)),
            now=now,
        ),
        last_change=_last_change(past, names),
        sync=_sync(row.RecordSyncStatus, past, names),
        history=history,
        crm_url=await crm_url(db, deal_id),
        fields=shown_fields(
            book,
            edits.over(document),
            deal,
            names,
            outcome,
            {
                field.api_name: mark
                for field in book.fields
                if not field.is_removed
                and (mark := edits.mark(field, names, deal.currency, asking))
            },
        ),
    )


async def _process_of(
    db: AsyncSession, process: SalesProcess, shown: Mapping[str, Stored]
) -> SalesProcess:
    """Return the stages of the deal's own pipeline, in its order; all where it has none."""
    layout = str(shown.get("Layout"))
    own = CrmPipeline.layout_id == (int(layout) if layout.isdecimal() else 0)
    row = (
        await db.execute(
            select(CrmPipeline.layout_id, CrmPipeline.stages)
            .where(CrmPipeline.value == shown.get(PIPELINE))
            .order_by(case((own, 0), else_=1), CrmPipeline.layout_id)
            .limit(1)
        )
    ).first()
    if row is None:
        return process
    known = {stage.name: stage for stage in process.stages}
    return replace(process, stages=tuple(known[name] for name in row.stages if name in known))


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    kind: ChangeKind
    side: str
    by: str | None


@dataclass(frozen=True, slots=True)
class _Past:
    ranges: Sequence[StageRange]
    is_whole: bool
    """Whether it is known when the first of them began: the CRM's own history may tell it."""
    first_seen_at: datetime | None
    last_change: _Event | None
    deletion: _Event | None


async def _past(db: AsyncSession, deal_id: int) -> _Past:
    spans = await spans_of_deal(db, deal_id)
    return _Past(
        ranges=[StageRange(each.stage, each.start, each.end) for each in spans],
        is_whole=bool(spans) and spans[0].is_start_known,
        first_seen_at=await db.scalar(
            select(func.min(DealVersion.valid_from)).where(DealVersion.deal_id == deal_id)
        ),
        last_change=await _latest(db, deal_id, _CHANGES),
        deletion=await _latest(db, deal_id, (ChangeKind.DELETED,)),
    )


async def _latest(db: AsyncSession, deal_id: int, kinds: Sequence[ChangeKind]) -> _Event | None:
    row = (
        await db.execute(
            select(
                ChangeLogEntry.changed_at,
                ChangeLogEntry.kind,
                ChangeLogEntry.side,
                ChangeLogEntry.changed_by,
            )
            .where(ChangeLogEntry.record_id == deal_id, ChangeLogEntry.kind.in_(kinds))
            .order_by(ChangeLogEntry.changed_at.desc(), ChangeLogEntry.id.desc())
            .limit(1)
        )
    ).first()
    return None if row is None else _Event(row[0], ChangeKind(row[1]), row[2], row[3])


def _ids(book: FieldBook, document: Mapping[str, Stored], deal: Deal, past: _Past) -> set[int]:
    looked_up = ids_in(
        (field, document[field.api_name]) for field in book.fields if field.api_name in document
    )
    authors = (event.by for event in (past.last_change, past.deletion) if event is not None)
    referred = {deal.account_id, deal.owner_id} | {
        int(author) for author in authors if author is not None and author.isdigit()
    }
    return looked_up | {each for each in referred if each is not None}


def _outcome(*, is_open: bool, is_won: bool, is_lost: bool) -> Outcome | None:
    if is_won:
        return Outcome.WON
    if is_lost:
        return Outcome.LOST
    return Outcome.OPEN if is_open else None


def _days_overdue(deal: Deal, outcome: Outcome | None, today: date) -> int | None:
    is_to_be_closed = deal.is_live and outcome is Outcome.OPEN
    if not is_to_be_closed or deal.closing_date is None or deal.closing_date >= today:
        return None
    return (today - deal.closing_date).days


def _history(deal: Deal, past: _Past) -> DealHistory:
    start = past.first_seen_at
    return DealHistory(
        known_since=start,
        is_whole=start is not None
        and deal.crm_created_at is not None
        and start <= deal.crm_created_at,
    )


def _path(
    deal: Deal,
    past: _Past,
    process: SalesProcess,
    *,
    now: datetime,
) -> StagePath:
    way = path(past.ranges, process, current=deal.stage, is_whole=past.is_whole, now=now)
    return StagePath(
        current=deal.stage,
        current_label=None if deal.stage is None else process.label(deal.stage),
        entered_at=way.entered_at,
        days_in_stage=None if way.time_in_stage is None else way.time_in_stage // _DAY,
        is_at_least=way.is_at_least,
        stages=[
            StageOnPath(
                stage=each.stage,
                label=process.label(each.stage),
                state=each.state,
                days=None if each.time is None else each.time // _DAY,
                is_at_least=each.is_at_least,
            )
            for each in way.stages
        ],
    )


def _last_change(past: _Past, names: Names) -> LastChange | None:
    event = past.last_change
    if event is None:
        return None
    return LastChange(at=event.at, kind=event.kind, side=event.side, by=author(event.by, names))


def _sync(status: RecordSyncStatus, past: _Past, names: Names) -> DealSync:
    presence = Presence(status.presence)
    deletion = past.deletion if presence is Presence.DELETED else None
    return DealSync(
        status=RecordStatus(status.sync_status),
        reason=status.error_details,
        presence=presence,
        gone_at=status.gone_at,
        gone_by=None if deletion is None else author(deletion.by, names),
        last_synced_at=status.last_sync_at,
        crm_modified_at=status.crm_modified_at,
        details_read_at=status.details_stamp,
    )


def author(by: str | None, names: Names) -> Named | None:
    """Return who made a change: a CRM user by id, else whom the log names; None if unknown."""
    if by is None:
        return None
    return Named(id=by, name=names.get(by) if by.isdigit() else by)


def _named(record_id: int | None, names: Names) -> Named | None:
    return None if record_id is None else Named(id=str(record_id), name=names.get(str(record_id)))
