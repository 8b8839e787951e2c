"""The history of one deal out of the change log and its open edits, in parts from the newest on.

Rows of the log become entries: what one author did at one moment on one side is one entry, and so
is what one run saw. Grouping, order and cutting into parts happen in SQL; a part begins after the
place that the part before it ended with, so changes that arrive meanwhile shift nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, cast, select, text

from pulse.core.modules import DEALS
from pulse.core.sync import ChangeKind, SyncType
from pulse.deals.detail import author, require_deal
from pulse.deals.marks import STATES, LocalEdits, read_local_edits
from pulse.deals.timeline_schemas import (
    EntryKind,
    FieldChange,
    SyncEvent,
    Timeline,
    TimelineEntry,
    TimelineKind,
)
from pulse.fields.field_book import DealField, FieldBook, label_of, read_field_book
from pulse.fields.reading import exact_json, ids_in, names_of, read_value
from pulse.kit.errors import InvalidInputError
from pulse.models import ChangeLogEntry, Deal, Document, SyncSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.edits.reading import LocalChange
    from pulse.fields.reading import Names, Stored

_CHANGE, _LEARNED, _SYNC, _EDIT, _CONFLICT = 0, 1, 2, 3, 4
_OPEN: Final = {_EDIT: EntryKind.EDITED, _CONFLICT: EntryKind.CONFLICT}
"""Told by local changes that are not over; the change log tells the others."""
_RANKS: Final = {
    TimelineKind.ALL: [_CHANGE, _LEARNED, _SYNC, _EDIT, _CONFLICT],
    TimelineKind.CHANGES: [_CHANGE, _EDIT, _CONFLICT],
    TimelineKind.SYNC: [_LEARNED, _SYNC],
}
_CREATOR: Final = "Created_By"
_KINDS: Final = {
    ChangeKind.UPDATED: EntryKind.CHANGED,
    ChangeKind.LEARNED: EntryKind.LEARNED,
    ChangeKind.DELETED: EntryKind.DELETED,
    ChangeKind.RESTORED: EntryKind.RESTORED,
    ChangeKind.DROPPED: EntryKind.DROPPED,
}
_UNTOLD: Final = frozenset({"Modified_By", "Last_Activity_Time"})
"""Fields that follow every change: the entry itself says who and when."""

# A row counts once as what happened in the CRM and once as what a run brought. A value that was
# only learned did not happen then, so it stands at the moment when we read it. What was written or
# given up here came by no run.
_GROUPS: Final = text("""
    WITH log AS (
      SELECT id, kind, changed_at, changed_by, side, observed_at, session_id, field
      FROM change_log WHERE record_id = :deal_id AND module = :module
    ), edits AS (
      SELECT id, edited_at, author_name, state, conflict_since
      FROM pending_changes WHERE record_id = :deal_id AND module = :module
    ), grouped AS (
      SELECT 0 AS rank, kind, changed_at AS at, changed_by, side, NULL::uuid AS session_id,
        max(id) AS last_id, array_agg(id ORDER BY id) AS ids
      FROM log WHERE kind <> 'learned' GROUP BY kind, changed_at, changed_by, side
      UNION ALL
      SELECT 1, 'learned', observed_at, NULL, NULL, session_id, max(id), array_agg(id ORDER BY id)
      FROM log WHERE kind = 'learned' GROUP BY observed_at, session_id
      UNION ALL
      SELECT 2, 'sync', observed_at, NULL, NULL, session_id, max(id), array_agg(id ORDER BY id)
      FROM log WHERE kind NOT IN ('learned', 'dropped') AND side <> 'local'
      GROUP BY observed_at, session_id
      UNION ALL
      SELECT 3, 'edited', edited_at, author_name, 'local', NULL, max(id), array_agg(id ORDER BY id)
      FROM edits GROUP BY edited_at, author_name
      UNION ALL
      SELECT 4, 'conflict', conflict_since, NULL, NULL, NULL, max(id), array_agg(id ORDER BY id)
      FROM edits WHERE state = 'conflict' AND conflict_since IS NOT NULL GROUP BY conflict_since
    )
    SELECT rank, kind, at, changed_by, side, session_id, last_id, ids FROM grouped
    WHERE rank = ANY(:ranks)
      AND (CAST(:before_at AS timestamptz) IS NULL
        OR (at, rank, last_id) < (:before_at, CAST(:before_rank AS int), :before_id))
    ORDER BY at DESC, rank DESC, last_id DESC
    LIMIT :limit
""").bindparams(bindparam("ranks", type_=ARRAY(BigInteger)))


class UnreadablePlaceError(InvalidInputError):
    """`before` is not one that an answer gave."""

    code = "unreadable_place"


def unreadable_place() -> UnreadablePlaceError:
    """Return the error of a place that no answer gave."""
    return UnreadablePlaceError(
        "before is not a place in a timeline.",
        fix="Send `before` as the part before this one gave it, or leave it out.",
        extra={"field": "before"},
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands in the order of a timeline."""

    at: datetime
    rank: int
    last_id: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}_{self.rank}_{self.last_id}"

    @classmethod
    def read(cls, written: str) -> _Place:
        at, _, rest = written.partition("_")
        rank, _, last_id = rest.partition("_")
        try:
            place = cls(datetime.fromisoformat(at), int(rank), int(last_id))
        except ValueError:
            raise unreadable_place() from None
        is_sound = place.at.tzinfo is not None and abs(place.last_id) < 2**63
        if not is_sound or place.rank not in _RANKS[TimelineKind.ALL]:
            raise unreadable_place()
        return place


@dataclass(frozen=True, slots=True)
class _Group:
    place: _Place
    kind: str
    by: str | None
    side: str | None
    session_id: UUID | None
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    field: str | None
    old: Stored
    new: Stored
    observed_at: datetime


async def read_timeline(
    db: AsyncSession, deal_id: int, kind: TimelineKind, before: str | None, limit: int
) -> Timeline:
    """Return up to `limit` entries of a deal's history, newest first, from a place on.

    Raises NotFoundError, and UnreadablePlaceError for a `before` that no answer gave.
    """
    place = None if before is None else _Place.read(before)
    await require_deal(db, deal_id)
    groups = await _groups(db, deal_id, kind, place, limit + 1)
    shown = groups[:limit]
    rows = await _rows(
        db, [each for group in shown if group.place.rank not in _OPEN for each in group.ids]
    )
    edits = (await read_local_edits(db, [deal_id])).get(deal_id, LocalEdits())
    book = await read_field_book(db)
    deal = (
        await db.execute(
            select(
                Deal.currency,
                Deal.crm_created_at,
                Document.document[_CREATOR].as_string(),
            )
            .join(Document, Document.record_id == Deal.id)
            .where(Deal.id == deal_id)
        )
    ).one()
    currency, created_at, creator = deal
    names = await names_of(db, _ids(book, rows.values(), shown, creator) | edits.ids(book))
    telling = _Telling(book, names, currency, created_at, await _sessions(db, shown))
    return Timeline(
        items=[
            telling.open_entry(group, edits)
            if group.place.rank in _OPEN
            else telling.entry(group, [rows[each] for each in group.ids])
            for group in shown
        ],
        before=str(shown[-1].place) if len(groups) > limit else None,
        has_more=len(groups) > limit,
        created_at=created_at,
        created_by=author(creator, names),
    )


async def _groups(
    db: AsyncSession, deal_id: int, kind: TimelineKind, place: _Place | None, limit: int
) -> list[_Group]:
    found = await db.execute(
        _GROUPS,
        {
            "deal_id": deal_id,
            "module": DEALS,
            "ranks": _RANKS[kind],
            "before_at": None if place is None else place.at,
            "before_rank": None if place is None else place.rank,
            "before_id": None if place is None else place.last_id,
            "limit": limit,
        },
    )
    return [
        _Group(
            place=_Place(row.at, row.rank, row.last_id),
            kind=row.kind,
            by=row.changed_by,
            side=row.side,
            session_id=row.session_id,
            ids=row.ids,
        )
        for row in found
    ]


async def _rows(db: AsyncSession, ids: Sequence[int]) -> Mapping[int, _Row]:
    found = await db.execute(
        select(
            ChangeLogEntry.id,
            ChangeLogEntry.field,
            cast(ChangeLogEntry.old_value, Text).label("old"),
            # Of a deal that was created while we watched, the log keeps the whole document.
            cast(ChangeLogEntry.new_value, Text).label("new"),
            ChangeLogEntry.observed_at,
        ).where(ChangeLogEntry.id.in_(ids))
    )
    return {
        row.id: _Row(row.id, row.field, exact_json(row.old), exact_json(row.new), row.observed_at)
        for row in found
    }


async def _sessions(db: AsyncSession, groups: Iterable[_Group]) -> Mapping[UUID, SyncSession]:
    ids = {group.session_id for group in groups if group.session_id is not None}
    found = await db.scalars(select(SyncSession).where(SyncSession.id.in_(ids)))
    return {session.id: session for session in found}


def _ids(
    book: FieldBook, rows: Iterable[_Row], groups: Iterable[_Group], creator: str | None
) -> set[int]:
    looked_up = ids_in(
        (field, value)
        for row in rows
        if row.field is not None and (field := book.at(row.field, row.observed_at)) is not None
        for value in (row.old, row.new)
    )
    people = {group.by for group in groups} | {creator}
    return looked_up | {int(each) for each in people if each is not None and each.isdigit()}


def _removed(api_name: str) -> DealField:
    return DealField(0, api_name, api_name, "text", is_removed=True)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Turns groups of rows into entries."""

    book: FieldBook
    names: Names
    currency: str | None
    created_at: datetime | None
    sessions: Mapping[UUID, SyncSession]

    def entry(self, group: _Group, rows: Sequence[_Row]) -> TimelineEntry:
        """Return the entry of a group with its rows, oldest first."""
        is_sync = group.place.rank == _SYNC
        changes = [] if is_sync else [change for row in rows if (change := self._change(row))]
        return TimelineEntry(
            id=str(group.place),
            kind=self._kind(group),
            at=group.place.at,
            side=group.side,
            by=author(group.by, self.names),
            changes=changes,
            sync=self._sync(group, rows) if group.place.rank != _CHANGE else None,
        )

    def open_entry(self, group: _Group, edits: LocalEdits) -> TimelineEntry:
        """Return the entry of local changes that are not over."""
        changes = [
            change for rows in edits.by_field.values() for change in rows if change.id in group.ids
        ]
        return TimelineEntry(
            id=str(group.place),
            kind=_OPEN[group.place.rank],
            at=group.place.at,
            side=group.side,
            by=author(group.by, self.names),
            changes=[self._open_change(group.place.rank, change) for change in changes],
            sync=None,
        )

    def _open_change(self, rank: int, change: LocalChange) -> FieldChange:
        field = self.book.at(change.field, change.edited_at) or _removed(change.field)
        against = change.crm_value if rank == _CONFLICT else change.base
        return FieldChange(
            api_name=field.api_name,
            label=label_of(field),
            is_removed=field.is_removed,
            old=read_value(field, against, self.names, self.currency),
            new=read_value(field, change.value, self.names, self.currency),
            state=STATES[change.state],
            error=change.error_message,
        )

    def _kind(self, group: _Group) -> EntryKind:
        if group.place.rank == _SYNC:
            return EntryKind.SYNC
        if group.kind == ChangeKind.CREATED:
            is_born = group.place.at == self.created_at
            return EntryKind.CREATED if is_born else EntryKind.FIRST_READ
        return _KINDS[ChangeKind(group.kind)]

    def _change(self, row: _Row) -> FieldChange | None:
        if row.field is None or row.field in _UNTOLD:
            return None
        field = self.book.at(row.field, row.observed_at)
        if field is None:
            field = _removed(row.field)
        return FieldChange(
            api_name=field.api_name,
            label=label_of(field),
            is_removed=field.is_removed,
            old=read_value(field, row.old, self.names, self.currency),
            new=read_value(field, row.new, self.names, self.currency),
        )

    def _sync(self, group: _Group, rows: Sequence[_Row]) -> SyncEvent:
        session = None if group.session_id is None else self.sessions.get(group.session_id)
        fields = {row.field for row in rows if row.field is not None} - _UNTOLD
        return SyncEvent(
            session_id=None if session is None else session.id,
            sync_type=None if session is None else SyncType(session.sync_type),
            requested_by=None if session is None else session.requested_by,
            changed_fields=len(fields),
        )
