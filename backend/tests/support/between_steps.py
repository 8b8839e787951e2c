"""Pushes with somebody between any two of their steps: acts happen there, and workers die there.

A step is one call of a port: one transaction, or one request to the CRM. To die within a
transaction is to die before it; to die within a request is a case of its own. A run that is dead
takes no further step, as a killed process would not.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar
from unittest.mock import patch

from pulse.adapters.crm import ZohoSource
from pulse.adapters.mirror import PostgresMirror
from pulse.adapters.pushing import PostgresChanges, ZohoWriter
from pulse.kit.clock import system_sleep
from support.pushing import KilledError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from random import Random

    from pulse.sync.pushing.ports import PushedChange

T = TypeVar("T")
_STEPS: Final = (
    (
        PostgresChanges,
        (
            "claim",
            "claim_record",
            "read",
            "begin",
            "give_back",
            "refuse",
            "weighed",
            "put_off",
            "release",
        ),
    ),
    (ZohoWriter, ("update", "restore", "timeline")),
    (PostgresMirror, ("apply", "mark_gone")),
    (ZohoSource, ("select",)),
)
_IN_FLIGHT_S: Final = (0.0, 0.003, 0.01)


@dataclass
class Underway:
    """One push that is under way: who meddles with it, and where it dies."""

    rng: Random
    meddle: Callable[[Random], None]
    """Does something between two steps, in a thread."""
    note: Callable[[Sequence[PushedChange]], None]
    """Learns what was marked as sent."""
    pass_time: Callable[[float], None]
    """Lets seconds pass that the push waits for."""
    meddling: float
    """How likely somebody acts between two steps."""
    dies_at: int | None = None
    """Before this step."""
    dies_in_flight: bool = False
    """While a request to write is out."""
    steps: int = 0
    is_dead: bool = False

    async def step(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        """Take a step, with room for others before and after it."""
        await self._between()
        if name == "update" and self.dies_in_flight:
            await self._die_in_flight(call)
        result = await call()
        if name == "begin":
            await asyncio.to_thread(alone, self.note, result)
        await self._between()
        return result

    async def sleep(self, seconds: float) -> None:
        """Wait, by the CRM's clock: nobody's real time passes."""
        await asyncio.to_thread(alone, self.pass_time, math.ceil(seconds))

    async def _between(self) -> None:
        self.steps += 1
        if self.steps == self.dies_at:
            self.is_dead = True
        if self.is_dead:
            raise KilledError
        if self.rng.random() < self.meddling:
            await asyncio.to_thread(alone, self.meddle, self.rng)

    async def _die_in_flight(self, call: Callable[[], Awaitable[object]]) -> None:
        request = asyncio.ensure_future(call())
        await asyncio.wait({request}, timeout=self.rng.choice(_IN_FLIGHT_S))
        self.is_dead = True
        request.cancel()
        await asyncio.wait({request})
        raise KilledError


UNDERWAY: ContextVar[Underway | None] = ContextVar("underway", default=None)


def alone(act: Callable[..., None], *given: object) -> None:
    """Act outside the push that it meddles with."""
    UNDERWAY.set(None)
    act(*given)


@contextmanager
def steps_between() -> Iterator[None]:
    """Let each push whose task has an `UNDERWAY` take its steps through it."""
    with ExitStack() as patches:
        for owner, names in _STEPS:
            for name in names:
                stepping = _stepping(name, getattr(owner, name))
                patches.enter_context(patch.object(owner, name, stepping))
        patches.enter_context(patch("pulse.bootstrap.system_sleep", _sleep))
        yield


# Any: the methods of several ports.
def _stepping(name: str, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(original)
    async def stepping(*args: object, **kwargs: object) -> Any:  # noqa: ANN401 - as above
        run = UNDERWAY.get()
        if run is None:
            return await original(*args, **kwargs)
        return await run.step(name, lambda: original(*args, **kwargs))

    return stepping


async def _sleep(seconds: float) -> None:
    run = UNDERWAY.get()
    await (system_sleep(seconds) if run is None else run.sleep(seconds))
