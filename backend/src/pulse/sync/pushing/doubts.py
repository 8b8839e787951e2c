"""What only a record's timeline tells: did our write happen, and whose value is newer."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulse.sync.domain.errors import CrmRefusedError, PermissionMissingError
from pulse.sync.domain.sending import has_landed, may_have_landed
from pulse.sync.loading import first_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from pulse.sync.pushing.context import PushContext
    from pulse.sync.pushing.guards import Guarded
    from pulse.sync.pushing.ports import PushedChange, TimelineEntry


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of changes whose answer never came."""

    landed: tuple[PushedChange, ...]
    """They were written."""
    barred: tuple[PushedChange, ...]
    """They were not and cannot be any more: the record moved past their guard, or is gone."""
    open: tuple[PushedChange, ...]
    """They may still arrive: to be sent again under the same guard, so that only one can hold."""


async def fates_of(context: PushContext, sent: Iterable[PushedChange], seen: Guarded) -> Fates:
    """Find out what became of changes that were sent by a run which never had the answer.

    The timeline is asked after the records were read, and only of those that have moved on.
    """
    landed: list[PushedChange] = []
    barred: list[PushedChange] = []
    still: list[PushedChange] = []
    moved: dict[int, list[PushedChange]] = defaultdict(list)
    for change in sent:
        stamp = seen.stamps.get(change.record_id)
        if stamp is None or change.guard is None:
            # Gone: whatever was written went with it. A row of ours never goes without a guard.
            barred.append(change)
        elif may_have_landed(stamp, change.guard):
            moved[change.record_id].append(change)
        else:
            still.append(change)
    timelines = await _timelines(
        context,
        {record_id: min(_guard(change) for change in some) for record_id, some in moved.items()},
    )
    for record_id, some in moved.items():
        entries = [(entry.at, entry.fields, entry.is_ours) for entry in timelines[record_id]]
        fields = {change.field for change in some}
        for change in some:
            is_landed = has_landed(entries, _guard(change), fields)
            (landed if is_landed else barred).append(change)
    return Fates(tuple(landed), tuple(barred), tuple(still))


def _guard(change: PushedChange) -> datetime:
    assert change.guard is not None  # noqa: S101 - only guarded changes come here
    return change.guard


async def weigh_changes(context: PushContext, awaiting: Sequence[PushedChange]) -> None:
    """Decide by time where the newest is to win; a person decides where the CRM tells no time."""
    try:
        timelines = await _timelines(
            context, dict.fromkeys((change.record_id for change in awaiting), None)
        )
    except (CrmRefusedError, PermissionMissingError):
        # This organisation shows no timelines: no later try would be answered otherwise.
        await context.changes.weighed([(change, None) for change in awaiting])
        return
    await context.changes.weighed(
        [
            (
                change,
                max(
                    (
                        entry.at
                        for entry in timelines[change.record_id]
                        if change.field in entry.fields
                    ),
                    default=None,
                ),
            )
            for change in awaiting
        ]
    )


async def _timelines(
    context: PushContext, since: Mapping[int, datetime | None]
) -> dict[int, Sequence[TimelineEntry]]:
    """Read the timelines of records, a few at a time."""
    room = asyncio.Semaphore(max(1, context.slots.all_calls // 2))

    async def read(record_id: int, start: datetime | None) -> Sequence[TimelineEntry]:
        async with room:
            return await context.writer.timeline(context.pull.module, record_id, start)

    reads: dict[int, asyncio.Task[Sequence[TimelineEntry]]] = {}
    try:
        async with asyncio.TaskGroup() as group:
            for record_id, start in since.items():
                reads[record_id] = group.create_task(read(record_id, start))
    except BaseExceptionGroup as errors:
        raise first_error(errors) from errors
    return {record_id: read.result() for record_id, read in reads.items()}
