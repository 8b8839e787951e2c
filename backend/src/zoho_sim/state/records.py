"""A record, its past edits and its tombstone; small, because a million of them live in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from zoho_sim.state.fields import Field, JsonObject, JsonValue

# The first columns are the same in every module of records (DealHistory rows have no owner).
ID = 0
CREATED_TIME = 1
MODIFIED_TIME = 2
CREATED_BY = 3
MODIFIED_BY = 4
OWNER = 5

Action = Literal["added", "updated", "deleted", "restored", "purged", "hidden", "unhidden"]


class FieldChange(NamedTuple):
    """One field's step from one wire value to another."""

    field: Field
    old: JsonValue
    new: JsonValue


class Change(NamedTuple):
    """One edit of a record: when (wire time), by whom, through what, and which fields.

    ``source`` is spelled as the timeline spells it: ``crm_ui``, ``crm_api``, ``mass_update``, …
    """

    time: str
    by: JsonObject
    source: str
    action: Action
    fields: tuple[FieldChange, ...]


class StageVisit(NamedTuple):
    """A deal's stay in one stage: it begins at ``entered`` (wire time) and ends with the next."""

    stage: str
    entered: str
    by: JsonObject
    amount: float | None
    probability: int | None
    closing_date: str | None


class Record:
    """A row: wire-ready values by column, and what happened to it since it was seeded.

    ``seed_path`` is the packed stage history that the seed gave a deal (see ``stages``).
    """

    __slots__ = ("changes", "seed_path", "values", "visits")

    def __init__(self, values: list[JsonValue], seed_path: bytes | None = None) -> None:
        self.values = values
        self.changes: list[Change] | None = None
        self.visits: list[StageVisit] | None = None
        self.seed_path = seed_path

    @property
    def id(self) -> str:
        """The record's id: 19 digits."""
        return str(self.values[ID])

    @property
    def modified_time(self) -> str:
        """The version stamp: wire time, whole seconds."""
        return str(self.values[MODIFIED_TIME])


@dataclass(slots=True)
class Tombstone:
    """A deleted record: in the recycle bin, or (``record`` gone) deleted for good."""

    id: str
    record: Record | None
    display_name: str | None
    deleted_time: str
    deleted_by: JsonObject | None
    created_by: JsonObject | None


class ChangeEvent(NamedTuple):
    """What observers are told after a change to a record of a module.

    ``stamp_before`` is the Modified_Time before an edit, None where the change did not move it;
    ``guard`` is the If-Unmodified-Since (wire time) that the write was sent with.
    """

    module: str
    record: Record
    change: Change
    stamp_before: str | None = None
    guard: str | None = None
