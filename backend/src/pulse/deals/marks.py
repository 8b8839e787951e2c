"""From local changes to the marks that fields wear on pages, and the values that they show."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from pulse.core.modules import DEALS
from pulse.deals.marks_schemas import FieldMark, MarkState
from pulse.edits.reading import local_changes
from pulse.fields.reading import ids_in, read_value
from pulse.fields.values import Named
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.edits.reading import LocalChange
    from pulse.fields.field_book import DealField, FieldBook
    from pulse.fields.reading import Names, Stored

STATES: Final = {
    ChangeState.QUEUED: MarkState.PENDING,
    ChangeState.SENT: MarkState.PENDING,
    ChangeState.CONFLICT: MarkState.CONFLICT,
    ChangeState.ERROR: MarkState.ERROR,
}


class LocalEdits:
    """The local edits of one deal, by API name; of a field with two, the newer one counts."""

    def __init__(self, changes: Iterable[LocalChange] = ()) -> None:
        self.by_field: Mapping[str, Sequence[LocalChange]] = {
            name: list(rows) for name, rows in groupby(changes, key=lambda row: row.field)
        }

    def newest(self, api_name: str) -> LocalChange | None:
        """Return the edit whose value the pages show."""
        rows = self.by_field.get(api_name)
        return rows[-1] if rows else None

    def over(self, document: Mapping[str, Stored]) -> dict[str, Stored]:
        """Return a document as the pages show it: under its edits. Emptied fields are absent."""
        edited = {name: rows[-1].value for name, rows in self.by_field.items()}
        return {
            name: value for name, value in (dict(document) | edited).items() if value is not None
        }

    def ids(self, book: FieldBook) -> set[int]:
        """Return the ids that their values and authors in the CRM refer to."""
        fields = {field.api_name: field for field in book.fields if not field.is_removed}
        changes = [change for rows in self.by_field.values() for change in rows]
        return ids_in(
            (fields[change.field], value)
            for change in changes
            if change.field in fields
            for value in (change.base, change.value, change.crm_value)
        ) | {
            int(change.crm_modified_by)
            for change in changes
            if change.crm_modified_by is not None and change.crm_modified_by.isdigit()
        }

    def mark(
        self,
        field: DealField,
        names: Names,
        currency: str | None,
        asking: UUID | None,
    ) -> FieldMark | None:
        """Return the mark of a field for who is `asking`; None where nothing was edited."""
        rows = self.by_field.get(field.api_name)
        if not rows:
            return None
        oldest, newest = rows[0], rows[-1]
        by = newest.crm_modified_by
        is_conflict = newest.state is ChangeState.CONFLICT
        return FieldMark(
            state=STATES[newest.state],
            local=read_value(field, newest.value, names, currency),
            base=read_value(field, oldest.base, names, currency),
            is_base_known=oldest.is_base_known,
            crm=read_value(field, newest.crm_value, names, currency) if is_conflict else None,
            by=newest.author_name,
            is_mine=asking is not None and newest.author_id == asking,
            at=newest.edited_at,
            crm_by=None if by is None or not is_conflict else Named(id=by, name=names.get(by)),
            crm_at=newest.crm_modified_at if is_conflict else None,
            is_on_its_way=oldest.state is ChangeState.SENT,
            is_record_gone=newest.is_record_gone,
            is_skipped=newest.is_skipped,
            can_be_dropped=newest.state is not ChangeState.SENT,
            error_code=newest.error_code,
            error=newest.error_message,
        )


async def read_local_edits(db: AsyncSession, deal_ids: Collection[int]) -> Mapping[int, LocalEdits]:
    """Return the local edits of those deals that have any."""
    found = await local_changes(db, DEALS, deal_ids) if deal_ids else {}
    return {deal: LocalEdits(changes) for deal, changes in found.items()}
