"""Cells of the CRM's own fields: read out of the documents of the few deals that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, select, union_all

from pulse.deals.table.schemas import Reference
from pulse.models import Account, Document, LookupName, User
from pulse.queries.deal_fields import FieldKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.deals.marks import LocalEdits
    from pulse.deals.table.columns import Column
    from pulse.queries.deal_fields import DealField

Cells = dict[str, Any]
"""By column key. Any: what a field of the CRM holds is open; see `DealRow.fields`."""


async def crm_cells(
    db: AsyncSession,
    ids: Sequence[int],
    columns: Sequence[Column],
    edits: Mapping[int, LocalEdits],
) -> Mapping[int, Cells]:
    """Return the filled cells of `columns` by deal, under its local edits."""
    fields = [(column.key, column.crm_field) for column in columns if column.crm_field is not None]
    if not ids or not fields:
        return {}
    rows = await db.execute(
        select(Document.record_id, *(Document.document[each.api_name] for _, each in fields)).where(
            Document.record_id.in_(ids)
        )
    )
    stored = {
        row[0]: _edited(edits.get(row[0]), [each for _, each in fields], row[1:]) for row in rows
    }
    named = await _names(
        db,
        {
            int(value)
            for cells in stored.values()
            for (_, each), value in zip(fields, cells, strict=True)
            if each.kind is FieldKind.REFERENCE and isinstance(value, str) and value.isdigit()
        },
    )
    options = {key: dict(each.options) for key, each in fields}
    return {
        deal: {
            key: _shown(each.kind, value, options[key], named)
            for (key, each), value in zip(fields, cells, strict=True)
            if value is not None
        }
        for deal, cells in stored.items()
    }


def _edited(
    edits: LocalEdits | None, fields: Sequence[DealField], cells: Sequence[Any]
) -> Sequence[Any]:
    """Return a deal's cells with the values that were edited here."""
    if edits is None:
        return cells
    newest = [edits.newest(field.api_name) for field in fields]
    return [
        cell if change is None else change.value for change, cell in zip(newest, cells, strict=True)
    ]


def _shown(
    kind: FieldKind,
    value: Any,  # noqa: ANN401 - any JSON value
    options: Mapping[str, str],
    named: Mapping[str, str | None],
) -> Any:  # noqa: ANN401 - as above
    match kind:
        case FieldKind.REFERENCE:
            return Reference(id=str(value), name=named.get(str(value))).model_dump()
        case FieldKind.DETAIL:
            return len(value) if isinstance(value, (list, dict)) else 1
        case FieldKind.CHOICES if isinstance(value, list):
            return [options.get(str(choice), str(choice)) for choice in value]
        case FieldKind.TEXT if isinstance(value, str):
            return options.get(value, value)
        case _:
            return value


async def _names(db: AsyncSession, ids: Collection[int]) -> Mapping[str, str | None]:
    """Return names by id: of users and accounts as their own records say, else as last seen."""
    if not ids:
        return {}
    known = union_all(
        select(LookupName.id, LookupName.name, literal(1).label("rank")).where(
            LookupName.id.in_(ids)
        ),
        select(Account.id, Account.name, literal(2)).where(Account.id.in_(ids)),
        select(User.id, User.full_name, literal(2)).where(User.id.in_(ids)),
    ).subquery()
    rows = await db.execute(select(known.c.id, known.c.name).order_by(known.c.rank))
    return {str(row.id): row.name for row in rows}
