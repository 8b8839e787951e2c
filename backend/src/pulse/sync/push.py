"""The push: local changes go to the CRM, round by round, and nothing is written over unseen.

A round reads what the CRM holds of its records, lets the merge judge again, sends what is still to
be pushed under a guard, and settles the answers. What met a record that had moved on, what was
refused beside a bad field, and what got no answer goes into the next round; rounds are bounded, and
what is left then waits and is tried again later. `docs/architecture/push.md` has the whole law.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pulse.core.sync import SyncMode
from pulse.kit.errors import UnavailableError
from pulse.sync.domain.errors import CreditsSpentError, MassDeletionError, SyncError
from pulse.sync.domain.sending import READ_AGAIN_AFTER_S
from pulse.sync.planner import plan_push
from pulse.sync.pushing.doubts import fates_of, weigh_changes
from pulse.sync.pushing.guards import apply_guards, read_guards
from pulse.sync.pushing.ports import Refusal
from pulse.sync.pushing.writes import Left, batches, calls_of, send

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pulse.sync.pushing.context import PushContext, Pushed
    from pulse.sync.pushing.guards import Guarded
    from pulse.sync.pushing.ports import PushedChange

RECORDS_A_SLICE: Final = 5_000
PERSONS_A_SLICE: Final = 100
ROUNDS: Final = 6
"""A record that is edited in the CRM faster than that waits for its next try."""
_NOT_ALLOWED_S: Final = 900.0
"""How long what a person has to put right waits at most before it is tried again."""
_KEPT_MOVING: Final = Refusal(
    "KEEPS_CHANGING", "The record changed in the CRM each time it was about to be written."
)


async def push_due(context: PushContext, told: Pushed, *, of_persons: bool = False) -> None:
    """Push what is due until nothing is, or until the CRM asks for patience.

    `of_persons` pushes one slice of what people edited lately, and no backlog. Nothing is written
    in the mode CRM to local: changes wait.
    """
    most = PERSONS_A_SLICE if of_persons else RECORDS_A_SLICE
    claims: Counter[int] = Counter()
    while (
        told.trouble is None
        and await context.changes.may_write()
        and (records := await context.changes.claim(most, of_persons=of_persons))
    ):
        claims.update(records)
        await push_records(context, records, told)
        # Whatever keeps coming back within one run shall not keep the run busy for ever.
        if again := [record_id for record_id in records if claims[record_id] > ROUNDS]:
            await context.changes.put_off(again, _KEPT_MOVING)
        if of_persons:
            break


async def push_records(context: PushContext, records: Collection[int], told: Pushed) -> None:
    """Push claimed records as far as the CRM lets, and let go of them."""
    left = Left(again=set(records))
    try:
        for _ in range(ROUNDS):
            left = await _round(context, left, told)
            if not left.again or left.trouble is not None:
                break
    except (SyncError, UnavailableError) as trouble:
        left = Left(again=set(records), trouble=trouble)
    if left.trouble is not None:
        told.trouble = left.trouble
        told.waiting |= left.again
        reason = Refusal(left.trouble.code, left.trouble.detail)
        wait_s = _NOT_ALLOWED_S if isinstance(left.trouble, _PATIENCE) else None
        await context.changes.put_off(left.again, reason, wait_s)
    elif left.again:
        told.waiting |= left.again
        await context.changes.put_off(left.again, _KEPT_MOVING)
    await context.changes.release(records)


_PATIENCE: Final = (CreditsSpentError, MassDeletionError)


async def _round(context: PushContext, before: Left, told: Pushed) -> Left:
    """Read, judge, send and settle once; returns what is left for another round."""
    told.rounds += 1
    left = Left(singly=before.singly, gone=before.gone)
    if not await context.changes.may_write():
        return left
    records = before.again
    changes = await context.changes.read(records)
    records = {change.record_id for change in changes}
    if not records:
        return left
    changes = await _restore(context, changes, told)
    started = context.pull.clock.monotonic()
    seen = await read_guards(context, records)
    fates = await fates_of(context, [change for change in changes if change.is_sent], seen)
    await apply_guards(context, seen, changes, fates.landed)
    told.take(fates.landed)
    await context.changes.give_back([change.id for change in fates.barred])
    judged = await context.changes.read(records)
    if awaiting := [change for change in judged if change.awaits_timeline]:
        await weigh_changes(context, awaiting)
        judged = await context.changes.read(records)
    frozen = frozenset(change.record_id for change in fates.open)
    left.in_doubt = frozen
    queued = {
        change.record_id
        for change in judged
        if not change.is_sent and not change.awaits_timeline and not change.is_return
    } & seen.stamps.keys()
    ready = (queued - frozen) & seen.closed
    # While pulls pause, the read took over only the fields that were edited by then: of a field
    # that was edited since, nobody has seen what the CRM holds. It goes with the next read.
    takes_all = context.settings.mode is not SyncMode.LOCAL_TO_CRM
    among = None if takes_all else frozenset(change.id for change in changes)
    await _write(context, ready, seen, fates.open, told, left, among)
    unready = {change.record_id for change in judged} - ready - frozen
    left.again |= unready
    if unready and left.trouble is None:
        # Mostly the second of their stamp is still open: whoever writes within it would not be
        # noticed. Let it pass, read again.
        passed_s = context.pull.clock.monotonic() - started
        await context.pull.sleep(max(0.0, READ_AGAIN_AFTER_S - passed_s))
    return left


async def _write(
    context: PushContext,
    ready: Collection[int],
    seen: Guarded,
    resent: Sequence[PushedChange],
    told: Pushed,
    left: Left,
    among: Collection[int] | None,
) -> None:
    rows = len(ready) + len({change.record_id for change in resent})
    if not rows:
        return
    try:
        plan = plan_push(
            rows,
            credits_left=context.pull.credits_left,
            latency_s=context.pull.latency_s,
            slots=context.slots,
        )
    except CreditsSpentError as spent:
        left.trouble = spent
        left.again.update(ready, (change.record_id for change in resent))
        return
    if told.plan is None or plan.calls > told.plan.calls:
        told.plan = plan
    guards = batches(seen.stamps, ready, plan.rows_a_call, left.singly)
    sent = [*resent, *await context.changes.begin(guards, among)]
    calls = calls_of(sent, plan.rows_a_call, left.singly)
    await send(context, calls, plan.at_once, told, left)


async def _restore(
    context: PushContext, changes: Sequence[PushedChange], told: Pushed
) -> Sequence[PushedChange]:
    """Take records out of the bin that people want back; returns the changes that go on.

    Of one that cannot be restored the changes are refused, unless it is back already: somebody may
    have been faster, or our own answer was lost. The read that follows shows the others.
    """
    wanted = {change.record_id for change in changes if change.is_return}
    if not wanted:
        return changes
    refused = await context.writer.restore(sorted(wanted))
    if refused:
        back = (await read_guards(context, refused.keys())).stamps
        refused = {key: refusal for key, refusal in refused.items() if key not in back}
    failed = [change for change in changes if change.record_id in refused]
    await context.changes.refuse({change.id: refused[change.record_id] for change in failed})
    told.refused.update((change.record_id, change.field) for change in failed)
    told.restored |= wanted - refused.keys()
    return [change for change in changes if change.record_id not in refused]
