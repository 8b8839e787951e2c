"""The pipeline of a load: sources read and shape, connections apply, a bounded queue between.

Memory does not grow with the module: a source that runs ahead waits for room in the queue. Each
batch commits with its checkpoint, and the checkpoint of a slice only says what is contiguous.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from pulse.sync import words
from pulse.sync.domain.checkpoint import SliceProgress
from pulse.sync.ports import Applied, Batch, Mark

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from pulse.sync.domain.canonical import Canonicaliser
    from pulse.sync.domain.checkpoint import Position
    from pulse.sync.ports import Cells, Crm, Mirror, Row
    from pulse.sync.runs import Run

QUEUED_BATCHES: Final = 4


class Clock(Protocol):
    """Our own clock: for durations, and for what the CRM gives no time of."""

    def now(self) -> datetime:
        """Return the present moment, aware."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary origin."""
        ...


@dataclass(frozen=True, slots=True)
class PullSettings:
    """What a person may set of a pull."""

    overlap: timedelta
    loaders: int = 2
    """Connections that apply batches side by side."""
    brake_count: int = 20
    brake_share: float = 0.1
    """More than `brake_count` and more than this share of a module gone at once stops the run."""
    detail_backlog: int = 0
    """How many untouched records a reconcile may read singly for their detail fields."""


@dataclass(frozen=True, slots=True)
class PullContext:
    """What every step of a pull works with."""

    module: str
    crm: Crm
    mirror: Mirror
    run: Run
    canonical: Canonicaliser
    settings: PullSettings
    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    credits_left: int | None
    latency_s: float
    vanished: set[int] = field(default_factory=set)
    """Records that were there for the first part of a read of several calls, and not for all."""

    def moment_before(self, answered_at: datetime | None, started: float) -> datetime:
        """Return when a request was sent, by the CRM's clock as far as it told its time."""
        took = timedelta(seconds=self.clock.monotonic() - started)
        return (answered_at or self.clock.now()) - took

    def batch(
        self,
        rows: Sequence[Row],
        number: int,
        fields: Sequence[str] | None = None,
        *,
        is_partial: bool = False,
        is_first_load: bool = False,
        are_details_final: bool = False,
    ) -> Batch:
        """Shape the rows of one read into observations of the fields that were asked for."""
        asked = self.canonical.list_fields if fields is None else fields
        read = self.canonical.reader(asked)
        covered = self.canonical.covered(asked)
        return Batch(
            [read(row) for row in rows],
            number,
            covered,
            details=covered.intersection(self.canonical.detail_fields),
            are_details_final=are_details_final,
            is_partial=is_partial,
            is_first_load=is_first_load,
            names=self.canonical.names(rows),
        )

    def cell_batch(self, cells: Cells, number: int, *, is_first_load: bool) -> Batch:
        """Shape rows of an export into observations."""
        asked = self.canonical.list_fields
        read = self.canonical.cell_reader(cells.header, asked)
        return Batch(
            [read(row) for row in cells.rows],
            number,
            self.canonical.covered(asked),
            is_first_load=is_first_load,
        )


@dataclass(slots=True)
class _Work:
    batch: Batch
    slice_key: str
    ticket: int
    position: Position


@dataclass(slots=True)
class Pipeline:
    """Applies what sources hand out. One use: `async with` it, `put` batches, read `applied`."""

    context: PullContext
    totals: Mapping[str, int] = field(default_factory=dict)
    """How many records each slice of a load is expected to hold."""
    applied: Applied = field(default_factory=Applied)
    shaping: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the source that turns rows into a batch."""
    _queue: asyncio.Queue[_Work | None] = field(
        default_factory=lambda: asyncio.Queue(QUEUED_BATCHES)
    )
    _slices: dict[str, SliceProgress] = field(default_factory=lambda: defaultdict(SliceProgress))
    _commits: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def put(self, slice_key: str, batch: Batch, position: Position) -> None:
        """Hand a batch over; waits while the queue is full. The slice then stands at `position`."""
        ticket = self._slices[slice_key].hand_out(position)
        await self._queue.put(_Work(batch, slice_key, ticket, position))

    async def _apply(self) -> None:
        while (work := await self._queue.get()) is not None:
            progress = self._slices[work.slice_key]
            is_due = partial(progress.is_due, work.ticket, self.context.settings.loaders)
            async with self._commits:
                await self._commits.wait_for(is_due)
            mark = Mark(
                len(work.batch.observations),
                work.slice_key,
                partial(progress.position_with, work.ticket),
                partial(self._words, work),
            )
            applied = await self.context.mirror.apply(work.batch, mark)
            self.applied += applied  # after the await: loaders run side by side
            async with self._commits:
                progress.commit(work.ticket)
                self._commits.notify_all()

    def _words(self, work: _Work, applied: Applied) -> str:
        read = len(work.batch.observations)
        if "rows" not in work.position:
            return words.observed(read, applied)
        return words.loaded(work.position, self.totals.get(work.slice_key), read, applied)

    async def run(self, sources: Sequence[Callable[[], Awaitable[None]]], parallel: int) -> None:
        """Run sources, at most `parallel` at a time, and apply all they hand out.

        The first error of any part stops all the others and is raised as it is.
        """
        room = asyncio.Semaphore(parallel)

        async def read(source: Callable[[], Awaitable[None]]) -> None:
            async with room:
                await source()

        async def read_all() -> None:
            async with asyncio.TaskGroup() as readers:
                for source in sources:
                    readers.create_task(read(source))
            for _ in range(self.context.settings.loaders):
                await self._queue.put(None)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.context.settings.loaders):
                    group.create_task(self._apply())
                group.create_task(read_all())
        except BaseExceptionGroup as errors:
            raise first_error(errors) from errors
        await self._save_positions()

    async def _save_positions(self) -> None:
        """Save where each slice ended: the last batches may have committed out of order."""
        for slice_key, progress in self._slices.items():
            await self.context.mirror.apply(
                Batch((), 0, frozenset()), Mark(0, slice_key, progress.position)
            )


def first_error(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first leaf of a group of errors."""
    first = errors.exceptions[0]
    return first_error(first) if isinstance(first, BaseExceptionGroup) else first


def is_done(checkpoint: Mapping[str, Position], slice_key: str) -> bool:
    """Return whether a slice was loaded to its end."""
    return checkpoint.get(slice_key, {}).get("done") is True
