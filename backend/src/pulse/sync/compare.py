"""Prove that mirror and CRM agree, by cheap aggregates over slices, and repair what does not."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.sync.changes import settle_absent, settle_vanished
from pulse.sync.loading import Pipeline
from pulse.sync.planner import COQL_ROWS
from pulse.sync.ports import Applied, CreatedRange
from pulse.sync.sources import read_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pulse.sync.loading import PullContext

_ROWS_A_SLICE: Final = 100_000
_MAX_SLICES: Final = 8
_BISECTION: Final = 8
"""A slice that differs is cut into this many, until it fits into one query."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found and repaired."""

    slices: int
    differing: int
    applied: Applied


async def created_slices(context: PullContext, until: datetime) -> list[CreatedRange]:
    """Cut what was created before `until` into slices of about equal size.

    What is newer is not yet due: the next pull brings it.
    """
    whole = CreatedRange(None, until)
    count = (await context.mirror.aggregate(whole)).count
    return await _cut(context, whole, max(1, min(_MAX_SLICES, count // _ROWS_A_SLICE)))


async def _cut(context: PullContext, selection: CreatedRange, parts: int) -> list[CreatedRange]:
    cuts = await context.mirror.created_quantiles(selection, parts) if parts > 1 else []
    inner = [
        cut
        for cut in cuts
        if (selection.start is None or cut > selection.start)
        and (selection.end is None or cut < selection.end)
    ]
    edges = [selection.start, *inner, selection.end]
    return [CreatedRange(start, end) for start, end in itertools.pairwise(edges)]


async def compare(
    context: PullContext, slices: Sequence[CreatedRange], *, counts_only: bool = False
) -> Compared:
    """Compare slices and reload those that differ; `counts_only` leaves out the latest stamps."""
    total = differing = 0
    applied = Applied()
    waiting = list(slices)
    while waiting:
        selection = waiting.pop()
        total += 1
        theirs = await context.crm.aggregate(context.module, selection)
        ours = await context.mirror.aggregate(selection)
        agrees = theirs.count == ours.count and (
            counts_only or theirs.latest_change == ours.latest_change
        )
        if agrees:
            continue
        size = max(theirs.count, ours.count)
        parts = await _cut(context, selection, _BISECTION) if size > COQL_ROWS else []
        if len(parts) > 1:
            waiting.extend(parts)
            continue
        differing += 1
        applied += await reload_slice(context, selection)
    return Compared(total, differing, applied)


async def reload_slice(context: PullContext, selection: CreatedRange) -> Applied:
    """Read a slice again and settle what the CRM did not return."""
    pipeline = Pipeline(context)
    found: set[int] = set()

    async def read() -> None:
        after: int | None = None
        has_more = True
        while has_more:
            page, number = await read_whole(context, selection, after=after)
            found.update(int(str(row["id"])) for row in page.rows)
            has_more = page.has_more
            if page.rows:
                after = int(str(page.rows[-1]["id"]))
                await pipeline.put("compare", context.batch(page.rows, number), {"after": after})

    before = await context.mirror.live_ids(selection)
    await pipeline.run([read], parallel=1)
    missing = sorted(before.keys() - found)
    settled = await settle_absent(context, missing) + await settle_vanished(context)
    return pipeline.applied + settled
