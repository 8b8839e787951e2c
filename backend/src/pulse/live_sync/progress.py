"""How far a run is, honestly: what is not known is None, and nothing is 100 % before it is done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.core.sync import SessionStatus

if TYPE_CHECKING:
    from datetime import datetime

_ALMOST_DONE: Final = 99.9


@dataclass(frozen=True, slots=True)
class Progress:
    """Share done, records per second over the run, seconds left."""

    percentage: float | None
    rate: float | None
    seconds_left: float | None


def progress_of(
    *,
    status: SessionStatus,
    started_at: datetime | None,
    completed_at: datetime | None,
    processed: int,
    total: int | None,
    now: datetime,
) -> Progress:
    """Return the progress of a run at `now`.

    The percentage is cut, not rounded, to one decimal. Seconds left are known only while records of
    a known total are still arriving: what follows them (comparing counts, say) has no known length.
    """
    elapsed_s = None if started_at is None else ((completed_at or now) - started_at).total_seconds()
    rate = processed / elapsed_s if elapsed_s and processed else None
    is_running = status is SessionStatus.IN_PROGRESS
    seconds_left = (
        (total - processed) / rate
        if is_running and rate is not None and total is not None and processed < total
        else None
    )
    return Progress(
        _percentage(status, processed, total),
        None if rate is None else round(rate, 1),
        None if seconds_left is None else round(seconds_left, 1),
    )


def _percentage(status: SessionStatus, processed: int, total: int | None) -> float | None:
    if status is SessionStatus.COMPLETED:
        return 100.0
    if total is None or total <= 0:
        return None
    return min(math.floor(processed / total * 1000) / 10, _ALMOST_DONE)
