"""Log in, log out, change one's password.

Each works in transactions of its own: a wrong password must stay counted although the request
fails, and no connection is held while a hash is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from pulse.accounts.passwords import require_strong
from pulse.accounts.tries import Try, count_try, forget_tries, login_locked, wrong_password
from pulse.core.access import Role, Via
from pulse.db.events import Topic, notify
from pulse.kit.errors import ForbiddenError
from pulse.models import BrowserSession, UserAccount
from pulse.web.access import Principal
from pulse.web.audit import audit
from pulse.web.credentials import ABSOLUTE_EXPIRY, IDLE_EXPIRY, hash_of, new_session_secret

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.accounts.passwords import Passwords
    from pulse.web.database import Database


class AccountInactiveError(ForbiddenError):
    """The account was deactivated; said only to who knows its password."""

    code = "account_inactive"
    title = "Account deactivated"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a log-in comes from."""

    address: str
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session that was just opened; its secret is told once."""

    secret: str
    who: Principal


def account_inactive() -> AccountInactiveError:
    """Return the error of a log-in to an account that was deactivated."""
    return AccountInactiveError(
        "This account is deactivated.", fix="Ask an admin to activate it again."
    )


def normal_email(email: str) -> str:
    """Return an e-mail as accounts are found by it."""
    return email.strip().lower()


async def log_in(
    database: Database,
    passwords: Passwords,
    email: str,
    password: str,
    visitor: Visitor,
    now: datetime,
) -> LoggedIn:
    """Open a session. Raises WrongPasswordError, LoginLockedError, AccountInactiveError.

    An unknown e-mail takes as long as a known one and is answered in the same words.
    """
    email = normal_email(email)
    counted = await _count(database, email, visitor.address, now)
    while True:
        async with database.reading.begin() as db:
            user = await db.scalar(select(UserAccount).where(UserAccount.email == email))
        kept = None if user is None else user.password_hash
        is_right = await passwords.are_equal(kept, password)
        if user is None or not is_right:
            await _refuse(database, email, visitor.address, counted)
        assert user is not None  # noqa: S101 - refused otherwise
        if not user.is_active:
            raise account_inactive()
        is_outdated = passwords.is_outdated(user.password_hash)
        rehashed = await passwords.hash_of(password) if is_outdated else None
        async with database.writing.begin() as db:
            opened = await _open_session(db, user, visitor, now, rehashed)
        # None: the account changed while we computed, if only by another log-in. Look again.
        if opened is not None:
            return opened


async def _count(database: Database, email: str, address: str, now: datetime) -> Try:
    async with database.writing.begin() as db:
        counted = await count_try(db, email, address, now)
    if counted.is_refused and counted.locked_until is not None:
        raise login_locked(counted.locked_until)
    return counted


async def _refuse(database: Database, email: str, address: str, counted: Try) -> None:
    if counted.locked_until is None:
        raise wrong_password(counted.left)
    async with database.writing.begin() as db:
        await audit(
            db,
            Principal.of_system(address),
            "login.locked",
            kind="user",
            subject=None,
            name=email,
            after={"locked_until": counted.locked_until},
        )
    raise login_locked(counted.locked_until)


async def _open_session(
    db: AsyncSession, user: UserAccount, visitor: Visitor, now: datetime, rehashed: str | None
) -> LoggedIn | None:
    """Open a session for a user who is still as seen; None if not."""
    current = await db.scalar(
        select(UserAccount)
        .where(
            UserAccount.id == user.id,
            UserAccount.is_active,
            UserAccount.password_hash == user.password_hash,
        )
        .with_for_update()
    )
    if current is None:
        return None
    current.last_login_at = now
    if rehashed is not None:
        current.password_hash = rehashed
    secret = new_session_secret()
    session = BrowserSession(
        user_id=current.id,
        token_hash=hash_of(secret),
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE_EXPIRY,
        address=visitor.address,
        user_agent=visitor.user_agent,
    )
    db.add(session)
    await forget_tries(db, current.email, visitor.address, now)
    await db.execute(
        delete(BrowserSession).where(
            BrowserSession.user_id == current.id,
            or_(
                BrowserSession.expires_at <= now,
                BrowserSession.last_seen_at <= now - IDLE_EXPIRY,
            ),
        )
    )
    await db.flush()
    who = Principal(
        user_id=current.id,
        name=current.name,
        email=current.email,
        role=Role(current.role),
        via=Via.SESSION,
        address=visitor.address,
        session_id=session.id,
        must_change_password=current.must_change_password,
        expires_at=session.expires_at,
    )
    await audit(
        db,
        who,
        "session.started",
        kind="session",
        subject=str(session.id),
        name=current.name,
        after={"user_agent": visitor.user_agent},
    )
    return LoggedIn(secret, who)


async def change_password(
    database: Database, passwords: Passwords, who: Principal, current: str, new: str, now: datetime
) -> int:
    """Give somebody another password and return how many other sessions that ended.

    Raises WrongPasswordError, LoginLockedError (guesses count as those of a log-in do) and
    WeakPasswordError.
    """
    assert who.user_id is not None  # noqa: S101 - a session belongs to a user
    assert who.email is not None  # noqa: S101 - as above
    address = who.address or ""
    counted = await _count(database, who.email, address, now)
    async with database.reading.begin() as db:
        user = await db.get(UserAccount, who.user_id)
    is_right = await passwords.are_equal(None if user is None else user.password_hash, current)
    if user is None or not is_right:
        await _refuse(database, who.email, address, counted)
    require_strong(new, email=who.email, current=current)
    hashed = await passwords.hash_of(new)
    async with database.writing.begin() as db:
        await db.execute(
            update(UserAccount)
            .where(UserAccount.id == who.user_id)
            .values(password_hash=hashed, must_change_password=False)
        )
        ended = await end_sessions(db, who.user_id, but=who.session_id)
        await forget_tries(db, who.email, address, now)
        await audit(
            db,
            who,
            "password.changed",
            kind="user",
            subject=str(who.user_id),
            name=who.name,
            after={"sessions_ended": ended},
        )
    return ended


async def end_sessions(db: AsyncSession, user_id: UUID, *, but: UUID | None = None) -> int:
    """End the sessions of a user, but for one, and return how many; open streams learn of it."""
    ended = await db.scalars(
        delete(BrowserSession)
        .where(BrowserSession.user_id == user_id, BrowserSession.id.is_distinct_from(but))
        .returning(BrowserSession.id)
    )
    await notify(db, Topic.ACCESS, user_id)
    return len(ended.all())
