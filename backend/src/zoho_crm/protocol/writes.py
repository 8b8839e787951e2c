"""Writing records: insert, update, upsert, delete, and restore from the recycle bin.

Sources: the v8 pages Insert, Update, Upsert and Delete Records, and the vendor's OpenAPI file of
the recycle bin. Results come back in the order of the rows that were sent; a refused row is a
value, a refused request an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from zoho_crm.errors import UnexpectedAnswer
from zoho_crm.protocol.faults import (
    EMPTY,
    REQUEST_CODES,
    Json,
    error_from,
    is_error,
    read_json,
    rows_of,
    without_json,
)
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import (
    Answer,
    AnswerMeta,
    Call,
    Request,
    Resend,
    iso_seconds,
    joined_ids,
    path,
)

if TYPE_CHECKING:
    from datetime import datetime

WRITE_LIMIT = 100
ALREADY_MODIFIED = "ALREADY_MODIFIED"
SEVERAL_ERRORS = "MULTIPLE_OR_MULTI_ERRORS"
BIN = "recycle_bin"


@dataclass(frozen=True, slots=True)
class RecordWritten:
    """A row that was written. `modified_time` is the record's new version stamp."""

    id: str
    modified_time: datetime | None
    message: str
    action: str | None
    details: Json


@dataclass(frozen=True, slots=True)
class RecordError:
    """A row that the CRM refused; `api_name` is the field it names, `details` all that it says."""

    code: str
    message: str
    details: Json
    api_name: str | None

    @property
    def is_already_modified(self) -> bool:
        """Tell whether the record changed after If-Unmodified-Since."""
        return self.code == ALREADY_MODIFIED

    @property
    def parts(self) -> tuple[RecordError, ...]:
        """Return the single errors of a row that failed for several reasons, else this one."""
        if self.code != SEVERAL_ERRORS or not isinstance(self.details.get("errors"), list):
            return (self,)
        return tuple(_record_error(part) for part in self.details["errors"] if is_error(part))


@dataclass(frozen=True, slots=True)
class WriteResult:
    """One outcome for each row sent, in that order."""

    rows: tuple[RecordWritten | RecordError, ...]
    meta: AnswerMeta

    @property
    def errors(self) -> tuple[RecordError, ...]:
        """Return the refused rows."""
        return tuple(row for row in self.rows if isinstance(row, RecordError))


# A record to be written: field API names and values of any JSON type.
Row = Mapping[str, Any]


def insert(
    module: str, rows: Sequence[Row], *, trigger: Sequence[str] | None = None
) -> Call[WriteResult]:
    """Create 1 to 100 records; it is never sent twice.

    `trigger` names the automation to run; None runs all of it, an empty list none.
    """
    return Call(
        Work(Operation.INSERT, module, rows=len(rows)),
        Request("POST", path(module), body=_body(rows, trigger)),
        partial(_write_result, key="data", sent=len(rows)),
        resend=Resend.NEVER,
        is_write=True,
    )


def update(
    module: str,
    rows: Sequence[Row],
    *,
    if_unmodified_since: datetime | None = None,
    trigger: Sequence[str] | None = None,
) -> Call[WriteResult]:
    """Change 1 to 100 records; each row holds its `id`.

    With `if_unmodified_since`, records modified later than that are refused with
    ALREADY_MODIFIED; it is one time for the whole call.
    """
    for row in rows:
        if not row.get("id"):
            raise ValueError("a row to update has no id")
    return Call(
        Work(Operation.UPDATE, module, rows=len(rows)),
        Request(
            "PUT", path(module), headers=_guard(if_unmodified_since), body=_body(rows, trigger)
        ),
        partial(_write_result, key="data", sent=len(rows)),
        resend=Resend.ALWAYS if if_unmodified_since is None else Resend.REFUSED_ONLY,
        is_write=True,
    )


def upsert(
    module: str,
    rows: Sequence[Row],
    *,
    duplicate_check_fields: Sequence[str],
    if_unmodified_since: datetime | None = None,
    trigger: Sequence[str] | None = None,
) -> Call[WriteResult]:
    """Update the records that match on `duplicate_check_fields`, create the others; 1 to 100 rows.

    The fields must be named: without them the CRM matches on its own choice, which for Deals is
    the name, and merges deals that are called alike.
    """
    if not duplicate_check_fields:
        raise ValueError("name the fields by which upsert recognises a record")
    is_guarded = if_unmodified_since is not None
    return Call(
        Work(Operation.UPSERT, module, rows=len(rows)),
        Request(
            "POST",
            path(module, "upsert"),
            headers=_guard(if_unmodified_since),
            body=_body(rows, trigger, duplicate_check_fields=list(duplicate_check_fields)),
        ),
        partial(_write_result, key="data", sent=len(rows)),
        resend=Resend.REFUSED_ONLY if is_guarded else Resend.ALWAYS,
        is_write=True,
    )


def delete(module: str, ids: Sequence[str], *, run_automation: bool = True) -> Call[WriteResult]:
    """Move 1 to 100 records to the recycle bin.

    A repeated delete answers INVALID_DATA for a record that the first one took.
    """
    query = (
        ("ids", joined_ids(ids, at_most=WRITE_LIMIT)),
        ("wf_trigger", "true" if run_automation else "false"),
    )
    return Call(
        Work(Operation.DELETE, module, rows=len(ids)),
        Request("DELETE", path(module), query),
        partial(_write_result, key="data", sent=len(ids)),
        is_write=True,
    )


def restore(ids: Sequence[str]) -> Call[WriteResult]:
    """Take 1 to 100 records of any module out of the recycle bin."""
    joined_ids(ids, at_most=WRITE_LIMIT)
    return Call(
        Work(Operation.RESTORE, rows=len(ids)),
        Request(
            "POST",
            path("settings", BIN, "actions", "restore"),
            body=orjson.dumps({"ids": list(ids)}),
        ),
        partial(_write_result, key=BIN, sent=len(ids)),
        is_write=True,
    )


def _body(rows: Sequence[Row], trigger: Sequence[str] | None, **beside: object) -> bytes:
    if not 1 <= len(rows) <= WRITE_LIMIT:
        raise ValueError(f"{len(rows)} rows: one call takes 1 to {WRITE_LIMIT}")
    document: Json = {"data": [dict(row) for row in rows], **beside}
    if trigger is not None:
        document["trigger"] = list(trigger)
    return orjson.dumps(document)


def _guard(if_unmodified_since: datetime | None) -> tuple[tuple[str, str], ...]:
    if if_unmodified_since is None:
        return ()
    return (("If-Unmodified-Since", iso_seconds(if_unmodified_since)),)


def _write_result(answer: Answer, *, key: str, sent: int) -> WriteResult:
    if answer.status in EMPTY:
        raise UnexpectedAnswer(key, "a write was answered without a body", status=answer.status)
    document = read_json(answer)
    if is_error(document):
        raise error_from(answer, document)
    if not isinstance(document.get(key), list) and answer.status >= HTTPStatus.BAD_REQUEST:
        raise error_from(answer, document) if "code" in document else without_json(answer)
    rows = rows_of(answer, document, key)
    if answer.status == HTTPStatus.PRECONDITION_FAILED:
        return WriteResult(_refused_as_a_whole(answer, rows, sent), answer.meta)
    if answer.status >= HTTPStatus.BAD_REQUEST and _is_about_the_request(answer, rows, sent):
        raise error_from(answer, rows[0])
    if len(rows) != sent:
        raise UnexpectedAnswer(key, f"{len(rows)} results for {sent} rows", status=answer.status)
    return WriteResult(
        tuple(
            _row_result(Shape(row, f"{key}[{index}]", status=answer.status))
            for index, row in enumerate(rows)
        ),
        answer.meta,
    )


def _is_about_the_request(answer: Answer, rows: list[Json], sent: int) -> bool:
    """Tell whether a wrapped error refuses the request rather than the rows."""
    if len(rows) != 1 or not is_error(rows[0]):
        return False
    return (
        answer.status != HTTPStatus.BAD_REQUEST or rows[0].get("code") in REQUEST_CODES or sent != 1
    )


def _refused_as_a_whole(
    answer: Answer, rows: list[Json], sent: int
) -> tuple[RecordWritten | RecordError, ...]:
    """Give every row its 412; the CRM may name only the first of those that it refused."""
    results = [
        _row_result(Shape(row, f"data[{index}]", status=answer.status))
        for index, row in enumerate(rows)
    ]
    if len(results) == sent:
        return tuple(results)
    if len(results) == 1 and isinstance(results[0], RecordError):
        # Its details speak of one record; the others only share the code.
        named = results[0]
        return tuple(RecordError(named.code, named.message, {}, None) for _ in range(sent))
    raise UnexpectedAnswer("data", f"{len(results)} results for {sent} rows", status=answer.status)


def _row_result(row: Shape) -> RecordWritten | RecordError:
    if is_error(row.raw):
        return _record_error(row.raw)
    written = row.nested("details")
    return RecordWritten(
        id=written.identity(),
        modified_time=written.optional_time("Modified_Time"),
        message=row.optional_text("message") or "",
        action=row.optional_text("action"),
        details=written.raw,
    )


def _record_error(found: Json) -> RecordError:
    details = found.get("details")
    known: Json = details if isinstance(details, dict) else {}
    named = known.get("api_name")
    return RecordError(
        str(found["code"]),
        str(found.get("message", "")),
        known,
        named if isinstance(named, str) else None,
    )
