"""What people are told of a resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.conflicts.schemas import Action
from pulse.core.sync import RecordStatus

if TYPE_CHECKING:
    from collections.abc import Sequence


def counted(number: int, word: str) -> str:
    """Return a number with its word: `1 conflict`, `1,204 conflicts`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def listed(labels: Sequence[str]) -> str:
    """Return words in a row: `Amount, Stage and Next step`."""
    *first, last = labels
    return f"{', '.join(first)} and {last}" if first else last


def told(
    action: Action, labels: Sequence[str], status: RecordStatus, *, is_record_gone: bool
) -> str:
    """Return what was done with the fields of a record, and what is left of its conflicts."""
    fields = listed(labels)
    done = {
        Action.USE_CRM: f"{fields}: the edits of the deleted record are dropped."
        if is_record_gone
        else f"{fields}: what the CRM holds stands.",
        Action.USE_LOCAL: f"The record is restored in the CRM with {fields}."
        if is_record_gone
        else f"{fields}: what was edited here goes to the CRM.",
        Action.MERGE: f"{fields}: decided field by field.",
        Action.SKIP: f"{fields}: skipped until either side changes again.",
        Action.UNSKIP: f"{fields}: back among the conflicts.",
    }[action]
    is_settling = action not in {Action.SKIP, Action.UNSKIP}
    if is_settling and status is RecordStatus.CONFLICT:
        return f"{done} Other fields of the record are still in conflict."
    return done


def told_of_many(action: Action, resolved: int, failed: int, remaining: int) -> str:
    """Return what became of a selection."""
    verb = {Action.SKIP: "skipped", Action.UNSKIP: "shown again"}.get(action, "resolved")
    were = "was" if resolved == 1 else "were"
    parts = [f"{counted(resolved, 'conflict')} {were} {verb}."]
    if failed:
        parts.append(f"{failed:,} could not be and {'stays' if failed == 1 else 'stay'} open.")
    if remaining:
        parts.append(f"{remaining:,} more match.")
    return " ".join(parts)
