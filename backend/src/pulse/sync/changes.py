"""Bring the mirror up to now: what changed since the cursor, what is gone, what came back.

An idle pass makes two calls: one query for changes, which also looks for gone records that may have
come back, and one page of the deleted-records list.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pulse.core.sync import Presence, SyncType
from pulse.sync.domain.errors import MassDeletionError
from pulse.sync.domain.steps import CHANGES, DELETED
from pulse.sync.loading import Pipeline
from pulse.sync.planner import COQL_ROWS
from pulse.sync.ports import Absence, Applied, ChangedSince, CreatedRange, Mark, TheseIds
from pulse.sync.sources import read_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from pulse.sync.loading import PullContext
    from pulse.sync.ports import DeletedRecord

IDS_A_QUERY: Final = 50
WATCHED_A_QUERY: Final = 1_000
"""Gone records looked for in one pass: twenty conditions of fifty ids, of twenty-five allowed."""
_FIRST_PAGE: Final = 200
"""An idle query costs one credit up to this LIMIT."""
_BIN_PAGES: Final = WATCHED_A_QUERY // 200 * 2
_REPEATS: Final = 5
_DELETED_PAGES: Final = 50
"""After this many pages of deletions it is cheaper, and safer, to compare all ids."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What a pass did, and up to which moment of CRM time the mirror is now complete."""

    applied: Applied
    until: datetime
    is_deleted_list_cut: bool = False


def chunked(ids: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    """Cut a sequence into pieces of at most `size`."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


async def catch_up(
    context: PullContext, changed_since: datetime, deleted_since: datetime | None
) -> CaughtUp:
    """Apply changes, returns and deletions since the given moments of CRM time.

    Without `deleted_since` (a first load) the recycle bin is read whole: what is in it was never
    held, and a restore may bring it back with its old stamp.
    """
    applied, until = await _apply_changes(context, changed_since)
    number = await context.mirror.next_number()
    gone, is_cut = await _read_deletions(context, deleted_since)
    buried = await bury(context, gone, number)
    await context.run.log(
        f"{buried.deleted:,} deleted" if buried.deleted else "None",
        step=DELETED,
        record_count=buried.deleted or None,
    )
    applied += buried + await settle_vanished(context)
    return CaughtUp(applied, until, is_cut)


async def _apply_changes(context: PullContext, changed_since: datetime) -> tuple[Applied, datetime]:
    watched = tuple(await context.mirror.watched(WATCHED_A_QUERY))
    selection = ChangedSince(changed_since, watched)
    pipeline = Pipeline(context)
    started = context.clock.monotonic()
    page, number = await read_whole(context, selection, limit=_FIRST_PAGE)
    took = timedelta(seconds=context.clock.monotonic() - started)
    # The query saw the CRM no earlier than when it was sent: the cursor must not lie after that.
    until = None if page.crm_time is None else page.crm_time - took
    if page.has_more and context.run.request.sync_type is SyncType.INCREMENTAL:
        total = await context.crm.aggregate(context.module, ChangedSince(changed_since))
        await context.run.expect(total.count)

    latest = changed_since

    async def read() -> None:
        nonlocal page, number, latest
        after: int | None = None
        while True:
            if page.rows:
                batch = context.batch(page.rows, number)
                latest = max(latest, *(seen.stamp for seen in batch.observations))
                await pipeline.put(CHANGES, batch, {"until": latest.isoformat()})
                after = int(str(page.rows[-1]["id"]))
            if not page.has_more:
                break
            page, number = await read_whole(context, selection, after=after, limit=COQL_ROWS)

    if page.rows or page.has_more:
        await pipeline.run([read], parallel=1)
    else:
        await context.run.log("None", step=CHANGES)
    if watched:
        await context.mirror.note_watched(watched, until or context.clock.now())
    return pipeline.applied, until or latest


async def _read_deletions(
    context: PullContext, deleted_since: datetime | None
) -> tuple[dict[int, DeletedRecord], bool]:
    """Return the deletions since a moment, and whether the list was cut before its end.

    A restore meanwhile moves all later rows up, and one of them from a page to come to a page that
    was read. So a list of several pages is read again until it shows nothing new.
    """
    gone, is_cut, pages = await _list_deletions(context, deleted_since)
    for _ in range(_REPEATS if pages > 1 else 0):
        again, is_cut, _pages = await _list_deletions(context, deleted_since)
        is_complete = again.keys() <= gone.keys()
        gone |= again
        if is_complete:
            break
    return gone, is_cut


async def _list_deletions(
    context: PullContext, deleted_since: datetime | None
) -> tuple[dict[int, DeletedRecord], bool, int]:
    """Return one reading of the list, whether it was cut before its end, and its pages."""
    gone: dict[int, DeletedRecord] = {}
    most = _DELETED_PAGES if deleted_since is not None else _BIN_PAGES
    for page_number in range(1, most + 1):
        page = await context.crm.deleted_page(
            context.module, deleted_since, page_number, only_bin=deleted_since is None
        )
        for row in page.rows:
            known = gone.get(row.record_id)
            if known is None or row.deleted_at > known.deleted_at:
                gone[row.record_id] = row
        if page.is_out_of_reach:
            return gone, True, page_number
        if not page.has_more:
            return gone, False, page_number
    return gone, deleted_since is not None, most


async def bury(context: PullContext, gone: dict[int, DeletedRecord], number: int) -> Applied:
    """Turn records of the deleted list, read under `number`, into tombstones.

    Those that are there after all are applied; those that were never held are only remembered.
    """
    if not gone:
        return Applied()
    known = await context.mirror.known_among(sorted(gone))
    strangers = [
        Absence(row.record_id, Presence.DELETED, row.deleted_at, row.deleted_by)
        for row in gone.values()
        if row.record_id not in known
    ]
    if strangers:
        await context.mirror.register_gone(strangers, number)
    held = await context.mirror.not_deleted_among(sorted(gone))
    absent = await confirm_absent(context, sorted(held))
    await brake(context, len(absent))
    return await _mark(
        context,
        absent,
        lambda record_id: Absence(
            record_id, Presence.DELETED, gone[record_id].deleted_at, gone[record_id].deleted_by
        ),
    )


async def _mark(
    context: PullContext, absent: Mapping[int, int], absence_of: Callable[[int], Absence]
) -> Applied:
    """Mark records as gone, each by the number of the read that did not find it."""
    by_number: dict[int, list[Absence]] = defaultdict(list)
    for record_id, number in absent.items():
        by_number[number].append(absence_of(record_id))
    applied = Applied()
    for number, absences in by_number.items():
        await context.mirror.register_gone(absences, number)  # what was never held is watched
        applied += await context.mirror.mark_gone(absences, number, Mark(len(absences)))
    return applied


async def confirm_absent(context: PullContext, ids: Sequence[int]) -> dict[int, int]:
    """Ask for records by id and apply those that are there.

    Returns the others, each with the number of the read that did not find it.
    """
    absent: dict[int, int] = {}
    for some in chunked(ids, IDS_A_QUERY):
        page, number = await read_whole(context, TheseIds(tuple(some)), limit=_FIRST_PAGE)
        found = {int(str(row["id"])) for row in page.rows}
        absent |= {record_id: number for record_id in some if record_id not in found}
        if page.rows:
            await context.mirror.apply(context.batch(page.rows, number), Mark(len(page.rows)))
    return absent


async def brake(context: PullContext, gone: int) -> None:
    """Stop a run that would remove a large part of the module, until a person agrees.

    Raises MassDeletionError.
    """
    settings = context.settings
    if context.run.request.accept_deletions or gone <= settings.brake_count:
        return
    live = (await context.mirror.aggregate(CreatedRange())).count
    if gone <= live * settings.brake_share:
        return
    share = 100 * gone / live
    raise MassDeletionError(
        f"{gone:,} of {live:,} {context.module} are gone in the CRM ({share:.1f} %)."
        " Nothing was removed here.",
        fix="Look into the CRM's recycle bin. If this is right, repeat the sync and accept the"
        " deletions (--accept-deletions).",
        extra={"gone": gone, "live": live},
    )


async def settle_vanished(context: PullContext) -> Applied:
    """Settle the records that were there for the first part of a read and gone for the rest.

    What was seen of them was not applied. Unless they are watched now, a restore without a new
    stamp would bring them back unnoticed, with the change that was about to be read.
    """
    vanished = sorted(context.vanished)
    context.vanished.clear()
    return await settle_absent(context, vanished) if vanished else Applied()


async def settle_absent(context: PullContext, candidates: Sequence[int]) -> Applied:
    """Find out what became of records that a read of everything did not return.

    Those that a read by id finds are applied; those in the deleted list become tombstones; what is
    neither there nor deleted is hidden from the connected user.
    """
    absent = await confirm_absent(context, candidates)
    if not absent:
        return Applied()
    await brake(context, len(absent))
    wanted = set(absent)
    deleted: dict[int, DeletedRecord] = {}
    crm_time: datetime | None = None
    for page_number in range(1, _DELETED_PAGES + 1):
        page = await context.crm.deleted_page(context.module, None, page_number)
        crm_time = page.crm_time or crm_time
        deleted |= {row.record_id: row for row in page.rows if row.record_id in wanted}
        if page.is_out_of_reach or not page.has_more or len(deleted) == len(wanted):
            break
    if (page.has_more or page.is_out_of_reach) and len(deleted) < len(wanted):
        # Not to be found within the list's reach: it says nothing about the rest.
        await context.run.log(
            "The deleted-records list is too long to be read whole; records that were not found"
            f" in it ({len(wanted) - len(deleted):,}) are shown as hidden.",
            step=DELETED,
        )
    noticed = crm_time or context.clock.now()

    def absence_of(record_id: int) -> Absence:
        row = deleted.get(record_id)
        if row is None:
            return Absence(record_id, Presence.INVISIBLE, noticed)
        return Absence(record_id, Presence.DELETED, row.deleted_at, row.deleted_by)

    return await _mark(context, absent, absence_of)
