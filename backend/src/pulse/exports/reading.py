"""Deals for a file: one statement in any column's order, read block by block.

A cursor of the server holds the result, so memory does not grow with the number of deals; names of
accounts and people are looked up for each block.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, literal, null, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from pulse.core.modules import DEALS
from pulse.exports.columns import AS_TEXT, CRM_PREFIX, Reading
from pulse.exports.order import changed_at, crm_field_of, order_of
from pulse.exports.rates import RateBook
from pulse.fields.reading import names_of
from pulse.models import Document, PendingChange, RecordSyncStatus
from pulse.queries.deal_fields import FieldKind
from pulse.queries.deal_filters import conditions
from pulse.queries.money import weighted_value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.analytics.question import Side
    from pulse.exports.cells import Cell
    from pulse.exports.columns import Column, DealLine
    from pulse.queries.deal_fields import DealField

BLOCK: Final = 2_000
"""Deals that are in memory at a time."""
_FACTS: Final = (
    "name", "account_id", "owner_id", "amount", "currency", "exchange_rate", "probability",
    "stage", "closing_date", "crm_created_at", "country", "business_region", "solution_type",
    "funding_type", "market_segment", "proposal_submitted_on", "po_generated_on", "kicked_off_on",
    "invoiced_on", "payment_received_on", "revenue_recognised_on",
)  # fmt: skip
_LABELLED: Final = (
    "country", "business_region", "solution_type", "funding_type", "market_segment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DealList:
    """Which deals, in which columns and order: a column's key, behind a minus for descending."""

    side: Side
    columns: Sequence[Column]
    sort: str


async def count_deals(db: AsyncSession, side: Side) -> int:
    """Return how many deals a file of them has."""
    deals = side.deals()
    query = (
        select(func.count())
        .select_from(deals.table)
        .where(*conditions(side.wanted, side.scope, deals))
    )
    return await db.scalar(query) or 0


async def read_lines(db: AsyncSession, wanted: DealList) -> AsyncIterator[list[list[Cell]]]:
    """Yield the cells of all deals, block by block."""
    scope = wanted.side.scope
    reading = Reading(
        scope=scope,
        rates=RateBook(scope.money),
        labels={name: scope.fields.labels(name) for name in _LABELLED},
        names={},
    )
    lines = await db.stream(deals_statement(wanted).execution_options(yield_per=BLOCK))
    async for block in lines.partitions(BLOCK):
        named = replace(reading, names=await names_of(db, _ids(block, wanted.columns)))
        yield [[column.cell(line, named) for column in wanted.columns] for line in block]


def _ids(block: Sequence[DealLine], columns: Sequence[Column]) -> set[int]:
    keys = {column.key for column in columns}
    facts = [
        name for key, name in (("account", "account_id"), ("owner", "owner_id")) if key in keys
    ]
    references = [
        CRM_PREFIX + column.field.api_name
        for column in columns
        if column.field is not None and column.field.kind is FieldKind.REFERENCE
    ]
    found = {getattr(line, name) for line in block for name in facts}
    found |= {_id(getattr(line, name)) for line in block for name in references}
    return {each for each in found if each is not None}


def _id(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


# Any: a statement of many columns.
def deals_statement(wanted: DealList) -> Select[Any]:
    """Return the statement of a list. Raises InvalidInputError that names an unknown order."""
    side = wanted.side
    deals = side.deals()
    deal = deals.deal
    value = side.scope.money.value(deal)
    further = [column.field for column in wanted.columns if column.field is not None]
    status = (
        (RecordSyncStatus.sync_status, RecordSyncStatus.presence)
        if deals.is_now
        else (null().label("sync_status"), null().label("presence"))
    )
    query = select(
        deals.id.label("id"),
        *(getattr(deal, name).label(name) for name in _FACTS),
        changed_at(deals).label("changed_at"),
        value.label("value"),
        weighted_value(value, deal.probability).label("weighted"),
        *status,
        *_crm_values(further),
    ).where(*conditions(side.wanted, side.scope, deals))
    if deals.is_now:
        query = query.outerjoin(RecordSyncStatus, RecordSyncStatus.zoho_record_id == deals.id)
    key = wanted.sort.removeprefix("-")
    if further or (deals.is_now and crm_field_of(key, side) is not None):
        query = query.outerjoin(Document, Document.record_id == deals.id)
    if further:
        query = query.outerjoin(_EDITS, _EDITS.c.record_id == deals.id)
    order = order_of(key, deals, side)
    is_descending = wanted.sort.startswith("-")
    first = (order.desc() if is_descending else order.asc()).nulls_last()
    return query.order_by(first, deals.id.desc() if is_descending else deals.id.asc())


# The newest value of every local edit of a record, by API name, as pages show it.
_EDITS: Final = (
    select(
        PendingChange.record_id,
        func.jsonb_object_agg(
            PendingChange.field,
            aggregate_order_by(PendingChange.new_value, (PendingChange.state != "sent").asc()),
        ).label("edits"),
    )
    .where(PendingChange.module == DEALS)
    .group_by(PendingChange.record_id)
    .subquery("edits")
)


def _crm_values(fields: Sequence[DealField]) -> list[ColumnElement[Any]]:
    shown = Document.document.op("||", return_type=JSONB())(
        func.coalesce(_EDITS.c.edits, literal({}, JSONB()))
    )
    return [_crm_value(shown, field).label(CRM_PREFIX + field.api_name) for field in fields]


def _crm_value(document: ColumnElement[Any], field: DealField) -> ColumnElement[Any]:
    if field.kind in AS_TEXT:
        # JSON would lose digits of a number.
        text: ColumnElement[Any] = document.op("->>")(field.api_name)
        return text
    value: ColumnElement[Any] = document.op("->", return_type=JSONB())(field.api_name)
    return value
