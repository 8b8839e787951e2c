"""Events as a stream of server-sent events (WHATWG HTML, section 9.2).

The stream opens with `hello`. Comments keep proxies from cutting a quiet stream. An id is
`<process>-<number>`: a browser that comes back with the last one of this process missed nothing;
any other gets `refetch` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.sse import ServerSentEvent

from pulse.web.events import REFETCH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pulse.web.events import EventHub

RECONNECT_AFTER_MS = 2_000


async def event_stream(
    hub: EventHub,
    process: str,
    *,
    topics: frozenset[str] | None,
    last_event_id: str | None,
    heartbeat_s: float,
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of `topics` (None: all) until the client leaves or the process stops."""
    with hub.subscribed(topics) as subscription:
        here = f"{process}-{hub.last_number}"
        yield ServerSentEvent(event="hello", id=here, retry=RECONNECT_AFTER_MS, data={})
        if last_event_id not in {None, here}:
            yield ServerSentEvent(event=REFETCH, id=here, data={})
        while True:
            try:
                event = await subscription.next(heartbeat_s)
            except StopAsyncIteration:
                return
            if event is None:
                yield ServerSentEvent(comment="still here")
                continue
            yield ServerSentEvent(
                event=event.topic,
                id=f"{process}-{event.number}",
                data={"id": event.subject} if event.subject else {},
            )
