"""Why a field cannot be created or changed in the CRM, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.kit.errors import ConflictError, NotFoundError, UpstreamError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIXES: Final[Mapping[str, str]] = {
    "DUPLICATE_DATA": "Another field has this label: rename it in the CRM, or choose another one.",
    "LIMIT_EXCEEDED": "The edition's number of custom fields is used up: delete one in the CRM, or "
    "take a larger edition.",
    "NO_PERMISSION": "Ask the CRM's administrator to let the connected user customise modules.",
    "OAUTH_SCOPE_MISMATCH": "Connect again in CRM Integration and grant all scopes.",
    "RESERVED_KEYWORD_NOT_ALLOWED": "The CRM keeps this word for itself: choose another label.",
    "NOT_ALLOWED": "The CRM does not let this field be changed so: see its settings there.",
}
_OTHER_FIX: Final = "Correct what the CRM names and try again."
LOST_FIX: Final = "The answer was lost: validate the fields, then see whether it is there."


def fix_of(code: str) -> str:
    """Return what to do about a refusal, by the CRM's own code."""
    return _FIXES.get(code, _OTHER_FIX)


def field_not_found(field_id: int) -> NotFoundError:
    """Return the error for an id that no field of deals has."""
    return NotFoundError(
        f"Deals have no field with the id {field_id}.",
        code="field_not_found",
        fix="GET /api/crm/fields/metadata lists the fields with their ids.",
    )


def field_refused(code: str, message: str) -> ConflictError:
    """Return the error for a change that the CRM does not make."""
    return ConflictError(
        f"The CRM refused the change: {message} ({code}).",
        code="field_refused",
        fix=fix_of(code),
        extra={"crm_code": code},
    )


def field_in_doubt() -> UpstreamError:
    """Return the error for a change whose answer was lost."""
    return UpstreamError(
        "The CRM did not say whether it changed the field.", code="answer_lost", fix=LOST_FIX
    )


def field_not_custom(api_name: str) -> ConflictError:
    """Return the error for a change of one of the CRM's own fields."""
    return ConflictError(
        f"{api_name} is one of the CRM's own fields: only custom fields can be changed here.",
        code="field_not_custom",
        fix="Change it in the CRM's own settings.",
        extra={"api_name": api_name},
    )
