"""The custom fields that the product creates in the CRM for itself and keeps up to date.

The CRM takes a label and gives the API name by itself, so a field is known by its id; the API names
here are what the CRM gives where nobody was first. Picklists store short values and show words.
These fields are no part of a record: merge, change log, forms and tables leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

LABEL_LIMIT: Final = 25
"""Characters that the CRM takes for the label of a field."""
PENDING_TOLD_AFTER: Final = timedelta(minutes=15)
"""A wait that is shorter than this is not worth telling the CRM."""


class OwnedRole(StrEnum):
    """What an owned field tells."""

    PHASE = "phase"
    HEALTH_SCORE = "health_score"
    LAST_SYNC = "last_sync"
    SYNC_STATUS = "sync_status"


@dataclass(frozen=True, slots=True)
class OwnedFieldSpec:
    """A field as the product wants it in the CRM."""

    role: OwnedRole
    api_name: str
    label: str
    data_type: str
    tells: str
    """What is written into it, as a sentence."""
    options: tuple[tuple[str, str], ...] = ()
    """Of a picklist: stored value and what people read for it."""
    length: int | None = None


OWNED_FIELDS: Final = (
    OwnedFieldSpec(
        OwnedRole.PHASE,
        "Pipeline_Pulse_Phase",
        "O2R Phase",
        "picklist",
        "Where the deal stands from opportunity to revenue.",
        (
            ("phase_1", "Phase I - Opportunity"),
            ("phase_2", "Phase II - Proposal"),
            ("phase_3", "Phase III - Execution"),
            ("phase_4", "Phase IV - Revenue"),
        ),
    ),
    OwnedFieldSpec(
        OwnedRole.HEALTH_SCORE,
        "Pipeline_Pulse_Health_Score",
        "Health Score",
        "integer",
        "How healthy the deal is, 0 to 100.",
        length=3,
    ),
    OwnedFieldSpec(
        OwnedRole.LAST_SYNC,
        "Pipeline_Pulse_Last_Sync",
        "Last PP Sync",
        "datetime",
        "When Pipeline Pulse last wrote to the deal.",
    ),
    OwnedFieldSpec(
        OwnedRole.SYNC_STATUS,
        "Pipeline_Pulse_Sync_Status",
        "PP Sync Status",
        "picklist",
        "Whether both sides hold the same values.",
        (
            ("synced", "Synced"),
            ("pending", "Pending"),
            ("conflict", "Conflict"),
            ("error", "Error"),
        ),
    ),
)

OWNED_FIELD_BY_ROLE: Final = {spec.role: spec for spec in OWNED_FIELDS}
WRITTEN_ROLES: Final = frozenset(OwnedRole)
"""Roles that have something to say."""


class FieldFault(StrEnum):
    """What is wrong with an owned field."""

    MISSING = "missing"
    REMOVED = "removed"
    """It was there, and somebody deleted it in the CRM."""
    NAME_TAKEN = "name_taken"
    """Another field of the organisation has its label, and cannot stand for it."""
    WRONG_TYPE = "wrong_type"
    WRONG_VALUES = "wrong_values"
    NOT_WRITABLE = "not_writable"


@dataclass(frozen=True, slots=True)
class SeenField:
    """A field of the CRM, as far as it matters whether it can play a role."""

    field_id: int
    api_name: str
    label: str
    data_type: str
    is_custom: bool
    is_writable: bool
    options: tuple[str, ...] = ()
    """Stored values of a picklist that are in use."""


def has_name(seen: SeenField, spec: OwnedFieldSpec) -> bool:
    """Return whether a field goes by the label or the usual API name of an owned one.

    The CRM compares labels without regard to case.
    """
    return (
        seen.label.strip().casefold() == spec.label.casefold()
        or seen.api_name.casefold() == spec.api_name.casefold()
    )


def fault_of(seen: SeenField, spec: OwnedFieldSpec) -> FieldFault | None:
    """Return why a field cannot play a role; None if it can."""
    if not seen.is_custom or seen.data_type != spec.data_type:
        return FieldFault.WRONG_TYPE
    if not {value for value, _ in spec.options} <= set(seen.options):
        return FieldFault.WRONG_VALUES
    return None if seen.is_writable else FieldFault.NOT_WRITABLE
