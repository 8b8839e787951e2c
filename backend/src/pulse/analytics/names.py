"""Names behind ids: of people, accounts and other records that deals refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse.models import Account, LookupName, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession


async def names_of(db: AsyncSession, ids: Sequence[int]) -> dict[str, str]:
    """Return names by id; ids are unique across the CRM's modules.

    A record's own name stands before the name that was seen last in a lookup.
    """
    if not ids:
        return {}
    names: dict[str, str] = {}
    for table, name in (
        (LookupName, LookupName.name),
        (Account, Account.name),
        (User, User.full_name),
    ):
        rows = await db.execute(select(table.id, name).where(table.id.in_(ids)))
        names.update({str(row[0]): row[1] for row in rows if row[1]})
    return names
