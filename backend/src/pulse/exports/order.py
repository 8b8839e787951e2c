"""The orders of a file of deals: by any of its columns, as the table has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from pulse.exports.columns import CRM_PREFIX
from pulse.exports.errors import unknown_export_column
from pulse.models import Account, LookupName, RecordSyncStatus, User
from pulse.queries.deal_fields import FieldKind
from pulse.queries.deal_filters import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import SQLColumnExpression

    from pulse.analytics.question import Side
    from pulse.queries.deal_fields import DealField
    from pulse.queries.moments import DealsAt

    # Any: a value of any type, to order by.
    Expression = SQLColumnExpression[Any]

_TEXT_KINDS: Final = frozenset({FieldKind.TEXT, FieldKind.CHOICES, FieldKind.DETAIL})


def changed_at(deals: DealsAt) -> Expression:
    """Return when a deal last changed as of the moment."""
    stamp: Expression = deals.table.crm_modified_at if deals.is_now else deals.table.valid_from
    return stamp


def order_of(key: str, deals: DealsAt, side: Side) -> Expression:
    """Return what to order by. Raises InvalidInputError that names an unknown column."""
    known = _ORDERS.get(key)
    if known is not None:
        return known(deals, side)
    if key == "state" and deals.is_now:
        return RecordSyncStatus.sync_status.expression
    return _crm_order(key, deals, side)


def crm_field_of(key: str, side: Side) -> DealField | None:
    """Return the further field of the CRM that a column's key names."""
    name = key.removeprefix(CRM_PREFIX)
    return None if name == key else side.scope.fields.fields.get(name)


def _crm_order(key: str, deals: DealsAt, side: Side) -> Expression:
    """Return what to order by of a row that `Document` is joined to."""
    field = crm_field_of(key, side)
    if field is None or not deals.is_now:
        raise unknown_export_column(key)
    value = reading(field)
    return func.lower(value) if field.kind in _TEXT_KINDS else value


def _fact(column: str) -> Callable[[DealsAt, Side], Expression]:
    # Any: a column of any type.
    def order(deals: DealsAt, _: Side) -> Any:  # noqa: ANN401 - as above
        return getattr(deals.deal, column)

    return order


def _text(column: str) -> Callable[[DealsAt, Side], Expression]:
    return lambda deals, _: func.lower(getattr(deals.deal, column))


def _stage(deals: DealsAt, side: Side) -> Expression:
    names = [stage.name for stage in side.scope.process.stages]
    return func.array_position(cast(names, ARRAY(Text)), deals.deal.stage)


# Any: mapped columns.
def _name(name: Any, record_id: Any, wanted: Any) -> Expression:  # noqa: ANN401 - as above
    own = select(name).where(record_id == wanted).scalar_subquery()
    seen = select(LookupName.name).where(LookupName.id == wanted).scalar_subquery()
    return func.lower(func.coalesce(own, seen))


_ORDERS: Final[Mapping[str, Callable[[DealsAt, Side], Expression]]] = {
    "id": lambda deals, _: deals.id,
    "name": _text("name"),
    "account": lambda deals, _: _name(Account.name, Account.id, deals.deal.account_id),
    "owner": lambda deals, _: _name(User.full_name, User.id, deals.deal.owner_id),
    "country": _text("country"),
    "region": _text("business_region"),
    "solution": _text("solution_type"),
    "funding": _text("funding_type"),
    "segment": _text("market_segment"),
    "stage": _stage,
    "value": lambda deals, side: side.scope.money.value(deals.deal),
    "weighted": lambda deals, side: side.scope.money.weighted(deals.deal),
    "changed_at": lambda deals, _: changed_at(deals),
    "created_at": _fact("crm_created_at"),
} | {
    column: _fact(column)
    for column in (
        "probability", "amount", "currency", "closing_date", "exchange_rate",
        "proposal_submitted_on", "po_generated_on", "kicked_off_on", "invoiced_on",
        "payment_received_on", "revenue_recognised_on",
    )
}  # fmt: skip
