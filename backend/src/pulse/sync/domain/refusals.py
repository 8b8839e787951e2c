"""What a person does about an edit that the CRM refused, by the CRM's own code."""

from __future__ import annotations

from typing import Final

FIELD_GONE: Final = "FIELD_GONE"
"""Our own code: the edit's field was removed in the CRM."""

_FIXES: Final = {
    "RECORD_LOCKED": "Unlock the record in the CRM, then try again.",
    "RECORD_IN_BLUEPRINT": "Move the record on in its blueprint in the CRM, or drop the edit.",
    "NOT_APPROVED": "Have the record approved in the CRM, then try again.",
    "NOT_REVIEWED": "Have the record reviewed in the CRM, then try again.",
    "NO_PERMISSION": "An administrator of the CRM lets the connected user edit it; then try again.",
    "AUTHORIZATION_FAILED": "An administrator of the CRM lets the connected user edit it;"
    " then try again.",
    "MANDATORY_NOT_FOUND": "Give the field a value.",
    "DUPLICATE_DATA": "Choose a value that no other record has.",
    FIELD_GONE: "Drop the edit: the field was removed in the CRM.",
}
_ANY_OTHER: Final = "Correct the value and save it again, or drop the edit."


def fix_of(code: str) -> str:
    """Return what to do about a refusal."""
    return _FIXES.get(code, _ANY_OTHER)
