"""The canonical fields of a deal and the names that organisations give them.

The product speaks of deals in canonical names; a stored *field map* says which API name stands for
each in the connected organisation. Twenty-three of them are required: without them totals and
Opportunity-to-Revenue tracking cannot be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ValueKind(StrEnum):
    """How a canonical field is typed in the narrow `deals` table."""

    RECORD_ID = "record_id"
    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class CanonicalField:
    """One field of a deal: our name, its column, and the name it has in a stock organisation."""

    name: str
    column: str
    kind: ValueKind
    label: str
    stock_name: str | None = None
    """API name in an organisation that kept Zoho's own fields; None where Zoho has none."""

    @property
    def candidates(self) -> tuple[str, ...]:
        """API names to propose, best first."""
        return (self.name,) if self.stock_name is None else (self.name, self.stock_name)


_TEXT, _DATE, _ID = ValueKind.TEXT, ValueKind.DATE, ValueKind.RECORD_ID

DEAL_FIELDS: Final[tuple[CanonicalField, ...]] = (
    CanonicalField("id", "id", _ID, "Record id"),
    CanonicalField("Opportunity_Name", "name", _TEXT, "Name", "Deal_Name"),
    CanonicalField("Account_Name", "account_id", _ID, "Account"),
    CanonicalField("OCH_Revenue", "amount", ValueKind.MONEY, "Amount", "Amount"),
    CanonicalField("Currency", "currency", _TEXT, "Currency"),
    CanonicalField("Exchange_Rate", "exchange_rate", ValueKind.NUMBER, "Exchange rate"),
    CanonicalField("Probability", "probability", ValueKind.NUMBER, "Probability"),
    CanonicalField("Stage", "stage", _TEXT, "Stage"),
    CanonicalField("Closing_Date", "closing_date", _DATE, "Closing date"),
    CanonicalField("Opportunity_Owner", "owner_id", _ID, "Owner", "Owner"),
    CanonicalField("Created_Time", "crm_created_at", ValueKind.INSTANT, "Created"),
    CanonicalField("Country", "country", _TEXT, "Country"),
    CanonicalField("Business_Region", "business_region", _TEXT, "Region"),
    CanonicalField("Solution_Type", "solution_type", _TEXT, "Solution"),
    CanonicalField("Type_of_Funding", "funding_type", _TEXT, "Funding"),
    CanonicalField("Market_Segment", "market_segment", _TEXT, "Segment"),
    CanonicalField("Proposal_Submission_date", "proposal_submitted_on", _DATE, "Proposal sent"),
    CanonicalField("PO_Generation_Date", "po_generated_on", _DATE, "PO received"),
    CanonicalField("Kick_off_Date", "kicked_off_on", _DATE, "Kick-off"),
    CanonicalField("Invoice_Date", "invoiced_on", _DATE, "Invoiced"),
    CanonicalField("Received_On", "payment_received_on", _DATE, "Payment received"),
    CanonicalField("OB_Recognition_Date", "revenue_recognised_on", _DATE, "Revenue recognised"),
    CanonicalField("Modified_Time", "crm_modified_at", ValueKind.INSTANT, "Modified"),
)

REQUIRED_FIELDS: Final[tuple[str, ...]] = tuple(field.name for field in DEAL_FIELDS)
"""All canonical deal fields are required of the Deals module."""

DEAL_FIELD_BY_NAME: Final[dict[str, CanonicalField]] = {field.name: field for field in DEAL_FIELDS}


@dataclass(frozen=True, slots=True)
class FieldMapProposal:
    """What to map each canonical field to, and which have no candidate in the organisation."""

    mapping: dict[str, str]
    missing: tuple[str, ...]


def propose_field_map(
    api_names: frozenset[str], chosen: dict[str, str] | None = None
) -> FieldMapProposal:
    """Propose an API name for each canonical field out of those the organisation has.

    A name that a person has chosen wins as long as it exists; then the canonical name itself, then
    the stock name. The record id exists in every module though field metadata does not list it.
    """
    known = api_names | {"id"}
    chosen = chosen or {}
    mapping: dict[str, str] = {}
    missing: list[str] = []
    for field in DEAL_FIELDS:
        wanted = (chosen[field.name],) if field.name in chosen else ()
        found = next((name for name in (*wanted, *field.candidates) if name in known), None)
        if found is None:
            missing.append(field.name)
        else:
            mapping[field.name] = found
    return FieldMapProposal(mapping, tuple(missing))
