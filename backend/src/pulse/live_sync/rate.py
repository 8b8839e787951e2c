"""How fast a run was from its start on, and where it had to wait: from the lines of its log."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Double, Integer, cast, func, select

from pulse.core.sync import WAITED
from pulse.models import SyncStatusLog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.models import SyncSession

_STEPS_S: Final = (0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600)
_MOST_SAMPLES: Final = 60
_SMOOTHED_OVER: Final = 4
"""Batches arrive in lumps: a sample looks back over this many steps."""
_MOST_WAITS: Final = 50


@dataclass(frozen=True, slots=True)
class RateSample:
    """Records per second over the window that ends `at_s` seconds after the start."""

    at_s: float
    rate: float


@dataclass(frozen=True, slots=True)
class Wait:
    """A call that had to be made again: `at_s` seconds after the start it waited for `wait_s`."""

    at_s: float
    wait_s: float
    http_status: int | None
    step: str | None


@dataclass(frozen=True, slots=True)
class RateHistory:
    """Samples, oldest first, each over the `window_s` before it; and the waits."""

    window_s: float
    samples: Sequence[RateSample]
    waits: Sequence[Wait]


async def rate_history(db: AsyncSession, session: SyncSession, now: datetime) -> RateHistory | None:
    """Return how fast a run was, up to its end or `now`; None before it started."""
    if session.started_at is None:
        return None
    elapsed_s = max(((session.completed_at or now) - session.started_at).total_seconds(), 0.0)
    step_s = step_for(elapsed_s)
    since_start = func.extract("epoch", SyncStatusLog.timestamp - session.started_at)
    bucket = cast(func.floor(since_start / step_s), Integer).label("bucket")
    rows = await db.execute(
        select(bucket, func.sum(SyncStatusLog.record_count).label("records"))
        .where(
            SyncStatusLog.session_id == session.id,
            # Batches are told under the name of their slice, which the checkpoint has too.
            SyncStatusLog.step.in_(list(session.checkpoint)),
            SyncStatusLog.record_count.is_not(None),
            SyncStatusLog.timestamp >= session.started_at,
        )
        .group_by(bucket)
    )
    loaded = {row.bucket: int(row.records) for row in rows}
    return RateHistory(
        step_s * _SMOOTHED_OVER, samples(loaded, step_s, elapsed_s), await _waits(db, session)
    )


def step_for(elapsed_s: float) -> float:
    """Return the distance of samples for a run of this length: at most 60 of them."""
    return next((step for step in _STEPS_S if elapsed_s / step <= _MOST_SAMPLES), _STEPS_S[-1])


def samples(loaded: Mapping[int, int], step_s: float, elapsed_s: float) -> Sequence[RateSample]:
    """Return the rate at the end of each whole step, from records by number of the step."""
    found = []
    for step in range(1, math.floor(elapsed_s / step_s) + 1):
        first = max(0, step - _SMOOTHED_OVER)
        records = sum(loaded.get(each, 0) for each in range(first, step))
        rate = records / ((step - first) * step_s)
        found.append(RateSample(round(step * step_s, 2), round(rate, 1)))
    return found


async def _waits(db: AsyncSession, session: SyncSession) -> Sequence[Wait]:
    assert session.started_at is not None  # noqa: S101 - checked by the caller
    told = SyncStatusLog.api_response
    rows = await db.execute(
        select(
            cast(func.extract("epoch", SyncStatusLog.timestamp - session.started_at), Double).label(
                "at_s"
            ),
            cast(told["wait_s"].astext, Double).label("wait_s"),
            cast(told["status"].astext, Integer).label("http_status"),
            SyncStatusLog.step,
        )
        .where(SyncStatusLog.session_id == session.id, SyncStatusLog.status == WAITED)
        .order_by(SyncStatusLog.timestamp.desc())
        .limit(_MOST_WAITS)
    )
    return [
        Wait(round(row.at_s, 2), row.wait_s, row.http_status, row.step)
        for row in reversed(rows.all())
    ]
