"""Passwords: what is accepted, how they are kept, how one is checked without giving anything away.

argon2id with the library's parameters (RFC 9106, low memory). Each check takes 64 MiB and a core
for some 50 ms, so only a few run at a time: strangers can make us check.
"""

from __future__ import annotations

import asyncio
import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pulse.kit.errors import InvalidInputError

SHORTEST: Final = 12
LONGEST: Final = 256
"""More says nothing more, and would be work for us."""
_FEWEST_DIFFERENT: Final = 5
_AT_ONCE: Final = 2
# No I, l, 1, O or 0: it is read out and typed in once.
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_TEMPORARY_LENGTH: Final = 16


class WeakPasswordError(InvalidInputError):
    """The password is too easy to guess, or no new one."""

    code = "weak_password"
    title = "Password not accepted"


def weak_password(reason: str) -> WeakPasswordError:
    """Return the error of a password that is not accepted."""
    return WeakPasswordError(
        f"new_password: {reason}",
        fix=f"Choose one of at least {SHORTEST} characters; a few words do well.",
        extra={"field": "new_password"},
    )


_HASHER: Final = PasswordHasher()


@cache
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    # What the password of nobody is compared with: it takes as long, and never matches. Made once
    # a process, before the first log-in, so that not even the first one tells who exists.
    return hasher.hash(secrets.token_urlsafe())


class Passwords:
    """Makes and checks hashes, off the event loop and a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or _HASHER
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._of_nobody = _hash_of_nobody(self._hasher)

    async def hash_of(self, password: str) -> str:
        """Return the hash to keep of a password."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def are_equal(self, kept: str | None, password: str) -> bool:
        """Return whether a password is the one that `kept` was made of; None is nobody's."""
        async with self._free:
            return await asyncio.to_thread(self._verify, kept or self._of_nobody, password)

    def is_outdated(self, kept: str) -> bool:
        """Return whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False


def require_strong(password: str, *, email: str, current: str | None = None) -> None:
    """Raise WeakPasswordError if a password is not good enough for the account `email`."""
    if len(password) < SHORTEST:
        raise weak_password(f"It has fewer than {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise weak_password(f"It has more than {LONGEST} characters.")
    if len(set(password.lower())) < _FEWEST_DIFFERENT:
        raise weak_password("It repeats a few characters.")
    if email.partition("@")[0] in password.lower() and len(email.partition("@")[0]) > 3:  # noqa: PLR2004 - shorter names are in too many words
        raise weak_password("It contains the e-mail address.")
    if password == current:
        raise weak_password("It is the password that you have now.")


def temporary_password() -> str:
    """Return a password to be handed over once and changed at the first log-in (93 bits)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_TEMPORARY_LENGTH))
