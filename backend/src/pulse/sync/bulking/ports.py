"""What a bulk operation needs of the world, as protocols; `pulse.adapters` makes them real."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pulse.core.bulk import ItemState, Way
    from pulse.sync.domain.observation import JsonValue


@dataclass(frozen=True, slots=True)
class Item:
    """One record of an operation, as far as deciding about it needs."""

    record_id: int
    after: Mapping[str, JsonValue | None]
    """What to write."""
    before: Mapping[str, JsonValue | None] | None = None
    """What stood there when it was sent; None before that."""
    expected: Mapping[str, JsonValue | None] | None = None
    """Of an undo: what the operation that is undone had written. Only that may be replaced."""
    is_accepted: bool = False
    """The CRM said of this row that it was written."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reading found of a record."""

    stamp: datetime
    values: Mapping[str, JsonValue]
    """Fields that have a value."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the CRM said of one row of a write."""

    is_written: bool
    code: str | None = None
    message: str | None = None
    field: str | None = None
    is_outdated: bool = False
    """The record changed after the guard: nothing was written, and reading again may help."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where an item goes, and why where it was not written."""

    record_id: int
    state: ItemState
    code: str | None = None
    message: str | None = None
    field: str | None = None
    before: Mapping[str, JsonValue | None] | None = None


@dataclass(frozen=True, slots=True)
class JobState:
    """Where a job of the CRM stands."""

    state: str
    """The CRM's own word."""
    is_over: bool
    has_failed: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    has_result: bool = False
    """There is a file that tells of each row."""
    reason: str | None = None


class BulkWriter(Protocol):
    """Writing into a CRM. Every method may raise the errors of `pulse.sync.domain.errors`.

    A raised error means that nothing was written; None means that the answer was lost, and the
    write may or may not have happened.
    """

    async def update(
        self, module: str, rows: Sequence[Item], guard: datetime
    ) -> Sequence[Answer] | None:
        """Write 1 to 100 records that have not changed since `guard`; an answer for each."""
        ...

    async def mass_update(
        self,
        module: str,
        ids: Sequence[int],
        values: Mapping[str, JsonValue | None],
    ) -> Sequence[Answer] | None:
        """Write the same values into 1 to 500 records; an answer for each."""
        ...

    async def start_view_update(
        self, module: str, view_id: str, values: Mapping[str, JsonValue | None], records: int
    ) -> str | None:
        """Let the CRM write values into all records of a view; return the job's id."""
        ...

    async def view_ids(self, module: str, view_id: str) -> Sequence[int]:
        """Return the records of a custom view in order of id."""
        ...

    async def start_bulk_write(self, module: str, rows: Sequence[Item]) -> str | None:
        """Upload a file of 1 to 25,000 records and start its job; return the job's id."""
        ...

    async def job(self, module: str, way: Way, job_id: str) -> JobState:
        """Return where a job stands."""
        ...

    async def bulk_write_result(self, job_id: str) -> Mapping[int, Answer]:
        """Return what a finished Bulk Write says of each record, by id."""
        ...


class BulkItems(Protocol):
    """The records of one operation. Writes raise LeaseLostError when the run was taken over."""

    async def waiting(self, limit: int) -> Sequence[Item]:
        """Return the next records that wait, in their order."""
        ...

    async def sent(self) -> Sequence[Item]:
        """Return the records whose fate is open."""
        ...

    async def mark_sent(self, items: Sequence[Item], chunk: int) -> frozenset[int]:
        """Freeze records before their call and return those that may be written.

        The others are left alone: somebody's edit of the same field waits.
        """
        ...

    async def note_accepted(self, record_ids: Sequence[int]) -> None:
        """Remember that the CRM said of these records that they were written."""
        ...

    async def back_to_waiting(self, record_ids: Sequence[int]) -> None:
        """Let sent records wait again: they were certainly not written."""
        ...

    async def end(self, verdicts: Sequence[Verdict]) -> None:
        """Settle records, with the session's progress and a line of its log, in one transaction."""
        ...

    async def fail_waiting(self, code: str, message: str) -> None:
        """Fail all that wait: the CRM refuses the whole operation for this reason."""
        ...

    async def check_may_go_on(self) -> None:
        """Raise CancelledByUserError once somebody asked the operation to stop.

        Raises ConflictError `crm_is_read_only` once the mode lets nothing out.
        """
        ...

    async def note_job(self, job: Mapping[str, object] | None) -> None:
        """Keep where the CRM's job stands on the session; None: its records are settled."""
        ...

    async def counts(self) -> Mapping[ItemState, int]:
        """Return how many records stand where."""
        ...
