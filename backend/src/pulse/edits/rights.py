"""Whether a field can be edited here, and why not: the reasons that people read.

Source: Zoho CRM v8, "Fields Metadata". `read_only` is the field's own; `field_read_only` and
`profiles[].permission_type` are those of a profile; `operation_type.api_update` is about the API,
`view_type.edit` about the CRM's own edit page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulse.sync.domain.canonical import is_detail
from pulse.sync.domain.field import FieldSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_TYPE: Final = {
    "formula": "The CRM computes it.",
    "rollup_summary": "The CRM sums it up from linked records.",
    "autonumber": "The CRM numbers its records itself.",
    "layout": "Layouts are changed in the CRM.",
    "subform": "Its rows are edited in the CRM.",
    "multiselectlookup": "Its links are edited in the CRM.",
    "multiuserlookup": "Its links are edited in the CRM.",
    "multi_module_lookup": "Its links are edited in the CRM.",
    "fileupload": "Its files are edited in the CRM.",
    "imageupload": "Its files are edited in the CRM.",
    "profileimage": "Its files are edited in the CRM.",
}
_SYSTEM: Final = frozenset(
    {"id", "Created_Time", "Modified_Time", "Created_By", "Modified_By", "Last_Activity_Time"}
)


def read_only_reason(
    api_name: str,
    data_type: str,
    json_type: str | None,
    document: Mapping[str, Any],  # Any: the CRM's own description, validated here
    profile_id: str | None,
) -> str | None:
    """Return why a field cannot be edited here, as a sentence; None if it can."""
    own = _BY_TYPE.get(data_type)
    if own is None and (api_name in _SYSTEM or document.get("read_only") is True):
        own = "The CRM keeps it itself."
    if own is None and is_detail(FieldSpec(api_name, data_type, json_type)):
        own = "It is edited in the CRM."
    if own is None and _member(document, "textarea").get("type") == "rich_text":
        own = "It is formatted text: edit it in the CRM, so that its formatting stays."
    return own or _refused_to_us(document, profile_id)


def _refused_to_us(document: Mapping[str, Any], profile_id: str | None) -> str | None:
    """Return why the connected user may not change a field that others may."""
    profile = _profile(document, profile_id)
    may_not = profile is not None and profile.get("permission_type") in {"read_only", "hidden"}
    if may_not or document.get("field_read_only") is True:
        name = None if profile is None else profile.get("name")
        who = "profile" if name is None else f"profile {name}"
        return f"The CRM {who}, with which we write, may not change it."
    if _member(document, "operation_type").get("api_update") is False:
        return "The CRM takes no change of it through its API."
    if _member(document, "view_type").get("edit") is False:
        return "The CRM has it on no page that edits."
    return None


# Any: field metadata is kept as the CRM sent it.
def _member(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def _profile(document: Mapping[str, Any], profile_id: str | None) -> Mapping[str, Any] | None:
    rows = document.get("profiles")
    return next(
        (
            row
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and profile_id is not None and row.get("id") == profile_id
        ),
        None,
    )
