"""What is filtered and summed: the narrow deal, its versions in time, the account."""

from __future__ import annotations

from datetime import (
    date,
    datetime,
)
from decimal import Decimal  # noqa: TC003 - SQLAlchemy reads annotations at runtime
from typing import Final

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, CreatedNow, RecordId


class DealFacts:
    """The canonical fields of a deal other than its id and stamps (`pulse.core.fields`)."""

    name: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None]
    exchange_rate: Mapped[Decimal | None]
    probability: Mapped[Decimal | None]
    stage: Mapped[str | None]
    closing_date: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    crm_created_at: Mapped[datetime | None]
    country: Mapped[str | None]
    business_region: Mapped[str | None]
    solution_type: Mapped[str | None]
    funding_type: Mapped[str | None]
    market_segment: Mapped[str | None]
    proposal_submitted_on: Mapped[date | None]
    po_generated_on: Mapped[date | None]
    kicked_off_on: Mapped[date | None]
    invoiced_on: Mapped[date | None]
    payment_received_on: Mapped[date | None]
    revenue_recognised_on: Mapped[date | None]


# What is summed and grouped, beside the columns that an index is ordered by.
_CARRIED: Final = (
    "probability", "amount", "currency", "exchange_rate", "country", "owner_id", "account_id",
    "business_region", "solution_type", "funding_type", "market_segment",
)  # fmt: skip

# What phases and health are judged by, and what opportunities are summed by.
_ON_ITS_WAY: Final = (
    "id", "probability", "closing_date", "crm_created_at", "crm_modified_at",
    "proposal_submitted_on", "po_generated_on", "kicked_off_on", "invoiced_on",
    "payment_received_on", "amount", "currency", "exchange_rate", "business_region",
)  # fmt: skip


class Deal(DealFacts, Base):
    """A deal as analytics see it. Records that are gone stay, marked, and out of all totals."""

    __tablename__ = "deals"
    __table_args__ = (
        Index("ix_deals_closing_date", "closing_date", postgresql_where=text("is_live")),
        Index("ix_deals_crm_modified_at", "crm_modified_at"),
        # Answers analytics without the table: how deals stand leads, what is summed rides along.
        Index(
            "ix_deals_analytics",
            "stage",
            "closing_date",
            postgresql_include=["id", *_CARRIED],
            postgresql_where=text("is_live"),
        ),
        # The same for opportunity to revenue: realised revenue, health, pace.
        Index(
            "ix_deals_o2r",
            "stage",
            "revenue_recognised_on",
            postgresql_include=list(_ON_ITS_WAY),
            postgresql_where=text("is_live"),
        ),
    )

    id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    is_live: Mapped[bool] = mapped_column(server_default=text("true"))
    crm_modified_at: Mapped[datetime]


class DealVersion(DealFacts, Base):
    """A deal's narrow columns over a range of CRM time: `valid_from` ≤ t < `valid_to`."""

    __tablename__ = "deal_versions"
    __table_args__ = (
        Index("ix_deal_versions_valid", "valid_to", "valid_from"),
        Index(
            "ix_deal_versions_analytics",
            "stage",
            "valid_to",
            postgresql_include=["deal_id", "valid_from", "closing_date", *_CARRIED],
        ),
    )

    deal_id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[datetime] = mapped_column(primary_key=True)
    valid_to: Mapped[datetime] = mapped_column(server_default=text("'infinity'"))
    known_from: Mapped[CreatedNow]
    """When we learned of it, by our clock."""


class Account(Base):
    """A customer, as far as pipeline analytics need it; its document holds the rest."""

    __tablename__ = "accounts"

    id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    is_live: Mapped[bool] = mapped_column(server_default=text("true"))
    name: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    country: Mapped[str | None]
    industry: Mapped[str | None]
    crm_modified_at: Mapped[datetime]
