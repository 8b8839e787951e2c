"""Work that leaves with the data: written in the caller's transaction, sent after its commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, func, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, Json, SerialId


class OutboxMessage(Base):
    """A job to send to the broker. It may arrive twice; it is not lost."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unsent", "available_at", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[SerialId]
    job: Mapped[str]
    payload: Mapped[Json]
    created_at: Mapped[CreatedNow]
    available_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
