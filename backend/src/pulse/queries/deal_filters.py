"""The filters of `pulse.core.deal_filters` as conditions on the deals of a moment.

Every value is a parameter and every column comes from the model; a field of the CRM is a parameter
too (`document -> :api_name`), and must be one that the CRM describes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from pulse.core.deal_filters import (
    BAND_LIMITS,
    DIMENSION_COLUMN,
    EMPTY,
    REFERENCES,
    DealState,
    Dimension,
    FieldCondition,
    FieldTest,
    ProbabilityBand,
)
from pulse.core.modules import DEALS
from pulse.core.o2r.health import Thresholds
from pulse.core.sync import Presence, RecordStatus
from pulse.kit.errors import InvalidInputError
from pulse.models import Account, Deal, Document, LookupName, RecordSyncStatus, User
from pulse.queries.deal_fields import FieldKind
from pulse.queries.moments import NOW
from pulse.queries.stages import SalesProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from pulse.core.deal_filters import DealFilter, Outcome
    from pulse.models.deals import DealFacts
    from pulse.queries.deal_fields import DealField, DealFields
    from pulse.queries.moments import DealsAt
    from pulse.queries.money import Conversion

GREATEST_ID: Final = 2**63 - 1
_MOST_DIGITS: Final = 30
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(9998, 12, 31)
_TESTS: Final = {
    FieldKind.TEXT: (FieldTest.IS, FieldTest.CONTAINS),
    FieldKind.NUMBER: (FieldTest.IS, FieldTest.MIN, FieldTest.MAX),
    FieldKind.DATE: (FieldTest.IS, FieldTest.MIN, FieldTest.MAX),
    FieldKind.INSTANT: (FieldTest.IS, FieldTest.MIN, FieldTest.MAX),
    FieldKind.BOOLEAN: (FieldTest.IS,),
    FieldKind.CHOICES: (FieldTest.IS,),
    FieldKind.REFERENCE: (FieldTest.IS,),
    FieldKind.DETAIL: (),
}
# Functions of the first migration: NULL for what is no such value.
_READERS: Final = {
    FieldKind.NUMBER: "pulse_numeric",
    FieldKind.DATE: "pulse_date",
    FieldKind.INSTANT: "pulse_instant",
    FieldKind.REFERENCE: "pulse_bigint",
}
_ANY_KIND: Final = (FieldTest.EMPTY, FieldTest.FILLED)


class InvalidFilterError(InvalidInputError):
    """A filter names no field, or compares it with what it cannot be."""

    code = "invalid_filter"


def tests_of(kind: FieldKind) -> tuple[FieldTest, ...]:
    """Return how fields of a kind can be compared."""
    return (*_TESTS[kind], *_ANY_KIND)


@dataclass(frozen=True, slots=True)
class Scope:
    """What filters are read against: the CRM's fields, rates, stages, the organisation's zone.

    And from where on the rules of health apply, as deals are chosen by their health.
    """

    fields: DealFields
    money: Conversion
    zone: ZoneInfo
    process: SalesProcess = field(default_factory=SalesProcess)
    thresholds: Thresholds = field(default_factory=Thresholds)


def conditions(wanted: DealFilter, scope: Scope, deals: DealsAt = NOW) -> list[ColumnElement[bool]]:
    """Return what a row of `deals` must fulfil. Raises InvalidFilterError that names the field.

    Values are compared by the rates of `scope`, which are to be of the same moment. Of the past
    only the narrow columns are known: sync status and the CRM's further fields are refused there.
    """
    if not deals.is_now:
        _refuse_unknown_in_the_past(wanted)
    deal = deals.deal
    return [
        _states(wanted.states) if deals.is_now else deals.held(),
        *_text(wanted.text, deals),
        *_closing(wanted, deal),
        *_bands(wanted.bands, deal),
        *(
            _choice(dimension, values, deal)
            for dimension, values in wanted.choices.items()
            if values
        ),
        *_values(wanted, scope, deal),
        *_outcomes(wanted.outcomes, scope.process, deal),
        *(() if wanted.changed_since is None else (Deal.crm_modified_at >= wanted.changed_since,)),
        *_fields(wanted.fields, scope),
    ]


def _refuse_unknown_in_the_past(wanted: DealFilter) -> None:
    first = next(iter(wanted.fields), None)
    if first is not None:
        raise InvalidFilterError(
            f"field: {first.api_name} has no history, so it cannot choose deals of the past.",
            fix="Leave this filter out, or ask as of now and compare with nothing.",
            extra={"field": "field"},
        )
    for name, is_set in (("state", wanted.states), ("changed_since", wanted.changed_since)):
        if is_set:
            raise InvalidFilterError(
                f"{name}: it is known of now only, so it cannot choose deals of the past.",
                fix="Leave this filter out, or ask as of now and compare with nothing.",
                extra={"field": name},
            )


def reading(field: DealField) -> ColumnElement[Any]:
    """Return the value of a field in a row of documents, typed by its kind; NULL if dirty."""
    text: ColumnElement[Any] = Document.document[field.api_name].astext
    reader = _READERS.get(field.kind)
    return text if reader is None else getattr(func, reader)(text)


def _states(states: Sequence[DealState]) -> ColumnElement[bool]:
    if not states:
        return NOW.held()
    live = [RecordStatus(state) for state in states if state is not DealState.DELETED]
    parts: list[ColumnElement[bool]] = []
    if RecordStatus.SYNCED in live:
        # Most records are synced and only the others are indexed, so these are left out.
        others = [status for status in RecordStatus if status not in live]
        parts.append(and_(Deal.is_live, Deal.id.not_in(_ids_open(others))))
    elif live:
        parts.append(and_(Deal.is_live, Deal.id.in_(_ids_open(live))))
    if DealState.ERROR in states:
        parts.append(and_(not_(Deal.is_live), Deal.id.in_(_ids_gone(Presence.INVISIBLE))))
    if DealState.DELETED in states:
        parts.append(and_(not_(Deal.is_live), Deal.id.in_(_ids_gone(Presence.DELETED))))
    return or_(*parts)


# Any: a select of one column, for `in`.
def _ids_open(statuses: Sequence[RecordStatus]) -> Any:  # noqa: ANN401 - as above
    return select(RecordSyncStatus.zoho_record_id).where(
        RecordSyncStatus.module == DEALS,
        RecordSyncStatus.sync_status != literal(RecordStatus.SYNCED.value, literal_execute=True),
        RecordSyncStatus.sync_status.in_(statuses),
    )


def _ids_gone(presence: Presence) -> Any:  # noqa: ANN401 - as above
    return select(RecordSyncStatus.zoho_record_id).where(
        RecordSyncStatus.module == DEALS,
        RecordSyncStatus.presence != literal(Presence.LIVE.value, literal_execute=True),
        RecordSyncStatus.presence == presence,
    )


def _text(text: str, deals: DealsAt) -> Iterator[ColumnElement[bool]]:
    for word in text.split():
        yield or_(*_word(word, deals))


def _word(word: str, deals: DealsAt) -> Iterator[ColumnElement[bool]]:
    deal = deals.deal
    lowered = func.lower(word)
    yield func.strpos(func.lower(deal.name), lowered) > 0
    accounts = select(Account.id).where(func.strpos(func.lower(Account.name), lowered) > 0)
    owners = select(User.id).where(func.strpos(func.lower(User.full_name), lowered) > 0)
    seen = select(LookupName.id).where(func.strpos(func.lower(LookupName.name), lowered) > 0)
    yield deal.account_id.in_(accounts.union(seen))
    yield deal.owner_id.in_(owners.union(seen))
    digits = word.removeprefix("#")
    if digits.isascii() and digits.isdigit():
        yield cast(deals.id, Text).startswith(digits)


def _closing(wanted: DealFilter, deal: type[DealFacts]) -> Iterator[ColumnElement[bool]]:
    if wanted.closing.first is not None:
        yield deal.closing_date >= wanted.closing.first
    if wanted.closing.last is not None:
        yield deal.closing_date <= wanted.closing.last


def _bands(
    bands: Sequence[ProbabilityBand], deal: type[DealFacts]
) -> Iterator[ColumnElement[bool]]:
    if bands and ProbabilityBand.ALL not in bands:
        yield or_(*(deal.probability.between(*BAND_LIMITS[band]) for band in bands))


def _choice(
    dimension: Dimension, values: Sequence[str], deal: type[DealFacts]
) -> ColumnElement[bool]:
    column = getattr(deal, DIMENSION_COLUMN[dimension])
    named: list[str] | list[int] = [value for value in values if value != EMPTY]
    if dimension in REFERENCES:
        named = [_id_of(dimension, value) for value in named]
    parts = [column.in_(named)] if named else []
    if EMPTY in values:
        parts.append(column.is_(None))
    return or_(*parts)


def _id_of(field: str, value: object) -> int:
    text = str(value)
    if text.isascii() and text.isdigit() and 0 < int(text) <= GREATEST_ID:
        return int(text)
    raise InvalidFilterError(
        f"{field}: {text!r} is no id.",
        fix="Send the CRM's id, in digits.",
        extra={"field": field},
    )


def _values(
    wanted: DealFilter, scope: Scope, deal: type[DealFacts]
) -> Iterator[ColumnElement[bool]]:
    if wanted.least_value is not None:
        yield scope.money.value(deal) >= wanted.least_value
    if wanted.greatest_value is not None:
        yield scope.money.value(deal) <= wanted.greatest_value


def _outcomes(
    outcomes: Sequence[Outcome], process: SalesProcess, deal: type[DealFacts]
) -> Iterator[ColumnElement[bool]]:
    if outcomes:
        yield or_(*(process.has(outcome, deal) for outcome in outcomes))


def _fields(wanted: Sequence[FieldCondition], scope: Scope) -> Iterator[ColumnElement[bool]]:
    """Yield one condition: documents that fulfil all; "is" of one field may name several values."""
    together: dict[tuple[str, FieldTest], list[ColumnElement[bool]]] = {}
    for condition in wanted:
        field = _known(condition, scope.fields)
        parts = together.setdefault((condition.api_name, condition.test), [])
        parts.append(_field_condition(field, condition, scope.zone))
    if together:
        found = [
            or_(*parts) if test is FieldTest.IS else and_(*parts)
            for (_, test), parts in together.items()
        ]
        yield Deal.id.in_(select(Document.record_id).where(Document.module == DEALS, *found))


def _known(condition: FieldCondition, fields: DealFields) -> DealField:
    field = fields.fields.get(condition.api_name)
    if field is None:
        raise InvalidFilterError(
            f"field: the CRM's deals have no further field {condition.api_name}.",
            fix="GET /api/deals/columns lists them; canonical fields have filters of their own.",
            extra={"field": condition.api_name},
        )
    if condition.test not in tests_of(field.kind):
        raise InvalidFilterError(
            f"field: {field.api_name} is of kind {field.kind} and cannot be tested by "
            f"{condition.test}.",
            fix=f"Take one of {', '.join(tests_of(field.kind))}.",
            extra={"field": condition.api_name},
        )
    return field


def _field_condition(
    field: DealField, condition: FieldCondition, zone: ZoneInfo
) -> ColumnElement[bool]:
    match condition.test:
        case FieldTest.EMPTY:
            return not_(_is_filled(field))
        case FieldTest.FILLED:
            return _is_filled(field)
        case FieldTest.CONTAINS:
            return func.strpos(func.lower(reading(field)), func.lower(condition.value)) > 0
        case _:
            return _comparison(field, condition, zone)


def _is_filled(field: DealField) -> ColumnElement[bool]:
    # Canonical documents leave out what is empty.
    found: ColumnElement[bool] = Document.document.has_key(field.api_name)
    return found


def _comparison(field: DealField, condition: FieldCondition, zone: ZoneInfo) -> ColumnElement[bool]:
    value = condition.value
    if field.kind is FieldKind.CHOICES:
        return _holds(field, value)
    if field.kind is FieldKind.INSTANT:
        return _instants(reading(field), condition.test, _day(field, value), zone)
    return _compare(reading(field), condition.test, _readable(field, value))


def _readable(field: DealField, value: str) -> object:
    match field.kind:
        case FieldKind.NUMBER:
            return _number(field, value)
        case FieldKind.DATE:
            return _day(field, value)
        case FieldKind.REFERENCE:
            return literal(_id_of(field.api_name, value), BigInteger)
        case FieldKind.BOOLEAN:
            return _truth(field, value)
        case _:
            return value


def _holds(field: DealField, value: str) -> ColumnElement[bool]:
    """Return whether the list of choices has one of this name."""
    found: ColumnElement[bool] = Document.document[field.api_name].has_key(value)
    return found


def _compare(left: ColumnElement[Any], test: FieldTest, right: object) -> ColumnElement[bool]:
    found: ColumnElement[bool]
    match test:
        case FieldTest.MIN:
            found = left >= right
        case FieldTest.MAX:
            found = left <= right
        case _:
            found = left == right
    return found


def _instants(
    left: ColumnElement[Any], test: FieldTest, day: date, zone: ZoneInfo
) -> ColumnElement[bool]:
    """Compare a moment with a day of the organisation's zone, both ends included."""
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    match test:
        case FieldTest.MIN:
            return left >= start
        case FieldTest.MAX:
            return left < end
        case FieldTest.IS:
            return and_(left >= start, left < end)
        case _:
            return false()


def _number(field: DealField, value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise InvalidFilterError(
            f"{field.api_name}: {value!r} is no number.",
            fix="Send a number such as 1500 or 0.25.",
            extra={"field": field.api_name},
        )
    return number


def _day(field: DealField, value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise InvalidFilterError(
            f"{field.api_name}: {value!r} is no day between {_FIRST_DAY} and {_LAST_DAY}.",
            fix="Send a day such as 2026-08-17.",
            extra={"field": field.api_name},
        )
    return day


def _truth(field: DealField, value: str) -> str:
    if value not in {"true", "false"}:
        raise InvalidFilterError(
            f"{field.api_name}: {value!r} is neither true nor false.",
            fix="Send true or false.",
            extra={"field": field.api_name},
        )
    return value
