"""What is to be done at a later moment of the simulator's clock.

Nobody waits for it: due work is done when the CRM is next asked or told anything, before it
answers, and bears the stamp of that moment. So no client can see work undone that is due.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.behaviour.clock import Clock


class Agenda:
    """Work by the moment at which it is due; work of one moment is done in the order it came."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._watchers: list[Callable[[], None]] = []

    def watch(self, look: Callable[[], None]) -> None:
        """Have ``look`` called whenever the CRM is asked or told anything."""
        self._watchers.append(look)

    def add(self, in_s: float, work: Callable[[], None]) -> None:
        """Do the work ``in_s`` simulated seconds from now."""
        due = self._clock.timestamp() + in_s
        heappush(self._entries, (due, next(self._numbers), work))

    def run_due(self) -> None:
        """Do what is due; work that adds more for this moment has that done as well."""
        while self._entries and self._entries[0][0] <= self._clock.timestamp():
            heappop(self._entries)[2]()
        for look in self._watchers:
            look()
