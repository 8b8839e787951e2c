"""Rules that every JSON answer of the CRM keeps (zoho-crm-v8.md section 0).

The SDK is lenient where a client may not be: it reads an id that is a number, and a time with
milliseconds. So what it was sent is checked too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = Any  # whatever an answer holds

_ID_KEYS = re.compile(r"(id|zgid|zuid|job_id)")
_ID = re.compile(r"\d+")
_TIME_KEYS = re.compile(r"(\w+_time|Created_Time|Modified_Time|Last_Activity_Time)")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+.*")


def breaches(answer: Json, path: str = "$") -> list[str]:
    """Return where an answer breaks a rule of the wire: ids are strings of digits, times whole."""
    return list(_breaches(answer, path))


def _breaches(value: Json, path: str) -> Iterator[str]:
    match value:
        case dict():
            for name, held in value.items():
                place = f"{path}.{name}"
                if _ID_KEYS.fullmatch(name) and held is not None and not _is_id(held):
                    yield f"{place}: {held!r} is no string of digits"
                if _TIME_KEYS.fullmatch(name) and held is not None and not _is_time(held):
                    yield f"{place}: {held!r} is no time with offset in whole seconds"
                yield from _breaches(held, place)
        case list():
            for place, held in enumerate(value):
                yield from _breaches(held, f"{path}[{place}]")
        case str() if _MILLISECONDS.fullmatch(value):
            yield f"{path}: {value!r} has a fraction of a second"


def _is_id(value: Json) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_time(value: Json) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None
