"""Why a bulk operation cannot be started, stopped or undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.bulk import LIMITS
from pulse.core.sync import SyncType
from pulse.kit.errors import ConflictError, InvalidInputError, LimitedError, NotFoundError

if TYPE_CHECKING:
    from uuid import UUID

    from pulse.edits.validation import FieldProblem
    from pulse.sync.bulking.plan import Plan

WORDS = {
    SyncType.SMALL_BATCH: "A small batch",
    SyncType.MASS_UPDATE: "A mass update",
    SyncType.BULK_WRITE: "A bulk write",
}


class TooManyRecordsError(InvalidInputError):
    """More records were chosen than the operation takes."""

    code = "too_many_records"


class BadValueError(InvalidInputError):
    """A value cannot be written into any of the chosen records."""

    code = "bad_value"


class BulkNotFoundError(NotFoundError):
    """There is no bulk operation of this id."""

    code = "bulk_not_found"


def too_many(operation: SyncType, count: int | None) -> TooManyRecordsError:
    """Return the error of a choice over the limit; `count` is None where it was not counted out."""
    limit = LIMITS[operation]
    chosen = f"more than {limit:,}" if count is None else f"{count:,}"
    return TooManyRecordsError(
        f"choose: {WORDS[operation]} takes at most {limit:,} records; {chosen} are chosen.",
        fix="Choose fewer of them, or do it in several operations.",
        extra={"field": "choose", "limit": limit, "operation": operation.value},
    )


def nothing_chosen() -> InvalidInputError:
    """Return the error of a choice without a record."""
    return InvalidInputError(
        "choose: no record is chosen.",
        code="nothing_chosen",
        fix="Choose at least one record that is in the CRM.",
        extra={"field": "choose"},
    )


def one_choice() -> InvalidInputError:
    """Return the error of a choice in no way, or in several."""
    return InvalidInputError(
        "choose: send exactly one of ids, filter, view and records.",
        code="one_choice",
        fix="Leave the others out.",
        extra={"field": "choose"},
    )


def values_needed() -> InvalidInputError:
    """Return the error of a request without values."""
    return InvalidInputError(
        "fields: no value to set.",
        code="values_needed",
        fix="Send API names with their values, or choose.records with values of their own.",
        extra={"field": "fields"},
    )


def values_twice() -> InvalidInputError:
    """Return the error of values for all beside values for each."""
    return InvalidInputError(
        "fields: the chosen records bring values of their own.",
        code="values_twice",
        fix="Leave out fields, or choose.records.",
        extra={"field": "fields"},
    )


def twice_chosen(record_id: int) -> InvalidInputError:
    """Return the error of a record that is given twice with values of its own."""
    return InvalidInputError(
        f"choose.records: record {record_id} stands there twice.",
        code="chosen_twice",
        fix="Send each record once, with all its values.",
        extra={"field": "choose.records", "record_id": str(record_id)},
    )


def own_values_needed(operation: SyncType) -> InvalidInputError:
    """Return the error of values of their own in an operation that gives all the same."""
    return InvalidInputError(
        f"choose.records: {WORDS[operation].lower()} writes the same values into all records.",
        code="same_values_only",
        fix="Use POST /api/bulk/write, or a small batch.",
        extra={"field": "choose.records"},
    )


def bad_value(problem: FieldProblem) -> BadValueError:
    """Return the error of a value that no record can take."""
    return BadValueError(
        f"fields.{problem.field}: {problem.message}",
        fix=problem.fix,
        extra={"field": problem.field, "problem": problem.code},
    )


def way_impossible(way: str, why: str) -> InvalidInputError:
    """Return the error of a way that does not fit."""
    return InvalidInputError(
        f"way: {way} is not possible here: {why}.",
        code="way_impossible",
        fix="Leave `way` out: the planner finds one.",
        extra={"field": "way"},
    )


def view_not_found(view_id: str) -> NotFoundError:
    """Return the error of a custom view that is not there, or not for the connected user."""
    return NotFoundError(
        f"choose.view: the CRM shows no custom view {view_id}.",
        code="view_not_found",
        fix="GET /api/bulk/views lists them.",
        extra={"field": "choose.view"},
    )


def count_changed(confirmed: int, now: int) -> ConflictError:
    """Return the error of a preview that does not hold any more."""
    return ConflictError(
        f"{confirmed:,} records were confirmed; now it would be {now:,}.",
        code="selection_changed",
        fix="Look at the preview again.",
        extra={"confirmed": confirmed, "now": now},
    )


def nothing_to_write() -> ConflictError:
    """Return the error of an operation that would write no record."""
    return ConflictError(
        "None of the chosen records would be written.",
        code="nothing_to_write",
        fix="POST /api/bulk/preview says why, record by record.",
    )


def credits_short(plan: Plan) -> LimitedError:
    """Return the error of an operation that the day's credits do not cover."""
    left = plan.credits_left or 0
    return LimitedError(
        f"This takes {plan.chosen.credits:,} credits and {left:,} of the day's are left.",
        code="credits_spent",
        fix="Choose fewer records, or wait: credits come back 24 hours after they were spent.",
        extra={"credits": plan.chosen.credits, "credits_left": left},
    )


def bulk_not_found(session_id: UUID) -> BulkNotFoundError:
    """Return the error of an unknown operation."""
    return BulkNotFoundError(
        f"There is no bulk operation {session_id}.",
        fix="GET /api/bulk/operations lists them.",
        extra={"session_id": str(session_id)},
    )


def bulk_ended(session_id: UUID, status: str) -> ConflictError:
    """Return the error of stopping what has ended."""
    return ConflictError(
        f"Operation {session_id} has already ended: it is {status}.",
        code="session_ended",
        fix="What it has written can be undone.",
        extra={"session_id": str(session_id), "session_status": status},
    )


def bulk_running(session_id: UUID) -> ConflictError:
    """Return the error of undoing what still runs."""
    return ConflictError(
        f"Operation {session_id} is still running.",
        code="bulk_running",
        fix="Wait for its end, or cancel it first.",
        extra={"session_id": str(session_id)},
    )


def already_undone(session_id: UUID, undone_by: UUID) -> ConflictError:
    """Return the error of undoing twice."""
    return ConflictError(
        f"Operation {session_id} is undone, or is being undone, by {undone_by}.",
        code="already_undone",
        fix="Undo that one to have the values back.",
        extra={"session_id": str(session_id), "undone_by": str(undone_by)},
    )


def nothing_to_undo(session_id: UUID) -> ConflictError:
    """Return the error of undoing what wrote nothing."""
    return ConflictError(
        f"Operation {session_id} has written no record.",
        code="nothing_to_undo",
        fix="There is nothing to restore.",
        extra={"session_id": str(session_id)},
    )
