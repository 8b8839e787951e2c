"""The connection to the CRM; every secret in it is encrypted with PULSE_SECRET_KEY."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base


class CrmConnection(Base):
    """Where the CRM is and how we sign in; one row."""

    __tablename__ = "crm_connection"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    accounts_url: Mapped[str]
    base_url: Mapped[str]
    """Host and version to use until a token answer gives its `api_domain`."""
    api_domain: Mapped[str | None]
    client_id: Mapped[str]
    client_secret_encrypted: Mapped[bytes]
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
