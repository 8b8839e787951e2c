"""Views that people saved: an address of a page under a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base

_KEPT = text("deleted_at IS NULL")


class SavedView(Base):
    """One view. A deleted one is kept for a while, so that deleting can be taken back."""

    __tablename__ = "saved_views"
    __table_args__ = (
        CheckConstraint("page IN ('analysis','deals','opportunities')", name="page"),
        # One name, however it is typed, for each person and page.
        Index(
            "uq_saved_views_name",
            "owner_id",
            "page",
            text("lower(name)"),
            unique=True,
            postgresql_where=_KEPT,
        ),
        Index(
            "ix_saved_views_shared",
            "page",
            postgresql_where=text("is_shared AND deleted_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    """The query string of the page's address, without the question mark."""
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_accounts.id", ondelete="CASCADE"))
    is_shared: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
