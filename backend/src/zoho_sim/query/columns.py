"""Fields by name: what a dotted name refers to, how its value is read, and what it compares as."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from zoho_sim.query.people import USER_FIELDS, user_value
from zoho_sim.state.fields import DataType, Field, JsonValue
from zoho_sim.state.organisation import UnknownModuleError
from zoho_sim.state.records import ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.query.conditions import Column
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

# A record's wire-ready values, by ``Field.position``.
Values: TypeAlias = list[JsonValue]

MULTI_SEPARATOR = ";"


class Kind(Enum):
    """What a field compares as; it decides the operators that each notation allows."""

    ID = auto()
    TEXT = auto()
    LONG_TEXT = auto()
    PICKLIST = auto()
    MULTI_PICKLIST = auto()
    NUMBER = auto()
    BIG_NUMBER = auto()
    DATE = auto()
    DATETIME = auto()
    BOOLEAN = auto()
    LOOKUP = auto()
    OPAQUE = auto()


_KINDS = {
    DataType.SYSTEM_ID: Kind.ID,
    DataType.TEXT: Kind.TEXT,
    DataType.EMAIL: Kind.TEXT,
    DataType.PHONE: Kind.TEXT,
    DataType.WEBSITE: Kind.TEXT,
    DataType.AUTONUMBER: Kind.TEXT,
    DataType.TEXTAREA: Kind.LONG_TEXT,
    DataType.PICKLIST: Kind.PICKLIST,
    DataType.MULTISELECT: Kind.MULTI_PICKLIST,
    DataType.INTEGER: Kind.NUMBER,
    DataType.DOUBLE: Kind.NUMBER,
    DataType.CURRENCY: Kind.NUMBER,
    DataType.PERCENT: Kind.NUMBER,
    DataType.BIGINT: Kind.BIG_NUMBER,
    DataType.DATE: Kind.DATE,
    DataType.DATETIME: Kind.DATETIME,
    DataType.BOOLEAN: Kind.BOOLEAN,
    DataType.LOOKUP: Kind.LOOKUP,
    DataType.OWNER: Kind.LOOKUP,
    DataType.USER: Kind.LOOKUP,
    DataType.LAYOUT: Kind.LOOKUP,
}
_LINKS = (DataType.LOOKUP, DataType.OWNER, DataType.USER)


class UnknownColumnError(LookupError):
    """No field has that name, or a step of a dotted name is no lookup."""


class TooManyHopsError(LookupError):
    """A dotted name goes through more lookups than a query may."""


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """A field found by name.

    ``read`` takes a record's values and returns the wire value; ``comparable`` returns what
    conditions and orders compare, None for an empty value. ``position`` is the column in the
    record's values, None for a field of a looked-up record.
    """

    name: str
    field: Field
    kind: Kind
    position: int | None
    read: Callable[[Values], JsonValue]
    comparable: Callable[[Values], JsonValue]


def kind_of(field: Field) -> Kind:
    """Return what the field compares as."""
    if field.position == ID:
        return Kind.ID
    return _KINDS.get(field.value_type, Kind.OPAQUE)


def bind_column(
    organisation: Organisation, module: ModuleStore, column: Column, *, max_hops: int
) -> BoundColumn:
    """Return the field that a (dotted) name means in the module.

    Raise UnknownColumnError or TooManyHopsError, both carrying the name as written.
    """
    *links, last = column.path
    if len(links) > max_hops:
        raise TooManyHopsError(column.name)
    field, read = _find(organisation, module, links, last, column.name)
    return BoundColumn(
        name=column.name,
        field=field,
        kind=kind_of(field),
        position=None if links else field.position,
        read=read,
        comparable=_comparable(kind_of(field), read),
    )


def _find(
    organisation: Organisation, module: ModuleStore, links: list[str], last: str, name: str
) -> tuple[Field, Callable[[Values], JsonValue]]:
    if not links:
        field = module.fields.get(last)
        if field is None:
            raise UnknownColumnError(name)
        return field, itemgetter(field.position)
    link = module.fields.get(links[0])
    if link is None or link.data_type not in _LINKS:
        raise UnknownColumnError(name)
    if link.data_type in (DataType.OWNER, DataType.USER):
        if len(links) > 1 or last not in USER_FIELDS:
            raise UnknownColumnError(name)
        return USER_FIELDS[last], _through_user(organisation, link.position, last)
    try:
        target = organisation.module(link.lookup_module or "")
    except UnknownModuleError:
        raise UnknownColumnError(name) from None
    field, read = _find(organisation, target, links[1:], last, name)
    return field, _through(target, link.position, read)


def _through(
    target: ModuleStore, position: int, inner: Callable[[Values], JsonValue]
) -> Callable[[Values], JsonValue]:
    records = target.records

    def read(values: Values) -> JsonValue:
        reference = values[position]
        if reference is None:
            return None
        record = records.get(reference["id"])
        return None if record is None else inner(record.values)

    return read


def _through_user(
    organisation: Organisation, position: int, name: str
) -> Callable[[Values], JsonValue]:
    users = organisation.users

    def read(values: Values) -> JsonValue:
        reference = values[position]
        if reference is None:
            return None
        user = users.get(reference["id"])
        return None if user is None else user_value(user, name)

    return read


def _comparable(kind: Kind, read: Callable[[Values], JsonValue]) -> Callable[[Values], JsonValue]:
    match kind:
        case Kind.TEXT | Kind.LONG_TEXT | Kind.PICKLIST:
            return lambda values: None if (text := read(values)) is None else text.casefold()
        case Kind.LOOKUP:
            return lambda values: None if (link := read(values)) is None else link["id"]
        case Kind.BIG_NUMBER:
            return lambda values: None if (digits := read(values)) is None else int(digits)
        case Kind.BOOLEAN:
            return lambda values: bool(read(values))
        case Kind.MULTI_PICKLIST:
            return lambda values: joined_options(read(values))
        case _:
            return read


def joined_options(options: list[str] | None) -> str | None:
    """Return the options of a multi-select value as one text in a fixed order, None if empty."""
    return MULTI_SEPARATOR.join(sorted(options)).casefold() if options else None
