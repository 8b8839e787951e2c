"""What the engine needs of the world, as protocols; `pulse.adapters` makes them real."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from datetime import datetime

    from pulse.core.sync import Presence
    from pulse.sync.domain.checkpoint import Position
    from pulse.sync.domain.merge import Value
    from pulse.sync.domain.observation import Observation

Row = dict[str, object]
"""A record as the CRM sent it."""


@dataclass(frozen=True, slots=True)
class CreatedRange:
    """Records created at or after `start` and before `end`; None leaves that side open."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class IdRange:
    """Records with `after` < id ≤ `up_to`; None leaves that side open. Ids order as integers."""

    after: int | None = None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """Records modified at or after `moment`, and those of `watched` that are there at all.

    Watching rides on the same call: a restore need not move `Modified_Time`.
    """

    moment: datetime
    watched: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TheseIds:
    """Exactly these records, as far as they are there."""

    ids: tuple[int, ...]


Selection = CreatedRange | IdRange | ChangedSince | TheseIds


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one call."""

    rows: Sequence[Row]
    has_more: bool
    next_token: str | None = None
    crm_time: datetime | None = None
    """The CRM's own clock when it answered."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of a CSV file: texts under a header of API names; an empty text is an empty value."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class DeletedRecord:
    """One row of the deleted-records list."""

    record_id: int
    deleted_at: datetime
    is_permanent: bool
    deleted_by: str | None = None


@dataclass(frozen=True, slots=True)
class DeletedPage:
    """One page of the deleted-records list."""

    rows: Sequence[DeletedRecord]
    has_more: bool
    crm_time: datetime | None = None
    is_out_of_reach: bool = False
    """There is more, and the CRM does not show it."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """How many records a selection has and when the last of them changed."""

    count: int
    latest_change: datetime | None
    crm_time: datetime | None = None


class ExportState(StrEnum):
    """Where a Bulk Read job stands."""

    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Export:
    """One Bulk Read job."""

    state: ExportState
    count: int = 0
    next_token: str | None = None
    reason: str | None = None


class Crm(Protocol):
    """Reading a CRM. Every method may raise the errors of `pulse.sync.domain.errors`."""

    async def select(
        self,
        module: str,
        fields: Sequence[str],
        selection: Selection,
        *,
        after: int | None = None,
        limit: int = 2000,
    ) -> Page:
        """Return up to `limit` records of the selection in order of id, those after `after`."""
        ...

    async def list_page(self, module: str, fields: Sequence[str], token: str | None) -> Page:
        """Return a page of at most 200 records in ascending order of id, by page token."""
        ...

    async def aggregate(self, module: str, selection: Selection) -> Aggregate:
        """Count a selection by one cheap call."""
        ...

    async def ids_at(self, module: str, offsets: Sequence[int]) -> Sequence[int]:
        """Return the ids that stand at `offsets` in order of id; none past the end."""
        ...

    async def deleted_page(
        self, module: str, since: datetime | None, page: int, *, only_bin: bool = False
    ) -> DeletedPage:
        """Return a page of the deleted-records list, or of those in the recycle bin only."""
        ...

    async def record(self, module: str, record_id: int) -> Row | None:
        """Return one record complete, or None if it is not there for us."""
        ...

    async def start_export(self, module: str, fields: Sequence[str], token: str | None) -> str:
        """Start a Bulk Read job and return its id."""
        ...

    async def export(self, job_id: str) -> Export:
        """Return where a job stands."""
        ...

    def export_rows(self, job_id: str) -> AsyncIterator[Cells]:
        """Download a finished job and yield its rows in batches; the file is gone afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Applied:
    """What one batch did to the mirror."""

    created: int = 0
    changed: int = 0
    restored: int = 0
    touched: int = 0
    same: int = 0
    ignored: int = 0
    deleted: int = 0
    hidden: int = 0

    @property
    def changes(self) -> int:
        """Number of records whose values or presence changed."""
        return self.created + self.changed + self.restored + self.deleted + self.hidden

    def __add__(self, other: Applied) -> Applied:
        """Sum of two batches."""
        return Applied(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__slots__}
        )


@dataclass(frozen=True, slots=True)
class Authored:
    """A value that we have just written to the CRM for somebody, and that it has accepted."""

    record_id: int
    field: str
    """API name."""
    value: Value
    author: str
    """Name of who made the edit."""
    change_id: int | None = None
    """The local change that was sent, if it was one: it is over with this batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Observations of one read, to be applied together."""

    observations: Sequence[Observation]
    number: int
    """Taken before the request of the read was sent."""
    covered: frozenset[str]
    details: frozenset[str] = frozenset()
    """Covered fields that only single-record reads give, where this was one."""
    are_details_final: bool = False
    """The second of each stamp was over when they were read: nothing more can happen in it.

    Detail fields are in no list, so a later change within the same second would go unnoticed;
    details that are not final are read once more.
    """
    is_partial: bool = False
    is_first_load: bool = False
    """The log then tells that a record was created, not with what: that is the first snapshot."""
    names: dict[int, str] = field(default_factory=dict)
    """Names of looked-up records that came along."""
    authored: Sequence[Authored] = ()
    """Where this batch is the CRM's answer to a write of ours: the log then says so by its author.

    The number is one that was taken before the write, the stamp that of the answer.
    """


@dataclass(frozen=True, slots=True)
class Mark:
    """What a transaction says of the progress of its run."""

    processed: int = 0
    slice_key: str | None = None
    position: Callable[[], Position | None] = lambda: None
    """Tells, at the end of the transaction, where its slice stands: others commit meanwhile."""
    words: Callable[[Applied], str] | None = None
    """Tells the log, under the name of the slice, what the batch did; None: not worth a line."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A record that a confirming read did not find."""

    record_id: int
    presence: Presence
    at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where the next pull starts, in CRM time."""

    changed_since: datetime
    deleted_since: datetime
    full_sync_at: datetime | None = None


class Mirror(Protocol):
    """The local copy of one module. Writes raise LeaseLostError when the run was taken over."""

    async def next_number(self) -> int:
        """Take the number of the next read."""
        ...

    async def apply(self, batch: Batch, mark: Mark) -> Applied:
        """Apply observations, checkpoint and progress in one transaction."""
        ...

    async def mark_gone(self, absences: Sequence[Absence], number: int, mark: Mark) -> Applied:
        """Turn records that are gone into tombstones, or into errors where they are hidden."""
        ...

    async def aggregate(self, selection: CreatedRange) -> Aggregate:
        """Count live records and find their latest stamp."""
        ...

    async def created_quantiles(self, selection: CreatedRange, parts: int) -> Sequence[datetime]:
        """Return the creation times that cut the live records of a range into equal `parts`."""
        ...

    async def id_quantiles(self, parts: int) -> Sequence[int]:
        """Return the ids that cut the live records into `parts` of equal size."""
        ...

    async def live_ids(self, selection: CreatedRange) -> Mapping[int, datetime]:
        """Return the live records of a range with their stamps."""
        ...

    async def known_among(self, ids: Sequence[int]) -> frozenset[int]:
        """Return which of `ids` the mirror has ever heard of."""
        ...

    async def stamps_among(self, ids: Sequence[int]) -> Mapping[int, datetime | None]:
        """Return the stamps of those of `ids` that the mirror holds as live."""
        ...

    async def register_gone(self, absences: Sequence[Absence], number: int) -> None:
        """Remember records in the CRM's bin that we never held, so that they are watched."""
        ...

    async def not_deleted_among(self, ids: Sequence[int]) -> frozenset[int]:
        """Return which of `ids` the mirror holds as live or hidden."""
        ...

    async def live_among(self, ids: Sequence[int]) -> frozenset[int]:
        """Return which of `ids` the mirror holds as live."""
        ...

    async def unseen_since(self, number: int, limit: int, after: int) -> Sequence[int]:
        """Return live records, in order of id, that no read from `number` on has seen."""
        ...

    async def stale_details(self, since: datetime | None, limit: int) -> Sequence[int]:
        """Return live records whose detail fields are older than their stamp, newest first.

        `since` leaves out those never read whose last change is older.
        """
        ...

    async def watched(self, limit: int) -> Sequence[int]:
        """Return gone records that may come back, the longest unwatched first."""
        ...

    async def note_watched(self, ids: Sequence[int], at: datetime) -> None:
        """Remember that those of `ids` that are still gone were looked for `at`, in CRM time."""
        ...

    async def document(self, record_id: int) -> Mapping[str, object] | None:
        """Return the values held of a record; None if it was never seen."""
        ...

    async def cursors(self) -> Cursors | None:
        """Return the module's cursors; None before the first full load."""
        ...
