"""Who and what deals refer to: organisation, users, currencies, names of looked-up records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.db.base import Base, Json, RecordId


class Organisation(Base):
    """The connected organisation, one row."""

    __tablename__ = "crm_organisation"

    id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    company_name: Mapped[str]
    edition: Mapped[str]
    users_licensed: Mapped[int]
    time_zone: Mapped[str | None]
    currency: Mapped[str | None]
    document: Mapped[Json]
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(Base):
    """A CRM user: owner of deals, author of changes."""

    __tablename__ = "crm_users"

    id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    full_name: Mapped[str]
    email: Mapped[str | None]
    is_active: Mapped[bool]
    role: Mapped[str | None]
    profile: Mapped[str | None]
    document: Mapped[Json]
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    is_connected: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the product reads and writes as this user."""


class Currency(Base):
    """A currency of the organisation with its present rate to the home currency."""

    __tablename__ = "crm_currencies"

    iso_code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    symbol: Mapped[str | None]
    exchange_rate: Mapped[Decimal]
    is_base: Mapped[bool]
    is_active: Mapped[bool]
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CurrencyRate(Base):
    """The rate that a currency had from a day on; a new row only when it changed."""

    __tablename__ = "currency_rates"

    iso_code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    exchange_rate: Mapped[Decimal]


class LookupName(Base):
    """The name last seen for a record that others look up."""

    __tablename__ = "lookup_names"

    id: Mapped[RecordId] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
