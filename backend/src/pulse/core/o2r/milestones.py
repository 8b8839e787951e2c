"""The milestones of a deal's way, phase by phase, and where each one's date is kept.

Six stand in canonical fields: the field map says which API name each has in the organisation. The
others stand in a date field of the CRM where the setting `o2r.milestone_fields` names one, else
they are kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pulse.core.o2r.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping


class Milestone(StrEnum):
    """One step on a deal's way, in the usual order."""

    QUALIFIED = "qualified"
    PROPOSAL_SENT = "proposal_sent"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    SOW_STARTED = "sow_started"
    SOW_APPROVED = "sow_approved"
    PO_RECEIVED = "po_received"
    KICK_OFF = "kick_off"
    MILESTONES_BASELINED = "milestones_baselined"
    EXECUTION_STARTED = "execution_started"
    CUSTOMER_SIGN_OFF = "customer_sign_off"
    INVOICE = "invoice"
    PAYMENT = "payment"
    REVENUE_RECOGNISED = "revenue_recognised"


@dataclass(frozen=True, slots=True)
class MilestoneSpec:
    """What a milestone is called, in which phase it is reached, and which field holds its date."""

    milestone: Milestone
    label: str
    phase: Phase
    canonical: str | None = None
    """The canonical field (`pulse.core.fields`); None: settable, or kept here."""


MILESTONES: Final = (
    MilestoneSpec(Milestone.QUALIFIED, "Qualified", Phase.OPPORTUNITY),
    MilestoneSpec(
        Milestone.PROPOSAL_SENT, "Proposal sent", Phase.OPPORTUNITY, "Proposal_Submission_date"
    ),
    MilestoneSpec(Milestone.PROPOSAL_ACCEPTED, "Proposal accepted", Phase.OPPORTUNITY),
    MilestoneSpec(Milestone.SOW_STARTED, "SOW started", Phase.PROPOSAL),
    MilestoneSpec(Milestone.SOW_APPROVED, "SOW approved", Phase.PROPOSAL),
    MilestoneSpec(Milestone.PO_RECEIVED, "PO received", Phase.PROPOSAL, "PO_Generation_Date"),
    MilestoneSpec(Milestone.KICK_OFF, "Kick-off", Phase.EXECUTION, "Kick_off_Date"),
    MilestoneSpec(Milestone.MILESTONES_BASELINED, "Milestones baselined", Phase.EXECUTION),
    MilestoneSpec(Milestone.EXECUTION_STARTED, "Execution started", Phase.EXECUTION),
    MilestoneSpec(Milestone.CUSTOMER_SIGN_OFF, "Customer sign-off", Phase.REVENUE),
    MilestoneSpec(Milestone.INVOICE, "Invoice", Phase.REVENUE, "Invoice_Date"),
    MilestoneSpec(Milestone.PAYMENT, "Payment", Phase.REVENUE, "Received_On"),
    MilestoneSpec(
        Milestone.REVENUE_RECOGNISED, "Revenue recognised", Phase.REVENUE, "OB_Recognition_Date"
    ),
)
"""In the usual order."""

MILESTONE_BY_NAME: Final[Mapping[Milestone, MilestoneSpec]] = {
    spec.milestone: spec for spec in MILESTONES
}

SETTABLE_MILESTONES: Final = tuple(spec.milestone for spec in MILESTONES if spec.canonical is None)
"""Those that may be given a date field of the CRM."""
