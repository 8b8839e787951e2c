"""Conflicts as people see them, from the mirror alone: a constant number of queries a page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pulse.conflicts.repository import (
    count_conflicts,
    find_conflicts,
    read_agreed,
    read_merged,
    read_records,
)
from pulse.conflicts.schemas import Conflict, ConflictField, ConflictPage, MergedField, Side
from pulse.core.modules import DEALS
from pulse.core.sync import Presence
from pulse.edits.errors import conflict_not_found
from pulse.edits.reading import local_changes
from pulse.fields.field_book import DealField, label_of, read_field_book
from pulse.fields.reading import exact_json, ids_in, names_of, read_value
from pulse.fields.values import Named
from pulse.queries.money import read_conversion
from pulse.queries.stages import read_sales_process
from pulse.settings.service import read_settings
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.conflicts.schemas import ConflictChoice
    from pulse.edits.reading import LocalChange
    from pulse.fields.field_book import FieldBook
    from pulse.fields.reading import Names
    from pulse.queries.stages import SalesProcess
    from pulse.web.paging import PageRequest


async def conflicts(db: AsyncSession, choice: ConflictChoice, page: PageRequest) -> ConflictPage:
    """Return a page of the conflicts that match, newest first."""
    counts = await count_conflicts(db, choice)
    ids = await find_conflicts(db, choice, page)
    items = await _read(db, ids)
    return ConflictPage(
        count=counts.records,
        field_count=counts.fields,
        skipped_count=counts.skipped,
        items=items,
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(items) < counts.records,
    )


async def one_conflict(db: AsyncSession, record_id: int) -> Conflict:
    """Return a record's conflict, skipped or not. Raises NotFoundError `conflict_not_found`."""
    found = await _read(db, [record_id])
    if not found:
        raise conflict_not_found(record_id)
    return found[0]


async def clashes_of(db: AsyncSession, record_id: int) -> list[LocalChange]:
    """Return a record's changes in conflict, in order of field."""
    changes = await local_changes(db, DEALS, [record_id])
    return _clashing(changes.get(record_id, ()))


def version_of(clashes: Sequence[LocalChange]) -> str:
    """Return a word for what a person was shown: another value on either side, another word."""
    shown = [
        (each.id, each.field, each.base, each.value, each.crm_value, each.is_record_gone)
        for each in clashes
    ]
    return sha256(repr(shown).encode()).hexdigest()[:16]


def _clashing(changes: Sequence[LocalChange]) -> list[LocalChange]:
    return [each for each in changes if each.state is ChangeState.CONFLICT]


@dataclass(frozen=True, slots=True)
class _Telling:
    """Turns local changes into conflicts."""

    book: FieldBook
    names: Names
    process: SalesProcess
    base_currency: str
    agreed: Mapping[int, datetime]
    # Any: rows of mixed columns.
    records: Mapping[int, Row[Any]]
    merged: Mapping[int, Sequence[Row[Any]]]

    def conflict(self, record_id: int, clashes: Sequence[LocalChange]) -> Conflict:
        """Return a record's conflict."""
        row = self.records[record_id]
        return Conflict(
            id=str(record_id),
            zoho_record_id=str(record_id),
            record_name=row.name,
            account=self._named(row.account_id),
            owner=self._named(row.owner_id),
            stage=None if row.stage is None else self.process.label(row.stage),
            value=None if row.value is None else format(row.value, "f"),
            currency=self.base_currency,
            is_record_gone=row.presence == Presence.DELETED,
            gone_at=row.gone_at,
            since=max(
                (each.conflict_since for each in clashes if each.conflict_since), default=None
            ),
            is_skipped=all(each.is_skipped for each in clashes),
            version=version_of(clashes),
            fields=[self._field(each, row.currency) for each in clashes],
            merged=[self._merged(each, row.currency) for each in self.merged.get(record_id, ())],
        )

    def _field(self, change: LocalChange, currency: str | None) -> ConflictField:
        field = field_named(self.book, change.field)
        return ConflictField(
            field=change.field,
            label=label_of(field),
            data_type=field.data_type,
            is_custom=field.is_custom,
            base=read_value(field, change.base, self.names, currency),
            is_base_known=change.is_base_known,
            agreed_at=self.agreed.get(change.id),
            local_value=read_value(field, change.value, self.names, currency),
            local_modified_at=change.edited_at,
            local_modified_by=change.author_name,
            crm_value=None
            if change.is_record_gone
            else read_value(field, change.crm_value, self.names, currency),
            crm_modified_at=change.crm_modified_at,
            crm_modified_by=self.names.get(change.crm_modified_by or ""),
            since=change.conflict_since,
            is_skipped=change.is_skipped,
            awaits_timeline=change.awaits_timeline,
            error_code=change.error_code,
            error_message=change.error_message,
        )

    # Any: as above.
    def _merged(self, row: Row[Any], currency: str | None) -> MergedField:
        field = self.book.at(row.field, row.observed_at) or _unknown(row.field)
        return MergedField(
            field=row.field,
            label=label_of(field),
            value=read_value(field, exact_json(row.value), self.names, currency),
            side=Side(row.side),
            at=row.changed_at,
        )

    def _named(self, record_id: int | None) -> Named | None:
        if record_id is None:
            return None
        return Named(id=str(record_id), name=self.names.get(str(record_id)))


def field_named(book: FieldBook, api_name: str) -> DealField:
    """Return a field under its present name; one that nobody describes is text."""
    found = (each for each in reversed(book.fields) if each.api_name == api_name)
    return min(found, key=lambda each: each.is_removed, default=_unknown(api_name))


def _unknown(api_name: str) -> DealField:
    return DealField(0, api_name, api_name, "text", is_removed=True)


async def _read(db: AsyncSession, ids: Sequence[int]) -> list[Conflict]:
    """Return the conflicts of these records in their order; one without any is left out."""
    found = await local_changes(db, DEALS, ids)
    clashes = {key: clashing for key in ids if (clashing := _clashing(found.get(key, ())))}
    book = await read_field_book(db)
    base_currency = (await read_settings(db)).base_currency
    records = await read_records(db, list(clashes), await read_conversion(db, base_currency))
    merged: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in await read_merged(db, list(clashes)):
        merged[row.record_id].append(row)
    telling = _Telling(
        book=book,
        names=await names_of(db, _ids(book, clashes, records, merged)),
        process=await read_sales_process(db),
        base_currency=base_currency,
        agreed=await read_agreed(db, [each.id for rows in clashes.values() for each in rows]),
        records=records,
        merged=merged,
    )
    return [telling.conflict(key, rows) for key, rows in clashes.items()]


def _ids(
    book: FieldBook,
    clashes: Mapping[int, Sequence[LocalChange]],
    records: Mapping[int, Row[Any]],
    merged: Mapping[int, Sequence[Row[Any]]],
) -> set[int]:
    """Return the ids of everything that is told by name."""
    values = [
        (field_named(book, change.field), value)
        for rows in clashes.values()
        for change in rows
        for value in (change.base, change.value, change.crm_value)
    ] + [
        (field, exact_json(row.value))
        for rows in merged.values()
        for row in rows
        if (field := book.at(row.field, row.observed_at)) is not None
    ]
    people = {change.crm_modified_by for rows in clashes.values() for change in rows}
    referred = {key for row in records.values() for key in (row.account_id, row.owner_id)}
    return (
        ids_in(values)
        | {int(each) for each in people if each is not None and each.isdigit()}
        | {each for each in referred if each is not None}
    )
