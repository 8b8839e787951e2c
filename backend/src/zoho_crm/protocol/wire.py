"""The words between protocol and transport: a call, its request, an answer and what it cost.

A `Call` is a value: what to send, how to read the answer, what it costs, and whether it may be
sent again. Nothing here does I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from zoho_crm.protocol.prices import Work

T = TypeVar("T")


class Area(StrEnum):
    """Where a path lives: bulk jobs put `bulk` before the version ({api}/crm/bulk/v8/…).

    UPLOAD is on the host that takes files. A path of RESULT is what the CRM itself gave as the
    address of a file: absolute, or a path right below the API's host.
    """

    CRM = "crm"
    BULK = "crm/bulk"
    UPLOAD = "upload"
    RESULT = "result"


class Resend(StrEnum):
    """Whether the call may be sent again after a failure.

    ALWAYS: reads, and writes that end in the same state when executed twice.
    REFUSED_ONLY: only after an answer or failure that proves that nothing was executed. A guarded
    update is of this kind: its own first execution would make the second fail with 412.
    NEVER: not even then, once it has left. POST insert has no idempotency key.
    """

    ALWAYS = "always"
    REFUSED_ONLY = "refused_only"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request below the version segment; `path` begins with a slash and is encoded."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    area: Area = Area.CRM

    @property
    def target(self) -> str:
        """Return path and query, percent-encoded: a space as %20 and a plus as %2B."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class AnswerMeta:
    """What an answer tells beside its contents.

    `server_time` is the CRM's clock (Date header, aware UTC); `credits_remaining` comes only once
    half of the day's credits are spent; `credits` are those of all attempts by our price table.
    """

    server_time: datetime | None = None
    credits_remaining: int | None = None
    latency_s: float = 0.0
    attempts: int = 1
    credits: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    meta: AnswerMeta = field(default_factory=AnswerMeta)

    @property
    def retry_after_s(self) -> float | None:
        """Return the wait that Retry-After asks for, in seconds or until a date by the CRM's clock.

        The header is not documented; it is honoured when it comes.
        """
        value = self.headers.get("retry-after", "")
        if value.isascii() and value.isdecimal():
            return float(value)
        until, now = _http_date(value), server_time(self.headers)
        if until is None or now is None:
            return None
        return max(0.0, (until - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """An operation ready to be sent: its request, its price facts and the reader of its answer.

    `rows` (one for each record to be written, as it was meant to be) and `guard` (the time of
    If-Unmodified-Since) go into `AnswerLost`, for the look that has to follow.
    """

    work: Work
    request: Request
    decode: Callable[[Answer], T]
    resend: Resend = Resend.ALWAYS
    is_write: bool = False
    rows: tuple[Mapping[str, Any], ...] = ()
    guard: datetime | None = None


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return the Date header as aware UTC; None when it is absent or unreadable."""
    return _http_date(headers.get("date", ""))


def _http_date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except ValueError:
        return None
    # "-0000" marks a time of unknown zone and parses as naive; HTTP dates are always UTC.
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def credits_remaining(headers: Mapping[str, str]) -> int | None:
    """Return X-API-CREDITS-REMAINING; None when it is absent or no number."""
    value = headers.get("x-api-credits-remaining", "")
    return int(value) if value.isascii() and value.isdecimal() else None


def iso_seconds(moment: datetime) -> str:
    """Return an aware time as the CRM writes it: ISO 8601 with offset, whole seconds, in UTC."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone: the CRM needs an offset")
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def record_id(value: str) -> str:
    """Check that `value` is an id (digits only) and return it, fit for a path or a query."""
    if not (value.isascii() and value.isdecimal()):
        raise ValueError(f"{value!r} is no CRM id: ids are strings of digits")
    return value


def joined_ids(ids: Iterable[str], *, at_most: int) -> str:
    """Return ids as the comma-separated list of a query parameter."""
    checked = [record_id(value) for value in ids]
    if not 1 <= len(checked) <= at_most:
        raise ValueError(f"{len(checked)} ids: one call takes 1 to {at_most}")
    return ",".join(checked)


def rows_of_ids(
    ids: Iterable[str], values: Mapping[str, object] | None = None
) -> tuple[dict[str, object], ...]:
    """Return a row for each id, with the same values in each."""
    return tuple({"id": value, **(values or {})} for value in ids)


def path(*segments: str) -> str:
    """Return segments as an encoded path; a segment can hold no separator and no dots alone."""
    for segment in segments:
        if not segment or segment.strip(".") == "":
            raise ValueError(f"{segment!r} is no path segment")
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)


def bounded(name: str, value: int, at_most: int) -> str:
    """Return a number of 1 to `at_most` as the text of parameter `name`."""
    if not 1 <= value <= at_most:
        raise ValueError(f"{name} is {value}: give 1 to {at_most}")
    return str(value)
