"""How far each slice of a full load is, as its checkpoint says for certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulse.sync.planner import Source
from pulse.sync.words import slice_totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulse.models import SyncSession


@dataclass(frozen=True, slots=True)
class SliceProgress:
    """One slice. `total` is what its cut aimed at; the true number once it is done."""

    key: str
    loaded: int
    total: int
    is_done: bool


def slices_of(session: SyncSession) -> Sequence[SliceProgress]:
    """Return the slices of a session's load in order; none where it loads nothing whole."""
    load = session.facts.get("load")
    if not isinstance(load, dict):
        return ()
    totals = slice_totals(Source(load["source"]), len(load["slices"]), load["records"])
    found = []
    for key, total in totals.items():
        position = session.checkpoint.get(key, {})
        loaded = int(position.get("rows", 0))
        is_done = position.get("done") is True
        found.append(SliceProgress(key, loaded, loaded if is_done else max(total, loaded), is_done))
    return found
