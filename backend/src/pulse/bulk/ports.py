"""What this slice needs of the world; the composition root hands it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class CustomView:
    """A saved filter of the CRM."""

    id: str
    name: str
    category: str | None
    is_default: bool


class BulkCrm(Protocol):
    """Custom views, and running a small batch at once.

    Each may raise the errors of `pulse.sync.domain.errors`.
    """

    async def views(self) -> Sequence[CustomView]:
        """Return the custom views of Deals that the connected user may see."""
        ...

    async def view_ids(self, view_id: str, limit: int) -> Sequence[int] | None:
        """Return the records of a view, at most `limit` of them; None where there is no view."""
        ...

    async def run(self, session_id: UUID) -> None:
        """Run a bulk operation to its end; what goes wrong is written on its session."""
        ...
