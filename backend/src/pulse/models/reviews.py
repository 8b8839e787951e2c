"""Weekly reviews that were asked for by mail: each goes out once at most."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from pulse.db.base import Base, CreatedNow, SerialId


class WeeklyReviewMail(Base):
    """One mailing of a week's review: by schedule, or asked for by a person."""

    __tablename__ = "weekly_reviews"
    __table_args__ = (
        CheckConstraint("kind IN ('scheduled','to_all','to_self')", name="kind"),
        CheckConstraint("(kind = 'scheduled') = (asked_by IS NULL)", name="asked_by"),
        Index(
            "uq_weekly_reviews_scheduled",
            "week",
            unique=True,
            postgresql_where=text("kind = 'scheduled'"),
        ),
        Index("ix_weekly_reviews_asked_at", "asked_at"),
    )

    id: Mapped[SerialId]
    week: Mapped[date]
    """Its Monday."""
    region: Mapped[str | None]
    """The territory that it is of: empty for deals without one, null for all."""
    kind: Mapped[str]
    asked_at: Mapped[CreatedNow]
    asked_by: Mapped[UUID | None]
    """Null: the schedule."""
    asked_by_name: Mapped[str]
    mailed_at: Mapped[datetime | None]
    """When its mail was begun; it is never sent twice."""
    letters: Mapped[int | None]
    """To how many addresses it went."""
    taken: Mapped[int | None]
    """How many of these the mail server took; null while it is sent, or if that was cut off."""
    failure: Mapped[str | None]
    """Why the mail server took nothing when it was tried last."""
