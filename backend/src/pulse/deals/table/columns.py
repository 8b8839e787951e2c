"""The columns of the table: the only names by which rows can be asked for and ordered."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Text, case, cast, func, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from pulse.core.fields import DEAL_FIELDS
from pulse.core.sync import RecordStatus
from pulse.kit.errors import InvalidInputError
from pulse.models import Deal, Document, LookupName, RecordSyncStatus, User
from pulse.queries.deal_fields import DealField, FieldKind
from pulse.queries.deal_filters import reading
from pulse.queries.deal_names import ACCOUNT_NAME, OWNER_NAME, Join, account_of, owner_of
from pulse.queries.moments import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import SQLColumnExpression

    from pulse.queries.deal_fields import DealFields
    from pulse.queries.moments import DealsAt
    from pulse.queries.money import Conversion
    from pulse.queries.stages import SalesProcess

STATE: Final = "state"
"""The key of the column that says how a deal stands to the CRM."""
CRM_PREFIX: Final = "crm."
"""What the key of a CRM field that is not canonical begins with; its API name follows."""


class ColumnKind(StrEnum):
    """How a column's values are shown."""

    ID = "id"
    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    """An amount in the deal's own currency."""
    VALUE = "value"
    """An amount in the base currency."""
    CURRENCY = "currency"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    CHOICES = "choices"
    NAMED = "named"
    """A record or person, shown by name."""
    STAGE = "stage"
    STATE = "state"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Ordering:
    """What to order rows by, and the tables that takes."""

    expression: SQLColumnExpression[Any]
    joins: tuple[Join, ...] = ()
    is_never_empty: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What some columns are computed with."""

    money: Conversion
    process: SalesProcess
    deals: DealsAt = NOW
    """The deals of the moment that is asked about."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its head, how it is shown, and how rows are ordered by it."""

    key: str
    label: str
    kind: ColumnKind
    ordering: Callable[[Basis], Ordering] | None = None
    """None where an order would mean nothing."""
    crm_field: DealField | None = None
    is_default: bool = field(default=False)


def unknown_column(key: str) -> InvalidInputError:
    """Return the error of a column that is not there, or that rows cannot be ordered by."""
    return InvalidInputError(
        f"There is no column {key} here.",
        code="unknown_column",
        fix="GET /api/deals/columns lists the columns and which of them order rows.",
        extra={"column": key},
    )


def no_history(key: str) -> InvalidInputError:
    """Return the error of a column that is known of now only."""
    return InvalidInputError(
        f"{key}: it has no history, so it cannot be shown of a past moment.",
        code="no_history",
        fix="Leave the column out, or leave out as_of to ask as of now.",
        extra={"column": key},
    )


def columns_of(fields: DealFields) -> Mapping[str, Column]:
    """Return all columns by key: the canonical ones first, then the CRM's further fields."""
    further = (_crm_column(each) for each in fields.fields.values())
    return {column.key: column for column in (*CANONICAL, *further)}


def _text(column: str) -> Callable[[Basis], Ordering]:
    return lambda basis: Ordering(func.lower(getattr(basis.deals.deal, column)))


def _direct(column: str) -> Callable[[Basis], Ordering]:
    return lambda basis: Ordering(getattr(basis.deals.deal, column))


def _account(basis: Basis) -> Ordering:
    return Ordering(func.lower(ACCOUNT_NAME), (account_of(basis.deals.deal),))


def _owner(basis: Basis) -> Ordering:
    return Ordering(func.lower(OWNER_NAME), (owner_of(basis.deals.deal),))


def _changed(basis: Basis) -> Ordering:
    return Ordering(changed_at(basis.deals), is_never_empty=True)


def changed_at(deals: DealsAt) -> ColumnElement[Any]:
    """Return when a deal was last changed in the CRM, as far as was known at the moment."""
    if deals.is_now:
        return Deal.crm_modified_at.expression
    # A version begins with the stamp of the change that made it.
    since: ColumnElement[Any] = deals.table.valid_from
    return since


def _stage(basis: Basis) -> Ordering:
    """Order by the CRM's own order of stages; what it does not describe comes last."""
    names = [stage.name for stage in basis.process.stages]
    return Ordering(func.array_position(cast(names, ARRAY(Text)), basis.deals.deal.stage))


_STATUS: Final = Join(((RecordSyncStatus, RecordSyncStatus.zoho_record_id == Deal.id),))
_DOCUMENT: Final = Join(((Document, Document.record_id == Deal.id),))
_WORST_FIRST: Final = (
    RecordStatus.ERROR,
    RecordStatus.CONFLICT,
    RecordStatus.PENDING,
    RecordStatus.SYNCED,
)


def _state(_: Basis) -> Ordering:
    places = {status.value: place for place, status in enumerate(_WORST_FIRST)}
    gone = case((RecordSyncStatus.presence == "deleted", literal(len(places))), else_=None)
    place = func.coalesce(gone, case(places, value=RecordSyncStatus.sync_status))
    return Ordering(place, (_STATUS,))


_KIND_OF_FIELD: Final[Mapping[FieldKind, ColumnKind]] = {
    FieldKind.TEXT: ColumnKind.TEXT,
    FieldKind.NUMBER: ColumnKind.NUMBER,
    FieldKind.DATE: ColumnKind.DATE,
    FieldKind.INSTANT: ColumnKind.INSTANT,
    FieldKind.BOOLEAN: ColumnKind.BOOLEAN,
    FieldKind.CHOICES: ColumnKind.CHOICES,
    FieldKind.REFERENCE: ColumnKind.NAMED,
    FieldKind.DETAIL: ColumnKind.DETAIL,
}
_KIND_OF_TYPE: Final = {"currency": ColumnKind.MONEY, "percent": ColumnKind.PERCENT}


def _crm_column(found: DealField) -> Column:
    kind = _KIND_OF_TYPE.get(found.data_type, _KIND_OF_FIELD[found.kind])
    ordering = None if found.kind is FieldKind.DETAIL else _crm_ordering(found)
    return Column(CRM_PREFIX + found.api_name, found.label, kind, ordering, found)


def _crm_ordering(found: DealField) -> Callable[[Basis], Ordering]:
    value = reading(found)
    match found.kind:
        case FieldKind.TEXT | FieldKind.CHOICES:
            return lambda _: Ordering(func.lower(value), (_DOCUMENT,))
        case FieldKind.REFERENCE:
            person, seen = aliased(User), aliased(LookupName)
            named = Join(((person, person.id == value), (seen, seen.id == value)))
            name = func.lower(func.coalesce(person.full_name, seen.name))
            return lambda _: Ordering(name, (_DOCUMENT, named))
        case _:
            return lambda _: Ordering(value, (_DOCUMENT,))


_LABEL: Final = {each.column: each.label for each in DEAL_FIELDS}


def _own(column: str, key: str, kind: ColumnKind, *, is_default: bool = False) -> Column:
    """Return the column of a field of the narrow table, under the label of its canonical field."""
    ordering = _text(column) if kind is ColumnKind.TEXT else _direct(column)
    return Column(key, _LABEL[column], kind, ordering, is_default=is_default)


CANONICAL: Final = (
    Column(STATE, "Sync status", ColumnKind.STATE, _state, is_default=True),
    Column("name", "Deal", ColumnKind.TEXT, _text("name"), is_default=True),
    Column(
        "account",
        "Account",
        ColumnKind.NAMED,
        _account,
        is_default=True,
    ),
    _own("country", "country", ColumnKind.TEXT, is_default=True),
    Column("stage", "Stage", ColumnKind.STAGE, _stage, is_default=True),
    _own("probability", "probability", ColumnKind.PERCENT, is_default=True),
    _own("amount", "amount", ColumnKind.MONEY, is_default=True),
    _own("currency", "currency", ColumnKind.CURRENCY, is_default=True),
    Column(
        "value",
        "Value",
        ColumnKind.VALUE,
        lambda basis: Ordering(basis.money.value(basis.deals.deal)),
        is_default=True,
    ),
    _own("closing_date", "closing_date", ColumnKind.DATE, is_default=True),
    Column(
        "owner",
        "Owner",
        ColumnKind.NAMED,
        _owner,
        is_default=True,
    ),
    Column(
        "changed_at",
        "Changed",
        ColumnKind.INSTANT,
        _changed,
        is_default=True,
    ),
    Column(
        "weighted",
        "Weighted",
        ColumnKind.VALUE,
        lambda basis: Ordering(basis.money.weighted(basis.deals.deal)),
    ),
    _own("business_region", "region", ColumnKind.TEXT),
    _own("solution_type", "solution", ColumnKind.TEXT),
    _own("funding_type", "funding", ColumnKind.TEXT),
    _own("market_segment", "segment", ColumnKind.TEXT),
    _own("exchange_rate", "exchange_rate", ColumnKind.NUMBER),
    _own("crm_created_at", "created_at", ColumnKind.INSTANT),
    _own("proposal_submitted_on", "proposal_submitted_on", ColumnKind.DATE),
    _own("po_generated_on", "po_generated_on", ColumnKind.DATE),
    _own("kicked_off_on", "kicked_off_on", ColumnKind.DATE),
    _own("invoiced_on", "invoiced_on", ColumnKind.DATE),
    _own("payment_received_on", "payment_received_on", ColumnKind.DATE),
    _own("revenue_recognised_on", "revenue_recognised_on", ColumnKind.DATE),
    Column(
        "id",
        "Record id",
        ColumnKind.ID,
        lambda basis: Ordering(basis.deals.id, is_never_empty=True),
    ),
)
"""Columns that every organisation has, in the order in which they are first shown."""
