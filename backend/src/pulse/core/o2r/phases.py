"""The four phases between first contact and cash, and the day on which a deal entered its phase.

A phase begins with a date: the deal was created (I), its proposal was submitted (II), its purchase
order was received (III), its invoice was raised (IV). The latest phase whose date is there counts,
whether or not those before it have one. A date that is still to come has not happened: it begins
nothing before its day. All days are the organisation's.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pulse.core.o2r.facts import Facts


class Phase(StrEnum):
    """Where a deal stands; the values are those that the CRM's picklist stores."""

    OPPORTUNITY = "phase_1"
    PROPOSAL = "phase_2"
    EXECUTION = "phase_3"
    REVENUE = "phase_4"

    @property
    def number(self) -> int:
        """The phase from 1 to 4, as addresses name it."""
        return tuple(Phase).index(self) + 1

    @property
    def numeral(self) -> str:
        """The phase as people write it."""
        return ("I", "II", "III", "IV")[self.number - 1]


PHASE_TITLE: Final[Mapping[Phase, str]] = {
    Phase.OPPORTUNITY: "Opportunity",
    Phase.PROPOSAL: "Proposal",
    Phase.EXECUTION: "Execution",
    Phase.REVENUE: "Revenue",
}

PHASE_STARTS_WITH: Final[Mapping[Phase, str]] = {
    Phase.OPPORTUNITY: "crm_created_at",
    Phase.PROPOSAL: "proposal_submitted_on",
    Phase.EXECUTION: "po_generated_on",
    Phase.REVENUE: "invoiced_on",
}
"""The column of the narrow table (`pulse.core.fields`) whose date begins each phase."""


def has_happened(day: date | None, today: date) -> bool:
    """Return whether a date is there and not still to come."""
    return day is not None and day <= today


def phase_of(facts: Facts, today: date) -> Phase:
    """Return the phase that a deal is in."""
    if has_happened(facts.invoiced_on, today):
        return Phase.REVENUE
    if has_happened(facts.po_on, today):
        return Phase.EXECUTION
    if has_happened(facts.proposal_on, today):
        return Phase.PROPOSAL
    return Phase.OPPORTUNITY


def phase_since(facts: Facts, today: date) -> date | None:
    """Return the day on which a deal entered its phase; None where the CRM does not say."""
    match phase_of(facts, today):
        case Phase.REVENUE:
            return facts.invoiced_on
        case Phase.EXECUTION:
            return facts.po_on
        case Phase.PROPOSAL:
            return facts.proposal_on
        case Phase.OPPORTUNITY:
            return facts.created_on


def is_opportunity(facts: Facts, today: date) -> bool:
    """Return whether a deal is still on its way: not lost, and its revenue not recognised."""
    return not facts.is_lost and not has_happened(facts.recognised_on, today)
