"""Runs of sync: the session, its log, the lease that makes it the only one, the module's cursor."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, func, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, Json, SerialId


class SyncSession(Base):
    """One run of a sync or bulk operation."""

    __tablename__ = "crm_sync_sessions"
    __table_args__ = (
        CheckConstraint(
            "sync_type IN ('full_sync','incremental','manual','webhook','reconcile',"
            "'small_batch','mass_update','bulk_write')",
            name="sync_type",
        ),
        CheckConstraint(
            "status IN ('pending','in_progress','completed','failed','cancelled')", name="status"
        ),
        # One run a module: the database refuses the second, whatever the callers do.
        Index(
            "uq_crm_sync_sessions_open_pull",
            "module",
            unique=True,
            postgresql_where=text(
                "status IN ('pending','in_progress')"
                " AND sync_type IN ('full_sync','incremental','reconcile')"
            ),
        ),
        Index("ix_crm_sync_sessions_started_at", "started_at"),
        Index("ix_crm_sync_sessions_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    module: Mapped[str]
    sync_type: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="pending")
    created_at: Mapped[CreatedNow]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    records_processed: Mapped[int] = mapped_column(Integer, server_default="0")
    records_total: Mapped[int | None]
    records_changed: Mapped[int] = mapped_column(Integer, server_default="0")
    api_calls_made: Mapped[int] = mapped_column(Integer, server_default="0")
    credits_used: Mapped[int] = mapped_column(Integer, server_default="0")
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    requested_by: Mapped[str] = mapped_column(server_default="schedule")
    cancel_requested_at: Mapped[datetime | None]
    # `metadata` is reserved by SQLAlchemy: it is the column's name only.
    facts: Mapped[Json] = mapped_column("metadata", server_default=text("'{}'"))
    """Request options, plan, where the cursor was, counts: see `docs/architecture/pull.md`."""
    checkpoint: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    """Slice → last id and whether it is done; saved in the transaction of the data it covers."""


class SyncStatusLog(Base):
    """What a run said of itself, line by line."""

    __tablename__ = "sync_status_log"
    __table_args__ = (Index("ix_sync_status_log_session_id", "session_id", "timestamp"),)

    id: Mapped[SerialId]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("crm_sync_sessions.id", ondelete="CASCADE"))
    timestamp: Mapped[CreatedNow]
    step: Mapped[str | None]
    """Which part of the run speaks: a slice of its load by name, or `plan`, `changes`, `done`."""
    status: Mapped[str]
    message: Mapped[str]
    record_count: Mapped[int | None]
    api_response: Mapped[dict[str, Any] | None]


class SyncLease(Base):
    """Who may run a module now. Every write of a run checks the fencing number."""

    __tablename__ = "sync_leases"

    module: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("crm_sync_sessions.id", ondelete="SET NULL")
    )
    owner: Mapped[str]
    fence: Mapped[int] = mapped_column(BigInteger, server_default="1")
    heartbeat_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SyncCursor(Base):
    """Where the next pull of a module starts, in CRM time."""

    __tablename__ = "sync_cursors"

    module: Mapped[str] = mapped_column(primary_key=True)
    changed_since: Mapped[datetime]
    deleted_since: Mapped[datetime]
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("crm_sync_sessions.id", ondelete="SET NULL")
    )
    full_sync_at: Mapped[datetime | None]
    """When the last full load was proven complete."""
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
