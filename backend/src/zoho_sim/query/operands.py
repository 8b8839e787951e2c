"""Literals as values: what is written in a condition becomes what the field compares as."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from zoho_sim.query.columns import MULTI_SEPARATOR, Kind, joined_options
from zoho_sim.state.organisation import ID_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.query.conditions import Literal
    from zoho_sim.state.fields import JsonValue

_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_EXPECTED = {
    Kind.ID: "bigint",
    Kind.LOOKUP: "bigint",
    Kind.NUMBER: "double",
    Kind.BIG_NUMBER: "bigint",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.BOOLEAN: "boolean",
}


class OperandError(ValueError):
    """A literal that the field cannot be compared with; names the type that it can."""

    def __init__(self, literal: Literal, kind: Kind) -> None:
        super().__init__(literal)
        self.literal = literal
        self.expected_data_type = _EXPECTED.get(kind, "text")


def operand(kind: Kind, literal: Literal, wire_time: Callable[[datetime], str]) -> JsonValue:
    """Return the comparable form of a literal for a field of the kind, or raise OperandError.

    Numbers, ids and booleans may come as text; a date-time must carry its offset.
    """
    if kind is Kind.DATETIME:
        moment = _moment(literal)
        value = None if moment is None else wire_time(moment)
    else:
        value = _CONVERSIONS[kind](literal) if kind in _CONVERSIONS else None
    if value is None:
        raise OperandError(literal, kind)
    return value


def _id(literal: Literal) -> str | None:
    text = str(literal)
    # Ids compare as text, so they must have one length.
    return text.zfill(ID_DIGITS) if text.isdecimal() and len(text) <= ID_DIGITS else None


def _number(literal: Literal) -> int | float | None:
    text = str(literal)
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def _integer(literal: Literal) -> int | None:
    text = str(literal)
    return int(text) if _INTEGER.fullmatch(text) else None


def _boolean(literal: Literal) -> bool | None:
    return {"true": True, "false": False}.get(str(literal).lower())


def _date(literal: Literal) -> str | None:
    try:
        text = date.fromisoformat(str(literal)).isoformat()
    except ValueError:
        return None
    # The basic format without dashes is ISO 8601 too, but not what the CRM takes.
    return text if text == literal else None


def _moment(literal: Literal) -> datetime | None:
    # A "+" that was not URL-encoded arrives as a blank: no offset, so it is refused.
    try:
        moment = datetime.fromisoformat(str(literal))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _text(literal: Literal) -> str | None:
    return literal.casefold() if isinstance(literal, str) else None


def _options(literal: Literal) -> str | None:
    return joined_options(literal.split(MULTI_SEPARATOR)) if isinstance(literal, str) else None


_CONVERSIONS: dict[Kind, Callable[[Literal], JsonValue]] = {
    Kind.ID: _id,
    Kind.LOOKUP: _id,
    Kind.NUMBER: _number,
    Kind.BIG_NUMBER: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.PICKLIST: _text,
    Kind.MULTI_PICKLIST: _options,
}
