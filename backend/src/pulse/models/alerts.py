"""Changes that a person should look at, and those that no rule has judged yet."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, RecordId, SerialId


class WatchedChange(Base):
    """A line of the change log about a field that a rule watches, until it is judged.

    Written with the line and ended with the alert, each in one transaction: so no line is missed in
    whatever order transactions commit, and none is judged twice.
    """

    __tablename__ = "watched_changes"

    change_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    """Canonical name, as the field map had it when the change was seen."""


class Alert(Base):
    """A change of a deal that passed a threshold; its values, author and side are in the log."""

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint(
            "rule IN ('amount_moved','probability_fell','closing_pushed','stage_backwards')",
            name="rule",
        ),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
        ),
        UniqueConstraint("rule", "change_id"),
        Index("ix_alerts_deal", "deal_id", "changed_at"),
        Index("ix_alerts_changed_at", text("changed_at DESC"), text("id DESC")),
        Index(
            "ix_alerts_open",
            text("changed_at DESC"),
            text("id DESC"),
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
    )

    id: Mapped[SerialId]
    rule: Mapped[str]
    change_id: Mapped[int] = mapped_column(BigInteger)
    """Line of the change log. No foreign key, for the log is never cut."""
    deal_id: Mapped[RecordId]
    changed_at: Mapped[datetime]
    """By the CRM's clock, as the log has it."""
    raised_at: Mapped[CreatedNow]
    size: Mapped[Decimal]
    """How far it moved, signed: percent, points, days or places in the order of stages."""
    threshold: Mapped[int | None]
    """What it was compared with when it was raised; a rule without one has none."""
    old_currency: Mapped[str | None]
    new_currency: Mapped[str | None]
    """Of an amount: in which it was before, and is after."""
    compared_in: Mapped[str | None]
    """Of an amount whose currency changed with it: the base currency, in which it was compared."""
    old_value: Mapped[Decimal | None]
    new_value: Mapped[Decimal | None]
    """Both amounts in that currency, rounded to cents."""
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    """The person's name."""
    acknowledged_by_id: Mapped[UUID | None]
