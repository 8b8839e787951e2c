"""What the law of Opportunity-to-Revenue has to know of a deal; every day is the organisation's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OpenBlocker:
    """Something that stands in a deal's way, as somebody here wrote it."""

    title: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """A deal at a moment."""

    created_on: date | None = None
    proposal_on: date | None = None
    po_on: date | None = None
    kick_off_on: date | None = None
    invoiced_on: date | None = None
    payment_on: date | None = None
    recognised_on: date | None = None
    closing_on: date | None = None
    probability: Decimal | None = None
    """In percent."""
    is_lost: bool = False
    """The CRM forecasts the deal's stage as lost (`pulse.queries.stages`)."""
    updated_on: date | None = None
    """Last change by anybody: fields in the CRM, edits, comments and blockers here."""
    blockers: tuple[OpenBlocker, ...] = ()
    """Those that are open, oldest first."""
