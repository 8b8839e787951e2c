"""Reading records: lists, single records, search, counts, history and the deleted list.

Sources: the v8 pages Get Records, Search Records, Get Deleted Records, Record Count, Timeline.
Records stay the dicts that the CRM sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from zoho_crm.errors import RequestRefused, UnexpectedAnswer
from zoho_crm.protocol.faults import Json, document_of, rows_of
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import (
    Answer,
    AnswerMeta,
    Call,
    Request,
    bounded,
    iso_seconds,
    joined_ids,
    path,
    record_id,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

PAGE_LIMIT = 200
FIELDS_LIMIT = 50
# No maximum is documented; the vendor's OpenAPI allows 1,024 characters, about 51 ids.
IDS_LIMIT = 50


class SortBy(StrEnum):
    """The only fields by which Get Records sorts."""

    ID = "id"
    CREATED_TIME = "Created_Time"
    MODIFIED_TIME = "Modified_Time"


class SortOrder(StrEnum):
    """Direction of a sort; the CRM's default is descending."""

    ASCENDING = "asc"
    DESCENDING = "desc"


class DeletedKind(StrEnum):
    """Which deleted records to list: in the bin (60 days), gone for good (120 days), or both."""

    ALL = "all"
    RECYCLE = "recycle"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records. `more` tells that others follow; the token leads to the next page."""

    records: list[Json]
    more: bool
    next_page_token: str | None
    meta: AnswerMeta


@dataclass(frozen=True, slots=True)
class DeletedRecord:
    """A record in the deleted list; `deleted_by_id` is None for one that is gone for good."""

    id: str
    kind: DeletedKind
    deleted_time: datetime
    display_name: str | None
    deleted_by_id: str | None


@dataclass(frozen=True, slots=True)
class DeletedPage:
    """One page of the deleted list; it has pages by number only."""

    records: list[DeletedRecord]
    more: bool
    meta: AnswerMeta


def field_list(fields: Sequence[str]) -> str:
    """Return the value of the `fields` parameter: 1 to 50 API names."""
    if not 1 <= len(fields) <= FIELDS_LIMIT:
        raise ValueError(f"{len(fields)} fields: one call takes 1 to {FIELDS_LIMIT}")
    for name in fields:
        if not name or "," in name:
            raise ValueError(f"{name!r} is no field name")
    return ",".join(fields)


def get_records(  # noqa: PLR0913 - these are the parameters of the CRM's own call
    module: str,
    fields: Sequence[str],
    *,
    page: int | None = None,
    page_token: str | None = None,
    per_page: int = PAGE_LIMIT,
    sort_by: SortBy | None = None,
    sort_order: SortOrder | None = None,
    ids: Sequence[str] | None = None,
    view_id: str | None = None,
    if_modified_since: datetime | None = None,
) -> Call[RecordPage]:
    """List one page of a module's records, or of those in a custom view.

    `page` reaches the first 2,000 records, `page_token` 100,000. Nothing newer than
    `if_modified_since` gives an empty page. Rows of subforms and multi-select lookups are never
    in a list.
    """
    if page is not None and page_token is not None:
        raise ValueError("give page or page_token, not both")
    if view_id is not None and sort_by is not None:
        raise ValueError("a custom view has an order of its own: give view_id or sort_by, not both")
    query = [("fields", field_list(fields)), ("per_page", bounded("per_page", per_page, 200))]
    if page is not None:
        query.append(("page", bounded("page", page, 2_000)))
    if page_token is not None:
        query.append(("page_token", page_token))
    if sort_by is not None:
        query.append(("sort_by", SortBy(sort_by).value))
    if sort_order is not None:
        query.append(("sort_order", SortOrder(sort_order).value))
    if ids is not None:
        query.append(("ids", joined_ids(ids, at_most=IDS_LIMIT)))
    if view_id is not None:
        query.append(("cvid", record_id(view_id)))
    headers = () if if_modified_since is None else _modified_since(if_modified_since)
    return Call(
        Work(
            Operation.LIST_RECORDS,
            module,
            is_sorted=sort_by is not None,
            is_view=view_id is not None,
        ),
        Request("GET", path(module), tuple(query), headers),
        _record_page,
    )


def get_record(
    module: str, identity: str, fields: Sequence[str] | None = None
) -> Call[Json | None]:
    """Read one record with all its fields, or those named; None when the module has no such id."""
    query = () if fields is None else (("fields", field_list(fields)),)
    return Call(
        Work(Operation.GET_RECORD, module),
        Request("GET", path(module, record_id(identity)), query),
        _single_record,
    )


def search(
    module: str,
    *,
    criteria: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    word: str | None = None,
    fields: Sequence[str] | None = None,
    page: int = 1,
    per_page: int = PAGE_LIMIT,
) -> Call[RecordPage]:
    """Search the index of a module by exactly one of criteria, email, phone or word.

    The index lags behind writes, `equals` on text means contains, and 2,000 rows are the most
    that can be reached. Build `criteria` with `zoho_crm.protocol.criteria`.
    """
    given = [
        (name, value)
        for name, value in (
            ("criteria", criteria),
            ("email", email),
            ("phone", phone),
            ("word", word),
        )
        if value is not None
    ]
    if len(given) != 1:
        raise ValueError("give exactly one of criteria, email, phone and word")
    query = [
        *given,
        ("page", bounded("page", page, 2_000)),
        ("per_page", bounded("per_page", per_page, PAGE_LIMIT)),
    ]
    if fields is not None:
        query.append(("fields", field_list(fields)))
    return Call(
        Work(Operation.SEARCH, module),
        Request("GET", path(module, "search"), tuple(query)),
        _record_page,
    )


def record_count(module: str, *, criteria: str | None = None) -> Call[int]:
    """Count a module's records from the CRM's cache, 1 to 10 minutes old; it costs 50 credits."""
    query = () if criteria is None else (("criteria", criteria),)
    return Call(
        Work(Operation.COUNT_RECORDS, module),
        Request("GET", path(module, "actions", "count"), query),
        _count,
    )


def deleted_records(
    module: str,
    *,
    since: datetime | None = None,
    page: int = 1,
    per_page: int = PAGE_LIMIT,
    kind: DeletedKind = DeletedKind.ALL,
) -> Call[DeletedPage]:
    """List one page of a module's deleted records, those deleted after `since` if it is given."""
    query = (
        ("type", DeletedKind(kind).value),
        # The deleted list has no documented cap on pages.
        ("page", bounded("page", page, 1_000_000)),
        ("per_page", bounded("per_page", per_page, PAGE_LIMIT)),
    )
    headers = () if since is None else _modified_since(since)
    return Call(
        Work(Operation.LIST_DELETED, module),
        Request("GET", path(module, "deleted"), query, headers),
        _deleted_page,
    )


def stage_history(
    deal_id: str,
    fields: Sequence[str],
    *,
    page: int = 1,
    per_page: int = PAGE_LIMIT,
) -> Call[RecordPage]:
    """List the stages that a deal went through (related list Stage_History)."""
    query = (
        ("fields", field_list(fields)),
        ("page", bounded("page", page, 2_000)),
        ("per_page", bounded("per_page", per_page, PAGE_LIMIT)),
    )
    return Call(
        Work(Operation.STAGE_HISTORY, "Deals"),
        Request("GET", path("Deals", record_id(deal_id), "Stage_History"), query),
        _record_page,
    )


def page_of(answer: Answer, key: str) -> RecordPage:
    """Read a list of rows with its `info`; an empty answer (204, 304) is an empty last page."""
    document = document_of(answer, key)
    if document is None:
        return RecordPage([], more=False, next_page_token=None, meta=answer.meta)
    rows = rows_of(answer, document, key)
    info = Shape(document.get("info"), "info", status=answer.status)
    if "more_records" not in info.raw:
        # Taking silence for "no more" would lose every later page.
        raise UnexpectedAnswer(
            "info.more_records", "true or false was expected", status=answer.status
        )
    return RecordPage(
        rows, info.flag("more_records"), info.optional_text("next_page_token"), answer.meta
    )


def _modified_since(moment: datetime) -> tuple[tuple[str, str]]:
    return (("If-Modified-Since", iso_seconds(moment)),)


_record_page = partial(page_of, key="data")


def _single_record(answer: Answer) -> Json | None:
    try:
        document = document_of(answer, "data")
    except RequestRefused as refused:
        # An unknown id is 204 or this; which of them is not confirmed for v8.
        if refused.status == HTTPStatus.BAD_REQUEST and _is_about_the_id(refused):
            return None
        raise
    if document is None:
        return None
    rows = rows_of(answer, document, "data")
    if len(rows) != 1:
        raise UnexpectedAnswer("data", f"{len(rows)} records for one id", status=answer.status)
    return rows[0]


def _is_about_the_id(refused: RequestRefused) -> bool:
    return refused.code == "INVALID_DATA" and (
        "the id given" in refused.message
        or refused.details.get("api_name") == "id"
        or refused.details.get("resource_path_index") == 1
    )


def _count(answer: Answer) -> int:
    document = document_of(answer, "data")
    return 0 if document is None else Shape(document, "body", status=answer.status).number("count")


def _deleted_page(answer: Answer) -> DeletedPage:
    page = page_of(answer, "data")
    return DeletedPage(
        [
            _deleted_record(Shape(row, f"data[{index}]", status=answer.status))
            for index, row in enumerate(page.records)
        ],
        page.more,
        page.meta,
    )


def _deleted_record(row: Shape) -> DeletedRecord:
    who = row.optional_nested("deleted_by")
    return DeletedRecord(
        id=row.identity(),
        kind=row.choice("type", DeletedKind),
        deleted_time=row.time("deleted_time"),
        display_name=row.optional_text("display_name"),
        deleted_by_id=None if who is None else who.identity(),
    )
