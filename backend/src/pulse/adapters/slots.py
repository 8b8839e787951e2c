"""Concurrency slots in Redis, shared by all processes that call one organisation.

Two sorted sets hold who is calling (all calls; the complex ones among them), scored by when the
slot expires. A script decides by Redis's own clock, so a slot is never given twice, and one whose
holder died comes back by itself. `docs/architecture/limits.md` has the rules in prose.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from pulse.core.limits import SUB_CONCURRENCY

if TYPE_CHECKING:
    from redis.asyncio import Redis

SLOT_EXPIRES_MS: Final = 30_000
_PERSON_WAITS_MS: Final = 1_000

_ALL: Final = "pulse:crm:slots"
_COMPLEX: Final = "pulse:crm:slots:complex"
_WAITING: Final = "pulse:crm:slots:people"

# KEYS: all, complex, waiting people.
# ARGV: holder, weight, limit, is complex, complex limit, is a person waiting, expiry, patience.
_TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local holder, weight, is_person = ARGV[1], tonumber(ARGV[2]), ARGV[6] == '1'
local has_room = redis.call('ZCARD', KEYS[1]) + weight <= tonumber(ARGV[3])
  and (ARGV[4] == '0' or redis.call('ZCARD', KEYS[2]) < tonumber(ARGV[5]))
if not is_person and redis.call('ZCARD', KEYS[3]) > 0 then has_room = false end
if not has_room then
  if is_person then redis.call('ZADD', KEYS[3], now + ARGV[8], holder) end
  return 0
end
redis.call('ZREM', KEYS[3], holder)
for part = 1, weight do redis.call('ZADD', KEYS[1], now + ARGV[7], holder .. ':' .. part) end
if ARGV[4] == '1' then redis.call('ZADD', KEYS[2], now + ARGV[7], holder) end
return 1
"""

# KEYS as above. ARGV: holder, weight.
_GIVE_BACK: Final = """
for part = 1, tonumber(ARGV[2]) do redis.call('ZREM', KEYS[1], ARGV[1] .. ':' .. part) end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
"""

# KEYS as above. ARGV: expiry, then holders of slots, each with its part. XX: an expired slot that
# was given away does not come back.
_RENEW: Final = """
local time = redis.call('TIME')
local expires = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
for index = 2, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], 'XX', expires, ARGV[index] .. ':' .. ARGV[index + 1])
  redis.call('ZADD', KEYS[2], 'XX', expires, ARGV[index])
end
"""


class Priority(IntEnum):
    """Who waits for the call."""

    BACKGROUND = 0
    """A run of sync: it leaves slots free, and stands back while a person waits."""
    PERSON = 1
    """Somebody in front of a screen."""


@dataclass(frozen=True, slots=True)
class SlotLimits:
    """How many calls may run at once.

    `reserve` slots of the edition's concurrency are never used: the CRM may count a call a moment
    longer than we do. `for_people` slots of both kinds are left free by background work.
    """

    concurrency: int
    sub_concurrency: int = SUB_CONCURRENCY
    reserve: int = 1
    for_people: int = 1

    def total(self, priority: Priority) -> int:
        """Return the calls at once that calls of this priority may bring about."""
        return self._left(self.concurrency - self.reserve, priority)

    def complex_calls(self, priority: Priority) -> int:
        """Return the same for calls of the complex group."""
        return self._left(self.sub_concurrency, priority)

    def _left(self, most: int, priority: Priority) -> int:
        kept = self.for_people if priority is Priority.BACKGROUND else 0
        return max(1, most - kept)


class Slots:
    """Take, renew and give back slots; raises redis-py's errors."""

    def __init__(self, redis: Redis, *, expires_ms: int = SLOT_EXPIRES_MS) -> None:
        self._keys = [_ALL, _COMPLEX, _WAITING]
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)
        self._renew = redis.register_script(_RENEW)
        self._expires_ms = expires_ms

    async def take(
        self, holder: str, limits: SlotLimits, priority: Priority, *, weight: int, is_complex: bool
    ) -> bool:
        """Take `weight` slots if they are free; a person who gets none is queued before others."""
        taken = await self._take(
            self._keys,
            [
                holder,
                weight,
                # A call heavier than all slots together may still run alone.
                max(limits.total(priority), weight),
                int(is_complex),
                limits.complex_calls(priority),
                int(priority is Priority.PERSON),
                self._expires_ms,
                _PERSON_WAITS_MS,
            ],
        )
        return bool(taken)

    async def give_back(self, holder: str, weight: int) -> None:
        """Free the holder's slots, or its place among the waiting."""
        await self._give_back(self._keys, [holder, weight])

    async def renew(self, held: dict[str, int]) -> None:
        """Put off the expiry of slots in use (holder → weight)."""
        parts = [
            value
            for holder, weight in held.items()
            for part in range(1, weight + 1)
            for value in (holder, part)
        ]
        if parts:
            await self._renew(self._keys, [self._expires_ms, *parts])
