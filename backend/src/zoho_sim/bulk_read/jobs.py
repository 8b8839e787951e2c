"""Bulk-read jobs: their states, the legal steps between them, and how fast they go.

A job is worked on when it enters IN PROGRESS: the file shows the records of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.behaviour.clock import Clock
    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.state.fields import JsonObject

RESULT_LIFETIME_S = 86_400
DOWNLOADS_PER_WINDOW = 10
DOWNLOAD_WINDOW_S = 60


class JobState(StrEnum):
    """States as the wire spells them (zoho-crm-v8.md section 7)."""

    ADDED = "ADDED"
    QUEUED = "QUEUED"
    IN_PROGRESS = "IN PROGRESS"
    COMPLETED = "COMPLETED"
    FAILURE = "FAILURE"


TRANSITIONS = frozenset(
    {
        (JobState.ADDED, JobState.QUEUED),
        (JobState.QUEUED, JobState.IN_PROGRESS),
        (JobState.IN_PROGRESS, JobState.COMPLETED),
        (JobState.IN_PROGRESS, JobState.FAILURE),
    }
)
_COURSE = (JobState.ADDED, JobState.QUEUED, JobState.IN_PROGRESS, JobState.COMPLETED)
# The share of a job's duration after which it has left each of the first three states.
_LEFT_AFTER = (0.1, 0.3, 1.0)


class IllegalStepError(ValueError):
    """A job cannot go from one state to the other."""


@dataclass(slots=True)
class Result:
    """The outcome of a completed job; ``next_token`` leads to the rows that did not fit."""

    file: bytes
    count: int
    next_token: str | None


@dataclass(slots=True)
class BulkReadJob:
    """An export. ``query`` is the request's own ``query`` object, echoed by the status call.

    ``after_id`` is where a follow-up job begins: behind the last id of the job before it.
    """

    id: str
    query: JsonObject
    file_type: str
    page: int
    after_id: str | None
    callback_url: str | None
    created_by: JsonObject
    created_time: str
    created_at: float
    state: JobState = JobState.ADDED
    polls: int = 0
    result: Result | None = None
    is_being_worked_on: bool = False
    completed_at: float | None = None
    error_message: JsonObject | None = None

    def move_to(self, state: JobState) -> None:
        """Take one step; IllegalStepError unless the table has it."""
        if (self.state, state) not in TRANSITIONS:
            msg = f"job {self.id} cannot go from {self.state} to {state}"
            raise IllegalStepError(msg)
        self.state = state


@dataclass(slots=True)
class BulkReadJobs:
    """The organisation's jobs and their pace.

    With ``bulk_job_polls`` set, a job is done at that many status calls; otherwise
    ``bulk_job_duration_s`` simulated seconds after it was created (0: as soon as the file is made).
    """

    clock: Clock
    switches: Switches
    by_id: dict[str, BulkReadJob] = field(default_factory=dict)
    _downloads: list[float] = field(default_factory=list)

    def add(self, job: BulkReadJob) -> None:
        """Accept a job, and drop the files whose day is over."""
        self.by_id[job.id] = job
        for known in self.by_id.values():
            self.file_of(known)

    def due_state(self, job: BulkReadJob) -> JobState:
        """Return the state that the job should have reached by now, were its file made at once."""
        if self.switches.bulk_job_polls > 0:
            steps = job.polls * (len(_COURSE) - 1) // self.switches.bulk_job_polls
            return _COURSE[min(steps, len(_COURSE) - 1)]
        duration_s = self.switches.bulk_job_duration_s
        if duration_s <= 0:
            return JobState.COMPLETED
        share = (self.clock.timestamp() - job.created_at) / duration_s
        return _COURSE[sum(share >= left for left in _LEFT_AFTER)]

    def advance(self, job: BulkReadJob) -> bool:
        """Move a job on as far as it is due; return whether work on it must begin now."""
        due = _COURSE.index(self.due_state(job))
        for state in (JobState.QUEUED, JobState.IN_PROGRESS):
            if _COURSE.index(state) <= due and (job.state, state) in TRANSITIONS:
                job.move_to(state)
        if job.state is not JobState.IN_PROGRESS:
            return False
        if job.result is not None and due == len(_COURSE) - 1:
            job.move_to(JobState.COMPLETED)
            job.completed_at = self.clock.timestamp()
            return False
        if job.is_being_worked_on:
            return False
        job.is_being_worked_on = True
        return True

    def fail(self, job: BulkReadJob, error_message: JsonObject) -> None:
        """End a job in progress without a file."""
        job.move_to(JobState.FAILURE)
        job.error_message = error_message
        job.completed_at = self.clock.timestamp()

    def file_of(self, job: BulkReadJob) -> bytes | None:
        """Return the file of a completed job, None before that and 24 hours after it."""
        if job.state is not JobState.COMPLETED or job.result is None or job.completed_at is None:
            return None
        if self.clock.timestamp() - job.completed_at >= RESULT_LIFETIME_S:
            job.result.file = b""
            return None
        return job.result.file

    def admit_download(self) -> bool:
        """Count a download; return False for the eleventh within a minute."""
        now = self.clock.timestamp()
        self._downloads = [at for at in self._downloads if at > now - DOWNLOAD_WINDOW_S]
        if len(self._downloads) >= DOWNLOADS_PER_WINDOW:
            return False
        self._downloads.append(now)
        return True
