"""Read the CRM's stage history by the cheapest source that this CRM offers.

The planner chooses as it does for a load. That Bulk Read takes the module is observed, not promised
(zoho-crm-v8.md 4.7), so a source that refuses it gives way to the next; where all refuse, the
organisation's stage history is not to be had. The related list of each deal would tell the same for
a credit a deal: too dear for all of them, so it is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulse.sync.domain.errors import (
    CrmRefusedError,
    CrmUnavailableError,
    PageTokenLostError,
    PermissionMissingError,
    ScopeMissingError,
)
from pulse.sync.domain.stage_history import (
    HISTORY_FIELDS,
    HISTORY_MODULE,
    entered_stage,
    rows_of_cells,
)
from pulse.sync.planner import Situation, Source, plan_load
from pulse.sync.ports import CreatedRange, ExportState, IdRange

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from pulse.adapters.crm.source import ZohoSource
    from pulse.adapters.stage_history import Claimed, StageHistoryStore
    from pulse.sync.domain.errors import SyncError
    from pulse.sync.ports import Export

REFUSALS: Final = (CrmRefusedError, PermissionMissingError, ScopeMissingError)
"""What a source says that will say the same next time."""
_STAYS_A_DEAL: Final = 5
"""Until the CRM has counted its rows."""
_FIRST_LOOK_S: Final = 0.5
_LONGEST_LOOK_S: Final = 15.0

# Any: what each source needs to go on.
_Checkpoint = dict[str, Any]


class StageHistoryReader:
    """Reads all rows into the store, on from the checkpoint if there is one."""

    def __init__(
        self,
        crm: ZohoSource,
        store: StageHistoryStore,
        claimed: Claimed,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._crm = crm
        self._store = store
        self._claimed = claimed
        self._sleep = sleep

    async def read(self, credits_left: int | None, latency_s: float) -> None:
        """Read what is there. Raises the errors of the engine; of refusals the last one."""
        begun = self._claimed.checkpoint
        if begun is not None:
            try:
                return await self._read(begun)
            except REFUSALS:
                # The file of a job is kept for a day, a page token too: begin again.
                pass
        total = await self._count()
        expected = await self._store.deals() * _STAYS_A_DEAL if total is None else total
        plan = plan_load(Situation(expected, len(HISTORY_FIELDS), credits_left, latency_s))
        refusal: SyncError | None = None
        for option in (plan.chosen, *plan.rejected):
            reason = plan.chosen.reason if refusal is None else f"instead: {refusal.detail}"
            checkpoint: _Checkpoint = {"source": option.source.value}
            await self._store.plan(self._claimed.id, option.source.value, reason, total, checkpoint)
            try:
                return await self._read(checkpoint)
            except REFUSALS as error:
                refusal = error
        if refusal is not None:
            raise refusal
        return None

    async def _count(self) -> int | None:
        try:
            return (await self._crm.aggregate(HISTORY_MODULE, CreatedRange())).count
        except REFUSALS:
            return None

    async def _read(self, checkpoint: _Checkpoint) -> None:
        match Source(checkpoint["source"]):
            case Source.COQL:
                await self._by_queries(checkpoint)
            case Source.PAGES:
                await self._by_pages(checkpoint)
            case Source.BULK_READ:
                await self._by_exports(checkpoint)

    async def _by_queries(self, checkpoint: _Checkpoint) -> None:
        after, has_more = checkpoint.get("after"), True
        while has_more:
            page = await self._crm.select(HISTORY_MODULE, HISTORY_FIELDS, IdRange(), after=after)
            has_more = page.has_more and bool(page.rows)
            if page.rows:
                after = int(str(page.rows[-1]["id"]))
            await self._keep(page.rows, {**checkpoint, "after": after})

    async def _by_pages(self, checkpoint: _Checkpoint) -> None:
        token, has_more = checkpoint.get("token"), True
        while has_more:
            try:
                page = await self._crm.list_page(HISTORY_MODULE, HISTORY_FIELDS, token)
            except PageTokenLostError:
                if token is None:
                    raise
                # From the start: rows that are here already change nothing.
                token = None
                continue
            token, has_more = page.next_token, page.has_more
            await self._keep(page.rows, {**checkpoint, "token": token})

    async def _by_exports(self, checkpoint: _Checkpoint) -> None:
        """Read job after job; the file of a job does not change, so what is in is skipped."""
        job, done = checkpoint.get("job"), int(checkpoint.get("rows", 0))
        if job is None:
            job = await self._crm.start_export(HISTORY_MODULE, HISTORY_FIELDS, None)
            await self._keep((), {**checkpoint, "job": job, "rows": 0})
        while job is not None:
            export = await self._ready(job)
            count = 0
            async for cells in self._crm.export_rows(job):
                count += len(cells.rows)
                if count > done:
                    rows = list(rows_of_cells(cells.header, cells.rows))
                    await self._keep(rows, {**checkpoint, "job": job, "rows": count})
            job, done = None, 0
            if export.next_token:
                job = await self._crm.start_export(
                    HISTORY_MODULE, HISTORY_FIELDS, export.next_token
                )
                await self._keep((), {**checkpoint, "job": job, "rows": 0})

    async def _ready(self, job: str) -> Export:
        pause = _FIRST_LOOK_S
        while True:
            export = await self._crm.export(job)
            if export.state is ExportState.READY:
                return export
            if export.state is ExportState.FAILED:
                raise CrmUnavailableError(
                    f"The CRM could not finish export {job}: {export.reason or 'no reason'}.",
                    fix="It is tried again within the hour.",
                )
            await self._sleep(pause)
            pause = min(pause * 2, _LONGEST_LOOK_S)

    async def _keep(self, rows: Iterable[dict[str, object]], checkpoint: _Checkpoint) -> None:
        told = list(rows)
        kept = [row for row in map(entered_stage, told) if row is not None]
        await self._store.keep(self._claimed.id, kept, len(told), checkpoint)
