"""The gate of the CRM client: a slot, the credit budget, and the ledger, for every attempt."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from redis.exceptions import RedisError

from pulse.adapters.slots import SLOT_EXPIRES_MS, Priority, SlotLimits, Slots
from pulse.kit.clock import system_sleep
from pulse.kit.errors import UnavailableError
from pulse.kit.logging import get_logger

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random
    from types import TracebackType
    from typing import Self

    from redis.asyncio import Redis

    from pulse.adapters.ledger import Ledger
    from pulse.kit.clock import Sleep
    from pulse.kit.ids import IdSource
    from zoho_crm.gate import AttemptResult
    from zoho_crm.protocol.prices import CallCost

_FIRST_WAIT_S: Final = 0.005
_LONGEST_WAIT_S: Final = 0.25
# Refused before any work was done: the CRM does not charge these.
_NOT_CHARGED: Final = frozenset({401, 429})
# The client's word for a request that never left.
_NEVER_SENT: Final = "ConnectionFailed"

_log = get_logger(__name__)


class LimitsUnavailableError(UnavailableError):
    """Redis is away: without it no process knows how many calls run."""

    code = "broker_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The Redis server of REDIS_URL cannot be reached ({reason}), "
            "so calls to the CRM cannot be counted against its limits.",
            fix="Start the server, or correct REDIS_URL.",
        )


class Budget(Protocol):
    """Decides whether a call may spend its credits."""

    async def check(self, credits_needed: int) -> None:
        """Raise CreditsSpentError if this kind of work has used its share."""
        ...


class NoBudget:
    """Lets everything pass: what a person asks for is limited by the CRM alone."""

    async def check(self, credits_needed: int) -> None:
        """Let it pass."""


@dataclass(slots=True)
class _Held:
    holder: str
    minute: datetime


class Gate:
    """Let the attempts of one client through; an asynchronous context manager.

    `calls` and `credits` count what reached the CRM since the gate was opened. Waiting for a slot
    is by polling with full jitter: it is rare, and a queue in Redis would outlive its waiters.
    """

    def __init__(
        self,
        redis: Redis,
        ledger: Ledger,
        limits: SlotLimits,
        *,
        priority: Priority,
        budget: Budget,
        ids: IdSource,
        rng: Random,
        sleep: Sleep = system_sleep,
    ) -> None:
        self._slots = Slots(redis)
        self._ledger = ledger
        self._limits = limits
        self._priority = priority
        self._budget = budget
        self._ids = ids
        self._rng = rng
        self._sleep = sleep
        # Attempts of one cost are interchangeable, so whichever entered first leaves first.
        self._entered: dict[CallCost, list[_Held]] = {}
        self._weights: dict[str, int] = {}
        self._renewing: asyncio.Task[None] | None = None

    @property
    def calls(self) -> int:
        """Calls that reached the CRM."""
        return self._ledger.calls

    @property
    def credits(self) -> int:
        """Credits that they cost."""
        return self._ledger.credits

    async def __aenter__(self) -> Self:
        self._renewing = asyncio.create_task(self._renew_for_ever(), name="gate.renew")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)

    async def enter(self, call: CallCost) -> None:
        """Wait for a slot and book the call.

        Raises CreditsSpentError where scheduled work has used its share, and
        LimitsUnavailableError without Redis.
        """
        await self._budget.check(call.credits)
        holder = self._ids().hex
        try:
            await self._wait_for_slot(holder, call)
        except RedisError as error:
            raise LimitsUnavailableError(str(error)) from error
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(holder, call.weight))
            raise
        self._weights[holder] = call.weight
        minute = self._ledger.sent(call.operation, call.credits)
        self._entered.setdefault(call, []).append(_Held(holder, minute))

    async def leave(self, call: CallCost, result: AttemptResult) -> None:
        """Give the slot back and book what the attempt really cost."""
        held = self._entered[call].pop(0)
        if not self._entered[call]:
            del self._entered[call]
        del self._weights[held.holder]
        if result.error == _NEVER_SENT:
            self._ledger.refund(held.minute, call.operation, call.credits)
        else:
            charged = 0 if result.status in _NOT_CHARGED else result.credits
            self._ledger.answered(
                held.minute,
                call.operation,
                correction=charged - call.credits,
                is_failure=_is_failure(result),
                latency_s=result.latency_s,
            )
        if result.credits_remaining is not None:
            self._ledger.note_reading(result.credits_remaining)
        await asyncio.shield(self._give_back(held.holder, call.weight))

    async def _wait_for_slot(self, holder: str, call: CallCost) -> None:
        task = asyncio.current_task()
        cancelled_before = task.cancelling() if task else 0
        wait_s = _FIRST_WAIT_S
        while True:
            taken = await self._slots.take(
                holder,
                self._limits,
                self._priority,
                weight=call.weight,
                is_complex=call.is_complex,
            )
            # redis-py can swallow a cancellation that meets it between two of its steps.
            if task and task.cancelling() > cancelled_before:
                raise asyncio.CancelledError
            if taken:
                return
            await self._sleep(self._rng.uniform(0, wait_s))
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    async def _give_back(self, holder: str, weight: int) -> None:
        try:
            await self._slots.give_back(holder, weight)
        except RedisError as error:
            # The answer of the call is good all the same, and the slot expires by itself.
            _log.warning("gate.slot_not_given_back", error=str(error))

    async def _renew_for_ever(self) -> None:
        """Keep the slots of calls that take long, such as downloads."""
        while True:
            await self._sleep(SLOT_EXPIRES_MS / 3000)
            try:
                await self._slots.renew(dict(self._weights))
            except RedisError as error:
                _log.warning("gate.slots_not_renewed", error=str(error))


def _is_failure(result: AttemptResult) -> bool:
    return result.status is None or result.status >= 400  # noqa: PLR2004 - HTTP's own border
