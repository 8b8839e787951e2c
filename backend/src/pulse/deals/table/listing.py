"""The list of columns as the page offers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.core.deal_filters import Dimension
from pulse.deals.table.cell_marks import api_names
from pulse.deals.table.columns import columns_of
from pulse.deals.table.facets import has_facet
from pulse.deals.table.rows import DEFAULT_SORT
from pulse.deals.table.schemas import ColumnLine, ColumnList
from pulse.queries.deal_filters import tests_of

if TYPE_CHECKING:
    from datetime import date

    from pulse.deals.table.columns import Column
    from pulse.edits.rules import FieldRule, Rules
    from pulse.queries.deal_fields import DealFields

_COMPUTED: Final = "We compute it from other fields."


def column_list(fields: DealFields, rules: Rules, base: str, today: date) -> ColumnList:
    """Return every column with what can be done with it; `rules` say which cells can be edited."""
    names = api_names(fields)
    return ColumnList(
        columns=[
            _line(column, rules.fields.get(names.get(key, "")))
            for key, column in columns_of(fields).items()
        ],
        default_sort=DEFAULT_SORT,
        base_currency=base,
        today=today,
    )


def _line(column: Column, rule: FieldRule | None) -> ColumnLine:
    field = column.crm_field
    return ColumnLine(
        key=column.key,
        label=column.label,
        kind=column.kind,
        data_type=None if field is None else field.data_type,
        api_name=None if rule is None else rule.api_name,
        read_only_reason=_COMPUTED if rule is None else rule.read_only_reason,
        is_crm_field=field is not None,
        is_default=column.is_default,
        is_sortable=column.ordering is not None,
        has_facet=column.key in tuple(Dimension) if field is None else has_facet(field),
        tests=[] if field is None else list(tests_of(field.kind)),
    )
