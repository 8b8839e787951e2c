"""Routes of one's own account: log in and out, who am I, password, sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.accounts import login, sessions
from pulse.accounts.passwords import Passwords, weak_password
from pulse.accounts.schemas import (
    Credentials,
    Done,
    Me,
    OwnSession,
    OwnSessions,
    PasswordChange,
    SessionsEnded,
)
from pulse.accounts.tries import login_locked, wrong_password
from pulse.accounts.users import names_by_role
from pulse.core.access import Role
from pulse.models import Organisation
from pulse.web.access import Caller, Principal, SignedIn, open_to_all
from pulse.web.clock import ClockOf
from pulse.web.credentials import ABSOLUTE_EXPIRY, SESSION_COOKIE
from pulse.web.database import Database, ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.examples import EXAMPLE_ID, EXAMPLE_MOMENT
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/auth", tags=["account"])

_LONGEST_USER_AGENT = 400


def _passwords(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


PasswordsOf = Annotated[Passwords, Depends(_passwords)]


def _is_https(request: Request) -> bool:
    public = str(request.app.state.public_url)
    return request.url.scheme == "https" or public.startswith("https:")


@router.post(
    "/login",
    summary="Log in",
    dependencies=[Depends(open_to_all)],
    responses=merged(
        DATABASE_PROBLEMS,
        problems(
            wrong_password(3),
            login_locked(EXAMPLE_MOMENT),
            login.account_inactive(),
        ),
    ),
)
async def log_in(
    given: Credentials,
    request: Request,
    response: Response,
    passwords: PasswordsOf,
    clock: ClockOf,
) -> Me:
    """Open a session and set its cookie; five wrong passwords lock e-mail and address."""
    database: Database = request.app.state.database
    agent = request.headers.get("user-agent")
    visitor = login.Visitor(
        request.client.host if request.client else "",
        None if agent is None else agent[:_LONGEST_USER_AGENT],
    )
    opened = await login.log_in(
        database, passwords, given.email, given.password, visitor, clock.now()
    )
    response.set_cookie(
        SESSION_COOKIE,
        opened.secret,
        max_age=int(ABSOLUTE_EXPIRY.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_https(request),
    )
    async with database.reading.begin() as db:
        return await _me(db, opened.who)


@router.post("/logout", summary="Log out", responses=DATABASE_PROBLEMS)
async def log_out(who: SignedIn, response: Response, db: WriteDb, request: Request) -> Done:
    """End the session and take its cookie back."""
    assert who.session_id is not None  # noqa: S101 - SignedIn came by a session
    await sessions.end_session(db, who, who.session_id)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=_is_https(request))
    return Done(message="Logged out.")


@router.get("/me", summary="Who am I?", responses=DATABASE_PROBLEMS)
async def get_me(who: Caller, db: ReadDb) -> Me:
    """Return who asks, with which role, and who could do what the caller may not."""
    return await _me(db, who)


@router.post(
    "/password",
    summary="Change one's password",
    responses=merged(
        DATABASE_PROBLEMS,
        problems(
            wrong_password(3),
            login_locked(EXAMPLE_MOMENT),
            weak_password("It has fewer than 12 characters."),
        ),
    ),
)
async def change_password(
    who: SignedIn,
    change: PasswordChange,
    request: Request,
    passwords: PasswordsOf,
    clock: ClockOf,
) -> SessionsEnded:
    """Store another password; all other sessions of the caller end."""
    ended = await login.change_password(
        request.app.state.database,
        passwords,
        who,
        change.current_password,
        change.new_password,
        clock.now(),
    )
    return SessionsEnded(sessions_ended=ended)


@router.get("/sessions", summary="Where one is logged in", responses=DATABASE_PROBLEMS)
async def get_own_sessions(who: SignedIn, db: ReadDb, clock: ClockOf) -> OwnSessions:
    """Return the caller's sessions, last used first."""
    return OwnSessions(
        items=[
            OwnSession(
                id=each.id,
                is_current=each.id == who.session_id,
                created_at=each.created_at,
                last_seen_at=each.last_seen_at,
                expires_at=each.expires_at,
                address=each.address,
                user_agent=each.user_agent,
            )
            for each in await sessions.own_sessions(db, who, clock.now())
        ]
    )


@router.delete("/sessions", summary="Log out everywhere else", responses=DATABASE_PROBLEMS)
async def end_other_sessions(who: SignedIn, db: WriteDb) -> SessionsEnded:
    """End all sessions of the caller's but this one."""
    return SessionsEnded(sessions_ended=await sessions.end_other_sessions(db, who))


@router.delete(
    "/sessions/{login_id}",
    summary="Log out elsewhere",
    responses=merged(DATABASE_PROBLEMS, problems(sessions.login_not_found(EXAMPLE_ID))),
)
async def end_own_session(who: SignedIn, login_id: UUID, db: WriteDb) -> Done:
    """End one session of the caller's; it may be this one."""
    await sessions.end_session(db, who, login_id)
    return Done(message="The session has ended.")


async def _me(db: AsyncSession, who: Principal) -> Me:
    assert who.user_id is not None  # noqa: S101 - sessions and tokens belong to users
    assert who.email is not None  # noqa: S101 - as above
    assert who.expires_at is not None  # noqa: S101 - as above
    names = await names_by_role(db)
    return Me(
        id=who.user_id,
        name=who.name,
        email=who.email,
        role=who.role,
        via=who.via,
        must_change_password=who.must_change_password,
        expires_at=who.expires_at,
        organisation=await db.scalar(select(Organisation.company_name).limit(1)),
        editors=names[Role.EDITOR],
        admins=names[Role.ADMIN],
    )
