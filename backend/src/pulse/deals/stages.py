"""Which stages a deal went through, how long it was in each, and since when that is known.

A deal's stays (`pulse.analytics.stages.spans`) are the CRM's own stage history until the mirror's
first reading of the deal, and its versions from there on. Where that history was not imported and
the deal was touched between its creation and our first reading, the first known stage lasted *at
least* as long as it was seen, and what came before is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pulse.core.deal_filters import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pulse.queries.stages import SalesProcess


@dataclass(frozen=True, slots=True)
class StageRange:
    """A stage that held over a range of CRM time; the last one has no end."""

    stage: str | None
    start: datetime
    end: datetime | None


class StageState(StrEnum):
    """How a stage of the process stands to a deal."""

    PASSED = "passed"
    """The deal was in it, and left."""
    CURRENT = "current"
    AHEAD = "ahead"
    """After the current one in the CRM's order."""
    SKIPPED = "skipped"
    """Before the current one, and the deal never was in it."""
    UNKNOWN = "unknown"
    """Before the current one, and before the known history."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage of a deal's path."""

    stage: str
    state: StageState
    time: timedelta | None
    """In all visits; None where the deal never was in it or that is unknown."""
    is_at_least: bool
    """Whether the deal may have been in it longer than is known."""


@dataclass(frozen=True, slots=True)
class Path:
    """A deal's way through the stages."""

    stages: tuple[StageTime, ...]
    entered_at: datetime | None
    """Since when the deal is in its present stage, as far as is known."""
    time_in_stage: timedelta | None
    """Since then, until now or until the deal was gone."""
    is_at_least: bool
    """Whether it may have entered earlier."""


def visits(ranges: Sequence[StageRange]) -> list[StageRange]:
    """Join versions that follow each other in the same stage; `ranges` are in order of time."""
    joined: list[StageRange] = []
    for each in ranges:
        if joined and joined[-1].stage == each.stage and joined[-1].end == each.start:
            joined[-1] = StageRange(each.stage, joined[-1].start, each.end)
        else:
            joined.append(each)
    return joined


def path(
    ranges: Sequence[StageRange],
    process: SalesProcess,
    *,
    current: str | None,
    is_whole: bool,
    now: datetime,
) -> Path:
    """Return a deal's path over the stages of the sales process.

    `is_whole` says whether the beginning of the first of `ranges` is known. Closing stages are on
    the path only if the deal was in them, and a closed deal has nothing ahead.
    """
    stays = visits(ranges)
    times: dict[str, timedelta] = {}
    for stay in stays:
        if stay.stage is not None:
            spent = (stay.end or now) - stay.start
            times[stay.stage] = times.get(stay.stage, timedelta()) + max(spent, timedelta())
    first = stays[0].stage if stays and not is_whole else None
    order = [stage.name for stage in process.stages]
    closing = {*process.names(Outcome.WON), *process.names(Outcome.LOST)}
    order += [stage for stage in times if stage not in order]
    if current is not None and current not in order:
        order.append(current)
    place = order.index(current) if current is not None else len(order)
    is_over = current in closing
    stages = []
    for index, stage in enumerate(order):
        state = _state(
            is_current=stage == current,
            is_visited=stage in times,
            is_before=is_over or index < place,
            is_whole=is_whole,
        )
        if (stage in closing or is_over) and state not in {StageState.CURRENT, StageState.PASSED}:
            continue
        stages.append(StageTime(stage, state, times.get(stage), stage == first))
    last = stays[-1] if stays and stays[-1].stage == current else None
    return Path(
        stages=tuple(stages),
        entered_at=None if last is None else last.start,
        time_in_stage=None if last is None else max((last.end or now) - last.start, timedelta()),
        is_at_least=last is not None and not is_whole and len(stays) == 1,
    )


def _state(*, is_current: bool, is_visited: bool, is_before: bool, is_whole: bool) -> StageState:
    if is_current:
        return StageState.CURRENT
    if is_visited:
        return StageState.PASSED
    if not is_before:
        return StageState.AHEAD
    return StageState.SKIPPED if is_whole else StageState.UNKNOWN
