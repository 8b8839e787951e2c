"""A clock that a test moves by hand."""

from datetime import datetime, timedelta


class HandClock:
    """Stands still until it is advanced."""

    def __init__(self, now: datetime) -> None:
        self._start = now
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def advance(self, by: timedelta) -> None:
        self._now += by
