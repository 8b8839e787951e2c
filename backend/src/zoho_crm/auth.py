"""Access tokens: kept, shared, refreshed once, never shown.

Many calls that find the token stale make one refresh: calls of this process wait for one lock,
processes for the store's. Whoever gets the lock first looks whether another has already stored a
newer token.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeGuard

from zoho_crm.errors import RetryLater, TokenThrottled
from zoho_crm.protocol.oauth import (
    AccessToken,
    Credentials,
    Grant,
    code_form,
    read_grant,
    read_revocation,
    refresh_form,
)
from zoho_crm.transport import HttpRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from zoho_crm.protocol.wire import Answer
    from zoho_crm.secret import Secret
    from zoho_crm.transport import Transport

TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - a path, no password
# A token this near its end is replaced before it is used.
RENEW_BEFORE = timedelta(seconds=60)


class TokenStore(Protocol):
    """Where processes share the access token of one connection."""

    async def load(self) -> AccessToken | None:
        """Return the stored token, if any."""

    async def save(self, token: AccessToken) -> None:
        """Store a token in place of the last one."""

    def lock(self) -> AbstractAsyncContextManager[object]:
        """Return a lock over all processes; who holds it may refresh."""


class MemoryTokenStore:
    """A token store for one process and one event loop."""

    def __init__(self, token: AccessToken | None = None) -> None:
        self._token = token
        self._lock = asyncio.Lock()

    async def load(self) -> AccessToken | None:
        """Return the stored token, if any."""
        return self._token

    async def save(self, token: AccessToken) -> None:
        """Store a token in place of the last one."""
        self._token = token

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Hold the lock."""
        async with self._lock:
            yield


class TokenSource:
    """Hand out an access token that should work.

    `request_grant` posts a form to the token endpoint, with retries, and reads the answer.
    """

    def __init__(
        self,
        credentials: Credentials,
        store: TokenStore,
        *,
        request_grant: Callable[[dict[str, str]], Awaitable[Grant]],
        clock: Callable[[], datetime],
    ) -> None:
        self._credentials = credentials
        self._store = store
        self._request_grant = request_grant
        self._clock = clock
        self._token: AccessToken | None = None
        self._lock = asyncio.Lock()
        self._blocked_until: datetime | None = None

    async def current(self, *, refused: Secret | None = None) -> AccessToken:
        """Return a token that is not about to expire and is not the `refused` one."""
        if self._is_fit(self._token, refused):
            return self._token
        async with self._lock:
            if self._is_fit(self._token, refused):
                return self._token
            self._token = await self._renewed(refused)
            return self._token

    async def _renewed(self, refused: Secret | None) -> AccessToken:
        """Take the token that another process has stored, or make one."""
        stored = await self._store.load()
        if self._is_fit(stored, refused):
            return stored
        async with self._store.lock():
            stored = await self._store.load()
            if self._is_fit(stored, refused):
                return stored
            try:
                token = await self._refreshed()
            except RetryLater:
                # The accounts server is in trouble, the old token may still have its minute.
                for last in (self._token, stored):
                    if last is not None and last.value != refused and self._is_alive(last):
                        return last
                raise
            await self._store.save(token)
            return token

    async def _refreshed(self) -> AccessToken:
        now = self._clock()
        if self._blocked_until is not None and now < self._blocked_until:
            raise TokenThrottled(
                "the accounts server allows no new access token yet",
                retry_after_s=(self._blocked_until - now).total_seconds(),
            )
        try:
            grant = await self._request_grant(refresh_form(self._credentials))
        except TokenThrottled as throttled:
            # Every try inside the window would be one more reason for the block.
            self._blocked_until = now + timedelta(seconds=throttled.retry_after_s or 0.0)
            raise
        return grant.token

    def _is_alive(self, token: AccessToken) -> bool:
        return self._clock() < token.expires_at

    def _is_fit(self, token: AccessToken | None, refused: Secret | None) -> TypeGuard[AccessToken]:
        return (
            token is not None
            and token.value != refused
            and self._clock() + RENEW_BEFORE < token.expires_at
        )


async def post_form(
    transport: Transport, accounts_url: str, path: str, form: dict[str, str]
) -> Answer:
    """Post a form to the accounts server."""
    return await transport.send(
        HttpRequest("POST", f"{accounts_url.rstrip('/')}{path}", {}, form=form)
    )


async def request_grant(
    transport: Transport, accounts_url: str, form: dict[str, str], now: datetime
) -> Grant:
    """Make one token call."""
    return read_grant(await post_form(transport, accounts_url, TOKEN_PATH, form), now=now)


async def exchange_code(
    transport: Transport,
    accounts_url: str,
    *,
    client_id: str,
    client_secret: Secret,
    redirect_uri: str,
    code: Secret,
    now: datetime,
) -> Grant:
    """Turn the code of a finished sign-in into tokens; it works once, so it is never repeated."""
    form = code_form(client_id, client_secret, redirect_uri, code)
    return await request_grant(transport, accounts_url, form, now)


async def revoke(transport: Transport, accounts_url: str, refresh_token: Secret) -> None:
    """End a connection: the refresh token and all its access tokens stop working."""
    form = {"token": refresh_token.reveal()}
    read_revocation(await post_form(transport, accounts_url, f"{TOKEN_PATH}/revoke", form))
