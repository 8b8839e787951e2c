"""Changes of all deals as they arrived, out of the change log, in parts from the newest on.

First readings are left out: neither a deal that a first load brought nor a field that was read for
the first time changed in the CRM. So are fields that follow every change. What one author did to a
deal at one moment is one entry; its last row in the log is its head. Heads are found by walking the
log backwards on an index that holds nothing else, so the newest cost the same however long it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, Text, bindparam, select, text

from pulse.core.fields import DEAL_FIELD_BY_NAME
from pulse.core.modules import DEALS
from pulse.core.sync import ChangeKind
from pulse.deals.detail import author
from pulse.deals.recent_schemas import RecentChange, RecentChanges, RecentKind
from pulse.deals.timeline_schemas import FieldChange
from pulse.fields.field_book import DealField, label_of, read_field_book
from pulse.fields.reading import exact_json, ids_in, names_of, read_value
from pulse.fields.values import Named
from pulse.models import Deal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.fields.field_book import FieldBook
    from pulse.fields.reading import Names

_KINDS: Final = {
    ChangeKind.CREATED: RecentKind.CREATED,
    ChangeKind.UPDATED: RecentKind.CHANGED,
    ChangeKind.DELETED: RecentKind.DELETED,
    ChangeKind.RESTORED: RecentKind.RESTORED,
}
_UNTOLD: Final = ["Modified_By", "Last_Activity_Time"]
"""Fields that follow every change: the entry itself says who and when."""
_FIRST: Final = ("Stage", "OCH_Revenue", "Closing_Date", "Probability", "Opportunity_Owner")
_WEIGHT: Final = {
    name: place for place, name in enumerate(dict.fromkeys((*_FIRST, *DEAL_FIELD_BY_NAME)))
}
_LIGHT: Final = 1_000
"""Fields without a canonical name; computed ones are lighter still."""

# The values of a created deal's row are its whole document: they are not read.
_ENTRIES: Final = text("""
    WITH heads AS (
      SELECT head.id, head.record_id, head.kind, head.changed_at, head.changed_by, head.side,
        head.observed_at
      FROM change_log head
      WHERE head.module = :module AND head.kind NOT IN ('learned','dropped')
        AND (head.kind <> 'created' OR head.new_value IS NOT NULL)
        AND (head.field IS NULL OR head.field <> ALL(:untold))
        AND (CAST(:before AS bigint) IS NULL OR head.id < :before)
        AND NOT EXISTS (
          SELECT FROM change_log later
          WHERE later.record_id = head.record_id AND later.id > head.id
            AND later.changed_at = head.changed_at AND later.kind = head.kind
            AND later.side = head.side AND later.changed_by IS NOT DISTINCT FROM head.changed_by
            AND (later.field IS NULL OR later.field <> ALL(:untold))
        )
      ORDER BY head.id DESC LIMIT :limit
    )
    SELECT heads.*, part.field, part.observed_at AS seen_at,
      CASE WHEN part.field IS NOT NULL THEN CAST(part.old_value AS text) END AS old,
      CASE WHEN part.field IS NOT NULL THEN CAST(part.new_value AS text) END AS new
    FROM heads JOIN change_log part
      ON part.record_id = heads.record_id AND part.id <= heads.id
        AND part.changed_at = heads.changed_at AND part.kind = heads.kind
        AND part.side = heads.side AND part.changed_by IS NOT DISTINCT FROM heads.changed_by
        AND (part.field IS NULL OR part.field <> ALL(:untold))
    ORDER BY heads.id DESC, part.id
""").bindparams(bindparam("untold", type_=ARRAY(Text)))


@dataclass(frozen=True, slots=True)
class _Deal:
    """What an entry says of its deal, as it is now."""

    name: str | None
    account_id: int | None
    currency: str | None


async def recent_changes(db: AsyncSession, before: int | None, limit: int) -> RecentChanges:
    """Return up to `limit` changes, newest first, that arrived before the one with that id."""
    rows = (
        await db.execute(
            _ENTRIES,
            {"module": DEALS, "untold": _UNTOLD, "before": before, "limit": limit + 1},
        )
    ).all()
    entries: dict[int, list[Row[Any]]] = {}
    for row in rows:
        entries.setdefault(row.id, []).append(row)
    shown = list(entries.values())[:limit]
    deals = {
        row.id: _Deal(row.name, row.account_id, row.currency)
        for row in await db.execute(
            select(Deal.id, Deal.name, Deal.account_id, Deal.currency).where(
                Deal.id.in_([parts[0].record_id for parts in shown])
            )
        )
    }
    book = await read_field_book(db)
    names = await names_of(db, _ids(book, shown, deals))
    return RecentChanges(
        items=[_entry(book, names, parts, deals.get(parts[0].record_id)) for parts in shown],
        before=str(shown[-1][0].id) if len(entries) > limit else None,
        has_more=len(entries) > limit,
    )


def _ids(
    book: FieldBook,
    entries: Sequence[Sequence[Row[Any]]],
    deals: Mapping[int, _Deal],
) -> set[int]:
    values = (
        (_field(book, row), exact_json(stored))
        for parts in entries
        for row in parts
        if row.field is not None
        for stored in (row.old, row.new)
    )
    people = {parts[0].changed_by for parts in entries}
    accounts = {deal.account_id for deal in deals.values() if deal.account_id is not None}
    return ids_in(values) | {int(each) for each in people if each and each.isdigit()} | accounts


def _entry(
    book: FieldBook,
    names: Names,
    parts: Sequence[Row[Any]],
    deal: _Deal | None,
) -> RecentChange:
    head = parts[0]
    fields = [(_field(book, row), row) for row in parts if row.field is not None]
    fields.sort(key=lambda each: _weight(each[0]))
    currency = None if deal is None else deal.currency
    return RecentChange(
        id=str(head.id),
        kind=_KINDS[ChangeKind(head.kind)],
        deal=Named(id=str(head.record_id), name=None if deal is None else deal.name),
        account=None if deal is None else names.get(str(deal.account_id)),
        at=head.changed_at,
        arrived_at=head.observed_at,
        side=head.side,
        by=author(head.changed_by, names),
        changes=[
            FieldChange(
                api_name=field.api_name,
                label=label_of(field),
                is_removed=field.is_removed,
                old=read_value(field, exact_json(row.old), names, currency),
                new=read_value(field, exact_json(row.new), names, currency),
            )
            for field, row in fields
        ],
    )


def _field(book: FieldBook, row: Row[Any]) -> DealField:
    """Return the field of a row under its present name; one that nobody describes is text."""
    found = book.at(row.field, row.seen_at)
    return found or DealField(0, row.field, row.field, "text", is_removed=True)


def _weight(field: DealField) -> tuple[int, str]:
    is_computed = field.result_type is not None or field.data_type == "rollup_summary"
    place = _WEIGHT.get(field.canonical_name or "", _LIGHT)
    return (2 * _LIGHT if is_computed else place, field.label)
