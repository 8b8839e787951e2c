"""Mass update: the same few values into many records, at once by ids or later by custom view.

Sources: the v8 page Mass Update Records and the vendor's OpenAPI file. `data` takes one set of
values: three fields for Deals, one for other modules; no e-mail, lookup, layout or multi-line
field. Automation always runs for ids, and for a custom view of fewer than 1,000 records.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import orjson

from zoho_crm.errors import AlreadyScheduled, UnexpectedAnswer
from zoho_crm.protocol.faults import document_of
from zoho_crm.protocol.outcomes import RecordWritten, WriteResult, write_result
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import (
    Answer,
    AnswerMeta,
    Call,
    Request,
    Resend,
    joined_ids,
    path,
    record_id,
    rows_of_ids,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoho_crm.protocol.faults import Json
    from zoho_crm.protocol.outcomes import Outcome, Row

IDS_LIMIT = 500
VIEW_LIMIT = 50_000
FIELDS_LIMITS = {"Deals": 3}
FIELDS_LIMIT = 1
ALREADY_SCHEDULED = "ALREADY_SCHEDULED"


class MassUpdateState(StrEnum):
    """Life of a scheduled mass update."""

    QUEUED = "QUEUED"
    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    SUSPENDED = "SUSPENDED"

    @property
    def is_final(self) -> bool:
        """Tell whether the job will not change by itself any more."""
        return self in {
            MassUpdateState.COMPLETED,
            MassUpdateState.FAILED,
            MassUpdateState.SUSPENDED,
        }


@dataclass(frozen=True, slots=True)
class MassUpdateJob:
    """A scheduled mass update; the counts are of records, and 0 where the CRM gives none yet.

    The CRM counts only: which records failed, and why, has to be read from the records.
    """

    id: str
    state: MassUpdateState
    total: int
    updated: int
    not_updated: int
    failed: int
    meta: AnswerMeta


def fields_limit(module: str) -> int:
    """Return how many fields one mass update of a module may set."""
    return FIELDS_LIMITS.get(module, FIELDS_LIMIT)


def by_ids(
    module: str, ids: Sequence[str], values: Row, *, over_write: bool = False
) -> Call[WriteResult]:
    """Write the same values into 1 to 500 records, at once; one outcome for each id, in order.

    `over_write` replaces what a multi-select field holds; otherwise the CRM adds to it. It is
    never repeated when its answer is lost: what stands in the records would be written again, with
    a new version and another run of automation.
    """
    joined_ids(ids, at_most=IDS_LIMIT)
    if len(set(ids)) != len(ids):
        raise ValueError("an id stands twice among the ids: its outcomes could not be told apart")
    body: Json = {"data": [_checked(module, values)], "ids": list(ids)}
    if over_write:
        body["over_write"] = True
    return Call(
        Work(Operation.MASS_UPDATE, module, rows=len(ids)),
        Request("POST", _location(module), body=orjson.dumps(body)),
        partial(_outcomes_of, ids=tuple(ids)),
        resend=Resend.REFUSED_ONLY,
        is_write=True,
        rows=rows_of_ids(ids, values),
    )


def by_view(
    module: str, view_id: str, values: Row, *, records: int, over_write: bool = False
) -> Call[str]:
    """Schedule the same values for every record of a custom view; return the job's id.

    `records` is how many the view holds, 1 to 50,000: it decides the price that is set aside. A
    mass update that waits already raises AlreadyScheduled.
    """
    if not 1 <= records <= VIEW_LIMIT:
        raise ValueError(f"{records} records: one mass update takes 1 to {VIEW_LIMIT}")
    body: Json = {"data": [_checked(module, values)], "cvid": record_id(view_id)}
    if over_write:
        body["over_write"] = True
    return Call(
        Work(Operation.MASS_UPDATE_VIEW, module, rows=records),
        Request("POST", _location(module), body=orjson.dumps(body)),
        _scheduled,
        resend=Resend.REFUSED_ONLY,
        is_write=True,
    )


def status(module: str, job_id: str) -> Call[MassUpdateJob]:
    """Read the state of a scheduled mass update; an unknown id raises NotFound."""
    return Call(
        Work(Operation.MASS_UPDATE_STATUS, module),
        Request("GET", _location(module), (("job_id", record_id(job_id)),)),
        partial(_job, job_id=job_id),
    )


def _location(module: str) -> str:
    return path(module, "actions", "mass_update")


def _checked(module: str, values: Row) -> Json:
    limit = fields_limit(module)
    if not 1 <= len(values) <= limit:
        raise ValueError(f"{len(values)} fields: a mass update of {module} sets 1 to {limit}")
    return dict(values)


def _outcomes_of(answer: Answer, *, ids: tuple[str, ...]) -> WriteResult:
    result = write_result(answer, key="data", ids=ids)
    return WriteResult(_in_order_of(ids, result.rows, answer.status), result.meta)


def _in_order_of(
    ids: tuple[str, ...], rows: tuple[Outcome, ...], status: int
) -> tuple[Outcome, ...]:
    """Put outcomes that all name their record into the order of the ids.

    The page says that they come in that order; an outcome of another record must never be taken
    for this one's.
    """
    by_id = {row.id: row for row in rows}
    if by_id.keys() == set(ids):
        return tuple(by_id[identity] for identity in ids)
    for identity, row in zip(ids, rows, strict=True):
        if isinstance(row, RecordWritten) and row.id != identity:
            raise UnexpectedAnswer("data", f"the outcome of {row.id} for {identity}", status=status)
    return rows


def _only_row(answer: Answer) -> Shape:
    document = document_of(answer, "data")
    if document is None:
        raise UnexpectedAnswer("data", "a mass update was expected", status=answer.status)
    body = Shape(document, "body", status=answer.status)
    if body.optional_text("code") is not None:
        return body
    rows = body.items("data")
    if len(rows) != 1:
        raise UnexpectedAnswer("data", f"{len(rows)} jobs in place of one", status=answer.status)
    return rows[0]


def _scheduled(answer: Answer) -> str:
    row = _only_row(answer)
    # Documented as 202; whether its body calls it an error or a success is not.
    if row.optional_text("code") == ALREADY_SCHEDULED:
        raise AlreadyScheduled(
            ALREADY_SCHEDULED, row.optional_text("message") or "", status=answer.status
        )
    return row.nested("details").identity("job_id")


def _job(answer: Answer, *, job_id: str) -> MassUpdateJob:
    row = _only_row(answer)
    return MassUpdateJob(
        id=job_id,
        state=row.choice("Status", MassUpdateState),
        total=row.optional_number("Total_Count") or 0,
        updated=row.optional_number("Updated_Count") or 0,
        not_updated=row.optional_number("Not_Updated_Count") or 0,
        failed=row.optional_number("Failed_Count") or 0,
        meta=answer.meta,
    )
