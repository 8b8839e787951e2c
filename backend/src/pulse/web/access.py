"""Who is asking, and may they: every route names the role that it needs.

A route takes `who: Viewer`, `Editor` or `Admin` as its first parameter, or `SignedIn` if it is a
person's own account that it is about; one that is open to strangers says so with `open_to_all`. A
test walks over every operation, so a route without any of these fails the build.

Each request asks the database anew: whoever was deactivated, demoted or logged out elsewhere is so
from the next request on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pulse.core.access import Role, Via
from pulse.kit.errors import ForbiddenError, UnauthorizedError
from pulse.models import ApiToken, BrowserSession, UserAccount
from pulse.web.credentials import IDLE_EXPIRY, SESSION_COOKIE, bearer_of, hash_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.kit.clock import Clock
    from pulse.web.database import Database

_SEEN_EVERY: Final = timedelta(seconds=60)
"""How exact "last seen" is: so rarely a request that reads becomes one that writes."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who asks for something. `role` is what holds for this request."""

    user_id: UUID | None
    name: str
    email: str | None
    role: Role
    via: Via
    address: str | None = None
    session_id: UUID | None = None
    token_id: UUID | None = None
    must_change_password: bool = False
    expires_at: datetime | None = None

    @classmethod
    def of_command(cls, account: str) -> Principal:
        """Return who runs a command on the server: an account of the machine may do anything."""
        return cls(None, account, None, Role.ADMIN, Via.CLI)

    @classmethod
    def of_system(cls, address: str | None = None) -> Principal:
        """Return the product itself, where nobody asked it to write."""
        return cls(None, "Pipeline Pulse", None, Role.ADMIN, Via.SYSTEM, address)

    @property
    def label(self) -> str:
        """Return how runs name who asked for them: a person by name, a command as `cli`."""
        return self.name if self.user_id is not None else self.via.value


class NotSignedInError(UnauthorizedError):
    """The request carries neither a session nor a token."""

    code = "not_signed_in"
    title = "Not signed in"

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in.",
            fix="Log in, or send an API token as `Authorization: Bearer pp_…`.",
        )


class SessionExpiredError(UnauthorizedError):
    """The session was too old, or idle for too long."""

    code = "session_expired"
    title = "Session expired"

    def __init__(self) -> None:
        super().__init__("Your session has expired.", fix="Log in again.")


class InvalidCredentialError(UnauthorizedError):
    """The session or token is none of ours, or was ended."""

    code = "invalid_credential"
    title = "Unknown session or token"

    def __init__(self) -> None:
        super().__init__(
            "This session or token is not known; it may have been ended.",
            fix="Log in again, or ask an admin for a new token.",
        )


class TokenExpiredError(UnauthorizedError):
    """The API token is past its last day."""

    code = "token_expired"
    title = "Token expired"

    def __init__(self) -> None:
        super().__init__("This API token has expired.", fix="Ask an admin for a new one.")


class RoleNeededError(ForbiddenError):
    """The role is too low for this."""

    code = "role_needed"
    title = "Not allowed"

    def __init__(self, needed: Role, role: Role) -> None:
        super().__init__(
            f"This needs the role {needed}; yours is {role}.",
            fix="Ask an admin to do it, or to change your role.",
            extra={"needed_role": needed.value, "role": role.value},
        )


class PasswordChangeRequiredError(ForbiddenError):
    """The password is temporary, and nothing else can be done with it."""

    code = "password_change_required"
    title = "Password change required"

    def __init__(self) -> None:
        super().__init__(
            "Your password is temporary.", fix="Choose your own first (POST /api/auth/password)."
        )


class SessionNeededError(ForbiddenError):
    """An API token asks for something that only a person in a browser may do."""

    code = "session_needed"
    title = "Log-in needed"

    def __init__(self) -> None:
        super().__init__(
            "An API token cannot do this.", fix="Log in with e-mail and password in a browser."
        )


async def authenticate(request: Request, *, is_use: bool = True) -> Principal:
    """Return who sends the request. Raises UnauthorizedError with a code of its own for each way.

    It works in a short transaction of its own, so a stream that stays open holds none. Without
    `is_use` it only looks: an open stream does not keep its session from going idle.
    """
    database: Database = request.app.state.database
    clock: Clock = request.app.state.clock
    now = clock.now()
    address = request.client.host if request.client else None
    token = bearer_of(request)
    cookie = request.cookies.get(SESSION_COOKIE)
    if token is None and not cookie:
        raise NotSignedInError
    async with database.writing.begin() as db:
        # A token goes first: a script that sends one means it, whatever cookies come along.
        if token is not None:
            return await _by_token(db, token, now, address, is_use=is_use)
        return await _by_session(db, cookie or "", now, address, is_use=is_use)


async def _by_session(
    db: AsyncSession, secret: str, now: datetime, address: str | None, *, is_use: bool
) -> Principal:
    found = (
        await db.execute(
            select(BrowserSession, UserAccount)
            .join(UserAccount, UserAccount.id == BrowserSession.user_id)
            .where(BrowserSession.token_hash == hash_of(secret), UserAccount.is_active)
        )
    ).one_or_none()
    if found is None:
        raise InvalidCredentialError
    session, user = found
    if now >= session.expires_at or now - session.last_seen_at >= IDLE_EXPIRY:
        raise SessionExpiredError
    if is_use and now - session.last_seen_at >= _SEEN_EVERY:
        await db.execute(
            update(BrowserSession)
            .where(BrowserSession.id == session.id)
            .values(last_seen_at=func.greatest(BrowserSession.last_seen_at, now), address=address)
        )
    return Principal(
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=Role(user.role),
        via=Via.SESSION,
        address=address,
        session_id=session.id,
        must_change_password=user.must_change_password,
        expires_at=session.expires_at,
    )


async def _by_token(
    db: AsyncSession, secret: str, now: datetime, address: str | None, *, is_use: bool
) -> Principal:
    found = (
        await db.execute(
            select(ApiToken, UserAccount)
            .join(UserAccount, UserAccount.id == ApiToken.user_id)
            .where(ApiToken.token_hash == hash_of(secret), UserAccount.is_active)
        )
    ).one_or_none()
    if found is None:
        raise InvalidCredentialError
    token, user = found
    if now >= token.expires_at:
        raise TokenExpiredError
    if is_use and (token.last_used_at is None or now - token.last_used_at >= _SEEN_EVERY):
        await db.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=now))
    # An owner who was demoted takes the tokens along.
    role = min(Role(token.role), Role(user.role), key=lambda each: each.rank)
    return Principal(
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=role,
        via=Via.TOKEN,
        address=address,
        token_id=token.id,
        must_change_password=user.must_change_password,
        expires_at=token.expires_at,
    )


async def may_still_read(request: Request) -> bool:
    """Return whether whoever sent a request that is still being answered may go on reading."""
    try:
        who = await authenticate(request, is_use=False)
    except UnauthorizedError:
        return False
    except (DBAPIError, PoolTimeoutError):
        # A database that is away says nothing about anybody's rights; it will be asked again.
        return True
    return not who.must_change_password


class Need:
    """A dependency that lets through whoever has at least `role`."""

    def __init__(
        self, role: Role | None, *, in_browser: bool = False, even_temporary: bool = False
    ) -> None:
        """`role` None leaves the route open; `even_temporary` takes a temporary password too."""
        self.role = role
        self.in_browser = in_browser
        self.even_temporary = even_temporary

    @property
    def rank(self) -> int:
        """Return how much is asked for; open routes ask least."""
        return -1 if self.role is None else self.role.rank

    async def __call__(self, request: Request) -> Principal | None:
        """Return who asks. Raises UnauthorizedError and ForbiddenError."""
        if self.role is None:
            return None
        # A route may ask twice, for itself and for its router.
        known: Principal | None = getattr(request.state, "principal", None)
        who = known or await authenticate(request)
        request.state.principal = who
        if self.in_browser and who.via is not Via.SESSION:
            raise SessionNeededError
        if who.must_change_password and not self.even_temporary:
            raise PasswordChangeRequiredError
        if not who.role.allows(self.role):
            raise RoleNeededError(self.role, who.role)
        return who


open_to_all: Final = Need(None)
"""Put `dependencies=[Depends(open_to_all)]` on a route that strangers may ask."""

Viewer = Annotated[Principal, Depends(Need(Role.VIEWER))]
"""Whoever may read."""

Editor = Annotated[Principal, Depends(Need(Role.EDITOR))]
"""Whoever may also start and stop syncs and edit."""

Admin = Annotated[Principal, Depends(Need(Role.ADMIN))]
"""Whoever may also decide how the product works."""

Caller = Annotated[Principal, Depends(Need(Role.VIEWER, even_temporary=True))]
"""Anybody who is known, also with a temporary password."""

SignedIn = Annotated[Principal, Depends(Need(Role.VIEWER, in_browser=True, even_temporary=True))]
"""A person in a browser, also with a temporary password: for what is about the own account."""
