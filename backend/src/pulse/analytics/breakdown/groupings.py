"""What deals can be broken down by: a key for each deal, its name for people, its order.

A key is the value as records carry it (an id for people and accounts, `2026-08` for a month,
`2026-Q3` for a quarter); null is "has none". Every deal has exactly one key, so groups add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import DateTime, Text, case, cast, func, literal, null

from pulse.analytics.breakdown.keys import (
    BANDS,
    BELOW,
    CRM_PREFIX,
    NONE_WORDS,
    ORDERS,
    WORDS,
    Calculated,
)
from pulse.core.deal_filters import (
    BAND_LIMITS,
    DIMENSION_COLUMN,
    REFERENCES,
    Dimension,
    Outcome,
)
from pulse.kit.errors import InvalidInputError
from pulse.models import Document
from pulse.queries.deal_fields import FieldKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Select

    from pulse.queries.deal_fields import DealField
    from pulse.queries.deal_filters import Scope
    from pulse.queries.moments import DealsAt

_GROUPED_KINDS: Final = (FieldKind.TEXT, FieldKind.BOOLEAN, FieldKind.REFERENCE)
_LONG_TEXT: Final = "textarea"
_TRUTH: Final = {"true": "Yes", "false": "No"}


class InvalidBreakdownError(InvalidInputError):
    """Deals cannot be broken down so."""

    code = "invalid_breakdown"


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group deals.

    A key is made in two steps: deals are grouped by `raw`, a cheap expression; `key` makes text of
    the few groups there are.
    """

    name: str
    raw: Callable[[DealsAt], ColumnElement[Any]]
    key: Callable[[ColumnElement[Any]], ColumnElement[Any]]
    none: str
    """What people read for deals that have none."""
    words: Callable[[str], str] = str
    """What people read for a key, unless it is the id of something that has a name."""
    order: Callable[[str], int | str] | None = None
    """The place of a key in an order of its own; None: groups are ordered by their figures."""
    is_named: bool = False
    """Keys are ids of people or records."""
    field: DealField | None = None
    """The CRM field whose documents are to be read; it has no history."""

    def onto(self, query: Select[Any], deals: DealsAt) -> Select[Any]:
        """Return the query with the tables joined that `raw` reads."""
        if self.field is None:
            return query
        return query.outerjoin_from(deals.table, Document, Document.record_id == deals.id)


def read_grouping(name: str, parameter: str, scope: Scope) -> Grouping:
    """Return a grouping by its name. Raises InvalidBreakdownError that names the parameter."""
    if name.startswith(CRM_PREFIX):
        return _of_crm_field(name, parameter, scope)
    if name in tuple(Dimension):
        return _of_dimension(Dimension(name), scope)
    if name in tuple(Calculated):
        return _calculated(Calculated(name), scope)
    raise unknown_grouping(name, parameter)


def unknown_grouping(name: str, parameter: str) -> InvalidBreakdownError:
    """Return the error for what deals cannot be grouped by."""
    return InvalidBreakdownError(
        f"{parameter}: deals cannot be broken down by {name!r}.",
        fix=f"Take one of {', '.join((*Dimension, *Calculated))}, or crm. and the API name of a "
        "further field of the CRM.",
        extra={"field": parameter},
    )


def _text(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(column, Text)


def _of_dimension(dimension: Dimension, scope: Scope) -> Grouping:
    column = DIMENSION_COLUMN[dimension]
    labels = scope.fields.labels(column)
    is_stage = dimension is Dimension.STAGE
    return Grouping(
        name=dimension,
        raw=lambda deals: getattr(deals.deal, column),
        key=_text,
        none=NONE_WORDS[dimension],
        words=scope.process.label if is_stage else lambda key: labels.get(key, key),
        order=scope.process.position if is_stage else None,
        is_named=dimension in REFERENCES,
    )


def _calculated(name: Calculated, scope: Scope) -> Grouping:
    raw, key = _EXPRESSIONS[name](scope)
    return Grouping(
        name=name, raw=raw, key=key, none=NONE_WORDS[name], words=WORDS[name], order=ORDERS[name]
    )


Expressions = tuple["Callable[[DealsAt], ColumnElement[Any]]", "Callable[..., ColumnElement[Any]]"]
"""`raw` and `key` of a grouping."""
# Without a zone: a date is no moment.
_DAY: Final = DateTime(timezone=False)


def _closing_month(_: Scope) -> Expressions:
    return (
        lambda deals: deals.deal.closing_date,
        lambda day: func.to_char(cast(day, _DAY), "YYYY-MM"),
    )


def _closing_quarter(_: Scope) -> Expressions:
    return (
        lambda deals: deals.deal.closing_date,
        lambda day: func.to_char(cast(day, _DAY), 'YYYY-"Q"Q'),
    )


def _created_month(scope: Scope) -> Expressions:
    return (
        lambda deals: func.date_trunc(
            "month", func.timezone(scope.zone.key, deals.deal.crm_created_at)
        ),
        lambda month: func.to_char(cast(month, _DAY), "YYYY-MM"),
    )


def _bands(_: Scope) -> Expressions:
    def key(probability: ColumnElement[Any]) -> ColumnElement[Any]:
        # By the next band's beginning: what lies between two belongs to the lower one.
        ends = [BAND_LIMITS[band][0] for band in BANDS]
        steps = [
            (probability < end, literal(str(band)))
            for band, end in zip((BELOW, *BANDS), ends, strict=False)
        ]
        return case(*steps, (probability.is_not(None), literal(str(BANDS[-1]))), else_=null())

    return lambda deals: deals.deal.probability, key


def _outcomes(scope: Scope) -> Expressions:
    return (
        lambda deals: case(
            *((scope.process.has(each, deals.deal), literal(each.value)) for each in Outcome),
            else_=null(),
        ),
        _text,
    )


_EXPRESSIONS: Final[Mapping[Calculated, Callable[[Scope], Expressions]]] = {
    Calculated.CLOSING_MONTH: _closing_month,
    Calculated.CLOSING_QUARTER: _closing_quarter,
    Calculated.CREATED_MONTH: _created_month,
    Calculated.PROBABILITY_BAND: _bands,
    Calculated.OUTCOME: _outcomes,
}


def _of_crm_field(name: str, parameter: str, scope: Scope) -> Grouping:
    api_name = name.removeprefix(CRM_PREFIX)
    found = scope.fields.fields.get(api_name)
    if found is None:
        raise unknown_grouping(name, parameter)
    if found.kind not in _GROUPED_KINDS or found.data_type == _LONG_TEXT:
        raise InvalidBreakdownError(
            f"{parameter}: {found.label} holds {_WHY_NOT.get(found.kind, 'long texts')}, so deals "
            "cannot be broken down by it.",
            fix="Take a picklist, a text, a checkbox or a reference.",
            extra={"field": parameter},
        )
    labels = _TRUTH if found.kind is FieldKind.BOOLEAN else dict(found.options)
    return Grouping(
        name=name,
        raw=lambda _: Document.document[api_name].astext,
        key=_text,
        none=f"No {found.label}",
        words=lambda key: labels.get(key, key),
        is_named=found.kind is FieldKind.REFERENCE,
        field=found,
    )


_WHY_NOT: Final[Mapping[FieldKind, str]] = {
    FieldKind.NUMBER: "numbers",
    FieldKind.DATE: "dates",
    FieldKind.INSTANT: "moments",
    FieldKind.CHOICES: "several values at once",
    FieldKind.DETAIL: "rows or files",
}
