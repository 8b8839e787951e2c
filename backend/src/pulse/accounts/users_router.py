"""Routes of users, for admins."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from pulse.accounts import users
from pulse.accounts.auth_router import PasswordsOf
from pulse.accounts.schemas import Done, NewUser, TemporaryPassword, User, UserPage, UserPatch
from pulse.core.access import Role
from pulse.models import UserAccount
from pulse.web.access import Admin
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.examples import EXAMPLE_ID
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/users", tags=["users"])

_UNKNOWN = merged(DATABASE_PROBLEMS, problems(users.user_not_found(EXAMPLE_ID)))
_UNKNOWN_OR_LAST = merged(_UNKNOWN, problems(users.last_admin()))


def _answer(user: UserAccount, row: users.UserRow | None = None) -> User:
    return User(
        id=user.id,
        email=user.email,
        name=user.name,
        role=Role(user.role),
        is_active=user.is_active,
        must_change_password=user.must_change_password,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
        locked_until=None if row is None else row.locked_until,
        sessions=0 if row is None else row.sessions,
        tokens=0 if row is None else row.tokens,
    )


@router.get("", summary="Users by name", responses=DATABASE_PROBLEMS)
async def get_users(_: Admin, db: ReadDb, page: Paging, clock: ClockOf) -> UserPage:
    """Return a page of users with their sessions, tokens and locks."""
    count, rows = await users.list_users(db, page, clock.now())
    return UserPage(
        count=count,
        items=[_answer(row.user, row) for row in rows],
        limit=page.limit,
        offset=page.offset,
        has_more=page.offset + len(rows) < count,
    )


@router.post(
    "",
    summary="Add a user",
    status_code=HTTPStatus.CREATED,
    responses=merged(
        DATABASE_PROBLEMS,
        problems(users.invalid_email("priya"), users.email_taken("priya@halcyon.example")),
    ),
)
async def add_user(
    who: Admin, wanted: NewUser, db: WriteDb, passwords: PasswordsOf
) -> TemporaryPassword:
    """Add a person and make a temporary password to hand over."""
    user, made = await users.add_user(
        db, passwords, who, email=wanted.email, name=wanted.name, role=wanted.role
    )
    return TemporaryPassword(user=_answer(user), temporary_password=made or "")


@router.patch("/{user_id}", summary="Change a user", responses=_UNKNOWN_OR_LAST)
async def change_user(who: Admin, user_id: UUID, wanted: UserPatch, db: WriteDb) -> User:
    """Change name or role, deactivate or activate; it holds from the person's next request on."""
    change = users.UserChange(wanted.name, wanted.role, wanted.is_active)
    return _answer(await users.change_user(db, who, user_id, change))


@router.delete("/{user_id}", summary="Remove a user", responses=_UNKNOWN_OR_LAST)
async def remove_user(who: Admin, user_id: UUID, db: WriteDb) -> Done:
    """Remove an account with its sessions and tokens; the audit log keeps the name."""
    await users.remove_user(db, who, user_id)
    return Done(message="The user was removed.")


@router.post("/{user_id}/password", summary="Reset a password", responses=_UNKNOWN)
async def reset_user_password(
    who: Admin, user_id: UUID, db: WriteDb, passwords: PasswordsOf
) -> TemporaryPassword:
    """Make a temporary password to hand over; the person's sessions and locks end."""
    user, made = await users.reset_password(db, passwords, who, user_id)
    return TemporaryPassword(user=_answer(user), temporary_password=made or "")


@router.post("/{user_id}/unlock", summary="Unlock a user", responses=_UNKNOWN)
async def unlock_user(who: Admin, user_id: UUID, db: WriteDb) -> User:
    """Forget a person's wrong passwords."""
    return _answer(await users.unlock_user(db, who, user_id))
