"""The drift check: catch up, compare by slices, read only what differs, refresh what is computed.

A record whose formula or roll-up changed keeps its `Modified_Time`, so no pull would ever see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.sync.changes import catch_up
from pulse.sync.compare import compare, created_slices
from pulse.sync.details import read_details
from pulse.sync.domain.canonical import STAMP
from pulse.sync.domain.errors import FullSyncNeededError
from pulse.sync.domain.steps import COMPARE
from pulse.sync.loading import Pipeline
from pulse.sync.planner import COQL_ROWS, FIELDS_A_CALL
from pulse.sync.ports import Applied, Cursors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulse.sync.loading import PullContext
    from pulse.sync.ports import CreatedRange


async def reconcile(context: PullContext) -> None:
    """Find drift by aggregates and repair it.

    Raises FullSyncNeededError before the first full load.
    """
    cursors = await context.mirror.cursors()
    if cursors is None:
        raise FullSyncNeededError(
            f"{context.module} were never loaded, so there is nothing to compare.",
            fix="Start a full sync.",
        )
    caught_up = await catch_up(context, cursors.changed_since, cursors.deleted_since)
    slices = await created_slices(context, caught_up.until)
    cut = "1 slice" if len(slices) == 1 else f"{len(slices)} slices"
    await context.run.log(f"Comparing {cut} with the CRM.", step=COMPARE)
    compared = await compare(context, slices)
    refreshed = await refresh_computed(context, slices)
    details = await read_details(context, None, context.settings.detail_backlog, caught_up.until)
    applied = caught_up.applied + compared.applied + refreshed
    await context.run.note(
        drift={
            "slices": compared.slices,
            "differing": compared.differing,
            "records": compared.applied.changes,
            "computed": refreshed.changed,
            "details": details,
        }
    )
    until = caught_up.until - context.settings.overlap
    match compared.applied.changes:
        case 0:
            words = "no drift found"
        case 1:
            words = "1 record had drifted and was repaired"
        case drifted:
            words = f"{drifted:,} records had drifted and were repaired"
    await context.run.complete(
        Cursors(
            max(cursors.changed_since, until),
            max(cursors.deleted_since, until),
            cursors.full_sync_at,
        ),
        f"Reconcile completed: {words}.",
        applied,
    )


async def refresh_computed(context: PullContext, slices: Sequence[CreatedRange]) -> Applied:
    """Read formulas and roll-ups of all records, the newest slices first: there the open ones are.

    Such a read is partial: it moves no stamp, because it did not see the other fields.
    """
    computed = context.canonical.computed_fields
    if not computed:
        return Applied()
    pipeline = Pipeline(context)

    async def read() -> None:
        for start in range(0, len(computed), FIELDS_A_CALL - 1):
            fields = (STAMP, *computed[start : start + FIELDS_A_CALL - 1])
            for selection in reversed(slices):
                await _read_fields(context, pipeline, fields, selection)

    await pipeline.run([read], parallel=1)
    return pipeline.applied


async def _read_fields(
    context: PullContext, pipeline: Pipeline, fields: Sequence[str], selection: CreatedRange
) -> None:
    after: int | None = None
    has_more = True
    while has_more:
        number = await context.mirror.next_number()
        page = await context.crm.select(
            context.module, fields, selection, after=after, limit=COQL_ROWS
        )
        has_more = page.has_more
        if page.rows:
            after = int(str(page.rows[-1]["id"]))
            batch = context.batch(page.rows, number, fields, is_partial=True)
            await pipeline.put("computed", batch, {"after": after})
