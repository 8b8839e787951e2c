"""COQL: query texts that are safe to build from values, and the answers to them.

Sources: the v8 pages COQL Overview and COQL Limitations; the vendor's answers on COQL (Kaizen
171) for the doubled quote. WHERE is mandatory, and three or more conditions must be nested in
pairs; the builder takes care of both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

import orjson

from zoho_crm.errors import UnexpectedAnswer
from zoho_crm.protocol.faults import Json, document_of, rows_of
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import Answer, AnswerMeta, Call, Request, Resend, iso_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS_LIMIT = 2_000
ROWS_DEFAULT = 200
# The vendor's page says 100 in a newer row and 50 in an older one.
IN_LIMIT = 50
COLUMNS_LIMIT = 50
CONDITIONS_LIMIT = 25

_NAME = re.compile(r"[A-Za-z$][A-Za-z0-9_$]*(\.[A-Za-z][A-Za-z0-9_]*){0,2}")
_COLUMN = re.compile(
    rf"({_NAME.pattern}|(COUNT|SUM|MIN|MAX|AVG)\({_NAME.pattern}\))( as [A-Za-z][A-Za-z0-9_]*)?"
)
_ORDER = re.compile(rf"{_COLUMN.pattern}( asc| desc)?")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"", re.DOTALL)
_LIMIT = re.compile(r"\blimit\s+(\d+)(?:\s*,\s*(\d+))?", re.IGNORECASE)

Value = str | int | Decimal | bool | date | datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE condition; `count` is the number of comparisons in it."""

    text: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class CoqlPage:
    """The rows of one query; `more` tells that rows follow beyond its LIMIT."""

    rows: list[Json]
    more: bool
    meta: AnswerMeta


def coql(query: str) -> Call[CoqlPage]:
    """Run a query; no rows give an empty page. Its price follows from its LIMIT.

    A LIMIT of more than 200 that raises `LimitExceeded` can be repeated with 200: vendor pages
    disagree about the cap of 2,000.
    """
    return Call(
        Work(Operation.COQL, rows=limit_of(query)),
        Request("POST", "/coql", body=orjson.dumps({"select_query": query})),
        _page,
        resend=Resend.ALWAYS,
    )


def limit_of(query: str) -> int:
    """Return the number of rows that a query asks for, 200 when it has no LIMIT."""
    found = _LIMIT.findall(_QUOTED.sub("''", query))
    if not found:
        return ROWS_DEFAULT
    first, second = found[-1]
    return int(second or first)


def literal(value: Value) -> str:
    """Return a value as COQL text; quotes and backslashes inside a string are doubled.

    The vendor documents the doubled quote. Whether a backslash escapes is not documented: doubled,
    it can never swallow the closing quote.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} cannot stand in a query")
            return format(value, "f")
        case datetime():
            return f"'{iso_seconds(value)}'"
        case date():
            return f"'{value.isoformat()}'"
        case _:
            return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def compare(field: str, operator: str, value: Value) -> Condition:
    """Compare a field by one of = != > >= < <= like, not like."""
    if operator not in {"=", "!=", ">", ">=", "<", "<=", "like", "not like"}:
        raise ValueError(f"{operator!r} is no COQL comparator")
    return Condition(f"{_name(field)} {operator} {literal(value)}")


def between(field: str, low: Value, high: Value) -> Condition:
    """Ask for a value from `low` to `high`, both included."""
    return Condition(f"{_name(field)} between {literal(low)} and {literal(high)}")


def is_in(field: str, values: Sequence[Value]) -> Condition:
    """Ask for one of 1 to 50 values."""
    if not 1 <= len(values) <= IN_LIMIT:
        raise ValueError(f"{len(values)} values: `in` takes 1 to {IN_LIMIT}")
    return Condition(f"{_name(field)} in ({', '.join(literal(value) for value in values)})")


def is_null(field: str) -> Condition:
    """Ask for an empty field."""
    return Condition(f"{_name(field)} is null")


def is_not_null(field: str) -> Condition:
    """Ask for a filled field; `is_not_null("id")` is true of every record."""
    return Condition(f"{_name(field)} is not null")


def all_of(*conditions: Condition) -> Condition:
    """Join conditions by `and`, nested in pairs."""
    return _joined("and", conditions)


def any_of(*conditions: Condition) -> Condition:
    """Join conditions by `or`, nested in pairs."""
    return _joined("or", conditions)


def select(
    columns: Sequence[str],
    *,
    source: str,
    where: Condition,
    group_by: Sequence[str] = (),
    order_by: Sequence[str] = (),
    limit: int = ROWS_DEFAULT,
    offset: int = 0,
) -> str:
    """Return the text of a query.

    A column is a field, `Lookup.Field`, or an upper-case aggregate such as `COUNT(id)`, each with
    an optional ` as alias`; an order is a column with an optional ` asc` or ` desc`.
    """
    if not 1 <= len(columns) <= COLUMNS_LIMIT:
        raise ValueError(f"{len(columns)} columns: a query takes 1 to {COLUMNS_LIMIT}")
    if where.count > CONDITIONS_LIMIT:
        raise ValueError(f"{where.count} conditions: a query takes {CONDITIONS_LIMIT} at most")
    if not 1 <= limit <= ROWS_LIMIT:
        raise ValueError(f"limit is {limit}: give 1 to {ROWS_LIMIT}")
    if offset < 0:
        raise ValueError(f"offset is {offset}: give 0 or more")
    for column in (*columns, *group_by):
        _must_match(_COLUMN, column)
    for order in order_by:
        _must_match(_ORDER, order)
    # Every name was matched against a pattern above, every value went through `literal`.
    parts = [f"select {', '.join(columns)} from {_name(source)} where {where.text}"]  # noqa: S608 - see above
    if group_by:
        parts.append(f"group by {', '.join(group_by)}")
    if order_by:
        parts.append(f"order by {', '.join(order_by)}")
    parts.append(f"limit {offset}, {limit}")
    return " ".join(parts)


def _joined(word: str, conditions: tuple[Condition, ...]) -> Condition:
    if not conditions:
        raise ValueError(f"`{word}` needs at least one condition")
    return reduce(
        lambda left, right: Condition(
            f"({left.text} {word} {right.text})", left.count + right.count
        ),
        conditions,
    )


def _name(name: str) -> str:
    return _must_match(_NAME, name)


def _must_match(pattern: re.Pattern[str], text: str) -> str:
    if pattern.fullmatch(text) is None:
        raise ValueError(f"{text!r} cannot stand for a name in a query")
    return text


def _page(answer: Answer) -> CoqlPage:
    document = document_of(answer, "data")
    if document is None:
        return CoqlPage([], more=False, meta=answer.meta)
    rows = rows_of(answer, document, "data")
    info = Shape(document.get("info"), "info", status=answer.status)
    if "more_records" not in info.raw:
        raise UnexpectedAnswer(
            "info.more_records", "true or false was expected", status=answer.status
        )
    return CoqlPage(rows, info.flag("more_records"), answer.meta)
