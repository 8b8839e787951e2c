from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from zoho_sim.behaviour.clock import Clock
from zoho_sim.behaviour.switches import Switches
from zoho_sim.bulk_read.jobs import (
    TRANSITIONS,
    BulkReadJob,
    BulkReadJobs,
    IllegalStepError,
    JobState,
    Result,
)

START = 1_772_000_000.0


@pytest.fixture
def jobs() -> BulkReadJobs:
    return BulkReadJobs(Clock(real_time=lambda: START), Switches())


def new_job(state: JobState = JobState.ADDED) -> BulkReadJob:
    return BulkReadJob(
        id="1",
        query={},
        file_type="csv",
        page=1,
        after_id=None,
        callback_url=None,
        created_by={},
        created_time="",
        created_at=START,
        state=state,
    )


@pytest.mark.parametrize(("old", "new"), list(product(JobState, JobState)))
def test_a_job_takes_the_steps_of_the_table_and_no_others(old: JobState, new: JobState) -> None:
    job = new_job(old)
    if (old, new) in TRANSITIONS:
        job.move_to(new)
        assert job.state is new
    else:
        with pytest.raises(IllegalStepError, match=f"cannot go from {old} to {new}"):
            job.move_to(new)
        assert job.state is old


def test_a_job_goes_by_the_simulated_clock(jobs: BulkReadJobs) -> None:
    jobs.switches.bulk_job_duration_s = 100
    job = new_job()
    seen = []
    for step in (0, 9, 1, 19, 1, 69, 1):
        jobs.clock.advance(timedelta(seconds=step))
        seen.append((jobs.advance(job), job.state))
        job.result = Result(b"zip", 1, None)
    assert seen == [
        (False, JobState.ADDED),
        (False, JobState.ADDED),
        (False, JobState.QUEUED),
        (False, JobState.QUEUED),
        (True, JobState.IN_PROGRESS),
        (False, JobState.IN_PROGRESS),
        (False, JobState.COMPLETED),
    ]


def test_work_begins_once_and_the_job_waits_for_its_file(jobs: BulkReadJobs) -> None:
    job = new_job()
    assert (jobs.advance(job), job.state) == (True, JobState.IN_PROGRESS)
    assert (jobs.advance(job), job.state) == (False, JobState.IN_PROGRESS)
    job.result = Result(b"zip", 1, None)
    assert (jobs.advance(job), job.state) == (False, JobState.COMPLETED)


def test_a_job_goes_by_status_calls_when_so_switched(jobs: BulkReadJobs) -> None:
    jobs.switches.bulk_job_polls = 3
    job = new_job()
    job.result = Result(b"zip", 1, None)
    seen = []
    for polls in range(4):
        job.polls = polls
        jobs.advance(job)
        seen.append(job.state)
    assert seen == [
        JobState.ADDED,
        JobState.QUEUED,
        JobState.IN_PROGRESS,
        JobState.COMPLETED,
    ]


def test_a_file_is_kept_for_a_day(jobs: BulkReadJobs) -> None:
    job = new_job()
    jobs.advance(job)
    job.result = Result(b"zip", 1, None)
    assert jobs.file_of(job) is None
    jobs.advance(job)
    jobs.clock.advance(timedelta(hours=24, seconds=-1))
    assert jobs.file_of(job) == b"zip"
    jobs.clock.advance(timedelta(seconds=1))
    assert jobs.file_of(job) is None


def test_ten_downloads_a_minute_are_admitted(jobs: BulkReadJobs) -> None:
    assert [jobs.admit_download() for _ in range(11)] == [True] * 10 + [False]
    jobs.clock.advance(timedelta(seconds=59))
    assert jobs.admit_download() is False
    jobs.clock.advance(timedelta(seconds=1))
    assert jobs.admit_download() is True
