"""Local edits that the CRM has not accepted yet, one row for each revision of a field."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, RecordId, SerialId


class PendingChange(Base):
    """One local edit of one field: what was agreed, what we want, who, when, and where it stands.

    Of a record's field there is at most one *open* revision (queued, in conflict or refused), which
    later edits fold into, and at most one that was *sent*: that one is frozen until its fate is
    known. An edit made meanwhile is the open one, and its base is the value that was sent.
    Values are canonical (`pulse.sync.domain.canonical`); null is empty. Rows end by deletion: what
    they brought about is told by the change log.
    """

    __tablename__ = "pending_changes"
    __table_args__ = (
        CheckConstraint("state IN ('queued','sent','conflict','error')", name="state"),
        CheckConstraint(
            "NOT is_base_known OR base_value IS DISTINCT FROM new_value", name="change"
        ),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index(
            "uq_pending_changes_open",
            "record_id",
            "field",
            unique=True,
            postgresql_where=text("state <> 'sent'"),
        ),
        Index(
            "uq_pending_changes_sent",
            "record_id",
            "field",
            unique=True,
            postgresql_where=text("state = 'sent'"),
        ),
        Index("ix_pending_changes_record_id", "record_id"),
        Index("ix_pending_changes_state", "module", "state", "id"),
    )

    id: Mapped[SerialId]
    module: Mapped[str]
    record_id: Mapped[RecordId]
    field: Mapped[str]
    """API name."""
    # Any: canonical values are texts, numbers, booleans or lists.
    base_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    """Last agreed value when the edit was made."""
    is_base_known: Mapped[bool] = mapped_column(server_default=text("true"))
    """False where the field had never been read."""
    new_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(server_default="queued")
    """`pulse.sync.domain.merge.ChangeState`."""
    source: Mapped[str] = mapped_column(server_default="edit")
    """What made the edit: `edit`, `small_batch`, `undo`, `resolution`."""
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    created_at: Mapped[CreatedNow]
    edited_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When the value was typed that now stands."""
    session_id: Mapped[UUID | None]
    crm_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    """Of a conflict: what the CRM holds."""
    crm_modified_at: Mapped[datetime | None]
    crm_modified_by: Mapped[str | None]
    """Id of the CRM's user who changed the record last."""
    conflict_since: Mapped[datetime | None]
    is_record_gone: Mapped[bool] = mapped_column(server_default=text("false"))
    """The conflict is on the record: it was deleted in the CRM."""
    awaits_timeline: Mapped[bool] = mapped_column(server_default=text("false"))
    """The newest is to win, and only the record's timeline tells when the CRM's field changed."""
    is_skipped: Mapped[bool] = mapped_column(server_default=text("false"))
    """Hidden from the queue of conflicts until either side changes again."""
    is_resolved: Mapped[bool] = mapped_column(server_default=text("false"))
    """The local value was chosen over `resolved_against`; for a record that is gone: restore it."""
    resolved_against: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    error_field: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    next_try_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_guard: Mapped[datetime | None]
    """If-Unmodified-Since of the first sending; a resend keeps it."""
    sent_by: Mapped[UUID | None]
    """Which run of the push sent it."""
