"""Why a local edit cannot be stored or settled."""

from __future__ import annotations

from pulse.kit.errors import ConflictError, InvalidInputError, NotFoundError


def record_not_found(module: str, record_id: int) -> NotFoundError:
    """Return the error for a record that the mirror does not hold."""
    return NotFoundError(
        f"There is no record {record_id} of {module} in the mirror.",
        code="record_not_found",
        fix=f"If it exists in the CRM, POST /api/records/{record_id}/sync fetches it.",
        extra={"record_id": str(record_id)},
    )


def record_gone(record_id: int, *, is_hidden: bool) -> ConflictError:
    """Return the error for an edit of a record that is no longer there to be edited."""
    if is_hidden:
        return ConflictError(
            f"The CRM no longer shows record {record_id} to the connected user.",
            code="record_gone",
            fix="An admin of the CRM gives the connected user access to it.",
            extra={"record_id": str(record_id)},
        )
    return ConflictError(
        f"Record {record_id} was deleted in the CRM.",
        code="record_gone",
        fix="Restore it from the CRM's recycle bin; the next sync brings it back.",
        extra={"record_id": str(record_id)},
    )


def crm_is_read_only() -> ConflictError:
    """Return the error for an edit while nothing may be written to the CRM."""
    return ConflictError(
        "Sync mode is CRM to local: nothing is written to the CRM.",
        code="crm_is_read_only",
        fix="An admin sets the mode in Live Sync Control.",
    )


def change_on_its_way(record_id: int, field: str) -> ConflictError:
    """Return the error for giving up an edit that was sent already."""
    return ConflictError(
        f"The change of {field} is on its way to the CRM and cannot be taken back.",
        code="change_on_its_way",
        fix="Wait until it has arrived, then edit the field again.",
        extra={"record_id": str(record_id), "field": field},
    )


def conflict_not_found(record_id: int, field: str | None = None) -> NotFoundError:
    """Return the error for resolving what is not in conflict, or not any more."""
    what = f"Record {record_id}" if field is None else f"{field} of record {record_id}"
    return NotFoundError(
        f"{what} is not in conflict.",
        code="conflict_not_found",
        fix="Load the conflicts again: it may have been resolved meanwhile.",
        extra={"record_id": str(record_id)} | ({} if field is None else {"field": field}),
    )


def edited_since(record_id: int, field: str) -> ConflictError:
    """Return the error for bringing back an edit over a newer one of the same field."""
    return ConflictError(
        f"{field} was edited again since, so the earlier edit cannot come back.",
        code="edited_since",
        fix="Edit the field to what you want.",
        extra={"record_id": str(record_id), "field": field},
    )


def nothing_to_restore_with(field: str) -> InvalidInputError:
    """Return the error for the agreed value, typed as that with which to restore a record."""
    return InvalidInputError(
        f"{field}: this is the value that the deleted record had before the edit.",
        fix="Type another value, or take the CRM's side to give the edit up.",
        extra={"field": field},
    )
