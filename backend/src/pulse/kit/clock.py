"""Time, as a parameter: this is the only place that reads the system clock.

Whatever depends on time takes a `Clock` (and a `Sleep` if it waits), so a test moves time by hand.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

Sleep = Callable[[float], Awaitable[None]]
"""Waits for a number of seconds: `asyncio.sleep` in the product, a clock's own in tests."""


class Clock(Protocol):
    """Tells the time of day and measures durations."""

    def now(self) -> datetime:
        """Return the current moment, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary origin; never goes back."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the machine's time, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()


async def system_sleep(seconds: float) -> None:
    """Wait in real time; other tasks of the event loop go on."""
    await asyncio.sleep(seconds)
