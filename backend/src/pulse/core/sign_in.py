"""Signing in to a CRM: where, as which client, and what it yields. Facts, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class DataCentre:
    """A place where Zoho keeps accounts: where one signs in, and where the API is until told."""

    slug: str
    """As Zoho names it (`in`), or `configured` for the one of the environment alone."""
    name: str
    crm_host: str
    """Where people use the CRM; its ending tells them which data centre is theirs."""
    accounts_url: str
    base_url: str
    is_configured: bool
    """The environment names it."""


@dataclass(frozen=True, slots=True, repr=False)
class OAuthClient:
    """A client of the Zoho API console; never shown, because of its secret."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, repr=False)
class Granted:
    """What a finished sign-in yields; never shown, because of its tokens."""

    access_token: str
    expires_at: datetime
    refresh_token: str | None
    api_domain: str | None
    scopes: tuple[str, ...]
    """As the answer named them; none where it named none."""
