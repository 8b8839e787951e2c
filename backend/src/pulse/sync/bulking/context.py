"""What every step of a bulk operation works with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulse.core.bulk import Way
    from pulse.sync.bulking.ports import BulkItems, BulkWriter
    from pulse.sync.loading import PullContext


@dataclass(slots=True)
class BulkContext:
    """One run of one operation."""

    pull: PullContext
    writer: BulkWriter
    items: BulkItems
    way: Way
    author: str
    """Who asked for it: the change log names them."""
    view_id: str | None = None
    job_id: str | None = None
    """The CRM's job that has the sent records; a worker before us may have started it."""
    takes_over: bool = True
    """Whether the mirror follows all that is read; else only the fields that are written."""
    chunk: int = 0
    tries: Counter[int] = field(default_factory=Counter)
    """How often a record was sent in vain."""
