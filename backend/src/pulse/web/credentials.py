"""The secrets by which a request proves who it is: made here, kept as hashes only.

A browser carries a session's token in a cookie that scripts cannot read. A program sends an API
token as `Authorization: Bearer pp_…`. Both are 256 random bits, so a plain SHA-256 is enough to
keep them by: nobody can guess their way to one.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fastapi import Request

SESSION_COOKIE: Final = "pulse_session"
TOKEN_PREFIX: Final = "pp_"  # noqa: S105 - a prefix, by which scanners for leaked keys find them
IDLE_EXPIRY: Final = timedelta(days=7)
"""A session that was not used for so long has ended."""
ABSOLUTE_EXPIRY: Final = timedelta(days=30)
"""A session ends after so long in any case."""
_RANDOM_BYTES: Final = 32


def new_session_secret() -> str:
    """Return the token of a new browser session."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def new_token_secret() -> str:
    """Return a new API token."""
    return TOKEN_PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).digest()


def bearer_of(request: Request) -> str | None:
    """Return the token in the Authorization header, if there is one."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" and value.strip() else None
