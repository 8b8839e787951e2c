"""Query parameters and times as the CRM reads them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zoho_sim.routes.errors import (
    ApiError,
    limit_exceeded,
    pattern_not_matched,
    required_param_missing,
)

if TYPE_CHECKING:
    from zoho_sim.routes.call import Call

FIELDS_MAXIMUM = 50
PAGE_SIZE_MAXIMUM = 200


def whole_number(call: Call, name: str, default: int, *, maximum: int | None = None) -> int:
    """Return a parameter as a number from 1 to ``maximum``; PATTERN_NOT_MATCHED otherwise."""
    text = call.query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit():
        raise pattern_not_matched(name)
    number = int(text)
    if number < 1 or (maximum is not None and number > maximum):
        raise pattern_not_matched(name)
    return number


def page_size(call: Call) -> int:
    """Return ``per_page``: 1 to 200, 200 by default."""
    return whole_number(call, "per_page", PAGE_SIZE_MAXIMUM, maximum=PAGE_SIZE_MAXIMUM)


def names(call: Call, name: str) -> list[str]:
    """Return a comma-separated parameter as a list without empty items."""
    return [item.strip() for item in call.query.get(name, "").split(",") if item.strip()]


def mandatory_fields(call: Call) -> list[str]:
    """Return ``fields``: mandatory, 50 at most."""
    fields = names(call, "fields")
    if not fields:
        raise required_param_missing("fields")
    if len(fields) > FIELDS_MAXIMUM:
        raise limit_exceeded("fields", FIELDS_MAXIMUM)
    return fields


def choice(call: Call, name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return a parameter that must be one of a few words; PATTERN_NOT_MATCHED otherwise."""
    value = call.query.get(name, default)
    if value not in allowed:
        raise pattern_not_matched(name)
    return value


def header_time(call: Call, name: str) -> str | None:
    """Return a header's ISO 8601 time with offset as wire time, or None if it is absent."""
    text = call.request.headers.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ApiError(
            400,
            "INVALID_DATA",
            "invalid data",
            {"header_name": name, "expected_data_type": "datetime"},
        )
    return call.organisation.wire_time(moment)
