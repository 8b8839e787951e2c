"""Changes as they happen: one LISTEN connection a process, fanned out to its clients.

Writers `NOTIFY pulse_events, '<topic>:<id>'` in the transaction of the change, so an event means
that the change can be read. The law for clients: an event says *what* to fetch again, never its
value, and one that may have missed an event is told to fetch everything again (`refetch`). That
happens after a reconnect of ours or of theirs, and to a client too slow for its queue, which
loses its backlog and holds up nobody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psycopg

from pulse.db.events import CHANNEL
from pulse.db.urls import libpq_url
from pulse.kit.logging import get_logger

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from pulse.kit.clock import Sleep

REFETCH: Final = "refetch"
"""Topic of the event that says: anything may have changed."""

_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 15.0

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed. `number` grows by one an event within a process."""

    number: int
    topic: str
    subject: str


class Subscription:
    """The events for one client, in order, with room for `capacity` of them."""

    def __init__(self, topics: frozenset[str] | None, capacity: int) -> None:
        self._topics = topics
        self._capacity = capacity
        self._waiting: deque[Event] = deque()
        self._ready = asyncio.Event()
        self._is_closed = False

    def put(self, event: Event) -> None:
        """Add an event if the client wants its topic; never waits.

        A full queue is replaced by one `refetch`: the client catches up by reading the state.
        """
        if self._topics is not None and event.topic not in {REFETCH, *self._topics}:
            return
        if len(self._waiting) >= self._capacity:
            self._waiting.clear()
            event = Event(event.number, REFETCH, "")
        self._waiting.append(event)
        self._ready.set()

    def close(self) -> None:
        """End the subscription after the events that already wait."""
        self._is_closed = True
        self._ready.set()

    async def next(self, patience_s: float) -> Event | None:
        """Return the next event, or None if none came for `patience_s` seconds.

        Raises StopAsyncIteration when the subscription has ended.
        """
        if not self._waiting and not self._is_closed:
            self._ready.clear()
            try:
                async with asyncio.timeout(patience_s):
                    await self._ready.wait()
            except TimeoutError:
                return None
        if self._waiting:
            return self._waiting.popleft()
        raise StopAsyncIteration


class EventHub:
    """Listens to the database and passes events to the subscriptions of this process."""

    def __init__(
        self, database_url: str, *, sleep: Sleep, rng: random.Random, capacity: int = 256
    ) -> None:
        self._conninfo = libpq_url(database_url)
        self._sleep = sleep
        self._rng = rng
        self._capacity = capacity
        self._subscriptions: set[Subscription] = set()
        self._listening: asyncio.Task[None] | None = None
        self._is_closed = False
        self.last_number = 0
        self.is_listening = asyncio.Event()

    @property
    def subscriber_count(self) -> int:
        """Number of clients that are connected."""
        return len(self._subscriptions)

    async def start(self) -> None:
        """Begin to listen; returns at once, whether or not the database is there."""
        self._listening = asyncio.create_task(self._listen_for_ever(), name="events.listen")

    async def stop(self) -> None:
        """End all subscriptions and close the connection."""
        self.close_subscriptions()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    def close_subscriptions(self) -> None:
        """Let every client's stream end, and any that comes later."""
        self._is_closed = True
        for subscription in self._subscriptions:
            subscription.close()

    @contextmanager
    def subscribed(self, topics: frozenset[str] | None) -> Iterator[Subscription]:
        """Hand out a subscription to some topics, or to all, for as long as the context lasts."""
        subscription = Subscription(topics, self._capacity)
        self._subscriptions.add(subscription)
        if self._is_closed:
            subscription.close()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def publish(self, topic: str, subject: str) -> None:
        """Pass an event to every subscription that wants it."""
        self.last_number += 1
        event = Event(self.last_number, topic, subject)
        for subscription in self._subscriptions:
            subscription.put(event)

    async def _listen_for_ever(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                if self.is_listening.is_set():
                    wait_s = _FIRST_WAIT_S
                self.is_listening.clear()
                _log.warning("events.listen.lost", reason=type(error).__name__, again_in_s=wait_s)
            # Jitter: after a restart of the database not all processes come back at once.
            await self._sleep(wait_s * self._rng.uniform(0.5, 1.0))
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            application_name="pulse-events",
            # A server that vanished without a word is noticed within a minute.
            keepalives_idle=20,
            keepalives_interval=10,
            keepalives_count=3,
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.is_listening.set()
            # What was notified while nobody listened is lost.
            self.publish(REFETCH, "")
            async for notice in connection.notifies():
                topic, _, subject = notice.payload.partition(":")
                self.publish(topic, subject)
