"""What the engine needs of the world, as protocols; `pulse.adapters` makes them real."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime


Row = dict[str, object]
"""A record as the CRM sent it."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What the engine knows of a field from live metadata."""

    api_name: str
    data_type: str
    json_type: str | None = None
    is_custom: bool = False


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

    async def deleted_page(self, module: str, since: datetime | None, page: int) -> DeletedPage:
        """Return a page of the deleted-records list."""
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

    def export_rows(self, job_id: str) -> AsyncIterator[Sequence[Row]]:
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
