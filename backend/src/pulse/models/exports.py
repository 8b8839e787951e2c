"""Exports and the files that they made, part by part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow


class Export(Base):
    """A file that somebody asked for; it is gone with its parts when it expires."""

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting','running','completed','failed','cancelled')", name="state"
        ),
        Index("ix_exports_user_id", "user_id", "created_at"),
        Index(
            "ix_exports_open", "created_at", postgresql_where=text("state IN ('waiting','running')")
        ),
        Index("ix_exports_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_accounts.id", ondelete="CASCADE"))
    user_name: Mapped[str]
    kind: Mapped[str]
    """`pulse.core.exports.ExportKind`."""
    format: Mapped[str]
    """`pulse.core.exports.ExportFormat`."""
    query: Mapped[str]
    """Which deals, as of when and in which order, as the page's address says it."""
    subject: Mapped[str | None]
    """Id of the one deal that a slide is about."""
    columns: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    """Keys of the columns of deals; null: the usual ones."""
    words: Mapped[str]
    """The filters as people read them."""
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempt: Mapped[int] = mapped_column(Integer, server_default="0")
    """Grows when a worker takes it: one whose number is older writes nothing any more."""
    heartbeat_at: Mapped[datetime | None]
    rows_done: Mapped[int] = mapped_column(Integer, server_default="0")
    rows_total: Mapped[int | None] = mapped_column(Integer)
    """Rows of deals to be written; null where a file is no list."""
    created_at: Mapped[CreatedNow]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    file_name: Mapped[str | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]


class ExportPart(Base):
    """A piece of a file; all of them appear in one transaction with the end of the export."""

    __tablename__ = "export_parts"

    export_id: Mapped[UUID] = mapped_column(
        ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
