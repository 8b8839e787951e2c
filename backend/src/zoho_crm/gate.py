"""The gate before every attempt: where limits that processes share are kept.

The client keeps none of the CRM's limits itself (credits a day, calls at once): it tells a gate
what each attempt costs and how it ended. `NullGate` lets everything pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zoho_crm.protocol.prices import CallCost


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """How one attempt ended.

    `status` is None when no answer came, and `error` then names the failure; `credits` is what
    the attempt cost by the price table; `credits_remaining` is the CRM's own word, seldom given.
    """

    status: int | None
    credits: int
    credits_remaining: int | None
    latency_s: float
    error: str | None = None


class CallGate(Protocol):
    """Limits that are shared by every process that uses one organisation."""

    async def enter(self, call: CallCost) -> None:
        """Wait until an attempt may start; may raise instead, and then `leave` is not called."""

    async def leave(self, call: CallCost, result: AttemptResult) -> None:
        """Give back what `enter` took; called once after each attempt, also a cancelled one."""


class NullGate:
    """No limits: for scripts and tests."""

    async def enter(self, call: CallCost) -> None:
        """Let the attempt pass."""

    async def leave(self, call: CallCost, result: AttemptResult) -> None:
        """Forget the attempt."""
