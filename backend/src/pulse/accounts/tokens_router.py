"""Routes of API tokens, for admins."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from pulse.accounts import tokens
from pulse.accounts.schemas import Done, NewToken, Token, TokenPage, TokenSecret
from pulse.core.access import Role
from pulse.models import ApiToken, UserAccount
from pulse.web.access import Admin
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.examples import EXAMPLE_ID
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/tokens", tags=["tokens"])


def _answer(token: ApiToken, owner: UserAccount, now: datetime) -> Token:
    return Token(
        id=token.id,
        name=token.name,
        role=Role(token.role),
        owner=owner.name,
        owner_is_active=owner.is_active,
        hint=token.hint,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        is_expired=now >= token.expires_at,
    )


@router.get("", summary="API tokens, newest first", responses=DATABASE_PROBLEMS)
async def get_tokens(_: Admin, db: ReadDb, page: Paging, clock: ClockOf) -> TokenPage:
    """Return a page of everybody's tokens; their secrets are not kept."""
    now = clock.now()
    count, rows = await tokens.list_tokens(db, page)
    return TokenPage(
        count=count,
        items=[_answer(token, owner, now) for token, owner in rows],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(rows) < count,
    )


@router.post(
    "", summary="Make a token", status_code=HTTPStatus.CREATED, responses=DATABASE_PROBLEMS
)
async def make_token(who: Admin, wanted: NewToken, db: WriteDb, clock: ClockOf) -> TokenSecret:
    """Make a token that acts as the caller; its secret is in this answer and nowhere else."""
    now = clock.now()
    owner = await db.get_one(UserAccount, who.user_id)
    token, secret = await tokens.make_token(
        db, owner, who, wanted.name, wanted.role, wanted.expires_in_days, now
    )
    return TokenSecret(token=_answer(token, owner, now), secret=secret)


@router.delete(
    "/{token_id}",
    summary="End a token",
    responses=merged(DATABASE_PROBLEMS, problems(tokens.token_not_found(EXAMPLE_ID))),
)
async def end_token(who: Admin, token_id: UUID, db: WriteDb) -> Done:
    """Refuse a token from now on."""
    await tokens.end_token(db, who, token_id)
    return Done(message="The token has ended.")
