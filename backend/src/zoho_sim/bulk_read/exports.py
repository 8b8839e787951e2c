"""The work of bulk-read jobs: rows are taken in slices, packed in a thread, announced if asked.

Between slices other calls are served, so the file shows each record as it is when its slice is
taken; one row is always of one moment. Records that appear after the work began are not in it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import aiohttp

from zoho_sim.bulk_read.criteria import bind_criteria, bind_fields
from zoho_sim.bulk_read.csv_file import Layout, Row, capture, layout_of, zip_of
from zoho_sim.bulk_read.jobs import BulkReadJob, JobState, Result
from zoho_sim.query.columns import bind_column
from zoho_sim.query.conditions import Column, Relation
from zoho_sim.query.errors import QueryError
from zoho_sim.query.planner import index_on, plan_for
from zoho_sim.query.predicates import BoundTest, Conjunct, function_of
from zoho_sim.state.organisation import UnknownModuleError
from zoho_sim.state.records import ID
from zoho_sim.state.stages import HISTORY_MODULE

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.bulk_read.jobs import BulkReadJobs
    from zoho_sim.query.columns import Values
    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.pages import PageTokens

_SLICE_ROWS = 2_000
_LOOK_AGAIN_S = 0.02
_CALLBACK_TIMEOUT = aiohttp.ClientTimeout(total=10)

TOKEN_BINDING = "bulk-read"  # noqa: S105 - what page tokens of bulk read are bound to


class Export(NamedTuple):
    """A job's query with its module and fields found."""

    module: ModuleStore
    conditions: list[Conjunct]
    layout: Layout


def bind_export(organisation: Organisation, query: JsonObject, switches: Switches) -> Export:
    """Return what a job is to export, or raise QueryError."""
    name = query["module"]["api_name"]
    try:
        module = organisation.module(name)
    except UnknownModuleError:
        raise QueryError(
            "MODULE_NOT_AVAILABLE", "the module is not available", {"api_name": name}
        ) from None
    if name == HISTORY_MODULE and switches.bulk_read_excludes_deal_history:
        raise QueryError("MODULE_NOT_SUPPORTED", "the module is not supported in bulk read")
    criteria = query.get("criteria")
    conditions = [] if criteria is None else bind_criteria(organisation, module, criteria)
    columns = bind_fields(organisation, module, query.get("fields") or [])
    layout = layout_of(
        columns,
        id_name="id" if switches.bulk_read_lower_case_id else "Id",
        separator=switches.bulk_read_multiselect_separator,
    )
    return Export(module, conditions, layout)


class Exports:
    """Does the work of jobs in the background of the server's event loop."""

    def __init__(
        self,
        organisation: Organisation,
        switches: Switches,
        page_tokens: PageTokens,
        jobs: BulkReadJobs,
    ) -> None:
        self._organisation = organisation
        self._switches = switches
        self._page_tokens = page_tokens
        self._jobs = jobs
        self._tasks: set[asyncio.Task[None]] = set()

    def look_after(self, job: BulkReadJob) -> None:
        """Move a job on as far as it is due, and begin its work when that is due."""
        if self._jobs.advance(job):
            self._start(job)

    async def close(self) -> None:
        """End all work."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def announce(self, job: BulkReadJob, describe: Callable[[], JsonObject]) -> None:
        """Post what ``describe`` returns to the job's callback once it ends, asked for or not."""
        task = asyncio.create_task(self._announce(job, describe))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _start(self, job: BulkReadJob) -> None:
        task = asyncio.create_task(self._work(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, job: BulkReadJob) -> None:
        jobs, switches = self._jobs, self._switches
        if switches.bulk_read_failures > 0:
            switches.bulk_read_failures -= 1
            jobs.fail(
                job,
                {
                    "status": "error",
                    "code": "INTERNAL_SERVER_ERROR",
                    "message": "Internal server error occurred while processing the job.",
                },
            )
            return
        try:
            job.result = await self._result(job)
        except QueryError as error:
            # The module or a field went away after the job had been accepted.
            jobs.fail(job, {"status": "error", "code": error.code, "message": error.message})
            return
        jobs.advance(job)

    async def _result(self, job: BulkReadJob) -> Result:
        organisation, maximum = self._organisation, self._switches.bulk_read_rows_maximum
        export = bind_export(organisation, job.query, self._switches)
        rows, has_more = await _taken(organisation, export, job, maximum)
        file = await asyncio.to_thread(zip_of, export.layout, rows, f"{job.id}.csv")
        token = None
        if has_more:
            token, _ = self._page_tokens.issue(
                (TOKEN_BINDING, organisation.api_user_id),
                after=(job.id, rows[-1][0]),
                rows_before=job.page * maximum,
                page=job.page + 1,
            )
        return Result(file, len(rows), token)

    async def _announce(self, job: BulkReadJob, describe: Callable[[], JsonObject]) -> None:
        while job.state not in (JobState.COMPLETED, JobState.FAILURE):
            self.look_after(job)
            await asyncio.sleep(_LOOK_AGAIN_S)
        body = describe()
        # Whether the callback arrives is its receiver's business; the job is done either way.
        with suppress(aiohttp.ClientError, TimeoutError):
            async with (
                aiohttp.ClientSession(timeout=_CALLBACK_TIMEOUT) as session,
                session.post(job.callback_url or "", json=body),
            ):
                pass


async def _taken(
    organisation: Organisation, export: Export, job: BulkReadJob, maximum: int
) -> tuple[list[Row], bool]:
    """Return the job's rows in order of id, and whether more would follow."""
    records = export.module.records
    ids, holds = _candidates(organisation, export, job)
    to_skip = 0 if job.after_id is not None else (job.page - 1) * maximum
    rows: list[Row] = []
    for start in range(0, len(ids), _SLICE_ROWS):
        found = [
            record
            for record_id in ids[start : start + _SLICE_ROWS]
            if (record := records.get(record_id)) is not None
            and (holds is None or holds(record.values))
        ]
        skipped = min(to_skip, len(found))
        to_skip -= skipped
        room = maximum - len(rows)
        rows += capture(export.layout, found[skipped : skipped + room])
        if len(found) - skipped > room:
            return rows, True
        await asyncio.sleep(0)
    return rows, False


def _candidates(
    organisation: Organisation, export: Export, job: BulkReadJob
) -> tuple[list[str], Callable[[Values], bool] | None]:
    """Return the ids to look at, ascending, and what is still to be tested of each record."""
    module, conditions = export.module, list(export.conditions)
    if job.after_id is not None:
        conditions.append(_conjunct(organisation, module, "id", Relation.GREATER, job.after_id))
    if module.api_name == HISTORY_MODULE:
        # Rows of deleted deals have lost their deal; bulk read leaves them out.
        conditions.append(_conjunct(organisation, module, "Potential_Name", Relation.IS_NOT_NULL))
    plan = plan_for(module, conditions)
    if plan.ids is not None:
        return list(plan.ids), plan.residual
    position, start, stop = plan.stretch
    keys = index_on(module, position)[start:stop]
    return (keys if position == ID else sorted(key[1] for key in keys)), plan.residual


def _conjunct(
    organisation: Organisation, module: ModuleStore, name: str, relation: Relation, *operands: str
) -> Conjunct:
    column = bind_column(organisation, module, Column((name,)), max_hops=0)
    test = BoundTest(column, relation, operands)
    return Conjunct(test, function_of(test, null_is_unequal=False))
