"""What a saved view may say: filters, and what its page's address says beside them."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from pulse.asking.text import read_filter
from pulse.queries.deal_filters import InvalidFilterError

if TYPE_CHECKING:
    from collections.abc import Mapping


class ViewPage(StrEnum):
    """The page that a view is of."""

    ANALYSIS = "analysis"
    DEALS = "deals"
    OPPORTUNITIES = "opportunities"


# A list of columns is one word too, and as long as an organisation has fields.
_WORD: Final = re.compile(r"-?[A-Za-z0-9_.,-]+")
_MOMENTS: Final = frozenset({"as_of", "compared_with"})
_WORDS: Final[Mapping[ViewPage, frozenset[str]]] = {
    ViewPage.ANALYSIS: frozenset({"rows", "columns", "measure"}),
    ViewPage.DEALS: frozenset({"sort", "columns"}),
    ViewPage.OPPORTUNITIES: frozenset(
        {"sort", "phase", "health", "strategic", "attention", "waiting", "ended", "recognised"}
    ),
}
"""What an address says beside filters and moments, each in one word."""

# Pages that have defaults write that there is no limit as a value; the language leaves it out.
_ALL: Final = ("outcome", "all")


def check_query(page: ViewPage, query: str) -> str:
    """Return a page's query string as it is stored: every part of it understood, without `?`.

    Raises InvalidFilterError that names `query` and the parameter.
    """
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    filters = []
    for name, value in pairs:
        if name in _MOMENTS:
            _check_moment(name, value)
        elif name in _WORDS[page]:
            _check_word(name, value)
        elif (name, value) != _ALL:
            filters.append((name, value))
    read_filter(urlencode(filters), "query")
    return urlencode(pairs)


def _check_moment(name: str, value: str) -> None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _invalid(
            name,
            f"{value!r} is no moment",
            "Write it with its offset, as 2026-08-10T08:00:00+08:00.",
        )


def _check_word(name: str, value: str) -> None:
    if not _WORD.fullmatch(value):
        raise _invalid(name, f"{value!r} is not one word", "Take it from the page's address.")


def _invalid(name: str, why: str, fix: str) -> InvalidFilterError:
    return InvalidFilterError(
        f"query: {name}: {why}.", fix=fix, extra={"field": "query", "parameter": name}
    )
