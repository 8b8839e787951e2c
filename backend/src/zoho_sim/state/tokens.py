"""OAuth state: grant codes, refresh tokens and access tokens of one client, by the CRM's rules."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.behaviour.clock import Clock
    from zoho_sim.behaviour.switches import Switches

ACCESS_TOKEN_LIFETIME_S = 3600
CREATIONS_PER_WINDOW = 10
WINDOW_S = 600
REFRESH_TOKENS_PER_USER = 20

OLD_THROTTLE_TEXT = (
    "You have made too many requests continuously. Please try again after some time."
)
NEW_THROTTLE_TEXT = (
    "Token creation throttle limit reached. Please reuse the valid tokens you currently have."
)


class OAuthError(Exception):
    """The token endpoint refuses; ``code`` goes out as ``{"error": code}``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TokenThrottleError(Exception):
    """Ten access tokens were made with this refresh token within ten minutes."""


class GrantThrottleError(Exception):
    """Ten grant codes were asked for within ten minutes."""


@dataclass(slots=True)
class GrantCode:
    """A one-time code; ``redirect_uri`` None is a self-client's, from the console."""

    code: str
    scopes: frozenset[str]
    redirect_uri: str | None
    expires_at: float
    is_used: bool = False
    is_offline: bool = True


@dataclass(slots=True)
class RefreshToken:
    """A standing permission, its live access tokens (oldest first) and recent creations."""

    token: str
    scopes: frozenset[str]
    live: deque[str] = field(default_factory=deque)
    creations: deque[float] = field(default_factory=deque)


@dataclass(slots=True)
class AccessToken:
    """A key to the API until ``expires_at`` (simulated seconds since the epoch)."""

    token: str
    scopes: frozenset[str]
    expires_at: float


@dataclass(slots=True)
class IssuedTokens:
    """What the token endpoint hands out; ``refresh`` only for a grant code."""

    access: AccessToken
    refresh: RefreshToken | None


def parse_scopes(text: str) -> frozenset[str]:
    """Split a comma- or space-separated scope list; case does not matter."""
    return frozenset(text.lower().replace(",", " ").split())


_CRM_AREAS = frozenset(
    {"modules", "settings", "org", "users", "coql", "bulk", "notifications", "mass_update",
     "composite_requests", "features", "files", "change_owner", "functions", "templates"}
)  # fmt: skip
_OTHER_SERVICES = frozenset({"zohosearch.securesearch", "zohofiles.files"})
_OPERATIONS = frozenset({"all", "read", "create", "update", "write", "delete", "custom"})


def is_known_scope(scope: str) -> bool:
    """Whether there is such a scope, as `service.area[.thing].operation`; case does not matter."""
    service, *area, operation = scope.lower().split(".")
    if not area or operation not in _OPERATIONS:
        return False
    if service == "zohocrm":
        return area[0] in _CRM_AREAS
    return f"{service}.{'.'.join(area)}" in _OTHER_SERVICES


def covers(granted: frozenset[str], needed: str) -> bool:
    """Whether the granted scopes include a needed one such as ``ZohoCRM.modules.Deals.READ``.

    A shorter scope covers all below it, ALL covers every operation, WRITE covers CREATE and UPDATE.
    """
    *area, operation = needed.lower().split(".")
    operations = {operation, "all"}
    if operation in ("create", "update"):
        operations.add("write")
    return any(
        ".".join([*area[:depth], allowed]) in granted
        for depth in range(2, len(area) + 1)
        for allowed in operations
    )


class TokenStore:
    """The accounts server's memory for one client and one organisation."""

    def __init__(
        self, *, clock: Clock, switches: Switches, client_id: str, client_secret: str
    ) -> None:
        self._clock = clock
        self._switches = switches
        self.client_id = client_id
        self.client_secret = client_secret
        self._codes: dict[str, GrantCode] = {}
        self._code_times: deque[float] = deque()
        self._refresh: dict[str, RefreshToken] = {}
        self._access: dict[str, AccessToken] = {}

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Refuse an unknown client or a wrong secret."""
        if client_id != self.client_id:
            raise OAuthError("invalid_client")
        if client_secret != self.client_secret:
            raise OAuthError("invalid_client_secret")

    def grant(
        self, scopes: frozenset[str], redirect_uri: str | None, *, is_offline: bool = True
    ) -> GrantCode:
        """Issue a grant code; GrantThrottleError at the eleventh within ten minutes."""
        now = self._clock.timestamp()
        _forget_before(self._code_times, now - WINDOW_S)
        if len(self._code_times) >= CREATIONS_PER_WINDOW:
            raise GrantThrottleError
        self._code_times.append(now)
        code = GrantCode(
            code=_secret(),
            scopes=scopes,
            redirect_uri=redirect_uri,
            expires_at=now + self._switches.grant_code_lifetime_s,
            is_offline=is_offline,
        )
        self._codes[code.code] = code
        return code

    def redeem(self, code: str, redirect_uri: str | None) -> IssuedTokens:
        """Turn a grant code into tokens, once and before it expires."""
        known = self._codes.get(code)
        if (
            known is None
            or known.is_used
            or known.expires_at <= self._clock.timestamp()
            or (known.redirect_uri is not None and known.redirect_uri != redirect_uri)
        ):
            raise OAuthError("invalid_code")
        known.is_used = True
        refresh = self.new_refresh_token(known.scopes)
        access = self._new_access(refresh)
        if not known.is_offline:
            del self._refresh[refresh.token]
            return IssuedTokens(access, None)
        return IssuedTokens(access, refresh)

    def new_refresh_token(self, scopes: frozenset[str], token: str | None = None) -> RefreshToken:
        """Make a refresh token (``token`` if given); the 21st of a user invalidates the oldest."""
        refresh = RefreshToken(token=token or _secret(), scopes=scopes)
        self._refresh[refresh.token] = refresh
        if len(self._refresh) > REFRESH_TOKENS_PER_USER:
            self.revoke(next(iter(self._refresh)))
        return refresh

    def refresh(self, token: str) -> IssuedTokens:
        """Make an access token; refuse unknown tokens, and more than ten in ten minutes."""
        known = self._refresh.get(token)
        if known is None:
            raise OAuthError("invalid_code")
        return IssuedTokens(self._new_access(known), None)

    def revoke(self, token: str) -> None:
        """Revoke a refresh token with all its access tokens, or one access token."""
        refresh = self._refresh.pop(token, None)
        if refresh is not None:
            for access in refresh.live:
                self._access.pop(access, None)
        elif self._access.pop(token, None) is None:
            raise OAuthError("invalid_code")

    def access(self, token: str) -> AccessToken | None:
        """Return a live access token, or None if it is unknown or expired."""
        known = self._access.get(token)
        if known is None or known.expires_at <= self._clock.timestamp():
            return None
        return known

    def expire_all(self) -> int:
        """Expire every access token now; return how many were live."""
        expired = len(self._access)
        self._access.clear()
        return expired

    def _new_access(self, refresh: RefreshToken) -> AccessToken:
        now = self._clock.timestamp()
        _forget_before(refresh.creations, now - WINDOW_S)
        if len(refresh.creations) >= CREATIONS_PER_WINDOW:
            raise TokenThrottleError
        refresh.creations.append(now)
        token = AccessToken(_secret(), refresh.scopes, now + ACCESS_TOKEN_LIFETIME_S)
        self._access[token.token] = token
        refresh.live.append(token.token)
        while len(refresh.live) > self._switches.live_access_tokens:
            self._access.pop(refresh.live.popleft(), None)
        return token


def _forget_before(times: deque[float], edge: float) -> None:
    while times and times[0] <= edge:
        times.popleft()


def _secret() -> str:
    return f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
