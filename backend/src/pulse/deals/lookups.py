"""Records that a field of a deal can point to, out of the mirror: its users and accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, null, select

from pulse.core.modules import ACCOUNTS, DEALS
from pulse.deals.form import has_lookup
from pulse.deals.form_schemas import LookupFound, LookupOption
from pulse.edits.rules import read_rules
from pulse.kit.errors import NotFoundError
from pulse.models import Account, Deal, LookupName, SyncCursor, User

if TYPE_CHECKING:
    from sqlalchemy import Subquery
    from sqlalchemy.ext.asyncio import AsyncSession

_MOST_FOUND: Final = 20


def no_lookup(field: str) -> NotFoundError:
    """Return the error of a field whose records the mirror does not hold."""
    return NotFoundError(
        f"{field} points to no users and no accounts.",
        code="no_lookup",
        fix="GET /api/deals/{id}/form says which fields have a lookup.",
        extra={"field": field},
    )


def _users() -> Subquery:
    return (
        select(User.id, User.full_name.label("name"), User.email.label("detail"))
        .where(User.is_active)
        .subquery()
    )


def _accounts() -> Subquery:
    return (
        select(Account.id, Account.name, Account.country.label("detail"))
        .where(Account.is_live, Account.name.is_not(None))
        .subquery()
    )


def _accounts_of_deals() -> Subquery:
    """Return the accounts that deals have shown: all there is before their own module was read."""
    return (
        select(LookupName.id, LookupName.name, null().label("detail"))
        .where(LookupName.id.in_(select(Deal.account_id)))
        .subquery()
    )


async def find_records(db: AsyncSession, field: str, text: str) -> LookupFound:
    """Return active users, or accounts, whose name has these letters. Raises NotFoundError."""
    rule = (await read_rules(db, DEALS)).fields.get(field)
    if rule is None or not has_lookup(rule):
        raise no_lookup(field)
    letters = text.strip().lower()
    if rule.is_user:
        known = _users()
    elif await db.get(SyncCursor, ACCOUNTS) is not None:
        known = _accounts()
    else:
        known = _accounts_of_deals()
    name = func.lower(known.c.name)
    begins = case((name.startswith(letters, autoescape=True), 0), else_=1)
    rows = (
        await db.execute(
            select(known.c.id, known.c.name, known.c.detail)
            .where(name.contains(letters, autoescape=True))
            .order_by(begins, name, known.c.id)
            .limit(_MOST_FOUND + 1)
        )
    ).all()
    return LookupFound(
        items=[
            LookupOption(value=str(row.id), label=row.name, detail=row.detail)
            for row in rows[:_MOST_FOUND]
        ],
        has_more=len(rows) > _MOST_FOUND,
    )
