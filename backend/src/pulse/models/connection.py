"""The connection to the CRM; every secret in it is encrypted with PULSE_SECRET_KEY."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow


class CrmConnection(Base):
    """Where the CRM is and how we sign in; one row."""

    __tablename__ = "crm_connection"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    accounts_url: Mapped[str]
    base_url: Mapped[str]
    """Host and version to use until a token answer gives its `api_domain`."""
    api_domain: Mapped[str | None]
    client_id: Mapped[str]
    client_secret_encrypted: Mapped[bytes | None]
    """Empty after a disconnect, as every other secret."""
    refresh_token_encrypted: Mapped[bytes | None]
    access_token_encrypted: Mapped[bytes | None]
    token_expires_at: Mapped[datetime | None]
    scopes: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    """Scopes named in the token answer; empty where it named none."""
    is_from_environment: Mapped[bool] = mapped_column(server_default=text("false"))
    refused_at: Mapped[datetime | None]
    """Since when the CRM refuses our sign-in."""
    refusal: Mapped[str | None]
    connected_at: Mapped[datetime] = mapped_column(server_default=func.now())
    connected_by: Mapped[str | None]
    """Name of who connected in the browser; empty where the environment did."""
    generation: Mapped[int] = mapped_column(server_default=text("0"))
    """Grows with each new sign-in and each disconnect: a client of an older one writes nothing."""
    environment_digest: Mapped[str | None]
    """Digest of the environment's connection that was obeyed last: it is obeyed when it changes."""
    token_renewed_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    """When the CRM last answered a check-up or an hourly refresh."""
    probed: Mapped[dict[str, bool] | None] = mapped_column(JSONB)
    """Scope → whether a harmless call was allowed; where token answers name no scopes."""


class ConnectAttempt(Base):
    """A sign-in that was begun in a browser; its state is good for one answer."""

    __tablename__ = "connect_attempts"

    state_digest: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    """The browser's log-in: the answer counts only if the same one brings it."""
    user_name: Mapped[str]
    accounts_url: Mapped[str]
    base_url: Mapped[str]
    client_id: Mapped[str]
    client_secret_encrypted: Mapped[bytes]
    redirect_uri: Mapped[str]
    created_at: Mapped[CreatedNow]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    detail: Mapped[str | None]
    """What happened in a sentence, with the names that belong to it; never a secret."""
