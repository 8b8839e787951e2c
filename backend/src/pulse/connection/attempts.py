"""Attempts to connect in a browser: begun once, answered once, and what became of them.

The state that goes to Zoho and comes back is a secret of 256 random bits, kept as its hash. It
belongs to one log-in of one browser, lives ten minutes, and is used up by the first answer that
brings it, whatever that answer says.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from pulse.models import ConnectAttempt

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.ports import Cipher
    from pulse.core.sign_in import DataCentre, OAuthClient
    from pulse.web.access import Principal

LIFETIME: Final = timedelta(minutes=10)
_KEPT: Final = timedelta(days=1)


class SignInOutcome(StrEnum):
    """What became of an attempt; the page says each in words."""

    CONNECTED = "connected"
    INCOMPLETE = "incomplete"
    """Connected, and something that is not indispensable was not granted."""
    DENIED = "denied"
    """The person refused at Zoho."""
    SIGNED_OUT = "signed_out"
    """Nobody is logged in here, or no admin."""
    UNKNOWN_STATE = "unknown_state"
    """No attempt of this browser: a stale link, another browser, or a forged answer."""
    USED = "used"
    EXPIRED = "expired"
    NO_CODE = "no_code"
    UNKNOWN_SERVER = "unknown_server"
    """The answer names an accounts server that is none of Zoho's."""
    CODE_REFUSED = "code_refused"
    CLIENT_REFUSED = "client_refused"
    NO_REFRESH_TOKEN = "no_refresh_token"  # noqa: S105 - the name of an outcome
    SCOPES_MISSING = "scopes_missing"
    PERMISSION_MISSING = "permission_missing"
    OTHER_ORGANISATION = "other_organisation"
    CRM_UNAVAILABLE = "crm_unavailable"
    FAILED = "failed"
    """Zoho refused in a way that we have no word for; the detail holds its own."""

    @property
    def is_connected(self) -> bool:
        """Return whether a connection was made."""
        return self in {SignInOutcome.CONNECTED, SignInOutcome.INCOMPLETE}


class SignInFailedError(Exception):
    """An attempt ended without a connection; the detail names what people need to know."""

    def __init__(self, outcome: SignInOutcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


async def begin_attempt(
    db: AsyncSession,
    who: Principal,
    state: str,
    centre: DataCentre,
    client: OAuthClient,
    redirect_uri: str,
    *,
    cipher: Cipher,
    now: datetime,
) -> None:
    """Store an attempt of `who`'s log-in; the caller commits. Old ones are forgotten."""
    if who.session_id is None:
        raise ValueError("only a person in a browser can begin to connect")
    await db.execute(delete(ConnectAttempt).where(ConnectAttempt.created_at < now - _KEPT))
    db.add(
        ConnectAttempt(
            state_digest=_digest(state),
            session_id=who.session_id,
            user_name=who.name,
            accounts_url=centre.accounts_url,
            base_url=centre.base_url,
            client_id=client.client_id,
            client_secret_encrypted=cipher.encrypt(client.client_secret),
            redirect_uri=redirect_uri,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    await db.flush()


async def use_up(db: AsyncSession, state: str, session_id: UUID, now: datetime) -> ConnectAttempt:
    """Return the attempt that an answer belongs to, and mark it answered; the caller commits.

    Raises SignInFailedError (unknown_state, used, expired).
    """
    attempt = await db.get(ConnectAttempt, _digest(state), with_for_update=True)
    # Another browser's attempt is as unknown to this one as none at all.
    if attempt is None or attempt.session_id != session_id:
        raise SignInFailedError(
            SignInOutcome.UNKNOWN_STATE, "This answer belongs to no attempt of yours."
        )
    if attempt.answered_at is not None:
        raise SignInFailedError(SignInOutcome.USED, "This answer was already used.")
    attempt.answered_at = now
    await db.flush()
    return attempt


async def note_outcome(
    db: AsyncSession, state: str, outcome: SignInOutcome, detail: str | None
) -> None:
    """Keep what became of an attempt, and forget its client's secret; the caller commits."""
    attempt = await db.get(ConnectAttempt, _digest(state), with_for_update=True)
    if attempt is not None:
        attempt.outcome, attempt.detail = outcome, detail
        attempt.client_secret_encrypted = b""
        await db.flush()


async def last_answered(db: AsyncSession) -> ConnectAttempt | None:
    """Return the attempt that was answered last."""
    found: ConnectAttempt | None = await db.scalar(
        select(ConnectAttempt)
        .where(ConnectAttempt.outcome.is_not(None))
        .order_by(ConnectAttempt.answered_at.desc())
        .limit(1)
    )
    return found


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
