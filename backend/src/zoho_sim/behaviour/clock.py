"""The simulator's own clock: real time plus an offset, or frozen.

Everything that ages in the simulator (stamps, tokens, credits, jobs, bins and the ``Date`` header)
reads this clock, so that a test can let a day pass in a millisecond.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Clock:
    """Time as the simulated CRM sees it, in UTC; it can be frozen, set and moved.

    ``real_time`` returns seconds since the Unix epoch; it is a parameter for the sake of tests.
    """

    def __init__(self, real_time: Callable[[], float] = time.time) -> None:
        self._real_time = real_time
        self._offset_s = 0.0
        self._frozen_at: float | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still until it is advanced, set or thawed."""
        return self._frozen_at is not None

    def timestamp(self) -> float:
        """Return the simulated seconds since the Unix epoch."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._real_time() + self._offset_s

    def now(self) -> datetime:
        """Return the simulated time, aware, in UTC, with microseconds."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def freeze(self) -> None:
        """Stop at the present second; stamps stay equal until time is moved."""
        self._frozen_at = float(int(self.timestamp()))

    def thaw(self) -> None:
        """Run again, from the time at which the clock stands."""
        if self._frozen_at is not None:
            self._offset_s = self._frozen_at - self._real_time()
            self._frozen_at = None

    def advance(self, by: timedelta) -> None:
        """Move forward; a negative step is refused because issued stamps cannot be unsaid."""
        if by < timedelta(0):
            msg = "seconds must not be negative: the clock only moves forward"
            raise ValueError(msg)
        if self._frozen_at is not None:
            self._frozen_at += by.total_seconds()
        else:
            self._offset_s += by.total_seconds()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep one instant for a block, so that all its stamps are equal."""
        if self._frozen_at is not None:
            yield
            return
        self._frozen_at = self.timestamp()
        try:
            yield
        finally:
            self._frozen_at = None

    def set(self, moment: datetime) -> None:
        """Jump to an aware time, earlier or later; a frozen clock stays frozen."""
        if self._frozen_at is not None:
            self._frozen_at = moment.timestamp()
        else:
            self._offset_s = moment.timestamp() - self._real_time()
