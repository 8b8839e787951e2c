"""OAuth scopes: what the product asks for, and what a granted scope covers.

Source: Zoho CRM v8, "Scopes". A scope is `service.area[.thing].operation`; `ALL` covers every
operation, and an area's scope covers its things. Upper and lower case are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDED_SCOPES: Final = (
    "ZohoCRM.modules.ALL",
    "ZohoCRM.settings.modules.READ",
    "ZohoCRM.settings.fields.READ",
    "ZohoCRM.settings.currencies.READ",
    "ZohoCRM.org.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.coql.READ",
    "ZohoCRM.bulk.READ",
    "ZohoSearch.securesearch.READ",
)
"""What reading needs. Without one of the last four a slower way or a missing feature remains."""


def is_covered(wanted: str, granted: Iterable[str]) -> bool:
    """Return whether any granted scope covers the wanted one."""
    return any(_covers(scope, wanted) for scope in granted)


def _covers(granted: str, wanted: str) -> bool:
    *granted_area, granted_operation = granted.lower().split(".")
    *wanted_area, wanted_operation = wanted.lower().split(".")
    # The operation of an area such as `ZohoCRM.modules.ALL` covers `ZohoCRM.modules.Deals.READ`.
    return granted_area == wanted_area[: len(granted_area)] and granted_operation in {
        "all",
        wanted_operation,
    }
