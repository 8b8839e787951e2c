"""Events as a stream of server-sent events (WHATWG HTML, section 9.2).

The stream opens with `hello`. Comments keep proxies from cutting a quiet stream. An id is
`<process>-<number>`: a browser that comes back with the last one of this process missed nothing;
any other gets `refetch` first.

A stream outlives the check of who asked for it, so it asks again: when the rights of somebody
changed, and every 30 seconds because sessions also end by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi.sse import ServerSentEvent

from pulse.db.events import Topic
from pulse.web.events import REFETCH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pulse.web.events import Event, EventHub

RECONNECT_AFTER_MS = 2_000
_CHECK_EVERY_S = 30.0


@dataclass(slots=True)
class StreamGuard:
    """Knows whether a stream may go on. `ask` is asked anew, `user` is whose rights count."""

    ask: Callable[[], Awaitable[bool]]
    monotonic: Callable[[], float]
    user: str
    checked_at: float

    def is_for_client(self, event: Event, topics: frozenset[str]) -> bool:
        """Return whether the client asked for an event; of others' rights it hears nothing."""
        if event.topic == Topic.ACCESS and event.subject != self.user:
            return False
        return event.topic in {REFETCH, *topics}

    async def lets_pass(self, event: Event | None) -> bool:
        """Return whether the stream may go on after what was just heard, if anything."""
        concerns_user = event is not None and (
            (event.topic == Topic.ACCESS and event.subject == self.user)
            # A change of rights may be among what was missed.
            or event.topic == REFETCH
        )
        now = self.monotonic()
        if not concerns_user and now - self.checked_at < _CHECK_EVERY_S:
            return True
        self.checked_at = now
        return await self.ask()


async def event_stream(
    hub: EventHub,
    process: str,
    *,
    topics: frozenset[str],
    last_event_id: str | None,
    heartbeat_s: float,
    guard: StreamGuard,
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of `topics` until the client leaves, may not stay, or the process stops."""
    with hub.subscribed(topics | {Topic.ACCESS}) as subscription:
        here = f"{process}-{hub.last_number}"
        yield ServerSentEvent(event="hello", id=here, retry=RECONNECT_AFTER_MS, data={})
        if last_event_id not in {None, here}:
            yield ServerSentEvent(event=REFETCH, id=here, data={})
        while True:
            try:
                event = await subscription.next(heartbeat_s)
            except StopAsyncIteration:
                return
            if not await guard.lets_pass(event):
                return
            if event is not None and not guard.is_for_client(event, topics):
                continue
            if event is None:
                yield ServerSentEvent(comment="still here")
                continue
            yield ServerSentEvent(
                event=event.topic,
                id=f"{process}-{event.number}",
                data={"id": event.subject} if event.subject else {},
            )
