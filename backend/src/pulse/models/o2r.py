"""Opportunity to revenue: what people here add to a deal, none of which the CRM keeps.

A past week is asked again and again, so nothing is overwritten that was true then: milestones are
statements of which the newest holds, blockers and flags have a beginning and an end, and action
items keep each of their versions.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, RecordId, SerialId

_PRIORITIES = "priority IN ('high','medium','low')"


class O2rMilestone(Base):
    """One statement on a deal's milestone: when it is planned, and when it happened.

    The newest statement of a deal's milestone (greatest `id`) holds, whole: null dates are unset.
    `actual_on` speaks of milestones that are kept here alone; one that is mapped to a CRM field
    happened when that field says.
    """

    __tablename__ = "o2r_milestones"
    __table_args__ = (
        Index("ix_o2r_milestones_deal_id", "deal_id", "milestone", "id"),
        Index("ix_o2r_milestones_set_at", "set_at"),
    )

    id: Mapped[SerialId]
    deal_id: Mapped[RecordId]
    milestone: Mapped[str]
    """`pulse.core.o2r`: the milestone's key."""
    planned_on: Mapped[date | None]
    actual_on: Mapped[date | None]
    set_at: Mapped[CreatedNow]
    set_by: Mapped[UUID | None]
    set_by_name: Mapped[str]


class O2rBlocker(Base):
    """Something that holds a deal up, from `opened_at` until `resolved_at`.

    It was open at a moment t when `withdrawn_at` is null, opened_at ≤ t, and resolved_at is null
    or later than t. One that comes back is a new one, so that past weeks stay as they were; only
    an undo takes back a resolution or, by `withdrawn_at`, the whole blocker as if never opened.
    """

    __tablename__ = "o2r_blockers"
    __table_args__ = (
        CheckConstraint("resolved_at IS NULL OR resolved_at >= opened_at", name="order"),
        Index("ix_o2r_blockers_deal_id", "deal_id", "opened_at"),
        Index(
            "ix_o2r_blockers_open",
            "deal_id",
            postgresql_where=text("resolved_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[SerialId]
    deal_id: Mapped[RecordId]
    title: Mapped[str]
    opened_at: Mapped[CreatedNow]
    opened_by: Mapped[UUID | None]
    opened_by_name: Mapped[str]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]
    resolved_by_name: Mapped[str | None]
    resolution: Mapped[str | None]
    """What ended it, in words."""
    withdrawn_at: Mapped[datetime | None]


class O2rComment(Base):
    """What somebody wrote about a deal; `deleted_at` hides it and can be taken back."""

    __tablename__ = "o2r_comments"
    __table_args__ = (Index("ix_o2r_comments_deal_id", "deal_id", "created_at"),)

    id: Mapped[SerialId]
    deal_id: Mapped[RecordId]
    text: Mapped[str]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    created_at: Mapped[CreatedNow]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class O2rAction(Base):
    """Something to be done, for a deal or (`deal_id` null) in general, as it stands now."""

    __tablename__ = "o2r_actions"
    __table_args__ = (
        CheckConstraint(_PRIORITIES, name="priority"),
        Index("ix_o2r_actions_deal_id", "deal_id"),
        Index("ix_o2r_actions_open", "due_on", postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[SerialId]
    deal_id: Mapped[int | None] = mapped_column(BigInteger)
    title: Mapped[str]
    priority: Mapped[str]
    owner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("user_accounts.id", ondelete="SET NULL")
    )
    """Who is to do it: a person who logs in here."""
    due_on: Mapped[date | None]
    created_at: Mapped[CreatedNow]
    created_by: Mapped[UUID | None]
    created_by_name: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]
    done_by_name: Mapped[str | None]
    deleted_at: Mapped[datetime | None]


class O2rActionVersion(Base):
    """An action item as it stood over a range of time: `valid_from` ≤ t < `valid_to`.

    The version that holds now has `valid_to` infinity and equals the row of `o2r_actions`.
    """

    __tablename__ = "o2r_action_versions"
    __table_args__ = (Index("ix_o2r_action_versions_valid", "valid_to", "valid_from"),)

    action_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("o2r_actions.id", ondelete="CASCADE"), primary_key=True
    )
    valid_from: Mapped[datetime] = mapped_column(primary_key=True)
    valid_to: Mapped[datetime] = mapped_column(server_default=text("'infinity'"))
    deal_id: Mapped[int | None] = mapped_column(BigInteger)
    title: Mapped[str]
    priority: Mapped[str]
    owner_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class StrategicAccount(Base):
    """An account that is strategic from `set_at` until `unset_at`; its deals are flagged."""

    __tablename__ = "strategic_accounts"
    __table_args__ = (
        CheckConstraint("unset_at IS NULL OR unset_at >= set_at", name="order"),
        Index(
            "uq_strategic_accounts_now",
            "account_id",
            unique=True,
            postgresql_where=text("unset_at IS NULL"),
        ),
        Index("ix_strategic_accounts_account_id", "account_id", "set_at"),
    )

    id: Mapped[SerialId]
    account_id: Mapped[RecordId]
    set_at: Mapped[CreatedNow]
    set_by: Mapped[UUID | None]
    set_by_name: Mapped[str]
    unset_at: Mapped[datetime | None]
    unset_by: Mapped[UUID | None]
    unset_by_name: Mapped[str | None]
