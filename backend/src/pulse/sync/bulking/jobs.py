"""Follow a job of the CRM to its end: a mass update over a view, or a Bulk Write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pulse.core.bulk import Way
from pulse.sync.bulking.ports import Answer
from pulse.sync.domain.errors import CrmUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulse.sync.bulking.context import BulkContext
    from pulse.sync.bulking.ports import JobState

_WAITS_S: Final = (0.5, 1.0, 2.0, 5.0)
"""Seconds between looks at a job; the last holds for all that follow."""
LOOKS: Final = 720
"""An hour of them, before the run gives up on a job."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the CRM said of the rows that were sent to it."""

    rows: Mapping[int, Answer] = field(default_factory=dict)
    otherwise: Answer | None = None
    """What it says of records that it does not name and that hold their old values."""

    def is_refused(self, record_id: int) -> bool:
        """Return whether the CRM said that a record was not written, for good."""
        said = self.rows.get(record_id)
        return said is not None and not said.is_written and not said.is_outdated


async def follow(context: BulkContext, job_id: str) -> Answered:
    """Wait until a job is over and return what it says of its records.

    Raises CrmUnavailableError when it does not end; the records stay sent, and whoever goes on with
    the run looks at the job again.
    """
    module = context.pull.module
    for look in range(LOOKS):
        job = await context.writer.job(module, context.way, job_id)
        await context.items.note_job(
            {"kind": context.way.value, "id": job_id, "state": job.state, "counts": job.counts}
        )
        if job.is_over:
            return await _outcome(context, job_id, job)
        await context.pull.sleep(_WAITS_S[min(look, len(_WAITS_S) - 1)])
    raise CrmUnavailableError(
        f"The CRM's job {job_id} has not ended after {LOOKS} looks at it.",
        fix="It may still go on: look at the records in the CRM before you repeat the operation.",
    )


async def _outcome(context: BulkContext, job_id: str, job: JobState) -> Answered:
    if context.way is Way.BULK_WRITE and job.has_result:
        rows = await context.writer.bulk_write_result(job_id)
        await context.items.note_accepted([each for each, said in rows.items() if said.is_written])
        return Answered(
            rows,
            Answer(
                is_written=False,
                code="NOT_IN_RESULT",
                message="The result file of the CRM's job does not name this record.",
            ),
        )
    told = f" ({job.reason})" if job.reason else ""
    return Answered(
        otherwise=Answer(
            is_written=False,
            code=f"JOB_{job.state}",
            message=f"The CRM's job ended as {job.state}{told} and has not updated this record.",
        )
    )
