"""OAuth scopes: what the product asks for and why, and what a granted scope covers.

Source: Zoho CRM v8, "Scopes". A scope is `service.area[.thing].operation`; `ALL` covers every
operation, and an area's scope covers its things. Upper and lower case are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the CRM that the product works with, in people's words."""

    name: str
    reason: str
    scopes: tuple[str, ...]
    """Asked for; reading needs each of them."""
    writes: bool = False
    """Whether we also write there: with the same scopes and with `to_write`."""
    to_write: tuple[str, ...] = ()
    """Asked for besides; only writing needs them."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Return all that is asked for."""
        return (*self.scopes, *self.to_write)


AREAS: Final = (
    Area(
        "Deals and accounts",
        "to mirror them and to send your edits",
        ("ZohoCRM.modules.ALL", "ZohoCRM.coql.READ"),
        writes=True,
    ),
    Area(
        "Fields and modules",
        "to map fields, to notice when they change, and to add Pipeline Pulse's own",
        ("ZohoCRM.settings.modules.READ", "ZohoCRM.settings.fields.READ"),
        writes=True,
        to_write=("ZohoCRM.settings.fields.CREATE", "ZohoCRM.settings.fields.UPDATE"),
    ),
    Area(
        "Layouts and pipelines",
        "to check an edit before it is sent",
        ("ZohoCRM.settings.layouts.READ", "ZohoCRM.settings.pipeline.READ"),
    ),
    Area(
        "Organisation, users, currencies",
        "to show names, owners and rates, and to keep to your limits",
        ("ZohoCRM.org.READ", "ZohoCRM.users.READ", "ZohoCRM.settings.currencies.READ"),
    ),
    Area("Bulk jobs", "to load fast with few credits", ("ZohoCRM.bulk.READ",)),
    Area(
        "Bulk updates",
        "to change many deals at once",
        (
            "ZohoCRM.mass_update.ALL",
            "ZohoCRM.bulk.CREATE",
            "ZohoFiles.files.ALL",
            "ZohoCRM.settings.custom_views.READ",
        ),
        writes=True,
    ),
    Area("Search", "to find a deal that is not mirrored yet", ("ZohoSearch.securesearch.READ",)),
)
"""Everything that is asked for."""

NEEDED_SCOPES: Final = (
    "ZohoCRM.modules.ALL",
    "ZohoCRM.settings.modules.READ",
    "ZohoCRM.settings.fields.READ",
    "ZohoCRM.settings.layouts.READ",
    "ZohoCRM.settings.pipeline.READ",
    "ZohoCRM.settings.currencies.READ",
    "ZohoCRM.org.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.coql.READ",
    "ZohoCRM.bulk.READ",
    "ZohoCRM.mass_update.ALL",
    "ZohoCRM.bulk.CREATE",
    "ZohoFiles.files.ALL",
    "ZohoCRM.settings.custom_views.READ",
    "ZohoSearch.securesearch.READ",
)
"""The scopes of all areas that a harmless call can look for, in the order of asking."""

FIELD_SCOPES: Final = ("ZohoCRM.settings.fields.CREATE", "ZohoCRM.settings.fields.UPDATE")
"""To create and change custom fields. No harmless call needs them: the token answer alone tells."""

ASKED_SCOPES: Final = (*NEEDED_SCOPES, *FIELD_SCOPES)
"""What a sign-in asks for."""

INDISPENSABLE_SCOPES: Final = (
    "ZohoCRM.modules.ALL",
    "ZohoCRM.settings.modules.READ",
    "ZohoCRM.settings.fields.READ",
    "ZohoCRM.org.READ",
    "ZohoCRM.coql.READ",
)
"""Without one of these no sync can run, or nobody can tell whose organisation it is.

Without another a slower way or a missing feature remains.
"""


def is_covered(wanted: str, granted: Iterable[str]) -> bool:
    """Return whether any granted scope covers the wanted one."""
    return any(_covers(scope, wanted) for scope in granted)


def uncovered(wanted: Iterable[str], granted: Iterable[str]) -> list[str]:
    """Return the wanted scopes that no granted one covers."""
    known = tuple(granted)
    return [scope for scope in wanted if not is_covered(scope, known)]


def _covers(granted: str, wanted: str) -> bool:
    *granted_area, granted_operation = granted.lower().split(".")
    *wanted_area, wanted_operation = wanted.lower().split(".")
    # The operation of an area such as `ZohoCRM.modules.ALL` covers `ZohoCRM.modules.Deals.READ`.
    return granted_area == wanted_area[: len(granted_area)] and granted_operation in {
        "all",
        wanted_operation,
    }
