"""Which deals an export is of, as the address of a page says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads annotations at runtime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from pulse.asking.text import read_filter
from pulse.core.quarters import PATTERN
from pulse.queries.deal_filters import InvalidFilterError

if TYPE_CHECKING:
    from pulse.queries.asked_deals import AskedFilter

DEFAULT_SORT: Final = "-changed_at"
_MOMENT: Final = TypeAdapter(AwareDatetime)
_MOMENTS: Final = frozenset({"as_of", "compared_with"})
_OF_PAGES: Final = frozenset({"sort", "page", "view", "limit", "offset", "quarter"})
PIVOT: Final = ("rows", "columns", "measure")
"""What the Analysis page's table is made of; the figures' own reader checks it."""
# Pages that have defaults write that there is no limit as a value; the language leaves it out.
_ALL: Final = ("outcome", "all")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a query string asks for."""

    asked: AskedFilter
    as_of: datetime | None
    compared_with: datetime | None
    sort: str
    quarter: str | None
    """Of a dashboard, as 2026-Q3."""
    pivot: dict[str, str]


def read_wish(query: str) -> Wish:
    """Read a page's query string. Raises InvalidFilterError that names `query` and parameter."""
    filters: list[tuple[str, str]] = []
    beside: dict[str, str] = {}
    for name, value in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
        if name in _MOMENTS or name in _OF_PAGES or name in PIVOT:
            beside[name] = value
        elif (name, value) != _ALL:
            filters.append((name, value))
    return Wish(
        asked=read_filter(urlencode(filters), "query"),
        as_of=_moment(beside, "as_of"),
        compared_with=_moment(beside, "compared_with"),
        sort=beside.get("sort") or DEFAULT_SORT,
        quarter=_quarter(beside),
        pivot={name: beside[name] for name in PIVOT if beside.get(name)},
    )


def _quarter(given: dict[str, str]) -> str | None:
    text = given.get("quarter")
    if not text:
        return None
    if not re.fullmatch(PATTERN, text):
        raise InvalidFilterError(
            f"query: quarter: {text!r} is no quarter.",
            fix="Write year and quarter, as 2026-Q3.",
            extra={"field": "query", "parameter": "quarter"},
        )
    return text


def _moment(given: dict[str, str], name: str) -> datetime | None:
    text = given.get(name)
    if not text:
        return None
    try:
        return _MOMENT.validate_python(text)
    except ValidationError as error:
        raise InvalidFilterError(
            f"query: {name}: {text!r} is no moment.",
            fix="Write a moment with its offset, as 2026-08-17T08:00:00+08:00.",
            extra={"field": "query", "parameter": name},
        ) from error
