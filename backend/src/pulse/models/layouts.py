"""What the CRM requires of a record by its layout, and the stages of its pipelines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, Json, RecordId


class CrmLayout(Base):
    """A layout of a module as the CRM described it last."""

    __tablename__ = "crm_layouts"

    module: Mapped[str] = mapped_column(primary_key=True)
    layout_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    is_active: Mapped[bool]
    fields: Mapped[Json]
    """API name → `{"required": bool, "options": [[stored value, label], …]}`."""
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CrmPipeline(Base):
    """A sales process of a layout of Deals."""

    __tablename__ = "crm_pipelines"

    layout_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    pipeline_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str]
    """As records carry it in their pipeline field."""
    label: Mapped[str]
    is_default: Mapped[bool]
    stages: Mapped[list[str]] = mapped_column(JSONB)
    """Stored values of the stage field, in order."""
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now())
