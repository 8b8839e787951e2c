"""The mirror of any module: the document, its sync status, every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, Json, RecordId, SerialId


class Document(Base):
    """The values of a record as last agreed with the CRM, in canonical form.

    Fields without a value are absent. `Modified_Time` is the column `crm_modified_at`, not a key.
    """

    __tablename__ = "crm_documents"
    __table_args__ = (
        CheckConstraint("presence IN ('live','deleted','invisible')", name="presence"),
        Index("ix_crm_documents_module_created", "module", "crm_created_at"),
        Index("ix_crm_documents_gone", "module", postgresql_where=text("presence <> 'live'")),
    )

    record_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    module: Mapped[str]
    document: Mapped[Json]
    crm_created_at: Mapped[datetime | None]
    crm_modified_at: Mapped[datetime]
    presence: Mapped[str] = mapped_column(server_default="live")
    gone_at: Mapped[datetime | None]
    watched_at: Mapped[datetime | None]
    """When a gone record was last looked for; the longest unwatched are looked for first."""


class RecordSyncStatus(Base):
    """Whether both sides of a record agree, and which observation of it was applied last.

    An edit and a batch that touch one record lock this row.
    """

    __tablename__ = "record_sync_status"
    __table_args__ = (
        CheckConstraint(
            "sync_status IN ('synced','pending','conflict','error')", name="sync_status"
        ),
        Index(
            "ix_record_sync_status_open",
            "module",
            "sync_status",
            postgresql_where=text("sync_status <> 'synced'"),
        ),
        Index("ix_record_sync_status_observed", "module", "observed_number"),
    )

    id: Mapped[SerialId]
    zoho_record_id: Mapped[RecordId] = mapped_column(unique=True)
    local_record_id: Mapped[int | None] = mapped_column(BigInteger)
    module: Mapped[str]
    sync_status: Mapped[str] = mapped_column(server_default="synced")
    last_sync_at: Mapped[datetime | None]
    local_modified_at: Mapped[datetime | None]
    crm_modified_at: Mapped[datetime | None]
    conflict_fields: Mapped[dict[str, Any] | None]
    error_details: Mapped[str | None]
    observed_number: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The number that the read took before its request was sent."""


class ChangeLogEntry(Base):
    """One field change of one record; or that it was created, deleted or restored (no field)."""

    __tablename__ = "change_log"
    __table_args__ = (
        CheckConstraint("kind IN ('created','updated','deleted','restored')", name="kind"),
        CheckConstraint("side IN ('crm','local')", name="side"),
        CheckConstraint("kind <> 'updated' OR old_value IS DISTINCT FROM new_value", name="change"),
        Index("ix_change_log_record", "record_id", "id"),
        Index("ix_change_log_changed_at", "module", "changed_at"),
    )

    id: Mapped[SerialId]
    module: Mapped[str]
    record_id: Mapped[RecordId]
    kind: Mapped[str]
    field: Mapped[str | None]
    old_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    new_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    side: Mapped[str] = mapped_column(server_default="crm")
    changed_by: Mapped[str | None]
    changed_at: Mapped[datetime]
    """When it changed by the CRM's clock: the record's stamp, or the time of deletion."""
    observed_at: Mapped[CreatedNow]
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("crm_sync_sessions.id", ondelete="SET NULL")
    )
