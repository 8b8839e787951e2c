"""The client: one object for one connection to one organisation.

    async with ZohoClient(credentials, base_url=…, accounts_url=…) as crm:
        page = await crm.get_records("Deals", ["Deal_Name", "Stage"])

Errors are drawn in `zoho_crm.errors`, limits shared across processes in `zoho_crm.gate`.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

from zoho_crm import auth
from zoho_crm.auth import MemoryTokenStore, TokenSource
from zoho_crm.bulk_read import BulkRead
from zoho_crm.bulk_write import BulkWrite
from zoho_crm.calls import ApiBase, CallRunner, Retrier
from zoho_crm.clock import utc_now
from zoho_crm.custom_fields import CustomFields
from zoho_crm.gate import NullGate
from zoho_crm.mass_update import MassUpdate
from zoho_crm.metadata import Metadata
from zoho_crm.protocol.prices import Prices
from zoho_crm.reading import Reading
from zoho_crm.transport import HttpTransport, RetryPolicy, Timeouts
from zoho_crm.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from zoho_crm.auth import TokenStore
    from zoho_crm.calls import OnWait
    from zoho_crm.gate import CallGate
    from zoho_crm.protocol.oauth import Credentials, Grant
    from zoho_crm.secret import Secret
    from zoho_crm.transport import Transport

CONNECTIONS = 25


class ZohoClient(Reading, Writing):
    """Call the CRM as the user who granted the refresh token.

    `base_url` holds host and version (`https://www.zohoapis.in/crm/v8`); the `api_domain` of a
    token takes the host's place. `upload_url` is the host that takes files: by default the one of
    the API's data centre, and the API's own host where that is none of Zoho's. `tokens` and `gate`
    are what processes share. `on_wait` is told why a call is made again and after how many
    seconds, before each wait. Construct it within a running event loop, and close it, or use it as
    a context manager.
    """

    def __init__(  # noqa: PLR0913 - clock, chance and limits are handed in
        self,
        credentials: Credentials,
        *,
        base_url: str,
        accounts_url: str,
        upload_url: str | None = None,
        tokens: TokenStore | None = None,
        gate: CallGate | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], datetime] = utc_now,
        timer: Callable[[], float] = time.monotonic,
        rng: random.Random | None = None,
        timeouts: Timeouts | None = None,
        retry: RetryPolicy | None = None,
        prices: Prices | None = None,
        transport: Transport | None = None,
        on_wait: OnWait | None = None,
    ) -> None:
        base = ApiBase.parse(base_url, upload_url)
        self._credentials = credentials
        self._accounts_url = accounts_url
        self._clock = clock
        self._transport = transport or HttpTransport(
            timeouts=timeouts or Timeouts(), connections=CONNECTIONS
        )
        # Jitter needs no secrecy.
        chance = rng or random.Random()  # noqa: S311 - as above
        self._tokens = TokenSource(
            credentials, tokens or MemoryTokenStore(), request_grant=self._grant, clock=clock
        )
        super().__init__(
            CallRunner(
                base=base,
                transport=self._transport,
                tokens=self._tokens,
                gate=gate or NullGate(),
                prices=prices or Prices(),
                retrier=Retrier(retry or RetryPolicy(), sleep, chance, timer, on_wait),
                timer=timer,
            )
        )
        self.metadata = Metadata(self._runner)
        self.bulk_read = BulkRead(self._runner)
        self.bulk_write = BulkWrite(self._runner)
        self.custom_fields = CustomFields(self._runner)
        self.mass_update = MassUpdate(self._runner)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def crm_time(self) -> datetime | None:
        """The latest time that the CRM's clock told, aware; None before its first answer."""
        return self._runner.crm_time

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def sign_out(self) -> None:
        """Revoke the refresh token: every access token made from it stops working."""
        await auth.revoke(self._transport, self._accounts_url, self._credentials.refresh_token)

    async def _grant(self, form: dict[str, str]) -> Grant:
        return await auth.request_grant(self._transport, self._accounts_url, form, self._clock())


async def exchange_code(
    accounts_url: str,
    *,
    client_id: str,
    client_secret: Secret,
    redirect_uri: str,
    code: Secret,
    clock: Callable[[], datetime] = utc_now,
    timeouts: Timeouts | None = None,
) -> Grant:
    """Turn the code of a finished sign-in into tokens; before a client exists."""
    transport = HttpTransport(timeouts=timeouts or Timeouts(), connections=1)
    try:
        return await auth.exchange_code(
            transport,
            accounts_url,
            client_id=client_id,
            client_secret=client_secret,
            redirect_uri=redirect_uri,
            code=code,
            now=clock(),
        )
    finally:
        await transport.close()


async def revoke_token(
    accounts_url: str, refresh_token: Secret, *, timeouts: Timeouts | None = None
) -> None:
    """Revoke a refresh token that no client is open for; its access tokens stop working."""
    transport = HttpTransport(timeouts=timeouts or Timeouts(), connections=1)
    try:
        await auth.revoke(transport, accounts_url, refresh_token)
    finally:
        await transport.close()
