"""How long the CRM thinks before it answers, in real milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


@dataclass(slots=True)
class Latency:
    """A fixed part, and a part drawn evenly between nothing and ``jitter_ms``."""

    base_ms: float = 0.0
    jitter_ms: float = 0.0

    def draw_s(self, chance: random.Random) -> float:
        """Return the seconds that the next call waits."""
        jitter = chance.random() * self.jitter_ms if self.jitter_ms else 0.0
        return (self.base_ms + jitter) / 1000
