"""The list of columns as the page offers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.deal_filters import Dimension
from pulse.deals.table.facets import has_facet
from pulse.deals.table.rows import DEFAULT_SORT
from pulse.deals.table.schemas import ColumnLine, ColumnList
from pulse.queries.deal_filters import tests_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pulse.deals.table.columns import Column


def column_list(columns: Mapping[str, Column], base: str, today: date) -> ColumnList:
    """Return every column with what can be done with it."""
    return ColumnList(
        columns=[_line(column) for column in columns.values()],
        default_sort=DEFAULT_SORT,
        base_currency=base,
        today=today,
    )


def _line(column: Column) -> ColumnLine:
    field = column.crm_field
    return ColumnLine(
        key=column.key,
        label=column.label,
        kind=column.kind,
        data_type=None if field is None else field.data_type,
        is_crm_field=field is not None,
        is_default=column.is_default,
        is_sortable=column.ordering is not None,
        has_facet=column.key in tuple(Dimension) if field is None else has_facet(field),
        tests=[] if field is None else list(tests_of(field.kind)),
    )
