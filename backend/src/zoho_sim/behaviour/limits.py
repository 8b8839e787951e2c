"""Credits over a rolling day, and how many calls may run at once, by edition."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.behaviour.clock import Clock

WINDOW_S = 86_400
COMPLEX_CALLS_AT_ONCE = 10


class Edition(StrEnum):
    """What the organisation pays for, as ``license_details.paid_type`` spells it."""

    FREE = "free"
    STANDARD = "standard"
    PROFESSIONAL = "professional"
    ENTERPRISE = "enterprise"
    ULTIMATE = "ultimate"


@dataclass(frozen=True, slots=True)
class Allowance:
    """An edition's figures: credits (base, per licence, cap or None) and simultaneous calls."""

    base: int
    per_user: int
    cap: int | None
    calls_at_once: int


ALLOWANCES = {
    Edition.FREE: Allowance(5_000, 0, 5_000, 5),
    Edition.STANDARD: Allowance(50_000, 250, 100_000, 10),
    Edition.PROFESSIONAL: Allowance(50_000, 500, 3_000_000, 15),
    Edition.ENTERPRISE: Allowance(50_000, 1_000, 5_000_000, 20),
    Edition.ULTIMATE: Allowance(50_000, 2_000, None, 25),
}


def daily_credits(edition: Edition, licences: int) -> int:
    """Return the credits of a rolling day for an edition with so many licences."""
    allowance = ALLOWANCES[edition]
    credits_ = allowance.base + allowance.per_user * licences
    return credits_ if allowance.cap is None else min(credits_, allowance.cap)


class Credits:
    """The organisation's credits: each comes back 24 hours after it was spent."""

    def __init__(self, clock: Clock, budget: int) -> None:
        self._clock = clock
        self.budget = budget
        self.spent_ever = 0
        self._spent: deque[tuple[float, int]] = deque()
        self._used = 0

    @property
    def used(self) -> int:
        """Credits spent in the last 24 hours."""
        edge = self._clock.timestamp() - WINDOW_S
        while self._spent and self._spent[0][0] <= edge:
            self._used -= self._spent.popleft()[1]
        return self._used

    @property
    def left(self) -> int:
        """Credits that can still be spent now."""
        return max(0, self.budget - self.used)

    @property
    def is_announced(self) -> bool:
        """Whether answers carry X-API-CREDITS-REMAINING: from half of the budget on."""
        return self.used * 2 >= self.budget

    def can_spend(self, cost: int) -> bool:
        """Whether the cost fits into what is left."""
        return self.used + cost <= self.budget

    def spend(self, cost: int) -> None:
        """Book a cost at the present time."""
        if cost:
            self._spent.append((self._clock.timestamp(), cost))
            self._used += cost
            self.spent_ever += cost


@dataclass(slots=True)
class Slots:
    """Simultaneous calls: all of them, and the complex ones among them."""

    limit: int
    complex_limit: int = COMPLEX_CALLS_AT_ONCE
    running: int = 0
    running_complex: int = 0
    peak: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def take(self, *, is_complex: bool) -> bool:
        """Occupy a slot, or return False and count the refusal."""
        if self.running >= self.limit:
            self.refused["concurrency"] += 1
            return False
        if is_complex and self.running_complex >= self.complex_limit:
            self.refused["sub_concurrency"] += 1
            return False
        self.running += 1
        self.running_complex += is_complex
        self.peak = max(self.peak, self.running)
        return True

    def release(self, *, is_complex: bool) -> None:
        """Free a slot."""
        self.running -= 1
        self.running_complex -= is_complex
