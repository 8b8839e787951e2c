"""What the routes of currencies need of the CRM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from pulse.web.access import Principal


@dataclass(frozen=True, slots=True)
class ChangedRate:
    """A rate that is not what it was; `before` is None for a currency's first."""

    iso_code: str
    before: Decimal | None
    after: Decimal


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What reading the CRM's currencies brought, and what it cost."""

    changed: Sequence[ChangedRate]
    calls: int
    credits: int


class RefreshRates(Protocol):
    """Reads the CRM's currencies now and stores them; raises the errors of the engine."""

    async def __call__(self, who: Principal) -> Refreshed:
        """Do so on behalf of `who`."""
