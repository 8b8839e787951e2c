"""The search index runs behind the records: for some seconds search still sees what was.

Everything else (lists, COQL, single reads, bulk read) sees a write at once.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from zoho_sim.state.records import MODIFIED_TIME

if TYPE_CHECKING:
    from zoho_sim.behaviour.clock import Clock
    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.state.fields import JsonValue
    from zoho_sim.state.records import ChangeEvent


class _Lagging(NamedTuple):
    """A change that search does not see before ``visible_at``, and the values before it."""

    visible_at: float
    module: str
    record_id: str
    before: list[JsonValue] | None


class SearchIndex:
    """What search sees of records that changed less than ``search_index_lag_s`` ago."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._lagging: deque[_Lagging] = deque()

    def observe(self, event: ChangeEvent) -> None:
        """Note a change; give this to ``Organisation.observers``."""
        now = self._clock.timestamp()
        self._forget(now)
        lag_s = self._switches.search_index_lag_s
        if lag_s > 0:
            self._lagging.append(
                _Lagging(now + lag_s, event.module, event.record.id, _before(event))
            )

    def images(self, module: str) -> dict[str, list[JsonValue] | None]:
        """Return, by id, the values that search still sees; None where it sees no record yet.

        Of several changes to a record the oldest that is still unseen counts.
        """
        now = self._clock.timestamp()
        self._forget(now)
        seen: dict[str, list[JsonValue] | None] = {}
        for lagging in self._lagging:
            if lagging.module == module and lagging.visible_at > now:
                seen.setdefault(lagging.record_id, lagging.before)
        return seen

    def _forget(self, now: float) -> None:
        while self._lagging and self._lagging[0].visible_at <= now:
            self._lagging.popleft()


def _before(event: ChangeEvent) -> list[JsonValue] | None:
    if event.change.action in ("added", "restored", "unhidden"):
        return None
    values = list(event.record.values)
    for step in event.change.fields:
        values[step.field.position] = step.old
    if event.stamp_before is not None:
        values[MODIFIED_TIME] = event.stamp_before
    return values
