"""A stretch of the table: which deals come at which place, then what their cells show.

Two statements of one snapshot: the first orders and cuts ids over as few columns as the order and
the filters need, the second reads the cells of those few. At 100,000 deals each order takes less
than 0.2 s at any offset, so no place in the table is farther away than another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVarTuple

from sqlalchemy import null, select

from pulse.core.deal_filters import DealState, Outcome
from pulse.core.fields import DEAL_FIELDS
from pulse.core.sync import Presence, RecordStatus
from pulse.deals.marks import read_local_edits
from pulse.deals.table.cell_marks import cell_marks
from pulse.deals.table.columns import (
    CRM_PREFIX,
    STATE,
    Basis,
    changed_at,
    columns_of,
    no_history,
    unknown_column,
)
from pulse.deals.table.crm_cells import crm_cells
from pulse.deals.table.schemas import DealRow, DealWindow, RateSource, Reference, StageOfDeal
from pulse.models import Deal, RecordSyncStatus
from pulse.queries.deal_filters import conditions
from pulse.queries.deal_names import ACCOUNT_NAME, OWNER_NAME, account_of, owner_of
from pulse.queries.moments import NOW, deals_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.deal_filters import DealFilter
    from pulse.deals.marks_schemas import FieldMark
    from pulse.deals.table.columns import Column
    from pulse.queries.deal_filters import Scope
    from pulse.queries.moments import DealsAt
    from pulse.queries.stages import SalesProcess
    from pulse.web.paging import PageRequest

    # Any: what the statement below selects.
    TableRow = Row[*tuple[Any, ...]]

DEFAULT_SORT: Final = "-changed_at"

Selected = TypeVarTuple("Selected")
_STEPS: Final = 4


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What is asked of the table; `sort` is a column's key, behind a minus for descending."""

    wanted: DealFilter
    sort: str
    columns: Sequence[str]
    page: PageRequest
    as_of: datetime | None = None
    """None is now; `scope` of a past moment has the rates of its day."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands beside a deal's narrow columns, by column key."""

    # Any: what a field of the CRM holds is open; see `DealRow.fields`.
    of_crm_fields: Mapping[str, Any]
    marks: Mapping[str, FieldMark]


async def deal_window(
    db: AsyncSession,
    asked: TableRequest,
    scope: Scope,
    process: SalesProcess,
    asking: UUID | None = None,
) -> DealWindow:
    """Return the rows asked for; `asking` is who will read them.

    Of a past moment rows are versions: without sync status, marks and the CRM's further fields.
    Raises InvalidInputError that names a column that is unknown, or has no history.
    """
    known = columns_of(scope.fields)
    shown = [_crm_column(key, known) for key in asked.columns]
    deals = deals_at(asked.as_of)
    if not deals.is_now:
        _refuse_without_history(asked)
    query = _places(asked, scope, process, deals)
    found = [row.id for row in await db.execute(query)]
    ids = found[: asked.page.limit]
    rows = await _rows(db, ids, scope, deals)
    has_more = len(found) > len(ids)
    if not deals.is_now:
        past = [_shown(rows[deal], _NO_CELLS, scope, process) for deal in ids]
        return _window(asked, past, has_more=has_more)
    # Few deals are edited at a time: nobody else pays for reading what their marks need.
    edits = await read_local_edits(
        db, [deal for deal in ids if rows[deal].sync_status != RecordStatus.SYNCED]
    )
    cells = await crm_cells(db, ids, shown, edits)
    marks = await cell_marks(
        db, edits, scope.fields, {deal: rows[deal].currency for deal in edits}, asking
    )
    # In one snapshot every deal that has a place has its row.
    items = [
        _shown(rows[deal], Cells(cells.get(deal, {}), marks.get(deal, {})), scope, process)
        for deal in ids
    ]
    return _window(asked, items, has_more=has_more)


def _window(asked: TableRequest, items: list[DealRow], *, has_more: bool) -> DealWindow:
    return DealWindow(
        items=items,
        limit=asked.page.limit,
        offset=asked.page.offset,
        has_more=has_more,
        as_of=asked.as_of,
    )


def _refuse_without_history(asked: TableRequest) -> None:
    """Raise InvalidInputError that names the first column of which no past is known."""
    key = asked.sort.removeprefix("-")
    for each in (*asked.columns, key):
        if each.startswith(CRM_PREFIX) or each == STATE:
            raise no_history(each)


def _crm_column(key: str, known: Mapping[str, Column]) -> Column:
    column = known.get(key)
    if column is None or column.crm_field is None:
        raise unknown_column(key)
    return column


def in_order(
    query: Select[*Selected],
    sort: str,
    scope: Scope,
    process: SalesProcess,
    deals: DealsAt = NOW,
) -> tuple[Select[*Selected], tuple[ColumnElement[Any], ColumnElement[Any]]]:
    """Return a query over `deals` with what its order needs joined, and what to order it by.

    `sort` is a column's key, behind a minus for descending. What is empty comes last, ties go by
    id. Raises InvalidInputError that names an unknown column.
    """
    key = sort.removeprefix("-")
    column = columns_of(scope.fields).get(key)
    if column is None or column.ordering is None:
        raise unknown_column(key)
    ordering = column.ordering(Basis(scope.money, process, deals))
    for join in ordering.joins:
        query = join.onto(query)
    is_descending = sort.startswith("-")
    first = ordering.expression.desc() if is_descending else ordering.expression.asc()
    if not ordering.is_never_empty:
        first = first.nulls_last()
    # The id goes the same way, so that one index serves both.
    return query, (first, deals.id.desc() if is_descending else deals.id.asc())


def _places(
    asked: TableRequest, scope: Scope, process: SalesProcess, deals: DealsAt
) -> Select[int]:
    """Return the ids at the places asked for, and one more to tell whether the table goes on."""
    chosen: Select[int] = select(deals.id.label("id")).where(
        *conditions(asked.wanted, scope, deals)
    )
    query, order = in_order(chosen, asked.sort, scope, process, deals)
    return query.order_by(*order).limit(asked.page.limit + 1).offset(asked.page.offset)


async def _rows(
    db: AsyncSession, ids: Sequence[int], scope: Scope, deals: DealsAt
) -> Mapping[int, TableRow]:
    deal = deals.deal
    # Any: columns of the mirror or of a version, more than SQLAlchemy can type.
    query: Any = (
        select(
            deals.id.label("id"),
            # Not the whole entity: a version's end may be 'infinity', which Python has no date for.
            *(getattr(deal, column).label(column) for column in _FACTS),
            changed_at(deals).label("changed_at"),
            scope.money.value(deal).label("value"),
            scope.money.weighted(deal).label("weighted"),
            scope.money.uses_own_rate(deal).label("uses_own_rate"),
            ACCOUNT_NAME.label("account_name"),
            OWNER_NAME.label("owner_name"),
            *(_STANDING if deals.is_now else _NO_STANDING),
        )
        .select_from(deals.table)
        .where(deals.id.in_(ids), *(() if deals.is_now else (deals.held(),)))
    )
    if deals.is_now:
        query = query.join(RecordSyncStatus, RecordSyncStatus.zoho_record_id == Deal.id)
    rows = await db.execute(owner_of(deal).onto(account_of(deal).onto(query)))
    return {row.id: row for row in rows}


# The columns that the mirror and its versions share.
_FACTS: Final = tuple(
    field.column for field in DEAL_FIELDS if field.column not in {"id", "crm_modified_at"}
)
# How a record stands to the CRM is known of now only.
_STANDING: Final = (
    RecordSyncStatus.sync_status,
    RecordSyncStatus.presence,
    RecordSyncStatus.error_details,
)
_NO_STANDING: Final = tuple(null().label(column.key) for column in _STANDING)
_NO_CELLS: Final = Cells({}, {})


def _shown(deal: TableRow, cells: Cells, scope: Scope, process: SalesProcess) -> DealRow:
    return DealRow(
        id=str(deal.id),
        state=_state(deal),
        error=deal.error_details,
        name=deal.name,
        account=_reference(deal.account_id, deal.account_name),
        owner=_reference(deal.owner_id, deal.owner_name),
        stage=stage_of(deal.stage, deal.probability, process),
        probability=deal.probability,
        amount=deal.amount,
        currency=deal.currency,
        exchange_rate=deal.exchange_rate,
        value=deal.value,
        weighted=deal.weighted,
        rate_source=_rate_source(deal, scope),
        closing_date=deal.closing_date,
        country=_label(deal, "country", scope),
        region=_label(deal, "business_region", scope),
        solution=_label(deal, "solution_type", scope),
        funding=_label(deal, "funding_type", scope),
        segment=_label(deal, "market_segment", scope),
        created_at=deal.crm_created_at,
        changed_at=deal.changed_at,
        proposal_submitted_on=deal.proposal_submitted_on,
        po_generated_on=deal.po_generated_on,
        kicked_off_on=deal.kicked_off_on,
        invoiced_on=deal.invoiced_on,
        payment_received_on=deal.payment_received_on,
        revenue_recognised_on=deal.revenue_recognised_on,
        fields=dict(cells.of_crm_fields),
        marks=dict(cells.marks),
    )


def _state(row: TableRow) -> DealState | None:
    if row.presence == Presence.DELETED:
        return DealState.DELETED
    return None if row.sync_status is None else DealState(row.sync_status)


def _label(deal: TableRow, column: str, scope: Scope) -> str | None:
    stored: str | None = getattr(deal, column)
    return None if stored is None else scope.fields.labels(column).get(stored, stored)


def _reference(record_id: int | None, name: str | None) -> Reference | None:
    return None if record_id is None else Reference(id=str(record_id), name=name)


def _rate_source(row: TableRow, scope: Scope) -> RateSource | None:
    if row.value is None:
        return None
    if row.uses_own_rate:
        return RateSource.DEAL
    none_needed = {scope.money.base, *((None,) if scope.money.is_single else ())}
    return RateSource.NONE_NEEDED if row.currency in none_needed else RateSource.CRM


def stage_of(
    name: str | None, probability: Decimal | None, process: SalesProcess
) -> StageOfDeal | None:
    """Return where a deal stands. Where the CRM forecasts no stage, probability tells how far."""
    if name is None:
        return None
    described = next((stage for stage in process.stages if stage.name == name), None)
    outcome = None if described is None else described.outcome
    if not process.tells_outcomes and probability is not None:
        outcome = _outcome_of(probability)
        step = None if outcome is not Outcome.OPEN else min(int(probability) // 25, 3) + 1
    else:
        step = _step(name, process) if outcome is Outcome.OPEN else None
    label = name if described is None else described.label
    return StageOfDeal(value=name, label=label, step=step, outcome=outcome)


def _outcome_of(probability: Decimal) -> Outcome:
    if probability <= 0:
        return Outcome.LOST
    return Outcome.WON if probability >= 100 else Outcome.OPEN  # noqa: PLR2004 - a whole


def _step(name: str, process: SalesProcess) -> int:
    names = process.names(Outcome.OPEN)
    return names.index(name) * _STEPS // len(names) + 1
