"""The mirror of any module: the document, its sync status, every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Sequence, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, Json, RecordId, SerialId


class Document(Base):
    """The values of a record as last agreed with the CRM, in canonical form.

    Fields without a value are absent. `Modified_Time` is `RecordSyncStatus.crm_modified_at`, not a
    key here: a stamp that moves alone must not rewrite a document.
    """

    __tablename__ = "crm_documents"

    record_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    module: Mapped[str]
    document: Mapped[Json]


class RecordSyncStatus(Base):
    """What we know of a record beside its values; narrow, so that counting is cheap.

    An edit and a batch that touch one record lock this row.
    """

    __tablename__ = "record_sync_status"
    __table_args__ = (
        CheckConstraint(
            "sync_status IN ('synced','pending','conflict','error')", name="sync_status"
        ),
        CheckConstraint("presence IN ('live','deleted','invisible')", name="presence"),
        Index(
            "ix_record_sync_status_open",
            "module",
            "sync_status",
            postgresql_where=text("sync_status <> 'synced'"),
        ),
        Index(
            "ix_record_sync_status_gone",
            "module",
            "watched_at",
            postgresql_where=text("presence <> 'live'"),
        ),
        Index("ix_record_sync_status_created", "module", "crm_created_at"),
        Index(
            "ix_record_sync_status_stale_details",
            "module",
            postgresql_where=text("details_stamp <> crm_modified_at"),
        ),
        Index("ix_record_sync_status_modified", "module", "crm_modified_at"),
        # Room on the page, and no index on what every read moves: most updates stay in place.
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[SerialId]
    zoho_record_id: Mapped[RecordId] = mapped_column(unique=True)
    local_record_id: Mapped[int | None] = mapped_column(BigInteger)
    module: Mapped[str]
    sync_status: Mapped[str] = mapped_column(server_default="synced")
    presence: Mapped[str] = mapped_column(server_default="live")
    """Whether the CRM still shows the record to us (`pulse.core.sync.Presence`)."""
    last_sync_at: Mapped[datetime | None]
    local_modified_at: Mapped[datetime | None]
    crm_created_at: Mapped[datetime | None]
    crm_modified_at: Mapped[datetime | None]
    """The stamp of the observation that was applied last."""
    observed_number: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The number that this read took before its request was sent."""
    details_stamp: Mapped[datetime | None]
    """The stamp as of which the fields were read that only a single-record read gives."""
    gone_at: Mapped[datetime | None]
    """When it was deleted in the CRM, or when we noticed that it is not shown any more."""
    watched_at: Mapped[datetime | None]
    """When a gone record was last looked for in vain, in CRM time; the longest ago come first."""
    conflict_fields: Mapped[dict[str, Any] | None]
    error_details: Mapped[str | None]


observation_number = Sequence("observation_number", metadata=Base.metadata)
"""Every read takes a number before its request is sent; a later read has a greater one."""


class ChangeLogEntry(Base):
    """One field change of one record; or that it was created, deleted or restored (no field)."""

    __tablename__ = "change_log"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('created','updated','learned','deleted','restored','dropped')", name="kind"
        ),
        CheckConstraint("side IN ('crm','local')", name="side"),
        CheckConstraint("kind <> 'updated' OR old_value IS DISTINCT FROM new_value", name="change"),
        Index("ix_change_log_record", "record_id", "id"),
        Index("ix_change_log_changed_at", "module", "changed_at"),
        # What people see arrive: no first reading, neither of a record nor of a field.
        Index(
            "ix_change_log_arrivals",
            "module",
            "id",
            postgresql_where=text(
                "kind NOT IN ('learned','dropped') AND (kind <> 'created' OR new_value IS NOT NULL)"
            ),
        ),
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
    session_id: Mapped[UUID | None]
    """The run that saw it. No foreign key: its check, row by row, was a third of writing the log,
    and each would lock the session's row, on which every batch notes its progress."""
