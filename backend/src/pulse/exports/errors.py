"""What can be wrong with an export that is asked for, or with one that is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.exports import FORMATS, MOST_OPEN, ExportKind
from pulse.kit.errors import ConflictError, InvalidInputError, LimitedError, NotFoundError

if TYPE_CHECKING:
    from uuid import UUID

    from pulse.core.exports import ExportFormat


class ExportStoppedError(Exception):
    """Somebody cancelled the export, or another worker has taken it over: write nothing more."""


def no_such_format(kind: ExportKind, wanted: ExportFormat) -> InvalidInputError:
    """Return the error of a kind that is not made in this format."""
    return InvalidInputError(
        f"format: {kind} is not exported as {wanted}.",
        code="export_format",
        fix=f"Take one of {', '.join(FORMATS[kind])}.",
        extra={"field": "format"},
    )


def unknown_export_column(key: str) -> InvalidInputError:
    """Return the error of a column, or an order, that there is not."""
    return InvalidInputError(
        f"There is no column {key} here.",
        code="unknown_column",
        fix="GET /api/deals/columns lists the columns; rate and rate_source are there as well.",
        extra={"column": key},
    )


def too_many_rows(count: int, most: int, wanted: ExportFormat) -> InvalidInputError:
    """Return the error of more deals than a file of a format holds."""
    return InvalidInputError(
        f"{count:,} deals are more than the {most:,} that one {wanted} file holds.",
        code="export_too_large",
        fix="Narrow the filters, or take csv.",
        extra={"count": count, "limit": most},
    )


def too_many_open() -> LimitedError:
    """Return the error of somebody who has enough exports under way."""
    return LimitedError(
        f"{MOST_OPEN} of your exports are still being made.",
        code="too_many_exports",
        fix="Wait for one of them, or cancel one.",
        extra={"limit": MOST_OPEN},
    )


def export_not_found(export_id: UUID) -> NotFoundError:
    """Return the error of an export that is not there, any more, or for the one who asks."""
    return NotFoundError(
        f"There is no export {export_id} for you: files are kept for 24 hours.",
        code="export_not_found",
        fix="Export again; GET /api/exports lists what there is.",
    )


def export_not_ready(export_id: UUID, state: str) -> ConflictError:
    """Return the error of a file that is not whole."""
    return ConflictError(
        f"The export {export_id} is {state}, so it has no file.",
        code="export_not_ready",
        fix="Wait until it is completed, or export again.",
        extra={"state": state},
    )


def export_ended(export_id: UUID, state: str) -> ConflictError:
    """Return the error of cancelling what is over."""
    return ConflictError(
        f"The export {export_id} is {state} already.",
        code="export_ended",
        fix="There is nothing to cancel.",
        extra={"state": state},
    )


def subject_mismatch(kind: ExportKind) -> InvalidInputError:
    """Return the error of a slide without its deal, or of a deal where none is taken."""
    needs = kind is ExportKind.O2R_DEAL
    return InvalidInputError(
        f"subject: {kind} {'needs' if needs else 'takes no'} record id of one deal.",
        code="export_subject",
        fix="Send the deal's record id as subject." if needs else "Leave subject out.",
        extra={"field": "subject"},
    )


def export_deal_not_found(deal_id: int) -> NotFoundError:
    """Return the error of a slide of a deal that there is not."""
    return NotFoundError(
        f"The mirror has never held a deal {deal_id}.",
        code="deal_not_found",
        fix="Check the id, or sync first.",
        extra={"deal_id": str(deal_id)},
    )
