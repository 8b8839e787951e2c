"""What the client raises, in the product's words: the sentence, the remedy, the CRM's code."""

import inspect

import pytest

from pulse.adapters.crm.errors import crm_errors, translated
from pulse.sync.domain.errors import (
    CrmRefusedError,
    CrmUnavailableError,
    PermissionMissingError,
    ScopeMissingError,
    SignInRefusedError,
    SyncError,
)
from zoho_crm import errors as zoho

RECONNECT = "Connect again in CRM Integration, in the data centre of your organisation."
SAME_CENTRE = (
    "Check that ZOHO_BASE_URL and ZOHO_ACCOUNTS_URL are of one data centre, then connect again."
)
GRANT = "Connect again and grant all scopes that CRM Integration lists."
WIDEN = "Ask the CRM's administrator to widen the user's profile."
NEXT_SYNC = (
    "Nothing is lost: the next sync goes on from here. If it lasts, check the network,"
    " ZOHO_BASE_URL and ZOHO_ACCOUNTS_URL."
)
LIMIT_BACK = (
    "Nothing is lost: the next sync goes on from here. Credits come back 24 hours after they were"
    " spent; if it lasts, look what else of the organisation spends them."
)
USED_UP = "the CRM takes no further calls for now: a limit of the organisation is used up"
REPORT = "Report this together with the session's log."
LATE = "the CRM did not answer as it should, after several tries"
REFUSED = "the CRM refused the request"


@pytest.mark.parametrize(
    ("error", "becomes", "sentence", "fix", "crm_code"),
    [
        (
            zoho.CredentialsRefused("invalid_client", status=200),
            SignInRefusedError,
            (
                "the CRM refuses our sign-in (invalid_client: check the client id, and that the"
                " client exists in this data centre)"
            ),
            RECONNECT,
            "invalid_client",
        ),
        (
            zoho.InvalidToken("INVALID_TOKEN", "invalid oauth token", status=401),
            SignInRefusedError,
            "the CRM refuses even a fresh access token (INVALID_TOKEN: invalid oauth token)",
            SAME_CENTRE,
            "INVALID_TOKEN",
        ),
        (
            zoho.ScopeMissing("OAUTH_SCOPE_MISMATCH", "invalid scope", status=401),
            ScopeMissingError,
            (
                "the connection lacks a scope (OAUTH_SCOPE_MISMATCH: invalid scope; sign in again"
                " and grant the scope that this call needs)"
            ),
            GRANT,
            "OAUTH_SCOPE_MISMATCH",
        ),
        (
            zoho.NoPermission(
                "NO_PERMISSION", "denied", {"permissions": ["Crm_Implied_View_Deals"]}, status=403
            ),
            PermissionMissingError,
            (
                "the connected user may not do this (NO_PERMISSION: denied; the user's profile must"
                " allow Crm_Implied_View_Deals)"
            ),
            WIDEN,
            "NO_PERMISSION",
        ),
        (
            zoho.Throttled("HTTP 429", retry_after_s=60),
            CrmUnavailableError,
            f"{USED_UP} (HTTP 429)",
            LIMIT_BACK,
            None,
        ),
        (
            zoho.ServerFault("HTTP 502", status=502, code="BAD_GATEWAY"),
            CrmUnavailableError,
            f"{LATE} (HTTP 502)",
            NEXT_SYNC,
            None,
        ),
        (
            zoho.CallTimedOut("no answer within 30 s"),
            CrmUnavailableError,
            f"{LATE} (no answer within 30 s)",
            NEXT_SYNC,
            None,
        ),
        (
            zoho.InvalidModule("INVALID_MODULE", "no such module", status=400),
            CrmRefusedError,
            f"{REFUSED} (INVALID_MODULE: no such module)",
            REPORT,
            "INVALID_MODULE",
        ),
        (
            zoho.LimitExceeded("LIMIT_EXCEEDED", "", {"param_name": "fields"}, status=400),
            CrmRefusedError,
            f"{REFUSED} (LIMIT_EXCEEDED: no message (param_name: fields))",
            REPORT,
            "LIMIT_EXCEEDED",
        ),
        (
            zoho.PageTokenExpired("EXPIRED_VALUE", "expired", status=400),
            CrmRefusedError,
            f"{REFUSED} (EXPIRED_VALUE: expired)",
            REPORT,
            "EXPIRED_VALUE",
        ),
        (
            zoho.UnexpectedAnswer("data", "a list was expected", status=200),
            CrmRefusedError,
            f"{REFUSED} (HTTP 200, data: a list was expected)",
            REPORT,
            None,
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, zoho.ZohoError) else "",
)
def test_an_error_of_the_client_is_told_with_its_remedy(
    error: zoho.ZohoError, becomes: type[SyncError], sentence: str, fix: str, crm_code: str | None
) -> None:
    told = translated(error, "Reading Deals")

    assert type(told) is becomes
    assert told.detail == f"Reading Deals failed: {sentence}."
    assert told.fix == fix
    assert told.extra == ({} if crm_code is None else {"crm_code": crm_code})


def branches_of(base: type[zoho.ZohoError]) -> set[str]:
    return {
        name
        for name, found in inspect.getmembers(zoho, inspect.isclass)
        if issubclass(found, base) and found is not base
    }


def test_every_error_that_passes_is_the_crms_fault_and_none_that_passes_is_reported() -> None:
    # Only the class counts, so objects without their facts will do.
    passing = branches_of(zoho.RetryLater)

    assert passing == {
        "BrokenAnswer",
        "CallTimedOut",
        "ConnectionFailed",
        "ConnectionLost",
        "ServerFault",
        "Throttled",
        "TokenThrottled",
    }
    for name in passing - {"ServerFault"}:
        assert type(translated(getattr(zoho, name)("late"), "Reading")) is CrmUnavailableError


def test_inside_the_block_the_products_error_stands_in_with_the_cause_kept() -> None:
    cause = zoho.ConnectionFailed("connection refused")
    with pytest.raises(CrmUnavailableError) as told, crm_errors("Counting Deals"):
        raise cause

    assert told.value.__cause__ is cause
    assert told.value.detail == f"Counting Deals failed: {LATE} (connection refused)."


def test_other_errors_pass_through_the_block() -> None:
    with pytest.raises(KeyError, match="fields"), crm_errors("Reading Deals"):
        raise KeyError("fields")
