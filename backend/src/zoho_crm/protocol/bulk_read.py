"""Bulk Read: jobs that export up to 200,000 records each as CSV in a ZIP.

Sources: the v8 pages Create, Get Details of and Download the Result of a Bulk Read Job.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from http import HTTPStatus
from typing import Any

import orjson

from zoho_crm.errors import Throttled, UnexpectedAnswer
from zoho_crm.protocol.faults import document_of, without_json
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import Answer, AnswerMeta, Area, Call, Request, path, record_id

ROWS_PER_JOB = 200_000
# Ten downloads a minute; whoever meets the limit finds room again within that minute.
DOWNLOAD_WAIT_S = 15.0

# A criteria object of the CRM: nested JSON.
BulkCriteria = Mapping[str, Any]


class BulkState(StrEnum):
    """Life of a job; the CRM writes `IN PROGRESS` with a space, in some places without."""

    ADDED = "ADDED"
    QUEUED = "QUEUED"
    IN_PROGRESS = "IN PROGRESS"
    COMPLETED = "COMPLETED"
    FAILURE = "FAILURE"

    @property
    def is_final(self) -> bool:
        """Tell whether the job will not change any more."""
        return self in {BulkState.COMPLETED, BulkState.FAILURE}


@dataclass(frozen=True, slots=True)
class BulkReadJob:
    """A job as its status call or its callback shows it.

    `count`, `more` and `next_page_token` speak of its result and are 0, False and None before
    COMPLETED; `error` is the CRM's reason of a FAILURE.
    """

    id: str
    state: BulkState
    module: str | None
    count: int
    more: bool
    next_page_token: str | None
    error: str | None
    meta: AnswerMeta


def condition(field: str, comparator: str, value: object) -> BulkCriteria:
    """Compare one field, e.g. `condition("Stage", "equal", "Won")` (`equal`, not `equals`)."""
    return {"field": {"api_name": field}, "comparator": comparator, "value": value}


def all_of(*conditions: BulkCriteria) -> BulkCriteria:
    """Join conditions by `and`."""
    return {"group_operator": "and", "group": list(conditions)}


def any_of(*conditions: BulkCriteria) -> BulkCriteria:
    """Join conditions by `or`."""
    return {"group_operator": "or", "group": list(conditions)}


def create(
    module: str,
    fields: Sequence[str],
    *,
    criteria: BulkCriteria | None = None,
    page_token: str | None = None,
    callback: str | None = None,
) -> Call[str]:
    """Start an export and return its job id; no fields means all fields.

    With `page_token` of a finished job the next 200,000 records of the same query are exported:
    module, fields and criteria are then the CRM's own memory and are not sent. A repeated
    creation costs credits and changes nothing else, so it may be sent again.
    """
    if page_token is not None:
        query: dict[str, Any] = {"page_token": page_token}
    else:
        query = {"module": {"api_name": module}}
        if fields:
            query["fields"] = list(fields)
        if criteria is not None:
            query["criteria"] = dict(criteria)
    body: dict[str, Any] = {"query": query, "file_type": "csv"}
    if page_token is not None:
        del body["file_type"]
    if callback is not None:
        body["callback"] = {"url": callback, "method": "post"}
    return Call(
        Work(Operation.BULK_READ_CREATE, module),
        Request("POST", "/read", body=orjson.dumps(body), area=Area.BULK),
        _created,
    )


def status(job_id: str) -> Call[BulkReadJob]:
    """Read the state of a job."""
    return Call(
        Work(Operation.BULK_READ_STATUS),
        Request("GET", path("read", record_id(job_id)), area=Area.BULK),
        partial(_job, job_id=job_id),
    )


def download(job_id: str) -> Call[AnswerMeta]:
    """Fetch the ZIP of a finished job; the transport has put its body into a file."""
    return Call(
        Work(Operation.BULK_READ_DOWNLOAD),
        Request("GET", path("read", record_id(job_id), "result"), area=Area.BULK),
        _downloaded,
    )


def _only_row(answer: Answer) -> Shape:
    document = document_of(answer, "data")
    if document is None:
        raise UnexpectedAnswer("data", "a job was expected", status=answer.status)
    rows = Shape(document, "body", status=answer.status).items("data")
    if len(rows) != 1:
        raise UnexpectedAnswer("data", f"{len(rows)} jobs in place of one", status=answer.status)
    return rows[0]


def _created(answer: Answer) -> str:
    return _only_row(answer).nested("details").identity()


def _job(answer: Answer, *, job_id: str) -> BulkReadJob:
    row = _only_row(answer)
    if row.identity() != job_id:
        raise UnexpectedAnswer("data[0].id", "another job's status", status=answer.status)
    query, result = row.optional_nested("query"), row.optional_nested("result")
    module = None if query is None else query.optional_nested("module")
    failure = None if result is None else result.optional_nested("error_message")
    return BulkReadJob(
        id=job_id,
        state=_state(row),
        module=None if module is None else module.optional_text("api_name"),
        count=0 if result is None else result.optional_number("count") or 0,
        more=result is not None and result.flag("more_records"),
        next_page_token=None if result is None else result.optional_text("next_page_token"),
        error=None
        if failure is None
        else f"{failure.optional_text('code')}: {failure.optional_text('message')}",
        meta=answer.meta,
    )


def _state(row: Shape) -> BulkState:
    if row.optional_text("state") in {"IN_PROGRESS", "INPROGRESS"}:
        return BulkState.IN_PROGRESS
    return row.choice("state", BulkState)


def _downloaded(answer: Answer) -> AnswerMeta:
    if answer.status == HTTPStatus.OK and not answer.body:
        return answer.meta
    try:
        document_of(answer, "data")
    except Throttled as throttled:
        wait_s = throttled.retry_after_s
        raise Throttled(
            str(throttled), retry_after_s=DOWNLOAD_WAIT_S if wait_s is None else wait_s
        ) from throttled
    raise without_json(answer)
