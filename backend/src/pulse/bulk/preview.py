"""Show what an operation would do before anybody confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulse.bulk import errors
from pulse.bulk.candidates import count_items, sample_items
from pulse.bulk.checking import check_choice
from pulse.bulk.planning import plan_operation
from pulse.bulk.schemas import (
    BulkPlan,
    FieldLabel,
    NamedRecord,
    Preview,
    PreviewReason,
    PreviewRow,
)
from pulse.core.bulk import LIMITS, ItemState, Way
from pulse.core.sync import SyncType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.candidates import Group
    from pulse.bulk.checking import CheckedChoice
    from pulse.bulk.choosing import Chosen
    from pulse.sync.bulking.plan import Plan


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an operation would do, for the preview and for the start alike."""

    checked: CheckedChoice
    groups: Sequence[Group]
    plan: Plan

    def count(self, state: ItemState) -> int:
        """Return how many records would stand there at once."""
        return sum(group.count for group in self.groups if group.state is state)


async def foresee(db: AsyncSession, chosen: Chosen, wanted: Way | None, now: datetime) -> Foreseen:
    """Check the values, judge the records and plan the writes.

    Raises BadValueError, and InvalidInputError for a way that does not fit.
    """
    if chosen.operation is SyncType.SMALL_BATCH:
        if wanted not in {None, Way.PUT}:
            raise errors.way_impossible(str(wanted), "a small batch is written under a guard")
        wanted = Way.PUT
    checked = await check_choice(db, chosen)
    groups = await count_items(db, checked)
    to_write = sum(group.count for group in groups if group.state is ItemState.WAITING)
    plan = await plan_operation(
        db,
        to_write,
        chosen.field_names,
        now,
        are_values_shared=chosen.shared is not None,
        field_sets=len({frozenset(values) for values in checked.own.values()}) or 1,
        is_whole_view=chosen.view_id is not None and to_write == len(chosen.ids),
        wanted=wanted,
    )
    return Foreseen(checked, groups, plan)


async def preview(db: AsyncSession, chosen: Chosen, wanted: Way | None, now: datetime) -> Preview:
    """Return what an operation would do; raises what `foresee` raises."""
    foreseen = await foresee(db, chosen, wanted, now)
    checked = foreseen.checked
    return Preview(
        operation=chosen.operation,
        count=len(chosen.ids),
        limit=LIMITS[chosen.operation],
        will_change=foreseen.count(ItemState.WAITING),
        unchanged=foreseen.count(ItemState.UNCHANGED),
        left_alone=foreseen.count(ItemState.LEFT_ALONE),
        will_fail=foreseen.count(ItemState.FAILED),
        fields=[
            FieldLabel(
                api_name=name,
                label=checked.rules[name].label,
                data_type=checked.rules[name].data_type,
            )
            for name in chosen.field_names
            if name in checked.rules
        ],
        sample=[
            PreviewRow(
                id=str(row.record_id), name=row.name, before=dict(row.before), after=dict(row.after)
            )
            for row in await sample_items(db, checked)
        ],
        reasons=[
            PreviewReason(
                state=group.state,
                code=group.code,
                message=group.message or group.code,
                field=group.field,
                count=group.count,
                sample=[NamedRecord(id=str(each), name=name) for each, name in group.sample],
            )
            for group in foreseen.groups
            if group.code is not None
        ],
        plan=plan_of(foreseen.plan.as_json()),
    )


# Any: the JSON of a plan.
def plan_of(plan: Mapping[str, Any]) -> BulkPlan:
    """Return a plan as answers have it."""
    return BulkPlan.model_validate(plan)
