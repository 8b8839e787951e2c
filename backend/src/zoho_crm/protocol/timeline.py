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
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from zoho_crm.protocol.faults import Json

KEY = "__timeline"
# The word that the CRM shows, and sends, where a field was empty.
BLANK = "blank"
# Sources of changes that came through the API, in the vendor's list of sources.
API_SOURCES = frozenset({"crm_api", "bulkapi", "mass_update", "mass_update_via_scheduler"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's old and new value as the CRM shows them, which is mostly text; None is empty.

    The CRM writes an empty value as null or as the text "blank", so a text field that really held
    this word reads as empty.
    """

    api_name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One entry: `action` as the CRM names it (added, updated, deleted, …); `raw` is all of it.

    `source` is where the change came from (crm_ui, crm_api, workflow, …). `audited_time` has
    seconds only.
    """

    id: str
    audited_time: datetime
    action: str | None
    source: str | None
    done_by_id: str | None
    changes: tuple[FieldChange, ...]
    raw: Json
    done_by_name: str | None = None

    @property
    def is_by_api(self) -> bool:
        """Tell whether it came through the API, or as a mass update in the CRM's own pages."""
        return self.source in API_SOURCES

    def change_of(self, api_name: str) -> FieldChange | None:
        """Return what happened to a field in this entry; None when nothing did."""
        return next((change for change in self.changes if change.api_name == api_name), None)


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
    inner_details: Sequence[str] = (),
) -> Call[TimelinePage]:
    """List one page of a record's history, newest first, from `since` to `until` inclusive.

    `since` alone reads on until it is reached: the page that reaches it is the last one. The window
    holds even when the CRM passes over its filter (the parameter's name differs between the
    vendor's page and its OpenAPI file): rows outside are dropped here. `inner_details` asks for
    keys that are left out otherwise, such as `field_history.data_type`; they are in `raw`.
    """
    if since is None and until is not None:
        raise ValueError("give since too: the CRM's filter is a range")
    query = [
        ("per_page", bounded("per_page", per_page, PAGE_LIMIT)),
        ("sort_by", "audited_time"),
        ("sort_order", "desc"),
    ]
    if page_token is not None:
        query.append(("page_token", page_token))
    if inner_details:
        query.append(("include_inner_details", ",".join(inner_details)))
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


def last_change(events: Iterable[TimelineEvent], api_name: str) -> TimelineEvent | None:
    """Return the latest entry that changed a field: when, and by whom; None when none did.

    Of entries of the same second the first is taken, which in a timeline is the later one.
    """
    changed = [event for event in events if event.change_of(api_name) is not None]
    return max(changed, key=lambda event: event.audited_time, default=None)


def api_changes(
    events: Iterable[TimelineEvent], user_id: str, fields: Iterable[str]
) -> list[TimelineEvent]:
    """Return the entries in which a user changed one of the fields through the API.

    After a lost answer this is the trace of our own write, if `events` begin at the moment of its
    guard. A write that changed no value leaves none.
    """
    wanted = frozenset(fields)
    return [
        event
        for event in events
        if event.is_by_api
        and event.done_by_id == user_id
        and any(change.api_name in wanted for change in event.changes)
    ]


def _timeline_page(
    answer: Answer, *, since: datetime | None, until: datetime | None
) -> TimelinePage:
    page = page_of(answer, KEY)
    events = [
        _event(Shape(row, f"{KEY}[{index}]", status=answer.status))
        for index, row in enumerate(page.records)
    ]
    more = page.more
    if since is not None:
        first = since.replace(microsecond=0)
        # Newest first: beyond an entry that is too old there are only older ones.
        more = more and all(event.audited_time >= first for event in events)
        events = [event for event in events if event.audited_time >= first]
    if until is not None:
        events = [event for event in events if event.audited_time <= until]
    return TimelinePage(events, more, page.next_page_token, page.meta)


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
        done_by_name=None if who is None else who.optional_text("name"),
    )


def _change(change: Shape) -> FieldChange:
    value = change.optional_nested("_value")
    return FieldChange(
        change.text("api_name"),
        None if value is None else _shown(value.raw.get("old")),
        None if value is None else _shown(value.raw.get("new")),
    )


def _shown(value: object) -> object:
    return None if value == BLANK else value
