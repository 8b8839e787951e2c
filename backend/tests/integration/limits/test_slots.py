"""Slots over processes: never more than the limit, none lost with its holder."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from redis import Redis as SyncRedis
from redis.asyncio import Redis

from pulse.adapters.slots import Priority, SlotLimits, Slots
from support.slot_takers import ROUNDS
from support.waiting import wait_until

T = TypeVar("T")

TESTS = Path(__file__).parents[2]


def with_redis(redis_url: str, step: Callable[[Redis], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Redis.from_url(redis_url) as redis:
            return await step(redis)

    return asyncio.run(run())


def takers(redis_url: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "support.slot_takers", redis_url, *arguments],
        cwd=TESTS,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_thirty_takers_of_three_processes_never_exceed_the_limit(redis_url: str) -> None:
    processes = [takers(redis_url, "7", "10", f"process-{number}") for number in range(3)]

    assert [process.wait(60) for process in processes] == [0, 0, 0]
    for process in processes:
        process.communicate()
    with SyncRedis.from_url(redis_url, decode_responses=True) as redis:
        assert redis.get("inside:turns") == str(30 * ROUNDS)
        assert redis.get("inside:most") == "7"
        assert redis.get("inside") == "0"
        assert redis.zcard("pulse:crm:slots") == 0
        assert redis.zcard("pulse:crm:slots:complex") == 0


def test_the_slot_of_a_killed_holder_comes_back_by_itself(redis_url: str) -> None:
    hung = takers(redis_url, "1", "0", "--hang")
    assert hung.stdout is not None
    assert hung.stdout.readline() == "taken\n"
    hung.kill()
    hung.communicate()
    limits = SlotLimits(concurrency=1, reserve=0)

    def is_free() -> bool:
        return with_redis(
            redis_url,
            lambda redis: Slots(redis).take(
                "next", limits, Priority.PERSON, weight=1, is_complex=False
            ),
        )

    assert not is_free()
    wait_until(is_free, timeout_s=10)


def test_background_work_leaves_a_slot_of_each_kind_for_people(redis_url: str) -> None:
    limits = SlotLimits(concurrency=5, sub_concurrency=3)

    async def scenario(redis: Redis) -> None:
        slots = Slots(redis)

        async def take(holder: str, priority: Priority, *, is_complex: bool) -> bool:
            return await slots.take(holder, limits, priority, weight=1, is_complex=is_complex)

        background = [
            await take(f"b{number}", Priority.BACKGROUND, is_complex=True) for number in range(3)
        ]
        assert background == [True, True, False]  # complex: 3 less 1 for people
        simple = [
            await take(f"s{number}", Priority.BACKGROUND, is_complex=False) for number in range(2)
        ]
        assert simple == [True, False]  # all: 5 less 1 in reserve less 1 for people
        assert await take("p0", Priority.PERSON, is_complex=True)
        assert not await take("p1", Priority.PERSON, is_complex=False)  # 4 run: the reserve holds

    with_redis(redis_url, scenario)


def test_background_work_stands_back_while_a_person_waits(redis_url: str) -> None:
    limits = SlotLimits(concurrency=3, reserve=0)

    async def scenario(redis: Redis) -> None:
        slots = Slots(redis)

        async def take(holder: str, priority: Priority) -> bool:
            return await slots.take(holder, limits, priority, weight=1, is_complex=False)

        assert [await take(f"p{number}", Priority.PERSON) for number in range(4)] == [
            True,
            True,
            True,
            False,  # and now p3 waits
        ]
        await slots.give_back("p0", 1)
        await slots.give_back("p1", 1)
        assert not await take("b", Priority.BACKGROUND)  # two are free, but a person comes first
        assert await take("p3", Priority.PERSON)
        assert not await take("b", Priority.BACKGROUND)  # one is left, and that is for people
        await slots.give_back("p2", 1)
        assert await take("b", Priority.BACKGROUND)

    with_redis(redis_url, scenario)


def test_a_heavy_call_fills_as_many_slots_as_it_weighs(redis_url: str) -> None:
    limits = SlotLimits(concurrency=6, reserve=0)

    async def scenario(redis: Redis) -> None:
        slots = Slots(redis)
        assert await slots.take("a", limits, Priority.PERSON, weight=5, is_complex=True)
        assert not await slots.take("b", limits, Priority.PERSON, weight=2, is_complex=False)
        assert await slots.take("c", limits, Priority.PERSON, weight=1, is_complex=False)
        await slots.give_back("a", 5)
        await slots.give_back("c", 1)
        assert await redis.zcard("pulse:crm:slots") == 0
        assert await redis.zcard("pulse:crm:slots:complex") == 0

    with_redis(redis_url, scenario)


def test_renewing_puts_off_the_expiry_and_revives_nothing(redis_url: str) -> None:
    limits = SlotLimits(concurrency=9)

    async def scenario(redis: Redis) -> None:
        slots = Slots(redis, expires_ms=1000)
        await slots.take("held", limits, Priority.PERSON, weight=2, is_complex=True)
        before = await redis.zscore("pulse:crm:slots", "held:2")
        assert before is not None
        await Slots(redis, expires_ms=60_000).renew({"held": 2, "gone": 1})
        after = await redis.zscore("pulse:crm:slots", "held:2")
        assert after is not None
        assert after - before >= 58_000
        assert await redis.zrange("pulse:crm:slots", 0, -1) == [b"held:1", b"held:2"]
        assert await redis.zrange("pulse:crm:slots:complex", 0, -1) == [b"held"]

    with_redis(redis_url, scenario)
