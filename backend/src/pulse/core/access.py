"""Roles: who may do what, in one order.

A viewer reads. An editor also starts and stops syncs and edits. An admin also decides how the
product works: connection, field map, settings, users, tokens.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person or a token may do; each role includes the ones before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Return the place in the order, from 0."""
        return tuple(Role).index(self)

    def allows(self, needed: Role) -> bool:
        """Return whether this role is enough where `needed` is asked for."""
        return self.rank >= needed.rank


class Via(StrEnum):
    """How somebody who does something came in."""

    SESSION = "session"
    """A log-in in a browser."""
    TOKEN = "token"  # noqa: S105 - a word, no secret
    """An API token."""
    CLI = "cli"
    """A command on the server."""
    SYSTEM = "system"
    """The product itself."""
