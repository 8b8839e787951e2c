"""People who use the product, how they are signed in, and their API tokens.

Secrets are kept as hashes: passwords by argon2, the random tokens of sessions and programs by
SHA-256, which is enough for 256 random bits and quick enough for every request.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow

_ROLES = "role IN ('viewer','editor','admin')"


class UserAccount(Base):
    """A person who may log in; CRM users are another table."""

    __tablename__ = "user_accounts"
    __table_args__ = (
        CheckConstraint(_ROLES, name="role"),
        # One person, however the address is typed.
        CheckConstraint("email = lower(email)", name="email_is_lower"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    must_change_password: Mapped[bool] = mapped_column(server_default=text("false"))
    """The password is a temporary one that somebody else has seen."""
    created_at: Mapped[CreatedNow]
    last_login_at: Mapped[datetime | None]


class BrowserSession(Base):
    """One log-in of a browser. It ends at `expires_at`, or when it was idle for too long."""

    __tablename__ = "browser_sessions"
    __table_args__ = (Index("ix_browser_sessions_user_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_accounts.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    """Kept to the minute: it is written at most once in 60 s."""
    expires_at: Mapped[datetime]
    address: Mapped[str | None]
    user_agent: Mapped[str | None]


class ApiToken(Base):
    """A key for a program, which acts as its owner with at most the owner's role."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        CheckConstraint(_ROLES, name="role"),
        Index("ix_api_tokens_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_accounts.id", ondelete="CASCADE"))
    name: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    hint: Mapped[str]
    """The token's first characters, by which its owner knows it again."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class LoginTries(Base):
    """Wrong passwords for one e-mail from one address; the e-mail need not be anybody's."""

    __tablename__ = "login_tries"

    email: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    last_try_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]
