"""Live field metadata, the field map, and what changed in the CRM's schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, Json, RecordId, SerialId


class CrmField(Base):
    """A field of a module as the CRM described it last; removed fields stay, dated."""

    __tablename__ = "crm_fields"

    module: Mapped[str] = mapped_column(primary_key=True)
    field_id: Mapped[RecordId] = mapped_column(primary_key=True)
    api_name: Mapped[str]
    label: Mapped[str]
    data_type: Mapped[str]
    json_type: Mapped[str | None]
    length: Mapped[int | None]
    is_custom: Mapped[bool]
    is_read_only: Mapped[bool]
    is_mandatory: Mapped[bool]
    pick_list: Mapped[list[str] | None]
    lookup_module: Mapped[str | None]
    document: Mapped[Json]
    first_seen_at: Mapped[CreatedNow]
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    removed_at: Mapped[datetime | None]


class FieldMapEntry(Base):
    """Which API name stands for a canonical field; chosen by a person or proposed."""

    __tablename__ = "field_map"

    module: Mapped[str] = mapped_column(primary_key=True)
    canonical_name: Mapped[str] = mapped_column(primary_key=True)
    api_name: Mapped[str]
    is_chosen: Mapped[bool]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class SchemaEvent(Base):
    """A field that was added, renamed, retyped or removed in the CRM."""

    __tablename__ = "schema_events"
    __table_args__ = (
        CheckConstraint("kind IN ('added','renamed','removed','retyped','returned')", name="kind"),
    )

    id: Mapped[SerialId]
    module: Mapped[str]
    kind: Mapped[str]
    api_name: Mapped[str]
    details: Mapped[dict[str, Any] | None]
    noticed_at: Mapped[CreatedNow]
