"""Wrong passwords are counted by e-mail and address; five in a row lock that pair for a while.

A try is counted before its password is looked at, so guesses that are sent all at once count as
well. An e-mail that is nobody's is counted like any other and so gives nothing away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from pulse.kit.errors import LimitedError, UnauthorizedError
from pulse.models import LoginTries

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncSession

MOST_TRIES: Final = 5
LOCK: Final = timedelta(minutes=15)
"""How long a lock holds, and after how long of quiet the count starts again."""
_FORGOTTEN_AFTER: Final = timedelta(days=1)


class WrongPasswordError(UnauthorizedError):
    """E-mail and password do not belong together."""

    code = "wrong_password"
    title = "Log-in refused"


class LoginLockedError(LimitedError):
    """There were too many wrong passwords."""

    code = "login_locked"
    title = "Too many tries"


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted. `is_refused`: the pair was locked already, do not even look."""

    left: int
    locked_until: datetime | None
    is_refused: bool


def wrong_password(tries_left: int) -> WrongPasswordError:
    """Return the error of a wrong password; it does not say which of the two was wrong."""
    return WrongPasswordError(
        "E-mail or password is wrong. "
        + ("1 try left." if tries_left == 1 else f"{tries_left} tries left."),
        fix="Forgotten? Ask an admin for a reset.",
        extra={"tries_left": tries_left},
    )


def login_locked(until: datetime) -> LoginLockedError:
    """Return the error of a pair that is locked."""
    return LoginLockedError(
        f"Too many tries. Try again at {until:%H:%M} UTC or ask an admin.",
        fix="An admin can unlock you in Administration, Users.",
        extra={"tries_left": 0, "locked_until": until.isoformat()},
    )


async def count_try(db: AsyncSession, email: str, address: str, now: datetime) -> Try:
    """Count a try; the caller commits before it looks at the password."""
    await db.execute(
        insert(LoginTries)
        .values(email=email, address=address, tries=0, last_try_at=now)
        .on_conflict_do_nothing()
    )
    # Whoever tries at the same moment waits here.
    row = await db.get_one(LoginTries, (email, address), with_for_update=True)
    if row.locked_until is not None and row.locked_until > now:
        return Try(0, row.locked_until, is_refused=True)
    if row.locked_until is not None or now - row.last_try_at >= LOCK:
        row.tries = 0
    row.tries += 1
    row.last_try_at = now
    row.locked_until = now + LOCK if row.tries >= MOST_TRIES else None
    await db.flush()
    return Try(MOST_TRIES - row.tries, row.locked_until, is_refused=False)


async def forget_tries(db: AsyncSession, email: str, address: str, now: datetime) -> None:
    """Start the count of a pair again, after the right password; drop counts long past."""
    await db.execute(
        delete(LoginTries).where(
            ((LoginTries.email == email) & (LoginTries.address == address))
            | (LoginTries.last_try_at < now - _FORGOTTEN_AFTER)
        )
    )


async def unlock(db: AsyncSession, email: str) -> int:
    """Forget all wrong passwords for an e-mail; return from how many addresses there were some."""
    forgotten = await db.scalars(
        delete(LoginTries).where(LoginTries.email == email).returning(LoginTries.address)
    )
    return len(forgotten.all())


async def locks_of(db: AsyncSession, emails: Collection[str], now: datetime) -> dict[str, datetime]:
    """Return until when each e-mail is locked from some address; others are left out."""
    rows = await db.execute(
        select(LoginTries.email, func.max(LoginTries.locked_until))
        .where(LoginTries.email.in_(emails), LoginTries.locked_until > now)
        .group_by(LoginTries.email)
    )
    return {email: until for email, until in rows if until is not None}
