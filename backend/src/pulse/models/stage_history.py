"""The stages that deals went through before the mirror looked, as the CRM kept them."""

from __future__ import annotations

from datetime import (
    date,
    datetime,
)
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, RecordId


class StageEntry(Base):
    """One row of the CRM's module `DealHistory`: a deal entered a stage.

    What we observed ourselves is in `deal_versions`; nothing there is ever copied here.
    """

    __tablename__ = "stage_history"
    __table_args__ = (
        Index(
            "ix_stage_history_stays",
            "deal_id",
            "entered_at",
            postgresql_include=["stage", "left_at"],
            postgresql_where=text("is_start"),
        ),
    )

    id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    """The CRM's id of the row."""
    deal_id: Mapped[RecordId]
    stage: Mapped[str]
    entered_at: Mapped[datetime]
    is_start: Mapped[bool] = mapped_column(server_default=text("false"))
    """A stay begins here. False until the import that brought the row is complete, and for rows
    that only repeat the stage before: the CRM may note other changes too."""
    left_at: Mapped[datetime | None]
    """When the next stay began; null: the CRM knew no later one."""
    amount: Mapped[Decimal | None]
    probability: Mapped[Decimal | None]
    closing_date: Mapped[date | None]
    entered_by: Mapped[int | None] = mapped_column(BigInteger)
    """Id of the CRM's user."""
    imported_at: Mapped[CreatedNow]


class StageHistoryImport(Base):
    """One import of the CRM's stage history; at most one is open."""

    __tablename__ = "stage_history_imports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting','running','completed','failed','unavailable')", name="state"
        ),
        Index(
            "uq_stage_history_imports_open",
            text("(true)"),
            unique=True,
            postgresql_where=text("state IN ('waiting','running')"),
        ),
        Index("ix_stage_history_imports_requested_at", "requested_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    """`pulse.core.stage_history.ImportState`."""
    requested_by: Mapped[str]
    """Name of a person, or `first sync`."""
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    source: Mapped[str | None]
    """How the rows are read (`pulse.sync.planner.Source`)."""
    reason: Mapped[str | None]
    """Why in this way."""
    # Any: what each source needs to go on.
    checkpoint: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True))
    """Saved in the transaction of the rows that it covers."""
    rows_total: Mapped[int | None] = mapped_column(Integer)
    rows_read: Mapped[int] = mapped_column(Integer, server_default="0")
    rows_kept: Mapped[int] = mapped_column(Integer, server_default="0")
    """Without those of deals that were deleted since, which name no deal."""
    calls: Mapped[int] = mapped_column(Integer, server_default="0")
    credits: Mapped[int] = mapped_column(Integer, server_default="0")
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    error_fix: Mapped[str | None]
    next_try_at: Mapped[datetime | None]
    """When a failed import is tried again by itself; null: a person has to ask."""
