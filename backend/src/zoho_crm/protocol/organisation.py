"""The organisation, its users and its currencies.

Sources: the v8 pages Get Organization, Get Users and Get Currencies. Keys that are not read here
stay in `raw`, exactly as the CRM sent them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoho_crm.errors import UnexpectedAnswer
from zoho_crm.protocol.metadata import read_list
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.records import page_of
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import (
    Answer,
    AnswerMeta,
    Call,
    Request,
    bounded,
    iso_seconds,
    path,
    server_time,
)

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from zoho_crm.protocol.faults import Json

USERS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Organisation:
    """The connected organisation. Edition and users decide its credits and concurrency."""

    id: str
    zgid: str | None
    company_name: str | None
    time_zone: str | None
    currency_code: str | None
    is_multi_currency: bool
    environment: str | None
    edition: str | None
    users_licensed: int | None
    raw: Json


@dataclass(frozen=True, slots=True)
class User:
    """A user of the organisation."""

    id: str
    full_name: str | None
    email: str | None
    status: str | None
    role: str | None
    profile: str | None
    time_zone: str | None
    raw: Json


@dataclass(frozen=True, slots=True)
class UserPage:
    """One page of users."""

    users: list[User]
    more: bool
    meta: AnswerMeta


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of the organisation; `exchange_rate` is its amount per unit of the base one.

    `told_at` is the CRM's clock when it said so (Date header, aware UTC); None if it did not tell.
    """

    id: str
    name: str
    iso_code: str
    symbol: str | None
    exchange_rate: Decimal
    is_base: bool
    is_active: bool
    raw: Json
    told_at: datetime | None = None


def organisation() -> Call[Organisation]:
    """Read the organisation of the access token."""
    return Call(Work(Operation.ORGANISATION), Request("GET", path("org")), _the_organisation)


def users(
    kind: str = "AllUsers",
    *,
    page: int = 1,
    per_page: int = USERS_LIMIT,
    if_modified_since: datetime | None = None,
) -> Call[UserPage]:
    """List one page of users of a kind such as AllUsers, ActiveUsers, DeletedUsers, CurrentUser."""
    query = (
        ("type", kind),
        ("page", bounded("page", page, 1_000_000)),
        ("per_page", bounded("per_page", per_page, USERS_LIMIT)),
    )
    headers = (
        ()
        if if_modified_since is None
        else (("If-Modified-Since", iso_seconds(if_modified_since)),)
    )
    return Call(Work(Operation.USERS), Request("GET", path("users"), query, headers), _user_page)


def currencies() -> Call[list[Currency]]:
    """List the currencies; none when the organisation has a single one (204)."""
    return Call(Work(Operation.CURRENCIES), Request("GET", path("org", "currencies")), _currencies)


def _the_organisation(answer: Answer) -> Organisation:
    found = read_list(answer, key="org", read=_organisation)
    if len(found) != 1:
        raise UnexpectedAnswer("org", f"{len(found)} organisations", status=answer.status)
    return found[0]


def _organisation(row: Shape) -> Organisation:
    licence = row.optional_nested("license_details")
    return Organisation(
        id=row.identity(),
        zgid=None if row.raw.get("zgid") is None else row.identity("zgid"),
        company_name=row.optional_text("company_name"),
        time_zone=row.optional_text("time_zone"),
        currency_code=row.optional_text("iso_code"),
        is_multi_currency=row.flag("mc_status"),
        environment=row.optional_text("type"),
        edition=None if licence is None else licence.optional_text("paid_type"),
        users_licensed=None
        if licence is None
        else licence.optional_number("users_license_purchased"),
        raw=row.raw,
    )


def _user_page(answer: Answer) -> UserPage:
    page = page_of(answer, "users")
    return UserPage(
        [
            _user(Shape(row, f"users[{index}]", status=answer.status))
            for index, row in enumerate(page.records)
        ],
        page.more,
        page.meta,
    )


def _user(row: Shape) -> User:
    role, profile = row.optional_nested("role"), row.optional_nested("profile")
    return User(
        id=row.identity(),
        full_name=row.optional_text("full_name"),
        email=row.optional_text("email"),
        status=row.optional_text("status"),
        role=None if role is None else role.optional_text("name"),
        profile=None if profile is None else profile.optional_text("name"),
        time_zone=row.optional_text("time_zone"),
        raw=row.raw,
    )


def _currencies(answer: Answer) -> list[Currency]:
    told_at = server_time(answer.headers)
    return read_list(answer, key="currencies", read=lambda row: _currency(row, told_at))


def _currency(row: Shape, told_at: datetime | None) -> Currency:
    return Currency(
        id=row.identity(),
        name=row.text("name"),
        iso_code=row.text("iso_code"),
        symbol=row.optional_text("symbol"),
        exchange_rate=row.decimal("exchange_rate"),
        is_base=row.flag("is_base"),
        is_active=row.flag("is_active", default=True),
        raw=row.raw,
        told_at=told_at,
    )
