"""Users: add, change, remove. There is always an active admin, whatever two admins do at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from pulse.accounts.login import end_sessions, normal_email
from pulse.accounts.passwords import require_strong, temporary_password
from pulse.accounts.tries import locks_of, unlock
from pulse.core.access import Role
from pulse.db.events import Topic, notify
from pulse.kit.errors import ConflictError, InvalidInputError, NotFoundError
from pulse.models import ApiToken, BrowserSession, UserAccount
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.accounts.passwords import Passwords
    from pulse.web.access import Principal
    from pulse.web.paging import PageRequest


class LastAdminError(ConflictError):
    """The change would leave nobody who may administer."""

    code = "last_admin"
    title = "Last admin"


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user and what is known beside the account."""

    user: UserAccount
    sessions: int
    tokens: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class UserChange:
    """What shall be different; None leaves it."""

    name: str | None = None
    role: Role | None = None
    is_active: bool | None = None


def user_not_found(user_id: UUID | str) -> NotFoundError:
    """Return the error of an id or e-mail that is nobody's."""
    return NotFoundError(
        f"There is no user {user_id}.",
        code="user_not_found",
        fix="GET /api/users (`pulse user list`) lists them.",
    )


def email_taken(email: str) -> ConflictError:
    """Return the error of an e-mail that is somebody's already."""
    return ConflictError(
        f"email: {email} has an account already.",
        code="email_taken",
        fix="Change that account, or use another e-mail.",
        extra={"field": "email"},
    )


def invalid_email(email: str) -> InvalidInputError:
    """Return the error of a text that is no e-mail."""
    return InvalidInputError(
        f"email: {email!r} is no e-mail address.",
        code="invalid_email",
        fix="Write it as name@example.com.",
        extra={"field": "email"},
    )


def last_admin() -> LastAdminError:
    """Return the error of a change after which nobody could administer."""
    return LastAdminError(
        "This is the last active admin.", fix="Make somebody else an admin first."
    )


async def list_users(
    db: AsyncSession, page: PageRequest, now: datetime
) -> tuple[int, Sequence[UserRow]]:
    """Return how many users there are and a page of them by name."""
    count = await db.scalar(select(func.count()).select_from(UserAccount)) or 0
    sessions = (
        select(func.count())
        .where(BrowserSession.user_id == UserAccount.id, BrowserSession.expires_at > now)
        .correlate(UserAccount)
        .scalar_subquery()
    )
    tokens = (
        select(func.count())
        .where(ApiToken.user_id == UserAccount.id, ApiToken.expires_at > now)
        .correlate(UserAccount)
        .scalar_subquery()
    )
    found = (
        await db.execute(
            select(UserAccount, sessions, tokens)
            .order_by(func.lower(UserAccount.name), UserAccount.email)
            .limit(page.limit)
            .offset(page.offset)
        )
    ).all()
    locks = await locks_of(db, [row[0].email for row in found], now)
    return count, [UserRow(row[0], row[1], row[2], locks.get(row[0].email)) for row in found]


async def add_user(
    db: AsyncSession,
    passwords: Passwords,
    who: Principal,
    *,
    email: str,
    name: str,
    role: Role,
    password: str | None = None,
) -> tuple[UserAccount, str | None]:
    """Add a user; return the account and the temporary password that was made, if none was given.

    Raises InvalidInputError, WeakPasswordError, ConflictError.
    """
    email = normal_email(email)
    before, at, after = email.partition("@")
    if not (before and at and after) or any(each.isspace() for each in email):
        raise invalid_email(email)
    made = None if password is not None else temporary_password()
    if password is not None:
        require_strong(password, email=email)
    user: UserAccount | None = await db.scalar(
        insert(UserAccount)
        .values(
            email=email,
            name=name.strip(),
            role=role,
            password_hash=await passwords.hash_of(password or made or ""),
            must_change_password=made is not None,
        )
        .on_conflict_do_nothing(index_elements=[UserAccount.email])
        .returning(UserAccount)
    )
    if user is None:
        raise email_taken(email)
    await audit(
        db,
        who,
        "user.added",
        kind="user",
        subject=str(user.id),
        name=user.name,
        after={"email": user.email, "name": user.name, "role": user.role},
    )
    return user, made


async def change_user(
    db: AsyncSession, who: Principal, user_id: UUID, change: UserChange
) -> UserAccount:
    """Change name, role or whether the account is active; a deactivated one is out at once.

    Raises NotFoundError and LastAdminError.
    """
    loses_admin = change.role not in {None, Role.ADMIN} or change.is_active is False
    user = await _locked(db, user_id, loses_admin=loses_admin)
    wanted = {"name": change.name, "role": change.role, "is_active": change.is_active}
    before = {
        key: getattr(user, key)
        for key, value in wanted.items()
        if value is not None and value != getattr(user, key)
    }
    if not before:
        return user
    for key in before:
        setattr(user, key, wanted[key])
    if change.is_active is False:
        await end_sessions(db, user_id)
    await notify(db, Topic.ACCESS, user_id)
    await audit(
        db,
        who,
        "user.changed",
        kind="user",
        subject=str(user_id),
        name=user.name,
        before=before,
        after={key: wanted[key] for key in before},
    )
    return user


async def remove_user(db: AsyncSession, who: Principal, user_id: UUID) -> None:
    """Remove an account with its sessions and tokens; the audit log keeps the name.

    Raises NotFoundError and LastAdminError.
    """
    user = await _locked(db, user_id, loses_admin=True)
    await end_sessions(db, user_id)
    await db.delete(user)
    await audit(
        db,
        who,
        "user.removed",
        kind="user",
        subject=str(user_id),
        name=user.name,
        before={"email": user.email, "name": user.name, "role": user.role},
    )


async def reset_password(
    db: AsyncSession,
    passwords: Passwords,
    who: Principal,
    user_id: UUID,
    password: str | None = None,
) -> tuple[UserAccount, str | None]:
    """Give a user another password, end the user's sessions and locks.

    Without `password` a temporary one is made and returned. Raises NotFoundError and
    WeakPasswordError.
    """
    user = await _locked(db, user_id, loses_admin=False)
    made = None if password is not None else temporary_password()
    if password is not None:
        require_strong(password, email=user.email)
    user.password_hash = await passwords.hash_of(password or made or "")
    user.must_change_password = made is not None
    ended = await end_sessions(db, user_id)
    await unlock(db, user.email)
    await audit(
        db,
        who,
        "user.password_reset",
        kind="user",
        subject=str(user_id),
        name=user.name,
        after={"sessions_ended": ended},
    )
    return user, made


async def unlock_user(db: AsyncSession, who: Principal, user_id: UUID) -> UserAccount:
    """Let a user log in again who gave too many wrong passwords. Raises NotFoundError."""
    user = await _locked(db, user_id, loses_admin=False)
    addresses = await unlock(db, user.email)
    await audit(
        db,
        who,
        "user.unlocked",
        kind="user",
        subject=str(user_id),
        name=user.name,
        after={"addresses": addresses},
    )
    return user


async def user_of_email(db: AsyncSession, email: str) -> UserAccount:
    """Return the user of an e-mail. Raises NotFoundError."""
    user = await db.scalar(select(UserAccount).where(UserAccount.email == normal_email(email)))
    if user is None:
        raise user_not_found(email)
    return user


async def names_by_role(db: AsyncSession) -> dict[Role, list[str]]:
    """Return the names of active users by role: whom one can ask."""
    rows = await db.execute(
        select(UserAccount.role, UserAccount.name)
        .where(UserAccount.is_active)
        .order_by(func.lower(UserAccount.name))
    )
    names: dict[Role, list[str]] = {role: [] for role in Role}
    for row in rows:
        names[Role(row.role)].append(row.name)
    return names


async def _locked(db: AsyncSession, user_id: UUID, *, loses_admin: bool) -> UserAccount:
    """Return a user, locked until the transaction ends.

    A change that takes an admin away locks all active admins, in one order: two such changes come
    one after the other, and the second sees whom the first has left.
    """
    if loses_admin:
        admins = await db.scalars(
            select(UserAccount.id)
            .where(UserAccount.role == Role.ADMIN, UserAccount.is_active)
            .order_by(UserAccount.id)
            .with_for_update()
        )
        if admins.all() == [user_id]:
            raise last_admin()
    user = await db.get(UserAccount, user_id, with_for_update=True)
    if user is None:
        raise user_not_found(user_id)
    return user
