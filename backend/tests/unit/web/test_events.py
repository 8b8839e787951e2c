import asyncio
import random

import pytest

from pulse.web.events import REFETCH, Event, EventHub, Subscription


async def _no_sleep(_seconds: float) -> None:
    """Go on at once."""


def _hub(capacity: int = 3) -> EventHub:
    return EventHub(
        "postgresql://nowhere", sleep=_no_sleep, rng=random.Random(1), capacity=capacity
    )


async def _drained(subscription: Subscription) -> list[Event]:
    events = []
    while (event := await subscription.next(0)) is not None:
        events.append(event)
    return events


def test_slow_client_loses_its_backlog_for_one_refetch_and_others_lose_nothing() -> None:
    async def scene() -> tuple[list[Event], list[Event]]:
        hub = _hub(capacity=3)
        with hub.subscribed(None) as slow, hub.subscribed(None) as quick:
            got = []
            for number in range(4):
                hub.publish("records", str(number))
                got += await _drained(quick)
            return await _drained(slow), got

    slow, quick = asyncio.run(scene())

    assert slow == [Event(4, REFETCH, "")]
    assert quick == [Event(number + 1, "records", str(number)) for number in range(4)]


def test_refetch_reaches_a_client_whatever_its_topics() -> None:
    async def scene() -> list[Event]:
        hub = _hub()
        with hub.subscribed(frozenset({"schema"})) as subscription:
            hub.publish("records", "Deals")
            hub.publish(REFETCH, "")
            return await _drained(subscription)

    assert asyncio.run(scene()) == [Event(2, REFETCH, "")]


def test_closed_hub_ends_old_and_new_subscriptions_after_what_waits() -> None:
    async def scene() -> None:
        hub = _hub()
        with hub.subscribed(None) as subscription:
            hub.publish("records", "Deals")
            hub.close_subscriptions()
            assert await subscription.next(0) == Event(1, "records", "Deals")
            with pytest.raises(StopAsyncIteration):
                await subscription.next(0)
        with hub.subscribed(None) as late, pytest.raises(StopAsyncIteration):
            await late.next(0)

    asyncio.run(scene())
