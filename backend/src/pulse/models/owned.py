"""Fields that the product created in the CRM for itself, and what it has written into them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, RecordId, SerialId


class OwnedField(Base):
    """Which field of the CRM plays a role of `pulse.core.owned`; its API name is in `crm_fields`.

    The id stays when somebody renames the field, so a rename is followed by itself.
    """

    __tablename__ = "owned_fields"
    __table_args__ = (UniqueConstraint("module", "field_id"),)

    module: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    field_id: Mapped[RecordId]
    mapped_at: Mapped[CreatedNow]


class OwnedValue(Base):
    """What one record's owned fields hold in the CRM, as far as we wrote it."""

    __tablename__ = "owned_values"
    __table_args__ = (
        CheckConstraint("state IN ('done','sent','refused')", name="state"),
        Index("ix_owned_values_state", "module", "state", postgresql_where=text("state <> 'done'")),
    )

    record_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    module: Mapped[str]
    # Any: texts and numbers, by role.
    written: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Role → value that the CRM took."""
    state: Mapped[str] = mapped_column(server_default="done")
    """`sent`: a write is on its way, or its answer was lost. `refused`: the CRM minded."""
    wanted: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Role → value that is on its way."""
    changed_at: Mapped[datetime | None]
    """While a write is on its way: when somebody last edited the record, as far as it was read."""
    echo_at: Mapped[datetime | None]
    """Stamp of the version that our last write made."""
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    next_try_at: Mapped[datetime | None]
    settled_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WriteBack(Base):
    """One run that wrote owned values; what it spent counts against its share of the day."""

    __tablename__ = "write_backs"
    __table_args__ = (Index("ix_write_backs_ended_at", "module", "ended_at"),)

    id: Mapped[SerialId]
    module: Mapped[str]
    ended_at: Mapped[CreatedNow]
    records: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    calls: Mapped[int] = mapped_column(Integer)
    credits: Mapped[int] = mapped_column(Integer)
    trouble: Mapped[str | None]
    """What ended it early, as a sentence."""
