"""API tokens: made for programs, shown once, ended at any time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from pulse.db.events import Topic, notify
from pulse.kit.errors import NotFoundError
from pulse.models import ApiToken, UserAccount
from pulse.web.audit import audit
from pulse.web.credentials import hash_of, new_token_secret

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.access import Role
    from pulse.web.access import Principal
    from pulse.web.paging import PageRequest

LONGEST_DAYS: Final = 366
_HINT_LENGTH: Final = 8


def token_not_found(token_id: UUID) -> NotFoundError:
    """Return the error of an id that is no token's."""
    return NotFoundError(
        f"There is no API token {token_id}.",
        code="token_not_found",
        fix="It may have been ended already; GET /api/tokens lists them.",
    )


async def list_tokens(
    db: AsyncSession, page: PageRequest
) -> tuple[int, Sequence[tuple[ApiToken, UserAccount]]]:
    """Return how many tokens there are and a page of them with their owners, newest first."""
    count = await db.scalar(select(func.count()).select_from(ApiToken)) or 0
    rows = await db.execute(
        select(ApiToken, UserAccount)
        .join(UserAccount, UserAccount.id == ApiToken.user_id)
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
        .limit(page.limit)
        .offset(page.offset)
    )
    return count, [(row[0], row[1]) for row in rows]


async def make_token(
    db: AsyncSession,
    owner: UserAccount,
    who: Principal,
    name: str,
    role: Role,
    days: int,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a token that acts as `owner` for so many days; return it and its secret."""
    secret = new_token_secret()
    token = ApiToken(
        user_id=owner.id,
        name=name.strip(),
        role=role,
        token_hash=hash_of(secret),
        hint=secret[:_HINT_LENGTH],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.add(token)
    await db.flush()
    await audit(
        db,
        who,
        "token.made",
        kind="token",
        subject=str(token.id),
        name=token.name,
        after={"role": token.role, "owner": owner.name, "expires_at": token.expires_at},
    )
    return token, secret


async def end_token(db: AsyncSession, who: Principal, token_id: UUID) -> None:
    """End a token at once. Raises NotFoundError."""
    token = await db.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise token_not_found(token_id)
    await db.delete(token)
    await notify(db, Topic.ACCESS, token.user_id)
    await audit(
        db,
        who,
        "token.ended",
        kind="token",
        subject=str(token_id),
        name=token.name,
        before={"role": token.role, "expires_at": token.expires_at},
    )
