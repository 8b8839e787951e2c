"""Zoho's data centres: where to sign in and where the API is until a token names its own host.

Source: the vendor's Python SDK (package dc) and the v8 page Multi-DC; `uk` and `ae` are attested
by other users only.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "v8"


@dataclass(frozen=True, slots=True)
class DataCentre:
    """One data centre by its slug, as the sign-in redirect's `location` names it."""

    slug: str
    accounts_url: str
    api_domain: str

    @property
    def base_url(self) -> str:
        """Return the base address of the CRM API, version included."""
        return f"{self.api_domain}/crm/{VERSION}"


DATA_CENTRES: dict[str, DataCentre] = {
    slug: DataCentre(slug, f"https://{accounts}", f"https://{api}")
    for slug, accounts, api in (
        ("us", "accounts.zoho.com", "www.zohoapis.com"),
        ("eu", "accounts.zoho.eu", "www.zohoapis.eu"),
        ("in", "accounts.zoho.in", "www.zohoapis.in"),
        ("au", "accounts.zoho.com.au", "www.zohoapis.com.au"),
        ("jp", "accounts.zoho.jp", "www.zohoapis.jp"),
        ("ca", "accounts.zohocloud.ca", "www.zohoapis.ca"),
        ("sa", "accounts.zoho.sa", "www.zohoapis.sa"),
        ("cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn"),
        ("uk", "accounts.zoho.uk", "www.zohoapis.uk"),
        ("ae", "accounts.zoho.ae", "www.zohoapis.ae"),
    )
}
