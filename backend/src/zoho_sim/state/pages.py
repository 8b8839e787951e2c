"""Page tokens: where a walk stands, whose it is, and which parameters it must keep."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from zoho_sim.behaviour.clock import Clock

LIFETIME_S = 86_400


class UnknownPageTokenError(LookupError):
    """No such token, or the other parameters are not those it was given for."""


class ExpiredPageTokenError(Exception):
    """The token is more than 24 hours old."""


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Where the next page begins: after this sort key, with so many rows already handed out."""

    after: Hashable
    rows_before: int
    page: int
    expires_at: float
    previous: str | None = None


class PageTokens:
    """Issued tokens, each bound to a user and to every other parameter of its walk."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, tuple[Hashable, PagePosition]] = {}
        self._expired: set[str] = set()

    def issue(
        self,
        binding: Hashable,
        *,
        after: Hashable,
        rows_before: int,
        page: int,
        previous: str | None = None,
    ) -> tuple[str, float]:
        """Return a token for the next page, and when it expires."""
        now = self._clock.timestamp()
        self._forget_stale(now)
        token = secrets.token_hex(16)
        expires_at = now + LIFETIME_S
        position = PagePosition(after, rows_before, page, expires_at, previous)
        self._issued[token] = (binding, position)
        return token, expires_at

    def position(self, token: str, binding: Hashable) -> PagePosition:
        """Return where a token's page begins, if the binding is the same and it is not expired."""
        if token in self._expired:
            raise ExpiredPageTokenError(token)
        if token not in self._issued:
            raise UnknownPageTokenError(token)
        bound, position = self._issued[token]
        if position.expires_at <= self._clock.timestamp():
            raise ExpiredPageTokenError(token)
        if bound != binding:
            raise UnknownPageTokenError(token)
        return position

    def expire_all(self) -> int:
        """Expire every token now; return how many were live."""
        expired = len(self._issued)
        self._expired.update(self._issued)
        self._issued.clear()
        return expired

    def _forget_stale(self, now: float) -> None:
        """Drop tokens that expired over a day ago; the dict is ordered by age."""
        while self._issued:
            oldest = next(iter(self._issued))
            if self._issued[oldest][1].expires_at + LIFETIME_S > now:
                return
            del self._issued[oldest]
