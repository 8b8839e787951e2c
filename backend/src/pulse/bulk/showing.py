"""Show the values of bulk operations to people: named, and typed by their fields."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pulse.bulk.schemas import ShownChange
from pulse.fields.field_book import DealField, label_of, read_field_book
from pulse.fields.reading import ids_in, names_of, read_value
from pulse.models import Deal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.schemas import ItemResult, PreviewRow
    from pulse.fields.reading import Stored


async def show_changes(db: AsyncSession, rows: Sequence[PreviewRow | ItemResult]) -> None:
    """Fill `changes` of rows, in as many statements for many rows as for one."""
    if not rows:
        return
    fields = {
        field.api_name: field
        for field in (await read_field_book(db)).fields
        if not field.is_removed
    }
    names = await names_of(
        db,
        ids_in(
            (fields[name], values[name])
            for row in rows
            for values in (row.before or {}, row.after)
            for name in values
            if name in fields
        ),
    )
    currencies = await db.execute(
        select(Deal.id, Deal.currency).where(Deal.id.in_([int(row.id) for row in rows]))
    )
    currency_of = {str(record_id): currency for record_id, currency in currencies}
    for row in rows:
        row.changes = [
            _change(
                name, fields.get(name), row.before or {}, row.after, names, currency_of.get(row.id)
            )
            for name in row.after
        ]


# Any: canonical JSON.
def _change(
    name: str,
    field: DealField | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Mapping[str, str | None],
    currency: str | None,
) -> ShownChange:
    # A field that is gone from the CRM is shown as the text that it held.
    known = field or _plain(name)
    return ShownChange(
        field=name,
        label=label_of(known),
        before=read_value(known, _exact(before.get(name)), names, currency),
        after=read_value(known, _exact(after.get(name)), names, currency),
    )


def _exact(stored: Any) -> Stored:  # noqa: ANN401 - canonical JSON
    # Items are read through the ORM, whose JSON has floats: their shortest digits are those stored.
    return Decimal(repr(stored)) if isinstance(stored, float) else stored


def _plain(name: str) -> DealField:
    return DealField(field_id=0, api_name=name, label=name, data_type="text")
