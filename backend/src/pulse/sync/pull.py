"""The pulls: full, incremental, and single records. Each ends by moving the cursor, or not at all.

The cursor is CRM time: the moment the first request of the last pass was sent, by the CRM's own
clock, less an overlap. It moves in the session's last commit only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.sync.changes import CaughtUp, catch_up, settle_absent
from pulse.sync.compare import compare, created_slices
from pulse.sync.details import DETAILS_A_PASS, read_details
from pulse.sync.domain.canonical import instant
from pulse.sync.domain.errors import FullSyncNeededError, VerificationFailedError
from pulse.sync.domain.steps import COMPARE, COUNT, PLAN, START
from pulse.sync.loading import Pipeline
from pulse.sync.planner import Situation, Source, plan_load
from pulse.sync.ports import Applied, CreatedRange, Cursors, IdRange, Mark
from pulse.sync.sources import id_slices, sources_of
from pulse.sync.words import count_words, plan_words, slice_totals, summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pulse.sync.loading import PullContext
    from pulse.sync.planner import Plan
    from pulse.sync.ports import Row

_VERIFY_ROUNDS: Final = 5
_UNSEEN_A_BATCH: Final = 2_000


async def pull_incremental(context: PullContext) -> None:
    """Take what changed since the cursor, deletions and returns included.

    Raises FullSyncNeededError before the first full load.
    """
    cursors = await context.mirror.cursors()
    if cursors is None:
        raise FullSyncNeededError(
            f"{context.module} were never loaded, so there is nothing to go on from.",
            fix="Start a full sync.",
        )
    since = cursors.changed_since
    if context.run.request.since is not None:
        since = min(since, context.run.request.since)  # a caller may widen, never skip
    await context.run.note(cursor={"from": since.isoformat()})
    await context.run.log(f"Looking for changes since {since:%Y-%m-%d %H:%M:%S} UTC.", step=START)
    caught_up = await catch_up(context, since, cursors.deleted_since)
    applied = caught_up.applied
    if caught_up.is_deleted_list_cut:
        await context.run.log("Too many deletions to list: comparing all ids.", step=COMPARE)
        applied += (await compare(context, await created_slices(context, caught_up.until))).applied
    if details := await read_details(
        context, cursors.full_sync_at, DETAILS_A_PASS, caught_up.until
    ):
        await context.run.note(details_read=details)
    await context.run.complete(
        _moved(context, cursors, caught_up), f"Quick sync completed: {summary(applied)}.", applied
    )


def _moved(context: PullContext, cursors: Cursors | None, caught_up: CaughtUp) -> Cursors:
    """Return the cursors after a pass; they never go back."""
    until = caught_up.until - context.settings.overlap
    if cursors is None:
        return Cursors(until, until)
    return Cursors(
        max(cursors.changed_since, until), max(cursors.deleted_since, until), cursors.full_sync_at
    )


@dataclass(frozen=True, slots=True)
class _Load:
    """A full load in progress, as it is kept on the session so that another run can go on."""

    started_at: datetime
    first_number: int
    source: Source
    slices: tuple[IdRange, ...]
    records: int
    is_first: bool
    fields: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "started_at": self.started_at.isoformat(),
            "first_number": self.first_number,
            "source": self.source.value,
            "slices": [[part.after, part.up_to] for part in self.slices],
            "records": self.records,
            "is_first": self.is_first,
            "fields": list(self.fields),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> _Load:
        slices = kept["slices"]
        fields = kept["fields"]
        if not isinstance(slices, list) or not isinstance(fields, list):
            raise TypeError("a kept load has lists of slices and fields")
        return cls(
            instant(str(kept["started_at"])),
            int(str(kept["first_number"])),
            Source(str(kept["source"])),
            tuple(IdRange(after, up_to) for after, up_to in slices),
            int(str(kept["records"])),
            kept["is_first"] is True,
            tuple(str(name) for name in fields),
        )


async def pull_full(context: PullContext) -> None:
    """Load the whole module, replay what changed meanwhile, and prove that nothing is missing."""
    earlier = await context.mirror.cursors()
    load = await _resumed(context) or await _planned(context)
    pipeline = Pipeline(context, slice_totals(load.source, len(load.slices), load.records))
    await pipeline.run(
        sources_of(
            context,
            pipeline,
            load.source,
            load.slices,
            load.records,
            is_first_load=load.is_first,
        ),
        parallel=max(1, len(load.slices)),
    )
    applied = pipeline.applied
    await context.run.note(phase="replay")
    since = load.started_at - context.settings.overlap
    caught_up = await catch_up(context, since, earlier.deleted_since if earlier else None)
    applied += caught_up.applied + await _settle_unseen(context, load.first_number)
    await context.run.note(phase="verify")
    applied, caught_up = await _verified(context, applied, caught_up)
    cursors = _moved(context, earlier, caught_up)
    # In CRM time, unlike the session's own times: history begins here if no load was before.
    await context.run.note(complete_at=caught_up.until.isoformat())
    await context.run.complete(
        Cursors(cursors.changed_since, cursors.deleted_since, caught_up.until),
        f"Full sync completed: {summary(applied)}.",
        applied,
    )


async def _resumed(context: PullContext) -> _Load | None:
    """Return the load that this session, or the one it goes on from, had begun."""
    kept = context.run.facts.get("load")
    if not isinstance(kept, dict):
        return None
    load = _Load.from_json(kept)
    if load.fields != context.canonical.list_fields:
        return None  # the module's fields changed: what is loaded would lack the new ones
    if context.run.request.source not in {None, load.source.value}:
        return None  # a person wants another source than the interrupted run had
    await context.run.log("Going on from where the last run stopped.", step=START)
    await context.run.expect(load.records)
    return load


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a full load would do; `records` is the CRM's own count or the mirror's."""

    records: int
    is_counted_in_crm: bool
    plan: Plan


async def foresee_load(context: PullContext) -> Foreseen:
    """Plan a full load without starting it, for one credit at most.

    A mirror that was loaded once counts for nothing; before that the CRM counts.
    """
    cursors = await context.mirror.cursors()
    is_loaded = cursors is not None and cursors.full_sync_at is not None
    counted = (
        await context.mirror.aggregate(CreatedRange())
        if is_loaded
        else await context.crm.aggregate(context.module, CreatedRange())
    )
    fields = len(context.canonical.list_fields)
    # What does not fit into the credits that are left is planned all the same: to be told.
    plan = plan_load(Situation(counted.count, fields, None, context.latency_s))
    return Foreseen(counted.count, not is_loaded, plan)


def goes_on_with(context: PullContext, kept: object) -> bool:
    """Return whether a load that was kept on a session still fits the module's fields."""
    return isinstance(kept, dict) and _Load.from_json(kept).fields == context.canonical.list_fields


async def _planned(context: PullContext) -> _Load:
    """Note where the load starts in CRM time, plan it, and keep the plan on the session."""
    first_number = await context.mirror.next_number()
    started = context.clock.monotonic()
    total = await context.crm.aggregate(context.module, CreatedRange())
    started_at = context.moment_before(total.crm_time or total.latest_change, started)
    held = await context.mirror.aggregate(CreatedRange())
    wanted = context.run.request.source
    plan = plan_load(
        Situation(
            total.count,
            len(context.canonical.list_fields),
            context.credits_left,
            context.latency_s,
            Source(wanted) if wanted else None,
        )
    )
    slices = (
        await id_slices(context, total.count, plan.chosen.slices)
        if plan.chosen.source is Source.COQL
        else [IdRange()]
    )
    load = _Load(
        started_at,
        first_number,
        plan.chosen.source,
        tuple(slices),
        total.count,
        held.count == 0,
        context.canonical.list_fields,
    )
    await context.run.begin_load(plan=plan.as_json(), load=load.as_json(), phase="load")
    await context.run.expect(total.count)
    await context.run.log(
        f"Cursor noted: {started_at:%H:%M:%S} UTC by the CRM's clock."
        " Changes made meanwhile are replayed at the end",
        step=START,
    )
    await context.run.log(plan_words(plan.chosen), step=PLAN)
    await context.run.log(count_words(context.module, total.count, slices), step=COUNT)
    return load


async def _settle_unseen(context: PullContext, first_number: int) -> Applied:
    """Settle the records of the mirror that the load did not come across."""
    unseen: list[int] = []
    after = 0
    while some := await context.mirror.unseen_since(first_number, _UNSEEN_A_BATCH, after):
        unseen.extend(some)
        after = some[-1]
    return await settle_absent(context, unseen)


async def _verified(
    context: PullContext, applied: Applied, caught_up: CaughtUp
) -> tuple[Applied, CaughtUp]:
    """Compare counts by slice until all agree, catching up between rounds: the CRM moves on.

    Raises VerificationFailedError when they still disagree after several rounds.
    """
    for _ in range(_VERIFY_ROUNDS):
        compared = await compare(
            context, await created_slices(context, caught_up.until), counts_only=True
        )
        applied += compared.applied
        if not compared.differing:
            await context.run.note(verified={"slices": compared.slices})
            return applied, caught_up
        await context.run.log(
            f"{compared.differing} of {compared.slices} slices differed and were loaded again.",
            step=COMPARE,
        )
        since = caught_up.until - context.settings.overlap
        caught_up = await catch_up(context, since, since)
        applied += caught_up.applied
    raise VerificationFailedError(
        f"{context.module}: counts still differ from the CRM's after {_VERIFY_ROUNDS} rounds.",
        fix="What is loaded stays. Run a reconcile; if it fails too, report it with this log.",
    )


@dataclass(frozen=True, slots=True)
class Observed:
    """What a single read did to the mirror."""

    applied: Applied
    changed_fields: tuple[str, ...]


async def observe_record(context: PullContext, record_id: int) -> Observed:
    """Read one record now, all its fields, and apply what was seen."""
    before = await context.mirror.document(record_id)
    number = await context.mirror.next_number()
    row = await context.crm.record(context.module, record_id)
    if row is None:
        applied = (
            await settle_absent(context, [record_id])
            if record_id in await context.mirror.live_among([record_id])
            else Applied()
        )
        return Observed(applied, ())
    batch = context.batch([row], number, context.canonical.all_fields)
    applied = await context.mirror.apply(batch, Mark())
    after = await context.mirror.document(record_id) or {}
    changed = sorted(
        name for name in {*(before or {}), *after} if (before or {}).get(name) != after.get(name)
    )
    return Observed(applied, tuple(changed))


async def observe_rows(
    context: PullContext,
    rows: Sequence[Row],
    number: int,
    fields: Sequence[str],
    *,
    is_partial: bool,
) -> Applied:
    """Apply rows that some other read brought along, a search for instance.

    One that did not ask for all list fields is partial: it moves no stamp and creates nothing.
    """
    applied = Applied()
    for start in range(0, len(rows), _UNSEEN_A_BATCH):
        batch = context.batch(
            rows[start : start + _UNSEEN_A_BATCH], number, fields, is_partial=is_partial
        )
        applied += await context.mirror.apply(batch, Mark())
    return applied
