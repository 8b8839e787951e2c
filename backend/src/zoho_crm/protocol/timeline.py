"""A record's timeline: who changed what, when, and from where.

Source: the v8 page Timeline of a Record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import orjson

from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.records import PAGE_LIMIT, page_of
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import Answer, AnswerMeta, Call, Request, bounded, iso_seconds, path
from zoho_crm.protocol.wire import record_id as checked_id

if TYPE_CHECKING:
    from datetime import datetime

    from zoho_crm.protocol.faults import Json

KEY = "__timeline"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's old and new value; the CRM writes an empty one as null or as "blank"."""

    api_name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One entry: `action` as the CRM names it (added, updated, deleted, …); `raw` is all of it."""

    id: str
    audited_time: datetime
    action: str | None
    source: str | None
    done_by_id: str | None
    changes: tuple[FieldChange, ...]
    raw: Json


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """One page of a timeline."""

    events: list[TimelineEvent]
    more: bool
    next_page_token: str | None
    meta: AnswerMeta


def timeline(
    module: str,
    record_id: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    page_token: str | None = None,
    per_page: int = PAGE_LIMIT,
) -> Call[TimelinePage]:
    """List one page of a record's history, from `since` to `until` inclusive if both are given.

    The window holds even when the CRM passes over its filter (the parameter's name differs
    between the vendor's page and its OpenAPI file): rows outside are dropped here.
    """
    if (since is None) != (until is None):
        raise ValueError("give both since and until, or neither: the CRM's filter is a range")
    query = [("per_page", bounded("per_page", per_page, PAGE_LIMIT))]
    if page_token is not None:
        query.append(("page_token", page_token))
    if since is not None and until is not None:
        window = {
            "comparator": "between",
            "field": {"api_name": "audited_time"},
            "value": [iso_seconds(since), iso_seconds(until)],
        }
        query.append(("filters", orjson.dumps(window).decode()))
    return Call(
        Work(Operation.TIMELINE, module),
        Request("GET", path(module, checked_id(record_id), KEY), tuple(query)),
        partial(_timeline_page, since=since, until=until),
    )


def _timeline_page(
    answer: Answer, *, since: datetime | None, until: datetime | None
) -> TimelinePage:
    page = page_of(answer, KEY)
    events = [
        _event(Shape(row, f"{KEY}[{index}]", status=answer.status))
        for index, row in enumerate(page.records)
    ]
    if since is not None and until is not None:
        first = since.replace(microsecond=0)
        events = [event for event in events if first <= event.audited_time <= until]
    return TimelinePage(events, page.more, page.next_page_token, page.meta)


def _event(row: Shape) -> TimelineEvent:
    who = row.optional_nested("done_by")
    return TimelineEvent(
        id=row.identity(),
        audited_time=row.time("audited_time"),
        action=row.optional_text("action"),
        source=row.optional_text("source"),
        done_by_id=None if who is None else who.identity(),
        changes=tuple(_change(change) for change in row.items("field_history")),
        raw=row.raw,
    )


def _change(change: Shape) -> FieldChange:
    value = change.optional_nested("_value")
    return FieldChange(
        change.text("api_name"),
        None if value is None else value.raw.get("old"),
        None if value is None else value.raw.get("new"),
    )
