"""An example of each error that a call to the CRM may end in, for the routes that make one."""

from __future__ import annotations

from typing import Final

from pulse.sync.domain.errors import (
    CreditsSpentError,
    CrmRefusedError,
    CrmUnavailableError,
    NotConnectedError,
    PermissionMissingError,
    RequiredFieldMissingError,
    ScopeMissingError,
    SignInRefusedError,
    SyncError,
)

CRM_CALL_ERRORS: Final[tuple[SyncError, ...]] = (
    NotConnectedError(
        "No CRM is connected.",
        fix="Set ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN and start again.",
    ),
    CrmUnavailableError(
        "Reading Deals failed after several tries: no answer within 30 s.",
        fix="Check the network and ZOHO_BASE_URL; nothing is lost.",
    ),
    SignInRefusedError(
        "Reading Deals failed: the CRM refuses our sign-in (invalid_client).",
        fix="Connect again in CRM Integration, in the data centre of your organisation.",
    ),
    ScopeMissingError(
        "Reading Deals failed: the connection lacks a scope (OAUTH_SCOPE_MISMATCH).",
        fix="Connect again and grant all scopes that CRM Integration lists.",
    ),
    PermissionMissingError(
        "Reading Deals failed: the connected user may not do this (NO_PERMISSION).",
        fix="Ask the CRM's administrator to widen the user's profile.",
    ),
    CrmRefusedError(
        "Reading Deals failed: the CRM refused the request (INVALID_QUERY).",
        fix="Report this together with the request.",
    ),
    RequiredFieldMissingError(
        "The CRM's Deals have no field for: Market_Segment.",
        fix="Create it in the CRM, or map another field to it in CRM Integration.",
        extra={"missing": "Market_Segment"},
    ),
    CreditsSpentError(
        "The day's credits are used up.",
        fix="Wait: each credit comes back 24 hours after it was spent.",
    ),
)
