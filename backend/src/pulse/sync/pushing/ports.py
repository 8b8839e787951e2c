"""What a push needs beside the pull's ports; `pulse.adapters.pushing` makes it real."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pulse.sync.ports import Authored

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from pulse.sync.domain.merge import Value


@dataclass(frozen=True, slots=True)
class PushedChange:
    """A local change as the push sees it."""

    id: int
    record_id: int
    field: str
    """API name."""
    value: Value
    """Canonical."""
    author: str
    edited_at: datetime
    is_sent: bool = False
    """It went out before, and its fate is not known: frozen until it is."""
    guard: datetime | None = None
    """The If-Unmodified-Since that it went out with; a resend keeps it."""
    sent_at: datetime | None = None
    """When it went out first."""
    awaits_timeline: bool = False
    """The newest is to win: the record's timeline tells when the CRM's field changed."""
    is_return: bool = False
    """Its record was deleted in the CRM, and a person wants it back."""

    def written(self) -> Authored:
        """Return what tells the mirror that the CRM has taken this change."""
        return Authored(self.record_id, self.field, self.value, self.author, self.id)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the CRM does not take a change: its own code, words and field."""

    code: str
    message: str
    field: str | None = None


class LocalChanges(Protocol):
    """The local changes of one module, for one run of the push.

    A claimed record belongs to this run until it ends or dies: no other run sends anything of it.
    Every method is a transaction of its own.
    """

    async def may_write(self) -> bool:
        """Return whether the mode lets anything out now; it may change while a push runs."""
        ...

    async def claim(self, limit: int, *, of_persons: bool = False) -> Sequence[int]:
        """Claim records with due changes, people's newest edits first, and return their ids.

        Due is what is queued or awaits the timeline, and what was sent by a run that has ended
        without learning its fate. `of_persons` leaves out what bulk operations queued.
        """
        ...

    async def claim_record(self, record_id: int) -> bool:
        """Claim one record whatever it waits for; False while another run has it."""
        ...

    async def read(self, record_ids: Collection[int]) -> Sequence[PushedChange]:
        """Return what this run may act on: queued, awaiting the timeline, sent by it."""
        ...

    async def begin(
        self, guards: Mapping[int, datetime], among: Collection[int] | None = None
    ) -> Sequence[PushedChange]:
        """Mark what is queued of these records as sent under their guards, and return it.

        `among` leaves out all but changes of these ids. From then on it is frozen. Left out are
        records that are gone or have a change on its way.
        """
        ...

    async def give_back(self, change_ids: Collection[int]) -> None:
        """Queue sent changes again that were certainly not written; later edits take them in."""
        ...

    async def refuse(self, refusals: Mapping[int, Refusal]) -> None:
        """Note by id of a change, sent or queued, why the CRM does not take it."""
        ...

    async def weighed(self, times: Sequence[tuple[PushedChange, datetime | None]]) -> None:
        """Settle changes that awaited the timeline, each with when the CRM's field changed.

        None where the timeline does not tell: then a person decides.
        """
        ...

    async def put_off(
        self, record_ids: Collection[int], refusal: Refusal, wait_s: float | None = None
    ) -> None:
        """Let claimed records wait and then be due again, longer with every try.

        `refusal` tells why. What was sent stays sent: the next run finds out what became of it.
        """
        ...

    async def release(self, record_ids: Collection[int]) -> None:
        """Let go of claimed records; what is left of them is due for any run."""
        ...


class RefusedFor(StrEnum):
    """What the refusal of a row asks for."""

    MOVED_ON = "moved_on"
    """The record changed after the guard: read it again."""
    GONE = "gone"
    """There is no such record any more."""
    ITS_VALUES = "its_values"
    """A person has to act: in the CRM, or on the value."""


@dataclass(frozen=True, slots=True)
class RowWritten:
    """A row was taken; `stamp` is the record's new Modified_Time."""

    stamp: datetime
    modified_by: str | None
    """Id of the user whom the CRM names as its author."""


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row was not taken, for one reason or several."""

    reason: RefusedFor
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class RowUnknown:
    """The row may or may not have been written."""


RowOutcome: TypeAlias = RowWritten | RowRefused | RowUnknown


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of a record's timeline."""

    at: datetime
    fields: frozenset[str]
    """API names of the fields that it changed."""
    is_ours: bool
    """The connected user did it through the API."""


class CrmWriter(Protocol):
    """Writing to a CRM. Every method may raise the errors of `pulse.sync.domain.errors`.

    An error means that nothing was written; what may have been written is a `RowUnknown`.
    """

    async def update(
        self,
        module: str,
        rows: Sequence[Mapping[str, object]],
        guard: datetime,
        *,
        run_automation: bool,
    ) -> Sequence[RowOutcome]:
        """Write up to 100 rows, each with its `id`, unless modified after `guard`; in order."""
        ...

    async def restore(self, record_ids: Sequence[int]) -> Mapping[int, Refusal]:
        """Take records out of the recycle bin; returns why not, by id, of those that stay."""
        ...

    async def timeline(
        self, module: str, record_id: int, since: datetime | None
    ) -> Sequence[TimelineEntry]:
        """Return what was done to a record, the latest first; `since` is included.

        Without `since`, the latest page of it.
        """
        ...
