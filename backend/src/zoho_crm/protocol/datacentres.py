"""Zoho's data centres: where to sign in, where the API is, where files go to and come from.

Source: the vendor's Python SDK (package dc) and the v8 page Multi-DC; `uk` and `ae` are attested
by other users only, and their upload hosts follow the pattern of the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zoho_crm.errors import UnexpectedAnswer

VERSION = "v8"

# Nothing in these may make two readers of an address see two hosts: no user, port or backslash.
_ABSOLUTE = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)/[^\s\\]*")
_PATH = re.compile(r"/[^/\s\\][^\s\\]*")


@dataclass(frozen=True, slots=True)
class DataCentre:
    """One data centre by its slug, as the sign-in redirect's `location` names it."""

    slug: str
    accounts_url: str
    api_domain: str
    upload_url: str

    @property
    def base_url(self) -> str:
        """Return the base address of the CRM API, version included."""
        return f"{self.api_domain}/crm/{VERSION}"

    def has_host(self, host: str) -> bool:
        """Tell whether a host lies in one of this data centre's domains."""
        domains = {_domain(url) for url in (self.accounts_url, self.api_domain, self.upload_url)}
        return any(host.endswith(f".{domain}") for domain in domains)


DATA_CENTRES: dict[str, DataCentre] = {
    slug: DataCentre(slug, f"https://{accounts}", f"https://{api}", f"https://{upload}")
    for slug, accounts, api, upload in (
        ("us", "accounts.zoho.com", "www.zohoapis.com", "content.zohoapis.com"),
        ("eu", "accounts.zoho.eu", "www.zohoapis.eu", "content.zohoapis.eu"),
        ("in", "accounts.zoho.in", "www.zohoapis.in", "content.zohoapis.in"),
        ("au", "accounts.zoho.com.au", "www.zohoapis.com.au", "content.zohoapis.com.au"),
        ("jp", "accounts.zoho.jp", "www.zohoapis.jp", "content.zohoapis.jp"),
        ("ca", "accounts.zohocloud.ca", "www.zohoapis.ca", "upload.zohocloud.ca"),
        ("sa", "accounts.zoho.sa", "www.zohoapis.sa", "files.zoho.sa"),
        ("cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn", "content.zohoapis.com.cn"),
        ("uk", "accounts.zoho.uk", "www.zohoapis.uk", "content.zohoapis.uk"),
        ("ae", "accounts.zoho.ae", "www.zohoapis.ae", "content.zohoapis.ae"),
    )
}


def data_centre_of(api_domain: str) -> DataCentre | None:
    """Return the data centre of an API domain, of a sandbox's too; None for any other host."""
    return next(
        (
            centre
            for centre in DATA_CENTRES.values()
            if _domain(centre.api_domain) == _domain(api_domain)
        ),
        None,
    )


def upload_url_of(api_domain: str) -> str:
    """Return where files for an API domain go; a host that is none of Zoho's takes them itself."""
    centre = data_centre_of(api_domain)
    return api_domain if centre is None else centre.upload_url


def result_address(location: str, api_domain: str) -> str:
    """Return the full address of a result file that the CRM names by path or by address.

    Which host serves a path is not confirmed: it is looked for at the API domain. The access token
    goes along, so an address outside the data centre raises UnexpectedAnswer.
    """
    if _PATH.fullmatch(location):
        return f"{api_domain}{location}"
    if location.startswith(f"{api_domain}/"):
        return location
    absolute = _ABSOLUTE.fullmatch(location)
    centre = data_centre_of(api_domain)
    if absolute is not None and centre is not None and centre.has_host(absolute[1]):
        return location
    raise UnexpectedAnswer(
        "result.download_url", f"{location!r} leads out of the CRM's data centre", status=200
    )


def _domain(url: str) -> str:
    """Return a host without its first label: `zohoapis.in` of https://www.zohoapis.in."""
    return url.removeprefix("https://").rstrip("/").partition(".")[2]
