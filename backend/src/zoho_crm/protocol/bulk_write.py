"""Bulk Write: jobs that import a CSV in a ZIP, 25,000 records each.

Sources: the v8 pages Upload File, Create, Get the Details of and Download the Result of a Bulk
Write Job, and the vendor's OpenAPI files. The steps are: upload a file, create a job for it, ask
for its status until it is final, fetch the result. A job that is COMPLETED may have skipped rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson

from zoho_crm.errors import UnexpectedAnswer
from zoho_crm.protocol.bulk_columns import ECHOED_COLUMNS, checked_columns
from zoho_crm.protocol.faults import Json, document_of, without_json
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import Answer, AnswerMeta, Area, Call, Request, Resend, path, record_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from zoho_crm.protocol.bulk_columns import BulkColumn


class BulkOperation(StrEnum):
    """What a job does with the rows of its file."""

    INSERT = "insert"
    UPDATE = "update"
    UPSERT = "upsert"


class BulkWriteState(StrEnum):
    """Life of a job and of its files; the CRM writes INPROGRESS, in prose with a space.

    SKIPPED is said of a file only.
    """

    ADDED = "ADDED"
    IN_PROGRESS = "INPROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"

    @property
    def is_final(self) -> bool:
        """Tell whether it will not change any more."""
        return self not in {BulkWriteState.ADDED, BulkWriteState.IN_PROGRESS}


@dataclass(frozen=True, slots=True)
class BulkWriteFile:
    """A file of a job; its counts are of rows, 0 until the CRM gives them.

    `code` is the CRM's reason when the file as a whole was not taken.
    """

    name: str | None
    state: BulkWriteState
    code: str | None
    added: int
    updated: int
    skipped: int
    total: int


@dataclass(frozen=True, slots=True)
class BulkWriteJob:
    """A job as its status call or its callback shows it.

    `download_url` is where the result of a final job is, in the CRM's words.
    """

    id: str
    state: BulkWriteState
    operation: str | None
    files: tuple[BulkWriteFile, ...]
    download_url: str | None
    meta: AnswerMeta


def upload(org_id: str) -> Call[str]:
    """Store a ZIP of one CSV and return its file id; `org_id` is the organisation's zgid.

    A repeated upload stores a second file and changes nothing else.
    """
    headers = (("feature", "bulk-write"), ("X-CRM-ORG", record_id(org_id)))
    return Call(
        Work(Operation.BULK_WRITE_UPLOAD),
        Request("POST", "/upload", headers=headers, area=Area.UPLOAD),
        _uploaded,
    )


def create(  # noqa: PLR0913 - these are the parts of the CRM's own request
    module: str,
    operation: BulkOperation,
    *,
    file_id: str,
    file_name: str,
    columns: Sequence[BulkColumn],
    ignore_empty: bool,
    find_by: str | None = None,
    defaults: Mapping[str, str] | None = None,
    callback: str | None = None,
) -> Call[str]:
    """Start a job over an uploaded file and return its id; it costs 500 credits.

    `file_name` is the CSV's name within the ZIP. `find_by` is the field by which update and upsert
    recognise a record (`id` or a unique one); it must be among the first three columns, because a
    result gives back no others. `ignore_empty` keeps what a record has where a cell is empty;
    without it an empty cell empties the field. `defaults` are values for fields that have no
    column. The job is never created twice by itself: two jobs would write every row twice.
    """
    listed = checked_columns(columns)
    operation = BulkOperation(operation)
    if find_by is None and operation is not BulkOperation.INSERT:
        raise ValueError(f"{operation.value}: name the field by which a record is recognised")
    if find_by is not None and find_by not in {
        column.api_name for column in listed[:ECHOED_COLUMNS]
    }:
        raise ValueError(
            f"{find_by}: put the column by which a record is recognised among the first "
            f"{ECHOED_COLUMNS}, a result gives back no others"
        )
    mappings = [column.mapping(index) for index, column in enumerate(listed)]
    mappings += [
        {"api_name": name, "default_value": {"value": value}}
        for name, value in (defaults or {}).items()
    ]
    resource: Json = {
        "type": "data",
        "module": {"api_name": module},
        "file_id": file_id,
        "file_names": [file_name],
        # The vendor's OpenAPI file and SDK have it here, one prose sample beside the operation.
        "ignore_empty": ignore_empty,
        "field_mappings": mappings,
    }
    if find_by is not None:
        resource["find_by"] = find_by
    body: Json = {
        "operation": operation.value,
        "character_encoding": "UTF-8",
        "resource": [resource],
    }
    if callback is not None:
        body["callback"] = {"url": callback, "method": "post"}
    return Call(
        Work(Operation.BULK_WRITE_CREATE, module),
        Request("POST", "/write", body=orjson.dumps(body), area=Area.BULK),
        _created,
        resend=Resend.REFUSED_ONLY,
        is_write=True,
    )


def status(job_id: str) -> Call[BulkWriteJob]:
    """Read the state of a job; an unknown id raises NotFound."""
    return Call(
        Work(Operation.BULK_WRITE_STATUS),
        Request("GET", path("write", record_id(job_id)), area=Area.BULK),
        partial(_job, job_id=job_id),
    )


def result(job: BulkWriteJob) -> Call[AnswerMeta]:
    """Fetch the ZIP with the outcome of each row; the transport has put its body into a file."""
    if job.download_url is None:
        raise ValueError(f"job {job.id} is {job.state.value}: it has no result")
    return Call(
        Work(Operation.BULK_WRITE_RESULT),
        Request("GET", job.download_url, area=Area.RESULT),
        _fetched,
    )


def _body(answer: Answer) -> Shape:
    document = document_of(answer, "data")
    if document is None:
        raise UnexpectedAnswer("body", "an object was expected", status=answer.status)
    return Shape(document, "body", status=answer.status)


def _uploaded(answer: Answer) -> str:
    return _body(answer).nested("details").identity("file_id")


def _created(answer: Answer) -> str:
    return _body(answer).nested("details").identity()


def _job(answer: Answer, *, job_id: str) -> BulkWriteJob:
    body = _body(answer)
    if body.identity() != job_id:
        raise UnexpectedAnswer("id", "another job's status", status=answer.status)
    outcome = body.optional_nested("result")
    return BulkWriteJob(
        id=job_id,
        state=_state(body),
        operation=body.optional_text("operation"),
        files=tuple(_file(resource) for resource in body.items("resource")),
        download_url=None if outcome is None else outcome.optional_text("download_url"),
        meta=answer.meta,
    )


def _file(resource: Shape) -> BulkWriteFile:
    file = resource.optional_nested("file")
    count = (lambda _: None) if file is None else file.optional_number
    return BulkWriteFile(
        name=None if file is None else file.optional_text("name"),
        state=_state(resource),
        code=resource.optional_text("code"),
        added=count("added_count") or 0,
        updated=count("updated_count") or 0,
        skipped=count("skipped_count") or 0,
        total=count("total_count") or 0,
    )


def _state(row: Shape) -> BulkWriteState:
    if row.optional_text("status") in {"IN PROGRESS", "IN_PROGRESS"}:
        return BulkWriteState.IN_PROGRESS
    return row.choice("status", BulkWriteState)


def _fetched(answer: Answer) -> AnswerMeta:
    if answer.status == HTTPStatus.OK and not answer.body:
        return answer.meta
    document_of(answer, "data")
    raise without_json(answer)
