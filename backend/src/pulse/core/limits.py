"""What an organisation may ask of the CRM: credits a rolling day, calls at once.

Source: Zoho CRM v8, "API Limits". There is no limit a minute. Credits come back one by
one, 24 hours after each was spent; nothing is reset at midnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SUB_CONCURRENCY: Final = 10
"""Complex calls at once (COQL, search, sorted lists, large writes), the same in every edition."""


@dataclass(frozen=True, slots=True)
class OrganisationLimits:
    """Limits of one organisation."""

    credits_a_day: int
    concurrency: int
    sub_concurrency: int
    is_edition_known: bool = True
    """False where the limits of the smallest edition stand in for an edition we do not know."""


@dataclass(frozen=True, slots=True)
class _Edition:
    base: int
    credits_a_user: int
    cap: int | None
    concurrency: int


_FREE: Final = _Edition(5_000, 0, 5_000, 5)
_STANDARD: Final = _Edition(50_000, 250, 100_000, 10)
_PROFESSIONAL: Final = _Edition(50_000, 500, 3_000_000, 15)
_ENTERPRISE: Final = _Edition(50_000, 1_000, 5_000_000, 20)
_ULTIMATE: Final = _Edition(50_000, 2_000, None, 25)

_EDITIONS: Final = {
    "free": _FREE,
    "starter": _STANDARD,
    "standard": _STANDARD,
    "professional": _PROFESSIONAL,
    "enterprise": _ENTERPRISE,
    "zohoone": _ENTERPRISE,
    "ultimate": _ULTIMATE,
    "crmplus": _ULTIMATE,
}


def organisation_limits(edition: str, users_licensed: int) -> OrganisationLimits:
    """Return the limits of an organisation by edition and number of licensed users.

    Add-on credits are not in the organisation's answer and so not counted. An edition that is not
    in the table gets the limits of Free: too little is slow, too much is refused.
    """
    known = _EDITIONS.get("".join(letter for letter in edition.lower() if letter.isalnum()))
    terms = known or _FREE
    credits_a_day = terms.base + terms.credits_a_user * users_licensed
    if terms.cap is not None:
        credits_a_day = min(credits_a_day, terms.cap)
    return OrganisationLimits(
        credits_a_day=credits_a_day,
        concurrency=terms.concurrency,
        # On Free the whole concurrency is below the shared figure of complex calls.
        sub_concurrency=min(SUB_CONCURRENCY, terms.concurrency),
        is_edition_known=known is not None,
    )
