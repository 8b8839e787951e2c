"""What became of each row of a write: written, or refused and why.

Sources: the v8 pages Insert, Update, Upsert, Delete Records and Mass Update, and the vendor's
OpenAPI examples. Outcomes come in the order of the rows that were sent; a refused row is a value,
a refused request an error. Whether the CRM wraps its error bodies is not confirmed: both are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

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
from zoho_crm.protocol.shape import Shape

if TYPE_CHECKING:
    from datetime import datetime

    from zoho_crm.protocol.wire import Answer, AnswerMeta

SEVERAL_ERRORS = "MULTIPLE_OR_MULTI_ERRORS"

_ROW_IN_PATH = re.compile(r"\$\.\w+\[(\d+)\]")

# A record to be written: field API names and values of any JSON type.
Row = Mapping[str, Any]


class Refusal(StrEnum):
    """Why a row was refused, by what the caller does next; the CRM's own code stays beside it.

    LOCKED, IN_BLUEPRINT and IN_APPROVAL pass when somebody acts in the CRM; GONE means that no
    such record exists any more, NOT_ALLOWED that the CRM never does this to this record or field;
    OTHER holds codes that ask for nothing in particular.
    """

    ALREADY_MODIFIED = "already_modified"
    GONE = "gone"
    LOCKED = "locked"
    IN_BLUEPRINT = "in_blueprint"
    IN_APPROVAL = "in_approval"
    NO_PERMISSION = "no_permission"
    NOT_ALLOWED = "not_allowed"
    MANDATORY = "mandatory"
    DUPLICATE = "duplicate"
    INVALID_VALUE = "invalid_value"
    MISMATCH = "mismatch"
    OTHER = "other"


_REFUSALS = {
    "ALREADY_MODIFIED": Refusal.ALREADY_MODIFIED,
    "RECORD_LOCKED": Refusal.LOCKED,
    "RECORD_IN_BLUEPRINT": Refusal.IN_BLUEPRINT,
    "NOT_APPROVED": Refusal.IN_APPROVAL,
    "NOT_REVIEWED": Refusal.IN_APPROVAL,
    "NO_PERMISSION": Refusal.NO_PERMISSION,
    "AUTHORIZATION_FAILED": Refusal.NO_PERMISSION,
    "NOT_ALLOWED": Refusal.NOT_ALLOWED,
    "MANDATORY_NOT_FOUND": Refusal.MANDATORY,
    "EXPECTED_FIELD_MISSING": Refusal.MANDATORY,
    "DEPENDENT_FIELD_MISSING": Refusal.MANDATORY,
    "DUPLICATE_DATA": Refusal.DUPLICATE,
    "DUPLICATE_LINKING_DATA": Refusal.DUPLICATE,
    "INVALID_DATA": Refusal.INVALID_VALUE,
    "DEPENDENT_MISMATCH": Refusal.MISMATCH,
    "MAPPING_MISMATCH": Refusal.MISMATCH,
}
# Refusals that speak of one record, whatever clothes they come in.
_OF_A_RECORD = frozenset(
    {
        Refusal.ALREADY_MODIFIED,
        Refusal.LOCKED,
        Refusal.IN_BLUEPRINT,
        Refusal.IN_APPROVAL,
        Refusal.NOT_ALLOWED,
    }
)
_GONE_MESSAGES = ("the id given", "record not deleted")


@dataclass(frozen=True, slots=True)
class RecordWritten:
    """A row that was written. `modified_time` is the record's new version stamp.

    `modified_by_id` and `modified_by_name` are the user whom the CRM names as its author.
    """

    id: str
    modified_time: datetime | None
    message: str
    action: str | None
    details: Json
    modified_by_id: str | None = None
    modified_by_name: str | None = None


@dataclass(frozen=True, slots=True)
class RecordError:
    """A row that the CRM refused; `api_name` is the field it names, `details` all that it says."""

    code: str
    message: str
    details: Json
    api_name: str | None

    @property
    def id(self) -> str | None:
        """Return the record that the refusal names; a duplicate names the one that was there."""
        found = self.details.get("id")
        return str(found) if isinstance(found, str | int) and found else None

    @property
    def json_path(self) -> str | None:
        """Return the place in the request, such as `$.data[1].Stage`."""
        found = self.details.get("json_path")
        return found if isinstance(found, str) else None

    @property
    def row_index(self) -> int | None:
        """Return the index of the row that the refusal's path names."""
        found = _ROW_IN_PATH.match(self.json_path or "")
        return None if found is None else int(found[1])

    @property
    def refusal(self) -> Refusal:
        """Return what the CRM's code asks the caller to do."""
        if self.code == "INVALID_DATA" and (
            self.api_name == "id" or self.message.startswith(_GONE_MESSAGES)
        ):
            return Refusal.GONE
        return _REFUSALS.get(self.code, Refusal.OTHER)

    @property
    def is_already_modified(self) -> bool:
        """Tell whether the record changed after If-Unmodified-Since."""
        return self.refusal is Refusal.ALREADY_MODIFIED

    @property
    def parts(self) -> tuple[RecordError, ...]:
        """Return the single errors of a row that failed for several reasons, else this one."""
        if self.code != SEVERAL_ERRORS or not isinstance(self.details.get("errors"), list):
            return (self,)
        return tuple(record_error(part) for part in self.details["errors"] if is_error(part))


Outcome = RecordWritten | RecordError


@dataclass(frozen=True, slots=True)
class WriteResult:
    """One outcome for each row sent, in that order."""

    rows: tuple[Outcome, ...]
    meta: AnswerMeta

    @property
    def errors(self) -> tuple[RecordError, ...]:
        """Return the refused rows."""
        return tuple(row for row in self.rows if isinstance(row, RecordError))


def write_result(answer: Answer, *, key: str, ids: Sequence[str | None]) -> WriteResult:
    """Read the outcome of each row, or raise the error that refused the request.

    `ids` are those of the rows sent, None for a record that did not exist yet.
    """
    sent = len(ids)
    rows = _outcome_rows(answer, key, sent)
    if answer.status == HTTPStatus.PRECONDITION_FAILED:
        return WriteResult(_refused_as_a_whole(answer, rows, key, ids), answer.meta)
    if answer.status >= HTTPStatus.BAD_REQUEST and _is_about_the_request(answer, rows, sent):
        raise error_from(answer, rows[0])
    if len(rows) != sent:
        raise UnexpectedAnswer(key, f"{len(rows)} results for {sent} rows", status=answer.status)
    return WriteResult(_outcomes(answer, rows, key), answer.meta)


def record_error(found: Mapping[str, Any]) -> RecordError:
    """Read the CRM's error object as the refusal of a row."""
    details = found.get("details")
    known: Json = details if isinstance(details, dict) else {}
    return RecordError(
        str(found["code"]), str(found.get("message", "")), known, _field_named_by(known)
    )


def _field_named_by(details: Json) -> str | None:
    named = details.get("api_name")
    if isinstance(named, str):
        return named
    # EXPECTED_FIELD_MISSING lists the fields of which one at least must come.
    expected = details.get("expected_fields")
    first = expected[0] if isinstance(expected, list) and expected else None
    named = first.get("api_name") if isinstance(first, dict) else None
    return named if isinstance(named, str) else None


def _outcome_rows(answer: Answer, key: str, sent: int) -> list[Json]:
    if answer.status in EMPTY:
        raise UnexpectedAnswer(key, "a write was answered without a body", status=answer.status)
    document = read_json(answer)
    if is_error(document):
        if _is_about_the_row(answer, document, sent):
            return [document]
        raise error_from(answer, document)
    if not isinstance(document.get(key), list) and answer.status >= HTTPStatus.BAD_REQUEST:
        raise error_from(answer, document) if "code" in document else without_json(answer)
    return rows_of(answer, document, key)


def _is_about_the_row(answer: Answer, found: Json, sent: int) -> bool:
    """Tell whether a bare error refuses the only row rather than the request."""
    if answer.status == HTTPStatus.PRECONDITION_FAILED:
        return True
    refused = record_error(found)
    return (
        sent == 1
        and answer.status == HTTPStatus.BAD_REQUEST
        and refused.code not in REQUEST_CODES
        and (refused.row_index == 0 or refused.refusal in _OF_A_RECORD)
    )


def _is_about_the_request(answer: Answer, rows: list[Json], sent: int) -> bool:
    """Tell whether a wrapped error refuses the request rather than the rows."""
    if len(rows) != 1 or not is_error(rows[0]):
        return False
    return (
        answer.status != HTTPStatus.BAD_REQUEST or rows[0].get("code") in REQUEST_CODES or sent != 1
    )


def _refused_as_a_whole(
    answer: Answer, rows: list[Json], key: str, ids: Sequence[str | None]
) -> tuple[Outcome, ...]:
    """Give every row its 412; the CRM may name only the first of those that it refused."""
    results = _outcomes(answer, rows, key)
    if len(results) == len(ids):
        return results
    if len(results) == 1 and isinstance(results[0], RecordError):
        # Its details speak of one record; the others only share the code.
        named = results[0]
        unnamed = RecordError(named.code, named.message, {}, None)
        return tuple(
            named if identity is not None and identity == named.id else unnamed for identity in ids
        )
    raise UnexpectedAnswer(key, f"{len(results)} results for {len(ids)} rows", status=answer.status)


def _outcomes(answer: Answer, rows: list[Json], key: str) -> tuple[Outcome, ...]:
    return tuple(
        _outcome(Shape(row, f"{key}[{index}]", status=answer.status))
        for index, row in enumerate(rows)
    )


def _outcome(row: Shape) -> Outcome:
    if is_error(row.raw):
        return record_error(row.raw)
    written = row.nested("details")
    author = written.optional_nested("Modified_By")
    return RecordWritten(
        id=written.identity(),
        modified_time=written.optional_time("Modified_Time"),
        message=row.optional_text("message") or "",
        action=row.optional_text("action"),
        details=written.raw,
        modified_by_id=None if author is None else author.identity(),
        modified_by_name=None if author is None else author.optional_text("name"),
    )
