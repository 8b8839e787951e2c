"""What a simulated organisation is made from; every option has a default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zoho_sim.behaviour.limits import Edition


class Naming(StrEnum):
    """API names of the Deals fields: the CRM's stock ones, or the product's canonical ones."""

    STOCK = "stock"
    CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class Config:
    """Size and character of the organisation, and how the server behaves at start.

    ``activity`` is edits a minute by the simulated sales team; 0 means nobody works. ``seeded_at``
    is the simulated time at which the seeded story ends, as seconds since the epoch; None means
    the present. ``redirect_uris`` are those registered with the client.
    """

    deals: int = 5000
    seed: int = 1
    users: int = 20
    edition: Edition = Edition.ENTERPRISE
    naming: Naming = Naming.STOCK
    activity: float = 0.0
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    seeded_at: int | None = None
    redirect_uris: tuple[str, ...] = ()
