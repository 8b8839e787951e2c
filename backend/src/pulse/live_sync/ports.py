"""What this slice needs of the CRM; the composition root hands it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from uuid import UUID

    from pulse.sync.planner import Plan


@dataclass(frozen=True, slots=True)
class Resumable:
    """A full load that was broken off and that the next one goes on with."""

    session_id: UUID
    records_loaded: int
    records_total: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a full load would do if it were started now."""

    records: int
    is_counted_in_crm: bool
    """Else by the mirror, which holds what the CRM has, give or take what changed since."""
    plan: Plan
    resumes: Resumable | None
    calls_spent: int
    credits_spent: int
    """By looking, not by the load."""


class LookAhead(Protocol):
    """Plans a full load without starting it."""

    async def __call__(self) -> Outlook:
        """Return the outlook. May raise the errors of `pulse.sync.domain.errors`."""
        ...
