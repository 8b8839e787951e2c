"""The access path of a query: a stretch of a sorted index, or named ids, instead of a full scan.

Conditions on ``id``, ``Created_Time`` and ``Modified_Time`` that must hold (they stand in no OR)
narrow the stretch and need no further test, because the index is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zoho_sim.query.conditions import Relation
from zoho_sim.query.predicates import all_hold
from zoho_sim.state.records import CREATED_TIME, ID, MODIFIED_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sortedcontainers import SortedList

    from zoho_sim.query.columns import Values
    from zoho_sim.query.predicates import BoundTest, Conjunct
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.records import Record

# Ids are digits, so this sorts behind every pair of the same stamp.
_LAST = "~"


class Stretch(NamedTuple):
    """The records at ``start`` to ``stop`` of the index on the column ``position``."""

    position: int
    start: int
    stop: int


class Plan(NamedTuple):
    """Where the records come from and what is still to be tested (None: nothing).

    ``ids`` is set instead of a stretch where the query names its records.
    """

    stretch: Stretch
    ids: tuple[str, ...] | None
    residual: Callable[[Values], bool] | None

    @property
    def size(self) -> int:
        """How many records the access path yields before the residual test."""
        if self.ids is not None:
            return len(self.ids)
        return self.stretch.stop - self.stretch.start


def plan_for(module: ModuleStore, parts: list[Conjunct]) -> Plan:
    """Return the narrowest access path for conditions that must all hold."""
    named = _named_ids(parts)
    if named is not None:
        ids, used = named
        rest = [part for part in parts if part is not used]
        return Plan(Stretch(ID, 0, 0), ids, all_hold(rest))
    plans = [plan_on(module, parts, position) for position in (ID, CREATED_TIME, MODIFIED_TIME)]
    return min(plans, key=lambda plan: plan.size)


def plan_on(module: ModuleStore, parts: list[Conjunct], position: int) -> Plan:
    """Return the access path over one index: conditions on its column narrow the stretch."""
    index = index_on(module, position)
    start, stop = 0, len(index)
    rest = []
    for part in parts:
        if _always_holds(part):
            continue
        bounds = _bounds(part.test, position)
        if bounds is None:
            rest.append(part)
            continue
        lowest, behind = bounds
        if lowest is not None:
            start = max(start, index.bisect_left(lowest))
        if behind is not None:
            stop = min(stop, index.bisect_left(behind))
    return Plan(Stretch(position, start, max(start, stop)), None, all_hold(rest))


def index_on(module: ModuleStore, position: int) -> SortedList:
    """Return the sorted index whose first key is the column."""
    if position == ID:
        return module.by_id
    return module.by_created if position == CREATED_TIME else module.by_modified


def walk(module: ModuleStore, stretch: Stretch, *, reverse: bool = False) -> Iterator[Record]:
    """Yield the records of a stretch in the order of its index."""
    records = module.records
    keys = index_on(module, stretch.position).islice(stretch.start, stretch.stop, reverse)
    if stretch.position == ID:
        return (records[key] for key in keys)
    return (records[key[1]] for key in keys)


def candidates(module: ModuleStore, plan: Plan) -> Iterator[Record]:
    """Yield the records of the access path, before the residual test."""
    if plan.ids is None:
        return walk(module, plan.stretch)
    return (module.records[key] for key in plan.ids if key in module.records)


def matching(module: ModuleStore, plan: Plan) -> Iterator[Record]:
    """Yield the records that meet every condition, in the order of the access path."""
    holds = plan.residual
    if holds is None:
        return candidates(module, plan)
    return (record for record in candidates(module, plan) if holds(record.values))


def _named_ids(parts: list[Conjunct]) -> tuple[tuple[str, ...], Conjunct] | None:
    for part in parts:
        test = part.test
        if (
            test is not None
            and test.column.position == ID
            and test.relation in (Relation.EQUAL, Relation.IN)
        ):
            return tuple(sorted(set(test.operands))), part
    return None


def _always_holds(part: Conjunct) -> bool:
    return (
        part.test is not None
        and part.test.relation is Relation.IS_NOT_NULL
        and part.test.column.position in (ID, CREATED_TIME, MODIFIED_TIME)
    )


def _bounds(test: BoundTest | None, position: int) -> tuple[object, object] | None:
    """Return the keys between which the index holds the records of a test, None if it cannot."""
    if test is None or test.column.position != position:
        return None
    first, last = test.operands[:1], test.operands[-1:]
    match test.relation:
        case Relation.EQUAL:
            bounds = (_before(position, first), _behind(position, first))
        case Relation.BETWEEN:
            bounds = (_before(position, first), _behind(position, last))
        case Relation.GREATER_EQUAL:
            bounds = (_before(position, first), None)
        case Relation.GREATER:
            bounds = (_behind(position, first), None)
        case Relation.LESS_EQUAL:
            bounds = (None, _behind(position, first))
        case Relation.LESS:
            bounds = (None, _before(position, first))
        case _:
            return None
    return bounds


def _before(position: int, value: tuple[object, ...]) -> object:
    return value[0] if position == ID else value


def _behind(position: int, value: tuple[object, ...]) -> object:
    return f"{value[0]}{_LAST}" if position == ID else (value[0], _LAST)
