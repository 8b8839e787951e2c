"""Jobs that write rows in the background: how far one should be by now, and the work itself.

With ``bulk_job_polls`` set, a job is done at that many status calls; otherwise
``bulk_job_duration_s`` simulated seconds after it was created (0: at once). For the first tenth of
its time a job waits; then it writes at an even pace, so that a client who looks in between finds
part of the rows written.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.behaviour.agenda import Agenda
    from zoho_sim.behaviour.clock import Clock
    from zoho_sim.behaviour.switches import Switches

_WAITING_SHARE = 0.1
_SLICE_ROWS = 200


class Phase(Enum):
    """How far a job is."""

    WAITING = auto()
    AT_WORK = auto()
    ENDED = auto()


class RowJob(ABC):
    """A job over ``total`` rows, of which ``done`` are dealt with."""

    def __init__(self, job_id: str, total: int, created_at: float) -> None:
        self.id = job_id
        self.total = total
        self.created_at = created_at
        self.done = 0
        self.polls = 0
        self.phase = Phase.WAITING

    @abstractmethod
    def write(self, place: int) -> None:
        """Deal with the row at a place."""

    def end(self) -> None:  # noqa: B027 - most jobs have nothing to do at their end
        """Do what remains once the rows are dealt with."""


class RowJobs:
    """The jobs of one kind, and their work in the background of the server's event loop."""

    def __init__(self, clock: Clock, switches: Switches, agenda: Agenda) -> None:
        self._clock = clock
        self._switches = switches
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self.by_id: dict[str, RowJob] = {}
        agenda.watch(self._look_after_all)

    @property
    def unfinished(self) -> list[RowJob]:
        """The jobs that have not ended."""
        return [job for job in self.by_id.values() if job.phase is not Phase.ENDED]

    def add(self, job: RowJob) -> None:
        """Accept a job; it begins as soon as it is due."""
        self.by_id[job.id] = job
        self._look_after(job)

    async def asked(self, job: RowJob) -> None:
        """Count a status call, and bring the job to where it should be by now."""
        job.polls += 1
        self._look_after(job)
        work = self._at_work.get(job.id)
        if work is not None:
            await asyncio.shield(work)

    async def close(self) -> None:
        """End all work."""
        tasks = list(self._at_work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _look_after_all(self) -> None:
        for job in self.unfinished:
            self._look_after(job)

    def _look_after(self, job: RowJob) -> None:
        if job.id in self._at_work or job.phase is Phase.ENDED:
            return
        share = self._share(job)
        if share < _WAITING_SHARE:
            return
        job.phase = Phase.AT_WORK
        work = asyncio.create_task(self._work(job))
        self._at_work[job.id] = work
        work.add_done_callback(lambda _task: self._at_work.pop(job.id, None))

    async def _work(self, job: RowJob) -> None:
        """Deal with the rows that are due, in slices between which other calls are served."""
        while job.done < (due := self._rows_due(job)):
            for place in range(job.done, min(due, job.done + _SLICE_ROWS)):
                job.write(place)
                job.done = place + 1
            await asyncio.sleep(0)
        if job.done == job.total and self._share(job) >= 1:
            job.end()
            job.phase = Phase.ENDED

    def _rows_due(self, job: RowJob) -> int:
        share = (self._share(job) - _WAITING_SHARE) / (1 - _WAITING_SHARE)
        return job.total if share >= 1 else int(job.total * max(0.0, share))

    def _share(self, job: RowJob) -> float:
        """Return the part of its time that a job has had, 1 at most."""
        if self._switches.bulk_job_polls > 0:
            return min(1.0, job.polls / self._switches.bulk_job_polls)
        duration_s = self._switches.bulk_job_duration_s
        if duration_s <= 0:
            return 1.0
        return min(1.0, (self._clock.timestamp() - job.created_at) / duration_s)
