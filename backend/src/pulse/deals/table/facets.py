"""The values to filter by: what deals have in a field, most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Text, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB

from pulse.core.deal_filters import DIMENSION_COLUMN, EMPTY, Dimension
from pulse.deals.table.columns import CRM_PREFIX, no_history, unknown_column
from pulse.deals.table.schemas import Facet, FacetValue
from pulse.models import Deal, Document
from pulse.queries.deal_fields import FieldKind
from pulse.queries.deal_filters import conditions
from pulse.queries.deal_names import NAME_OF
from pulse.queries.moments import deals_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.deal_filters import DealFilter
    from pulse.queries.deal_fields import DealField
    from pulse.queries.deal_filters import Scope
    from pulse.queries.moments import DealsAt
    from pulse.queries.stages import SalesProcess

_EMPTY_LABEL: Final = "Empty"
_TRUTH: Final = {"true": "Yes", "false": "No"}


def has_facet(field: DealField) -> bool:
    """Return whether values of a CRM field repeat, so that counting them helps to choose."""
    return bool(field.options) or field.kind is FieldKind.BOOLEAN


async def facet(
    db: AsyncSession,
    name: str,
    wanted: DealFilter,
    scope: Scope,
    process: SalesProcess,
    *,
    search: str = "",
    limit: int = 50,
    as_of: datetime | None = None,
) -> Facet:
    """Return the values of a field under all *other* filters, with the number of their deals.

    `name` is a dimension, or the key of a CRM field with a picklist, which has no history.
    Raises InvalidInputError.
    """
    deals = deals_at(as_of)
    if name in tuple(Dimension):
        dimension = Dimension(name)
        counts = _of_dimension(dimension, wanted.without_dimension(dimension), scope, deals)
        labels = _labels(dimension, scope, process)
    else:
        field = scope.fields.fields.get(name.removeprefix(CRM_PREFIX))
        if field is None or not name.startswith(CRM_PREFIX) or not has_facet(field):
            raise unknown_column(name)
        if not deals.is_now:
            raise no_history(name)
        counts = _of_field(field, wanted.without_field(field.api_name), scope)
        labels = dict(field.options) if field.options else _TRUTH
    return await _answer(db, name, counts, labels, search.strip(), limit)


# Any: a select of value, label and count.
async def _answer(
    db: AsyncSession,
    name: str,
    counts: Any,  # noqa: ANN401 - as above
    labels: Mapping[str, str],
    search: str,
    limit: int,
) -> Facet:
    counted = counts.subquery()
    query = select(counted.c.value, counted.c.label, counted.c.deals)
    if search:
        lowered = search.lower()
        fitting = [value for value, label in labels.items() if lowered in label.lower()]
        query = query.where(
            (func.strpos(func.lower(counted.c.label), func.lower(search)) > 0)
            | counted.c.value.in_(fitting)
        )
    rows = (
        await db.execute(
            query.order_by(counted.c.deals.desc(), counted.c.label, counted.c.value).limit(
                limit + 1
            )
        )
    ).all()
    return Facet(
        field=name,
        values=[
            FacetValue(
                value=EMPTY if row.value is None else row.value,
                label=_EMPTY_LABEL if row.value is None else labels.get(row.value, row.label),
                count=row.deals,
            )
            for row in rows[:limit]
        ],
        has_more=len(rows) > limit,
    )


def _of_dimension(dimension: Dimension, wanted: DealFilter, scope: Scope, deals: DealsAt) -> Any:  # noqa: ANN401 - as above
    column = getattr(deals.deal, DIMENSION_COLUMN[dimension])
    value = cast(column, Text)
    query = select(value.label("value"), func.count().label("deals")).where(
        *conditions(wanted, scope, deals)
    )
    if dimension not in NAME_OF:
        return query.add_columns(value.label("label")).group_by(column)
    # Counted by id, then named: names may be shared.
    name, named_by = NAME_OF[dimension]
    label = func.max(name).label("label")
    return named_by(deals.deal).onto(query.add_columns(label)).group_by(column)


def _of_field(field: DealField, wanted: DealFilter, scope: Scope) -> Any:  # noqa: ANN401 - as above
    value: ColumnElement[Any]
    query = (
        select(func.count().label("deals"))
        .select_from(Deal)
        .join(Document, Document.record_id == Deal.id)
        .where(*conditions(wanted, scope))
    )
    if field.kind is FieldKind.CHOICES:
        held = func.jsonb_array_elements_text(
            func.coalesce(Document.document[field.api_name], cast(literal("[null]"), JSONB))
        ).table_valued("value", name="held")
        query = query.join(held, true())
        value = held.c.value
    else:
        value = Document.document[field.api_name].astext
    return query.add_columns(value.label("value"), value.label("label")).group_by(value)


def _labels(dimension: Dimension, scope: Scope, process: SalesProcess) -> Mapping[str, str]:
    if dimension is Dimension.STAGE:
        return {stage.name: stage.label for stage in process.stages}
    return scope.fields.labels(DIMENSION_COLUMN[dimension])
