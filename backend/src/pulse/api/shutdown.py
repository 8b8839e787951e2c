"""End event streams when the process is told to stop.

The server waits for open requests before it ends the application, and an event stream is a request
that never ends by itself: so the streams learn of the signal when the server does.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pulse.web.events import EventHub

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def streams_end_on_signals(events: EventHub) -> Iterator[None]:
    """Close subscriptions on SIGINT and SIGTERM, then do what was done on them before."""
    if threading.current_thread() is not threading.main_thread():
        # Signals belong to the main thread; whoever runs us elsewhere stops us by the lifespan.
        yield
        return
    loop = asyncio.get_running_loop()
    previous = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in previous.items():
        if callable(handler):
            signal.signal(number, _chained(loop, events, handler))
    try:
        yield
    finally:
        for number, handler in previous.items():
            if callable(handler):
                signal.signal(number, handler)


def _chained(
    loop: asyncio.AbstractEventLoop,
    events: EventHub,
    handler: Callable[[int, FrameType | None], object],
) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(events.close_subscriptions)
        handler(number, frame)

    return on_signal
