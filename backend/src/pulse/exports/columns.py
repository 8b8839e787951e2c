"""The columns of a file of deals: those of the table, and by which rate a value was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from pulse.exports.cells import CellKind
from pulse.exports.errors import unknown_export_column
from pulse.queries.deal_fields import FieldKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Row

    from pulse.exports.cells import Cell
    from pulse.exports.rates import RateBook
    from pulse.queries.deal_fields import DealField, DealFields
    from pulse.queries.deal_filters import Scope

    # Any: what the statement of `reading` selects.
    DealLine = Row[*tuple[Any, ...]]

CRM_PREFIX: Final = "crm."
"""What the key of a CRM field that is not canonical begins with; its API name follows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What cells are made with, beside the row: labels, names and rates."""

    scope: Scope
    rates: RateBook
    labels: Mapping[str, Mapping[str, str]]
    """Column of the narrow table → stored value → what people read."""
    names: Mapping[str, str | None]
    """Of the accounts and people of a block of rows, by id."""

    def name(self, record_id: int | str | None) -> str | None:
        """Return the name behind an id; the id itself where it was never seen."""
        if record_id is None:
            return None
        return self.names.get(str(record_id)) or str(record_id)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its head, what its cells hold and how one is made."""

    key: str
    label: str
    kind: CellKind
    cell: Callable[[DealLine, Reading], Cell]
    field: DealField | None = None
    """The CRM field that it shows, where it is none of ours."""
    is_usual: bool = True
    """Whether it is there where nobody chose columns."""
    is_of_now: bool = False
    """Known of the mirror alone: there is no such column as of a past moment."""


def _fact(name: str) -> Callable[[DealLine, Reading], Cell]:
    # Any: a column of the narrow table, typed by its column's kind.
    def cell(line: DealLine, _: Reading) -> Any:  # noqa: ANN401 - as above
        return getattr(line, name)

    return cell


def _label(name: str) -> Callable[[DealLine, Reading], Cell]:
    def cell(line: DealLine, reading: Reading) -> Cell:
        stored: str | None = getattr(line, name)
        return None if stored is None else reading.labels[name].get(stored, stored)

    return cell


def _stage(line: DealLine, reading: Reading) -> Cell:
    return None if line.stage is None else reading.scope.process.label(line.stage)


def _state(line: DealLine, _: Reading) -> Cell:
    return "deleted" if line.presence == "deleted" else line.sync_status


def _rate(line: DealLine, reading: Reading) -> Cell:
    return reading.rates.of(line.currency, line.exchange_rate, line.value)[0]


def _rate_source(line: DealLine, reading: Reading) -> Cell:
    return reading.rates.of(line.currency, line.exchange_rate, line.value)[1]


def canonical_columns(base: str) -> tuple[Column, ...]:
    """Return the columns that every organisation has, in the order of a file."""
    text, day, instant = CellKind.TEXT, CellKind.DATE, CellKind.INSTANT
    return (
        Column("id", "Record id", CellKind.ID, lambda line, _: str(line.id)),
        Column("name", "Deal", text, _fact("name")),
        Column("account", "Account", text, lambda line, found: found.name(line.account_id)),
        Column("owner", "Owner", text, lambda line, found: found.name(line.owner_id)),
        Column("country", "Country", text, _label("country")),
        Column("region", "Region", text, _label("business_region")),
        Column("solution", "Solution", text, _label("solution_type")),
        Column("funding", "Funding", text, _label("funding_type")),
        Column("segment", "Segment", text, _label("market_segment")),
        Column("stage", "Stage", text, _stage),
        Column("probability", "Probability (%)", CellKind.NUMBER, _fact("probability")),
        Column("closing_date", "Closing date", day, _fact("closing_date")),
        Column("amount", "Amount", CellKind.MONEY, _fact("amount")),
        Column("currency", "Currency", text, _fact("currency")),
        Column("value", f"Value ({base})", CellKind.MONEY, _fact("value")),
        Column("weighted", f"Weighted ({base})", CellKind.MONEY, _fact("weighted")),
        Column("rate", f"Rate to {base}", CellKind.RATE, _rate),
        Column("rate_source", "Rate from", text, _rate_source),
        Column("exchange_rate", "Exchange rate", CellKind.RATE, _fact("exchange_rate")),
        Column("created_at", "Created", instant, _fact("crm_created_at")),
        Column("changed_at", "Changed", instant, _fact("changed_at")),
        Column("proposal_submitted_on", "Proposal sent", day, _fact("proposal_submitted_on")),
        Column("po_generated_on", "PO received", day, _fact("po_generated_on")),
        Column("kicked_off_on", "Kick-off", day, _fact("kicked_off_on")),
        Column("invoiced_on", "Invoiced", day, _fact("invoiced_on")),
        Column("payment_received_on", "Payment received", day, _fact("payment_received_on")),
        Column("revenue_recognised_on", "Revenue recognised", day, _fact("revenue_recognised_on")),
        Column("state", "Sync status", text, _state, is_of_now=True),
    )


_KINDS: Final[Mapping[FieldKind, CellKind]] = {
    FieldKind.TEXT: CellKind.TEXT,
    FieldKind.NUMBER: CellKind.NUMBER,
    FieldKind.DATE: CellKind.DATE,
    FieldKind.INSTANT: CellKind.INSTANT,
    FieldKind.BOOLEAN: CellKind.BOOLEAN,
    FieldKind.CHOICES: CellKind.TEXT,
    FieldKind.REFERENCE: CellKind.TEXT,
    FieldKind.DETAIL: CellKind.NUMBER,
}


def _crm_column(field: DealField) -> Column:
    options = dict(field.options)

    def cell(line: DealLine, reading: Reading) -> Cell:
        return crm_cell(field.kind, getattr(line, _slot(field)), options, reading)

    return Column(
        CRM_PREFIX + field.api_name,
        field.label,
        CellKind.MONEY if field.data_type == "currency" else _KINDS[field.kind],
        cell,
        field,
        is_usual=False,
        is_of_now=True,
    )


def _slot(field: DealField) -> str:
    """Return under which name a statement gives a CRM field."""
    return CRM_PREFIX + field.api_name


AS_TEXT: Final = frozenset({FieldKind.NUMBER, FieldKind.DATE, FieldKind.INSTANT})
"""Kinds whose stored values are read as texts; the others as JSON."""


def _typed(kind: FieldKind, text: str) -> Cell:
    """Return a number, a day or a moment; what is none stays the text it is."""
    try:
        match kind:
            case FieldKind.NUMBER:
                number = Decimal(text)
                return number if number.is_finite() else text
            case FieldKind.DATE:
                return date.fromisoformat(text)
            case _:
                return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, InvalidOperation):
        return text


# Any: JSON of a field of the CRM; what does not fit its kind is shown as it is.
def crm_cell(  # noqa: PLR0911 - a way for each kind
    kind: FieldKind,
    value: Any,  # noqa: ANN401 - as above
    options: Mapping[str, str],
    reading: Reading,
) -> Cell:
    """Return the cell of a CRM field's stored value; references by name, choices by their words."""
    if value is None:
        return None
    match kind:
        case FieldKind.NUMBER | FieldKind.DATE | FieldKind.INSTANT:
            return _typed(kind, str(value))
        case FieldKind.BOOLEAN:
            return value if isinstance(value, bool) else str(value)
        case FieldKind.REFERENCE:
            return reading.name(str(value))
        case FieldKind.DETAIL:
            return len(value) if isinstance(value, (list, dict)) else 1
        case FieldKind.CHOICES if isinstance(value, list):
            return "; ".join(options.get(str(choice), str(choice)) for choice in value)
        case _:
            return options.get(str(value), str(value))


def chosen_columns(
    keys: Sequence[str] | None, fields: DealFields, base: str, *, is_now: bool
) -> tuple[Column, ...]:
    """Return the columns of these keys, or the usual ones.

    Of a past moment there are those that history keeps. Raises InvalidInputError that names a key.
    """
    own = {column.key: column for column in canonical_columns(base)}
    if keys is None:
        chosen = tuple(own.values())
    else:
        known = own | {
            CRM_PREFIX + each.api_name: _crm_column(each) for each in fields.fields.values()
        }
        for key in keys:
            if key not in known:
                raise unknown_export_column(key)
        chosen = tuple(known[key] for key in dict.fromkeys(keys))
    return tuple(column for column in chosen if is_now or not column.is_of_now)
