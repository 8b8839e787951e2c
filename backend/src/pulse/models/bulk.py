"""What a bulk operation does to each of its records."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, Json, RecordId


class BulkItem(Base):
    """One record of a bulk operation: values before and after, by field, and how it went."""

    __tablename__ = "bulk_items"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting','sent','done','unchanged','failed','left_alone')", name="state"
        ),
        Index("ix_bulk_items_state", "session_id", "state", "position"),
    )

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("crm_sync_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    record_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer)
    record_name: Mapped[str | None]
    # Any: canonical values are texts, numbers, booleans or lists; null is empty.
    before: Mapped[dict[str, Any] | None]
    """API name → value that the write replaced; none until it is known."""
    after: Mapped[Json]
    """API name → value to write."""
    state: Mapped[str] = mapped_column(server_default="waiting")
    """`pulse.core.bulk.ItemState`."""
    chunk: Mapped[int | None] = mapped_column(Integer)
    """Which call of the operation takes it."""
    sent_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    crm_modified_at: Mapped[datetime | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    error_field: Mapped[str | None]
