"""Signing in at Zoho's accounts servers: the connection's port made real."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pulse.adapters.client import Account, Caller, Patience, client_of
from pulse.adapters.crm.errors import crm_errors
from pulse.adapters.metadata import ZohoDirectory
from pulse.adapters.slots import Priority
from pulse.core.sign_in import DataCentre, Granted
from zoho_crm.auth import MemoryTokenStore
from zoho_crm.client import exchange_code, revoke_token
from zoho_crm.protocol.datacentres import DATA_CENTRES
from zoho_crm.protocol.oauth import AccessToken, Credentials, sign_in_url
from zoho_crm.secret import Secret
from zoho_crm.transport import RetryPolicy, Timeouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.asyncio import Redis

    from pulse.core.directory import OrganisationFacts
    from pulse.core.sign_in import OAuthClient
    from pulse.db.engine import OpenDb
    from pulse.kit.clock import Clock

# The order in which people are asked, and the address at which they use the CRM.
_PLACES: Final = {
    "in": ("India", "crm.zoho.in"),
    "us": ("United States", "crm.zoho.com"),
    "eu": ("Europe", "crm.zoho.eu"),
    "au": ("Australia", "crm.zoho.com.au"),
    "jp": ("Japan", "crm.zoho.jp"),
    "ca": ("Canada", "crm.zohocloud.ca"),
    "sa": ("Saudi Arabia", "crm.zoho.sa"),
    "cn": ("China", "crm.zoho.com.cn"),
    "uk": ("United Kingdom", "crm.zoho.uk"),
    "ae": ("United Arab Emirates", "crm.zoho.ae"),
}
CONFIGURED: Final = "configured"
# Somebody sits and waits for the answer.
PERSON_PATIENCE: Final = Patience(
    Timeouts(connect_s=5.0, read_s=15.0, total_s=20.0), RetryPolicy(max_tries=3, max_total_s=10.0)
)


def data_centres(accounts_url: str, base_url: str) -> tuple[DataCentre, ...]:
    """Return the data centres that one may sign in to: Zoho's, and the one that is configured.

    Where that one is none of Zoho's, it comes first; where it is, it has the configured API address
    (a sandbox has its own).
    """
    configured = accounts_url.rstrip("/")
    known = [
        DataCentre(
            slug,
            *_PLACES[slug],
            accounts_url=DATA_CENTRES[slug].accounts_url,
            base_url=DATA_CENTRES[slug].base_url,
            is_configured=DATA_CENTRES[slug].accounts_url == configured,
        )
        for slug in _PLACES
    ]
    if any(centre.is_configured for centre in known):
        return tuple(
            replace(centre, base_url=base_url) if centre.is_configured else centre
            for centre in known
        )
    host = urlsplit(configured).netloc
    own = DataCentre(
        CONFIGURED, "This installation", host, configured, base_url, is_configured=True
    )
    return (own, *known)


class ZohoAccounts:
    """The accounts servers, over HTTP; calls of the API are in the ledger like any other."""

    def __init__(self, open_db: OpenDb, redis: Redis, clock: Clock, patience: Patience) -> None:
        self._open_db = open_db
        self._redis = redis
        self._clock = clock
        self._patience = patience

    def sign_in_url(
        self,
        centre: DataCentre,
        client_id: str,
        redirect_uri: str,
        scopes: Sequence[str],
        state: str,
    ) -> str:
        """Return the address to send a person's browser to."""
        return sign_in_url(centre.accounts_url, client_id, redirect_uri, scopes, state=state)

    async def exchange(
        self, accounts_url: str, client: OAuthClient, redirect_uri: str, code: str
    ) -> Granted:
        """Turn the code of a finished sign-in into tokens."""
        with crm_errors("Signing in"):
            grant = await exchange_code(
                accounts_url,
                client_id=client.client_id,
                client_secret=Secret(client.client_secret),
                redirect_uri=redirect_uri,
                code=Secret(code),
                clock=self._clock.now,
                timeouts=self._patience.timeouts,
            )
        return Granted(
            access_token=grant.token.value.reveal(),
            expires_at=grant.token.expires_at,
            refresh_token=None if grant.refresh_token is None else grant.refresh_token.reveal(),
            api_domain=grant.token.api_domain,
            scopes=grant.token.scopes,
        )

    async def organisation(
        self, centre: DataCentre, client: OAuthClient, granted: Granted
    ) -> OrganisationFacts:
        """Return whose organisation was signed in to."""
        token = AccessToken(
            Secret(granted.access_token), granted.expires_at, granted.api_domain, granted.scopes
        )
        account = Account(
            Credentials(
                client.client_id,
                Secret(client.client_secret),
                Secret(granted.refresh_token or ""),
            ),
            base_url=centre.base_url,
            accounts_url=centre.accounts_url,
            tokens=MemoryTokenStore(token),
        )
        caller = Caller(Priority.PERSON)
        async with client_of(
            account, self._open_db, self._redis, self._clock, caller, self._patience
        ) as opened:
            return await ZohoDirectory(opened.client).organisation()

    async def revoke(self, accounts_url: str, refresh_token: str) -> None:
        """End a sign-in."""
        with crm_errors("Signing out"):
            await revoke_token(
                accounts_url, Secret(refresh_token), timeouts=self._patience.timeouts
            )
