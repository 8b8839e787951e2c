"""Takers of slots in a process of their own: `python -m support.slot_takers URL LIMIT TAKERS`.

Each taker passes a gate ten times. Whoever is inside is counted in Redis, and the highest count is
kept there (`inside:most`). `--hang` takes one slot and stays, until it is killed.
"""

import asyncio
import sys
from random import Random

from redis.asyncio import Redis

from pulse.adapters.slots import Priority, SlotLimits, Slots
from pulse.kit.clock import system_sleep

_ENTER = """
local inside = redis.call('INCR', KEYS[1])
if inside > tonumber(redis.call('GET', KEYS[2]) or '0') then redis.call('SET', KEYS[2], inside) end
return inside
"""
ROUNDS = 10


async def _take_turns(redis: Redis, limits: SlotLimits, name: str) -> None:
    slots, chance = Slots(redis), Random(name)
    enter = redis.register_script(_ENTER)
    for turn in range(ROUNDS):
        holder = f"{name}-{turn}"
        while not await slots.take(holder, limits, Priority.PERSON, weight=1, is_complex=True):
            await system_sleep(chance.uniform(0, 0.01))
        await enter(["inside", "inside:most"])
        for _ in range(3):
            await redis.ping()
        await redis.decr("inside")
        await slots.give_back(holder, 1)
        await redis.incr("inside:turns")


async def main() -> None:
    url, limit, takers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    limits = SlotLimits(concurrency=limit, sub_concurrency=limit, reserve=0)
    async with Redis.from_url(url) as redis:
        if "--hang" in sys.argv:
            slots = Slots(redis, expires_ms=1500)
            assert await slots.take("hung", limits, Priority.PERSON, weight=1, is_complex=False)
            sys.stdout.write("taken\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
        async with asyncio.TaskGroup() as group:
            for number in range(takers):
                group.create_task(_take_turns(redis, limits, f"{sys.argv[4]}-{number}"))


if __name__ == "__main__":
    asyncio.run(main())
