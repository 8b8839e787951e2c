"""Marks on the cells of the few deals on a page that were edited here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.deals.table.columns import CRM_PREFIX
from pulse.fields.field_book import read_field_book
from pulse.fields.reading import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.deals.marks import LocalEdits
    from pulse.deals.marks_schemas import FieldMark
    from pulse.queries.deal_fields import DealFields

_KEYS: Final = {
    "account_id": "account",
    "owner_id": "owner",
    "business_region": "region",
    "solution_type": "solution",
    "funding_type": "funding",
    "market_segment": "segment",
    "crm_created_at": "created_at",
    "crm_modified_at": "changed_at",
}
"""Columns of the narrow table whose key in the table of deals is another word."""


def api_names(fields: DealFields) -> Mapping[str, str]:
    """Return which field of the CRM a column shows, by column key; computed ones are absent."""
    canonical = {_KEYS.get(column, column): name for column, name in fields.mapped.items()}
    return canonical | {CRM_PREFIX + name: name for name in fields.fields}


async def cell_marks(
    db: AsyncSession,
    edits: Mapping[int, LocalEdits],
    fields: DealFields,
    currencies: Mapping[int, str | None],
    asking: UUID | None,
) -> Mapping[int, dict[str, FieldMark]]:
    """Return the marks of deals by column key. `currencies` are the deals' own."""
    if not edits:
        return {}
    book = await read_field_book(db)
    known = {field.api_name: field for field in book.fields if not field.is_removed}
    names = await names_of(db, set[int]().union(*(each.ids(book) for each in edits.values())))
    columns = [(key, known[name]) for key, name in api_names(fields).items() if name in known]
    return {
        deal: {
            key: mark
            for key, field in columns
            if (mark := each.mark(field, names, currencies[deal], asking))
        }
        for deal, each in edits.items()
    }
