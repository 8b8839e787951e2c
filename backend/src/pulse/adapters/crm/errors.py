"""The client's errors in the product's words: what is wrong, and what a person can do."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.sync.domain.errors import (
    CrmRefusedError,
    CrmUnavailableError,
    PermissionMissingError,
    ScopeMissingError,
    SignInRefusedError,
    SyncError,
)
from zoho_crm import errors as zoho

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def crm_errors(what: str) -> Iterator[None]:
    """Turn errors of the client inside the block into errors of the product.

    `what` names what was tried, for the sentence: "Reading Deals".
    """
    try:
        yield
    except zoho.ZohoError as error:
        raise translated(error, what) from error


@dataclass(frozen=True, slots=True)
class _Rule:
    cause: type[zoho.ZohoError]
    becomes: type[SyncError]
    sentence: str
    fix: str


# The first rule that fits holds.
_RULES: Final = (
    _Rule(
        zoho.CredentialsRefused,
        SignInRefusedError,
        "the CRM refuses our sign-in",
        "Connect again in CRM Integration, in the data centre of your organisation.",
    ),
    _Rule(
        zoho.InvalidToken,
        SignInRefusedError,
        "the CRM refuses even a fresh access token",
        "Check that ZOHO_BASE_URL and ZOHO_ACCOUNTS_URL are of one data centre, then connect"
        " again.",
    ),
    _Rule(
        zoho.ScopeMissing,
        ScopeMissingError,
        "the connection lacks a scope",
        "Connect again and grant all scopes that CRM Integration lists.",
    ),
    _Rule(
        zoho.NoPermission,
        PermissionMissingError,
        "the connected user may not do this",
        "Ask the CRM's administrator to widen the user's profile.",
    ),
    _Rule(
        zoho.Throttled,
        CrmUnavailableError,
        "the CRM takes no further calls for now: a limit of the organisation is used up",
        "Nothing is lost: the next sync goes on from here. Credits come back 24 hours after they"
        " were spent; if it lasts, look what else of the organisation spends them.",
    ),
    _Rule(
        zoho.RetryLater,
        CrmUnavailableError,
        "the CRM did not answer as it should, after several tries",
        "Nothing is lost: the next sync goes on from here. If it lasts, check the network,"
        " ZOHO_BASE_URL and ZOHO_ACCOUNTS_URL.",
    ),
    _Rule(
        zoho.ZohoError,
        CrmRefusedError,
        "the CRM refused the request",
        "Report this together with the session's log.",
    ),
)


def translated(error: zoho.ZohoError, what: str) -> SyncError:
    """Return the product's error for one of the client's."""
    rule = next(rule for rule in _RULES if isinstance(error, rule.cause))
    told = error.describe() if isinstance(error, zoho.CodedError) else str(error)
    extra = {"crm_code": error.code} if isinstance(error, zoho.CodedError) else {}
    return rule.becomes(f"{what} failed: {rule.sentence} ({told}).", fix=rule.fix, extra=extra)
