"""Where the rows of a load come from: COQL slices, pages, Bulk Read."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pulse.sync.domain.canonical import STAMP, instant
from pulse.sync.domain.errors import CrmUnavailableError, PageTokenLostError
from pulse.sync.domain.steps import in_step
from pulse.sync.planner import COQL_ROWS, EXPORT_ROWS, FIELDS_A_CALL, PAGE_ROWS, PAGES_REACH, Source
from pulse.sync.ports import CreatedRange, ExportState, IdRange
from pulse.sync.words import PAGES_KEY, part_key, slice_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pulse.sync.domain.checkpoint import Position
    from pulse.sync.loading import Pipeline, PullContext
    from pulse.sync.ports import Batch, Export, Page, Row, Selection

_FIRST_LOOK_S: Final = 0.5
_EXPORTED_A_SECOND: Final = 50_000
"""Looks cost credits: the first comes when a job of this size may be done."""
_LONGEST_LOOK_S: Final = 15.0


async def read_whole(
    context: PullContext,
    selection: Selection,
    *,
    after: int | None = None,
    limit: int = COQL_ROWS,
) -> tuple[Page, int]:
    """Read one page of a selection with all its list fields, and the number of the read.

    A call takes 50 fields. With more, the same records are read again for the rest; where a record
    changed in between, the earlier stamp stands, so that the next pull reads it once more.
    """
    fields = context.canonical.list_fields
    number = await context.mirror.next_number()
    page = await context.crm.select(
        context.module, fields[:FIELDS_A_CALL], selection, after=after, limit=limit
    )
    rest = fields[FIELDS_A_CALL:]
    if rest and page.rows:
        rows = await _with_fields(context, page.rows, selection, rest)
        page = replace(page, rows=rows)
    return page, number


async def _with_fields(
    context: PullContext, rows: Sequence[Row], selection: Selection, fields: Sequence[str]
) -> Sequence[Row]:
    """Return `rows`, which stand in order of id within `selection`, with further fields.

    A record that is gone by then is left out: half of it must not pass for the whole.
    """
    by_id = {str(row["id"]): row for row in rows}
    first, last = int(str(rows[0]["id"])), int(str(rows[-1]["id"]))
    wanted = [name for name in fields if name != STAMP]
    # A query's price follows its LIMIT: a short page is completed for one credit, not three.
    limit = PAGE_ROWS if len(rows) <= PAGE_ROWS else COQL_ROWS
    for start in range(0, len(wanted), FIELDS_A_CALL - 1):
        chunk = [STAMP, *wanted[start : start + FIELDS_A_CALL - 1]]
        after = first - 1
        has_more = True
        found: set[str] = set()
        while has_more and after < last:
            page = await context.crm.select(
                context.module, chunk, selection, after=after, limit=limit
            )
            for more in page.rows:
                row = by_id.get(str(more["id"]))
                if row is not None:
                    found.add(str(more["id"]))
                    stamp = min(str(row[STAMP]), str(more[STAMP]), key=instant)
                    row.update(more)
                    row[STAMP] = stamp
            has_more = page.has_more and bool(page.rows)
            after = int(str(page.rows[-1]["id"])) if page.rows else last
        for record_id in by_id.keys() - found:
            context.vanished.add(int(record_id))
            del by_id[record_id]
    return list(by_id.values())


async def _shaped(
    pipeline: Pipeline, rows: Sequence[Row], number: int, *, is_first_load: bool
) -> Batch:
    """Shape a page in a thread: the loaders' connections must not wait for it.

    One page after the other: pages of several slices that share a processor would all be ready
    late, and the loaders idle until then.
    """
    async with pipeline.shaping:
        return await asyncio.to_thread(
            pipeline.context.batch, rows, number, is_first_load=is_first_load
        )


def _end_of(rows: Sequence[Row], after: int | None) -> int | None:
    return int(str(rows[-1]["id"])) if rows else after


async def read_slice(
    context: PullContext,
    pipeline: Pipeline,
    key: str,
    selection: IdRange,
    *,
    is_first_load: bool,
    loaded: int = 0,
) -> None:
    """Load one slice of ids by COQL, from its checkpoint on; `loaded` came in another way."""
    position = context.run.checkpoint.get(key, {})
    if position.get("done"):
        return
    after = _int_or_none(position.get("after"))
    after = selection.after if after is None else after
    rows = loaded or _rows_of(position)
    has_more = True
    with in_step(key):
        while has_more:
            page, number = await read_whole(context, selection, after=after)
            after, has_more = _end_of(page.rows, after), page.has_more
            rows += len(page.rows)
            batch = await _shaped(pipeline, page.rows, number, is_first_load=is_first_load)
            del page  # its rows take more room than the batch, which may wait for long
            await pipeline.put(key, batch, {"after": after, "rows": rows, "done": not has_more})


async def read_pages(context: PullContext, pipeline: Pipeline, *, is_first_load: bool) -> None:
    """Load a module by pages in order of id; what page tokens do not reach comes by COQL.

    A page token dies with the run that it belongs to, so a resumed load goes on by COQL too.
    """
    with in_step(PAGES_KEY):
        await _read_pages(context, pipeline, is_first_load=is_first_load)


async def _read_pages(context: PullContext, pipeline: Pipeline, *, is_first_load: bool) -> None:
    whole = [
        name for name in context.canonical.list_fields if name not in context.canonical.cut_fields
    ]
    fields = whole[:FIELDS_A_CALL]
    rest = [*whole[FIELDS_A_CALL:], *sorted(context.canonical.cut_fields)]
    position = context.run.checkpoint.get(PAGES_KEY, {})
    after = _int_or_none(position.get("after"))
    token: str | None = None
    seen = 0
    is_resumed = after is not None
    has_more = not is_resumed
    while has_more and seen < PAGES_REACH:
        number = await context.mirror.next_number()
        try:
            page = await context.crm.list_page(context.module, fields, token)
        except PageTokenLostError as lost:
            await context.run.log(str(lost), step=PAGES_KEY)
            break
        rows = page.rows
        if rest and rows:
            rows = await _with_fields(context, rows, IdRange(), rest)
        seen += len(page.rows)
        after, token, has_more = _end_of(page.rows, after), page.next_token, page.has_more
        await pipeline.put(
            PAGES_KEY,
            context.batch(rows, number, is_first_load=is_first_load),
            {"after": after, "rows": seen, "done": not has_more},
        )
    if has_more or is_resumed:
        await context.run.log(
            "Going on by COQL from where the last run stopped."
            if is_resumed
            else f"Pages ended after {seen:,} records; going on by COQL.",
            step=PAGES_KEY,
        )
        await read_slice(
            context,
            pipeline,
            PAGES_KEY,
            IdRange(after, None),
            is_first_load=is_first_load,
            loaded=seen,
        )


async def read_exports(
    context: PullContext, pipeline: Pipeline, records: int, *, is_first_load: bool
) -> None:
    """Load a module by Bulk Read; the next part is made while this one is being loaded.

    The rows of a part have no order. Its checkpoint counts them: the file of a job does not change,
    so a resumed load takes the same file and skips what is in.
    """
    part = 1
    job_id, number = await _job_of(context, part, None)
    rows = min(records, EXPORT_ROWS)
    while True:
        with in_step(part_key(part)):
            export = await _wait_for(context, job_id, part, rows)
            following = (
                await _job_of(context, part + 1, export.next_token) if export.next_token else None
            )
            await _load_export(context, pipeline, part, job_id, number, is_first_load=is_first_load)
        if following is None:
            return
        part, (job_id, number), rows = part + 1, following, 0


async def _job_of(context: PullContext, part: int, token: str | None) -> tuple[str, int]:
    """Start the job of a part, or find the one that an interrupted run had started."""
    position = context.run.checkpoint.get(part_key(part), {})
    if "job" in position:
        return str(position["job"]), int(str(position["number"]))
    number = await context.mirror.next_number()
    fields = context.canonical.list_fields
    return await context.crm.start_export(context.module, fields, token), number


async def _wait_for(context: PullContext, job_id: str, part: int, rows: int) -> Export:
    """Look at a job of `rows` just started, less and less often, until it is ready.

    0 rows stand for a job that has had time to finish.
    """
    if rows:
        await context.run.log(f"Waiting for the CRM to export part {part}.", step=part_key(part))
        await context.sleep(_FIRST_LOOK_S + rows / _EXPORTED_A_SECOND)
    pause = _FIRST_LOOK_S
    while True:
        export = await context.crm.export(job_id)
        match export.state:
            case ExportState.READY:
                return export
            case ExportState.FAILED:
                raise CrmUnavailableError(
                    f"The CRM could not finish export {job_id}: {export.reason or 'no reason'}.",
                    fix="Start the sync again; it goes on from here.",
                )
            case ExportState.WORKING:
                await context.sleep(pause)
                pause = min(pause * 2, _LONGEST_LOOK_S)


async def _load_export(
    context: PullContext,
    pipeline: Pipeline,
    part: int,
    job_id: str,
    number: int,
    *,
    is_first_load: bool,
) -> None:
    key = part_key(part)
    position = context.run.checkpoint.get(key, {})
    if position.get("done"):
        return
    done_rows = _rows_of(position)

    def at(rows: int, *, done: bool) -> Position:
        return {"job": job_id, "number": number, "rows": rows, "done": done}

    count = 0
    async for cells in context.crm.export_rows(job_id):
        count += len(cells.rows)
        if count <= done_rows:
            continue
        batch = await asyncio.to_thread(
            context.cell_batch, cells, number, is_first_load=is_first_load
        )
        await pipeline.put(key, batch, at(count, done=False))
    await pipeline.put(key, context.batch((), number), at(count, done=True))


def _rows_of(position: Position) -> int:
    return _int_or_none(position.get("rows")) or 0


def _int_or_none(value: object) -> int | None:
    return None if value is None else int(str(value))


async def id_slices(context: PullContext, records: int, slices: int) -> list[IdRange]:
    """Cut a module into slices of ids of about equal size.

    The mirror knows where to cut if it holds most of the module already; else the CRM is asked for
    the ids at the cuts, by one cheap query each.
    """
    if slices == 1:
        return [IdRange()]
    known = (await context.mirror.aggregate(CreatedRange())).count
    cuts = (
        await context.mirror.id_quantiles(slices)
        if known * 2 > records
        else await context.crm.ids_at(
            # The last id of each slice, so that a slice of 2,000 records is one query.
            context.module,
            [records * cut // slices - 1 for cut in range(1, slices)],
        )
    )
    edges = [None, *sorted(set(cuts)), None]
    return [IdRange(after, up_to) for after, up_to in itertools.pairwise(edges)]


def sources_of(
    context: PullContext,
    pipeline: Pipeline,
    source: Source,
    slices: Sequence[IdRange],
    records: int,
    *,
    is_first_load: bool,
) -> list[Callable[[], Awaitable[None]]]:
    """Return the readers of a planned load."""
    match source:
        case Source.PAGES:
            return [lambda: read_pages(context, pipeline, is_first_load=is_first_load)]
        case Source.BULK_READ:
            return [lambda: read_exports(context, pipeline, records, is_first_load=is_first_load)]
        case Source.COQL:
            return [
                _slice_reader(context, pipeline, index, selection, is_first_load=is_first_load)
                for index, selection in enumerate(slices, start=1)
            ]


def _slice_reader(
    context: PullContext,
    pipeline: Pipeline,
    index: int,
    selection: IdRange,
    *,
    is_first_load: bool,
) -> Callable[[], Awaitable[None]]:
    return lambda: read_slice(
        context, pipeline, slice_key(index), selection, is_first_load=is_first_load
    )
