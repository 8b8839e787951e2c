"""Where each field of a deal stands on its page, under which word, and whether it applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.core.deal_filters import Outcome
from pulse.core.fields import DEAL_FIELDS, ValueKind
from pulse.deals.detail_schemas import DealFieldValue, FieldGroup
from pulse.fields.field_book import label_of
from pulse.fields.reading import read_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulse.deals.marks_schemas import FieldMark
    from pulse.fields.field_book import DealField, FieldBook
    from pulse.fields.reading import Names, Stored
    from pulse.fields.values import Value
    from pulse.models import Deal

_CANONICAL: Final = {field.name: field for field in DEAL_FIELDS}
_FIRST: Final = (
    "OCH_Revenue",
    "Closing_Date",
    "Stage",
    "Probability",
    "Next_Step",
    "Opportunity_Owner",
    "Account_Name",
    "Solution_Type",
    "Market_Segment",
    "Business_Region",
    "Country",
    "Type_of_Funding",
)
"""What a reader looks for first: canonical names, and one that Zoho's own deals have."""
_LAST: Final = ("Opportunity_Name", "Currency", "Exchange_Rate")
"""What the head of the page and the amount say already."""
_PLACE: Final = {
    name: place for place, name in enumerate(dict.fromkeys((*_FIRST, *_CANONICAL)))
} | {name: 2 * len(_CANONICAL) + place for place, name in enumerate(_LAST)}
_DATES: Final = frozenset(
    field.name for field in DEAL_FIELDS if field.kind in {ValueKind.DATE, ValueKind.INSTANT}
) - {"Closing_Date", "Modified_Time"}
_MILESTONES: Final = _DATES - {"Created_Time"}
_SYSTEM_NAMES: Final = frozenset({"id", "Modified_Time", "Tag"})
_REASON_OF_LOSS: Final = "Reason_For_Loss__s"
_COMPUTED: Final = frozenset({"formula", "rollup_summary"})
_GROUPS: Final = tuple(FieldGroup)


def shown_fields(
    book: FieldBook,
    document: Mapping[str, Stored],
    deal: Deal,
    names: Names,
    outcome: Outcome | None,
    marks: Mapping[str, FieldMark],
) -> list[DealFieldValue]:
    """Return every live field of a deal, in the order of the page.

    `document` is the deal under its local edits, `marks` tell of those by API name; its `outcome`
    tells what cannot apply to it.
    """
    stored = {
        **document,
        "id": str(deal.id),
        # A stamp that moves alone rewrites no document, so it is no part of one.
        "Modified_Time": deal.crm_modified_at.isoformat(),
    }
    return [
        _field(
            field,
            read_value(field, stored.get(field.api_name), names, deal.currency),
            outcome,
            marks.get(field.api_name),
        )
        for field in in_order_of_page(book)
    ]


def in_order_of_page(book: FieldBook) -> list[DealField]:
    """Return the live fields by group, then by our list; the rest as the organisation made it."""
    return sorted((field for field in book.fields if not field.is_removed), key=_order)


def _field(
    field: DealField, value: Value | None, outcome: Outcome | None, mark: FieldMark | None
) -> DealFieldValue:
    return DealFieldValue(
        api_name=field.api_name,
        canonical_name=field.canonical_name,
        label=label_of(field),
        group=group_of(field),
        data_type=field.data_type,
        value=value,
        is_read_only=field.is_read_only,
        is_mandatory=field.is_mandatory,
        applies=value is not None or _applies(field, outcome),
        change=mark,
    )


def group_of(field: DealField) -> FieldGroup:
    """Return under which heading a field stands."""
    if field.api_name in _SYSTEM_NAMES or field.canonical_name in _SYSTEM_NAMES:
        return FieldGroup.SYSTEM
    if field.canonical_name is not None:
        return FieldGroup.DATES if field.canonical_name in _DATES else FieldGroup.DEAL
    if field.is_custom:
        return FieldGroup.CUSTOM
    is_kept_by_crm = field.is_read_only and field.data_type not in _COMPUTED
    return FieldGroup.SYSTEM if is_kept_by_crm or field.data_type == "layout" else FieldGroup.DEAL


def _applies(field: DealField, outcome: Outcome | None) -> bool:
    if outcome is None:
        return True
    if field.canonical_name in _MILESTONES:
        return outcome is not Outcome.LOST
    return outcome is Outcome.LOST or field.api_name != _REASON_OF_LOSS


def _order(field: DealField) -> tuple[int, int]:
    name = field.canonical_name or field.api_name
    return _GROUPS.index(group_of(field)), _PLACE.get(name, len(_CANONICAL) + 1)
