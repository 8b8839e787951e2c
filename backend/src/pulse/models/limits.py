"""Our own count of credits, and what the CRM said of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, func
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base


class CreditUse(Base):
    """Calls and credits of one operation in one minute, for one session or none.

    A rolling day is the sum of 1,440 minutes: small enough to be summed before a call.
    """

    __tablename__ = "credit_ledger"
    # What one run's calls cost, asked on every look at a run.
    __table_args__ = (Index("ix_credit_ledger_session_id", "session_id"),)

    minute: Mapped[datetime] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    # The nil UUID stands for "no session": a key column cannot be null.
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(Integer, server_default="0")
    credits: Mapped[int] = mapped_column(Integer, server_default="0")
    failures: Mapped[int] = mapped_column(Integer, server_default="0")
    latency_ms: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Sum over the calls."""


class CreditReading(Base):
    """The last X-API-CREDITS-REMAINING that the CRM sent, one row."""

    __tablename__ = "credit_readings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    remaining: Mapped[int]
    read_at: Mapped[datetime] = mapped_column(server_default=func.now())
