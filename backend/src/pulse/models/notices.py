"""What people are told in the application, and how far each has read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, Json, SerialId


class Notice(Base):
    """One thing that people of a role should know; `facts` hold what its words need."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_created_at", "created_at"),)

    id: Mapped[SerialId]
    kind: Mapped[str]
    role: Mapped[str]
    """The least role that is told."""
    facts: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[CreatedNow]
    mailed_at: Mapped[datetime | None]
    """When its mail was begun; it is never sent twice."""


class NoticeRead(Base):
    """How far a person has read: every notice up to this one."""

    __tablename__ = "notice_reads"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    read_up_to: Mapped[int] = mapped_column(BigInteger)
