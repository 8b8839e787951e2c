"""Who wrote what. Rows are only ever added: a trigger refuses anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, SerialId


class AuditEntry(Base):
    """One write. It names the person as of then and outlives the account."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_at", "at"),
        Index("ix_audit_log_user_id", "user_id", "id"),
        Index("ix_audit_log_action", "action", "id"),
        Index("ix_audit_log_subject", "kind", "subject", "id"),
    )

    id: Mapped[SerialId]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    user_id: Mapped[UUID | None]
    user_name: Mapped[str]
    role: Mapped[str]
    via: Mapped[str]
    address: Mapped[str | None]
    action: Mapped[str]
    """A dotted constant, as `settings.changed`."""
    kind: Mapped[str]
    """What kind of thing was written, as `user`."""
    subject: Mapped[str | None]
    """Which one: its id or key."""
    name: Mapped[str | None]
    """What people call it."""
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
