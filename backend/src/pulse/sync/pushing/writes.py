"""The write itself: guarded calls side by side, and what each answer settles.

A change is marked as sent before its call goes out, so that a worker which dies at any moment
leaves behind what has to be looked up, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pulse.kit.errors import UnavailableError
from pulse.sync.domain.errors import CrmRefusedError, PermissionMissingError, SyncError
from pulse.sync.domain.observation import Observation
from pulse.sync.domain.refusals import FIELD_GONE
from pulse.sync.domain.sending import blame, may_still_arrive
from pulse.sync.domain.wire import wire_value
from pulse.sync.loading import first_error
from pulse.sync.ports import Batch, Mark
from pulse.sync.pushing.ports import (
    Refusal,
    RefusedFor,
    RowOutcome,
    RowRefused,
    RowUnknown,
    RowWritten,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from pulse.kit.errors import PulseError
    from pulse.sync.pushing.context import PushContext, Pushed
    from pulse.sync.pushing.ports import PushedChange

MODIFIED_BY: Final = "Modified_By"


@dataclass(frozen=True, slots=True)
class Call:
    """One PUT: changes by record, all under one guard."""

    guard: datetime
    rows: Mapping[int, Sequence[PushedChange]]


@dataclass(slots=True)
class Left:
    """What a round leaves to the next one."""

    again: set[int] = field(default_factory=set)
    """Records to be read and written again."""
    singly: set[int] = field(default_factory=set)
    """Those among them that the CRM refused as a batch: each shall answer for itself."""
    gone: set[int] = field(default_factory=set)
    """Those that the CRM called unknown: another read tells whether they are."""
    in_doubt: frozenset[int] = frozenset()
    """Records of which an earlier write may still arrive: until then their changes stay sent."""
    trouble: PulseError | None = None
    """Why no further call was made."""


def batches(
    stamps: Mapping[int, datetime], records: Iterable[int], rows_a_call: int, singly: set[int]
) -> dict[int, datetime]:
    """Return the guard of each record: the greatest stamp of its call's records.

    Records are batched in order of their stamps, so that a guard is as tight as it can be.
    """
    ordered = sorted(records, key=lambda record_id: (stamps[record_id], record_id))
    guards = {record_id: stamps[record_id] for record_id in ordered if record_id in singly}
    together = [record_id for record_id in ordered if record_id not in singly]
    for start in range(0, len(together), rows_a_call):
        some = together[start : start + rows_a_call]
        guards |= dict.fromkeys(some, stamps[some[-1]])
    return guards


def calls_of(changes: Iterable[PushedChange], rows_a_call: int, singly: set[int]) -> list[Call]:
    """Return the calls that send changes, each under one guard."""
    by_guard: dict[datetime, dict[int, list[PushedChange]]] = defaultdict(lambda: defaultdict(list))
    for change in changes:
        assert change.guard is not None  # noqa: S101 - set with the mark that it is sent
        by_guard[change.guard][change.record_id].append(change)
    calls: list[Call] = []
    for guard, rows in sorted(by_guard.items()):
        alone = [record_id for record_id in rows if record_id in singly]
        calls += [Call(guard, {record_id: rows[record_id]}) for record_id in alone]
        together = [record_id for record_id in rows if record_id not in singly]
        for start in range(0, len(together), rows_a_call):
            some = together[start : start + rows_a_call]
            calls.append(Call(guard, {record_id: rows[record_id] for record_id in some}))
    return calls


async def send(
    context: PushContext, calls: Sequence[Call], at_once: int, told: Pushed, left: Left
) -> None:
    """Make the calls, a few at a time, and settle each as its answer comes.

    Trouble of the CRM's stops the calls that are not out yet; their changes are queued again.
    """
    # Taken before any of the requests: a read that begins later saw what they wrote.
    number = await context.pull.mirror.next_number()
    room = asyncio.Semaphore(at_once)

    async def make(call: Call) -> None:
        async with room:
            if left.trouble is not None:
                await _give_back(context, call, left)
                return
            await _make(context, call, number, told, left)

    try:
        async with asyncio.TaskGroup() as group:
            for call in calls:
                group.create_task(make(call))
    except BaseExceptionGroup as errors:
        raise first_error(errors) from errors


async def _make(context: PushContext, call: Call, number: int, told: Pushed, left: Left) -> None:
    call = await _without_lost_fields(context, call, told)
    if not call.rows:
        return
    riders = await context.riders.board(call.rows)
    rows = [
        {
            "id": str(record_id),
            **riders.get(record_id, {}),
            **{
                change.field: wire_value(context.specs[change.field], change.value)
                for change in changes
            },
        }
        for record_id, changes in call.rows.items()
    ]
    try:
        outcomes = await context.writer.update(
            context.pull.module,
            rows,
            call.guard,
            run_automation=context.settings.run_automation,
        )
    except (CrmRefusedError, PermissionMissingError) as refused:
        await _refused_as_a_whole(context, call, refused, told, left)
        return
    except (SyncError, UnavailableError) as trouble:
        left.trouble = left.trouble or trouble
        await _give_back(context, call, left)
        return
    await _settle(context, call, dict(zip(call.rows, outcomes, strict=True)), number, told, left)


async def _without_lost_fields(context: PushContext, call: Call, told: Pushed) -> Call:
    """Refuse changes of fields that the CRM has no more, and return the call without them."""
    lost = [
        change
        for changes in call.rows.values()
        for change in changes
        if change.field not in context.specs
    ]
    if not lost:
        return call
    await context.changes.refuse(
        {
            change.id: Refusal(
                FIELD_GONE, f"The CRM's {context.pull.module} have no field {change.field}."
            )
            for change in lost
        }
    )
    told.refused.update((change.record_id, change.field) for change in lost)
    kept = {
        record_id: [change for change in changes if change.field in context.specs]
        for record_id, changes in call.rows.items()
    }
    return Call(call.guard, {key: changes for key, changes in kept.items() if changes})


async def _give_back(context: PushContext, call: Call, left: Left) -> None:
    """Take back a call of which nothing was written, for another round."""
    await context.changes.give_back(
        [
            change.id
            for record_id, changes in call.rows.items()
            for change in changes
            if record_id not in left.in_doubt
        ]
    )
    left.again.update(call.rows)


async def _refused_as_a_whole(
    context: PushContext,
    call: Call,
    refused: CrmRefusedError | PermissionMissingError,
    told: Pushed,
    left: Left,
) -> None:
    """Find out which row the CRM minded, one by one; one alone, or a missing right, is refused."""
    if len(call.rows) > 1 and isinstance(refused, CrmRefusedError):
        left.singly.update(call.rows)
        await _give_back(context, call, left)
        return
    refusal = Refusal(str(refused.extra.get("crm_code") or refused.code), refused.detail)
    late = {key: refusal for key in call.rows if _may_still_arrive(context, call.rows[key], left)}
    await _wait_for_late(context, late, told)
    changes = [
        change
        for record_id, changes in call.rows.items()
        for change in changes
        if record_id not in late
    ]
    await context.changes.refuse({change.id: refusal for change in changes})
    told.refused.update((change.record_id, change.field) for change in changes)


def _may_still_arrive(context: PushContext, changes: Sequence[PushedChange], left: Left) -> bool:
    """Return whether this was a resend, and the first write may yet be taken."""
    return changes[0].record_id in left.in_doubt and may_still_arrive(
        changes[0].sent_at, context.pull.clock.now()
    )


async def _wait_for_late(
    context: PushContext, refusals: Mapping[int, Refusal], told: Pushed
) -> None:
    """Let records wait whose resend was refused while the first write may still arrive."""
    for record_id, refusal in refusals.items():
        told.doubts += 1
        told.waiting.add(record_id)
        await context.changes.put_off([record_id], refusal)


async def _settle(
    context: PushContext,
    call: Call,
    outcomes: Mapping[int, RowOutcome],
    number: int,
    told: Pushed,
    left: Left,
) -> None:
    written: list[tuple[RowWritten, Sequence[PushedChange]]] = []
    refusals: dict[int, Refusal] = {}
    back: list[int] = []
    late: dict[int, Refusal] = {}
    for record_id, outcome in outcomes.items():
        changes = call.rows[record_id]
        match outcome:
            case RowWritten():
                written.append((outcome, changes))
            case RowUnknown():
                # Still sent: the next round's read finds out, or sends it again as it is.
                told.doubts += 1
                left.again.add(record_id)
            case RowRefused() if context.riders.thrown_out(
                [refusal.field for refusal in outcome.refusals]
            ):
                left.again.add(record_id)
                if record_id not in left.in_doubt:
                    back += [change.id for change in changes]
            case RowRefused(reason=RefusedFor.ITS_VALUES) if _may_still_arrive(
                context, changes, left
            ):
                late[record_id] = outcome.refusals[0]
            case RowRefused():
                found = _refused_row(record_id, changes, outcome, told, left)
                refusals |= found
                if found or record_id not in left.in_doubt:
                    back += [change.id for change in changes if change.id not in found]
    await _accept(context, written, number, told)
    await context.riders.arrived([changes[0].record_id for _, changes in written])
    await context.changes.refuse(refusals)
    await context.changes.give_back(back)
    await _wait_for_late(context, late, told)


def _refused_row(
    record_id: int,
    changes: Sequence[PushedChange],
    outcome: RowRefused,
    told: Pushed,
    left: Left,
) -> dict[int, Refusal]:
    """Return which changes of a row are refused for good; the others go round again."""
    if outcome.reason is RefusedFor.MOVED_ON:
        told.moved_on += 1
        left.again.add(record_id)
        return {}
    if outcome.reason is RefusedFor.GONE and record_id not in left.gone:
        left.gone.add(record_id)
        left.again.add(record_id)
        return {}
    found = _blamed(changes, outcome)
    told.refused.update((record_id, change.field) for change in changes if change.id in found)
    if len(found) < len(changes):
        left.again.add(record_id)
    return found


def _blamed(changes: Sequence[PushedChange], outcome: RowRefused) -> dict[int, Refusal]:
    blamed = blame(
        {change.field: change.id for change in changes},
        [refusal.field for refusal in outcome.refusals],
    )
    return {change_id: outcome.refusals[index] for change_id, index in blamed.at_fault.items()}


async def _accept(
    context: PushContext,
    written: Sequence[tuple[RowWritten, Sequence[PushedChange]]],
    number: int,
    told: Pushed,
) -> None:
    """Let the mirror see what we wrote, under the stamps of the answer; the changes end with it."""

    def fields_of(row: tuple[RowWritten, Sequence[PushedChange]]) -> tuple[str, ...]:
        answer, changes = row
        own = sorted(change.field for change in changes)
        return (*own, MODIFIED_BY) if answer.modified_by is not None else tuple(own)

    # A batch covers one set of fields: what it does not cover stays as it is.
    for fields, rows in groupby(sorted(written, key=fields_of), key=fields_of):
        some = list(rows)
        changes = [change for _, changes in some for change in changes]
        await context.pull.mirror.apply(
            Batch(
                [_observation(answer, changes) for answer, changes in some],
                number,
                context.pull.canonical.covered(fields),
                authored=[change.written() for change in changes],
            ),
            Mark(),
        )
        told.take(changes)


def _observation(answer: RowWritten, changes: Sequence[PushedChange]) -> Observation:
    values = {change.field: change.value for change in changes if change.value is not None}
    if answer.modified_by is not None:
        values[MODIFIED_BY] = answer.modified_by
    return Observation(changes[0].record_id, answer.stamp, values)
