"""The connection itself: from the environment into the database, its secrets, its check-up."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from pulse.connection.scopes import NEEDED_SCOPES, is_covered
from pulse.core.limits import organisation_limits
from pulse.core.modules import DEALS
from pulse.db.events import Topic, notify
from pulse.jobs.catalogue import RefreshConnection
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import ConfigurationError
from pulse.models import ConnectAttempt, CrmConnection
from pulse.sync.domain.errors import PermissionMissingError, ScopeMissingError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.ports import Cipher, CrmDirectory
    from pulse.core.directory import OrganisationFacts
    from pulse.core.limits import OrganisationLimits

CONNECTION_ID: Final = 1
_CONNECTION_LOCK: Final = 7_163_005


@dataclass(frozen=True, slots=True, repr=False)
class ConnectionSeed:
    """A connection as the environment describes it; never shown, because of its secrets.

    Without a refresh token it is a client to connect with in the browser.
    """

    accounts_url: str
    base_url: str
    client_id: str
    client_secret: str
    refresh_token: str | None


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """A check-up of a connection that works."""

    organisation: OrganisationFacts | None
    """None where the scope to read it is missing."""
    limits: OrganisationLimits
    token_expires_at: datetime | None
    permissions: dict[str, bool]
    """Scope → whether it is granted."""
    module_access: dict[str, bool]

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is missing."""
        return all(self.permissions.values()) and all(self.module_access.values())


async def read_connection(db: AsyncSession) -> CrmConnection | None:
    """Return the stored connection, if any; its secrets are encrypted."""
    return await db.get(CrmConnection, CONNECTION_ID)


async def knows_permissions(db: AsyncSession) -> bool:
    """Return whether it is known what the connection may do: by its token, or by a check-up."""
    row = await read_connection(db)
    return row is not None and bool(row.scopes or row.probed)


async def locked_connection(db: AsyncSession) -> CrmConnection | None:
    """Return the stored connection for a change; others who would change it wait."""
    await db.execute(select(func.pg_advisory_xact_lock(_CONNECTION_LOCK)))
    return await db.get(CrmConnection, CONNECTION_ID, with_for_update=True)


async def seed_connection(db: AsyncSession, seed: ConnectionSeed, cipher: Cipher) -> bool:
    """Store the connection of the environment if it is new; return whether it was.

    The environment is obeyed when it changes, and then goes before a connection that was made in
    the browser. What people did since stays: a sign-in in the browser, a disconnect. A new
    connection starts afresh: its old token and any refusal are forgotten, and a refresh is
    enqueued. The caller commits.
    """
    row = await locked_connection(db)
    digest = _digest(seed)
    if row is not None and row.environment_digest == digest and _is_readable(row, cipher):
        return False
    if row is not None and _is_same(row, seed, cipher):
        row.environment_digest = digest
        return False
    if row is None:
        row = CrmConnection(id=CONNECTION_ID, generation=0)
        db.add(row)
    row.accounts_url, row.base_url = seed.accounts_url, seed.base_url
    row.client_id = seed.client_id
    row.client_secret_encrypted = cipher.encrypt(seed.client_secret)
    row.refresh_token_encrypted = (
        None if seed.refresh_token is None else cipher.encrypt(seed.refresh_token)
    )
    forget_sign_in(row)
    row.scopes = []
    row.is_from_environment = True
    row.environment_digest = digest
    row.connected_at, row.connected_by = func.now(), None
    await db.flush()
    await notify(db, Topic.CONNECTION, "crm")
    if seed.refresh_token is not None:
        await enqueue(db, RefreshConnection())
    return True


def forget_sign_in(row: CrmConnection) -> None:
    """Forget what belongs to the last sign-in; clients that are still open write nothing more."""
    row.generation += 1
    row.access_token_encrypted = row.token_expires_at = row.api_domain = None
    row.token_renewed_at = row.checked_at = row.probed = None
    row.refused_at = row.refusal = None


async def rotate_secrets(db: AsyncSession, cipher: Cipher) -> None:
    """Encrypt the stored secrets with the newest key; the caller commits.

    Raises ConfigurationError (`secret_unreadable`) if no key of PULSE_SECRET_KEY fits.
    """
    row = await db.get(CrmConnection, CONNECTION_ID, with_for_update=True)
    if row is not None:
        row.client_secret_encrypted = _rotated(row.client_secret_encrypted, cipher)
        row.refresh_token_encrypted = _rotated(row.refresh_token_encrypted, cipher)
        row.access_token_encrypted = _rotated(row.access_token_encrypted, cipher)
    for attempt in await db.scalars(
        select(ConnectAttempt).where(ConnectAttempt.answered_at.is_(None)).with_for_update()
    ):
        attempt.client_secret_encrypted = cipher.rotated(attempt.client_secret_encrypted)
    await db.flush()


def _rotated(blob: bytes | None, cipher: Cipher) -> bytes | None:
    return None if blob is None else cipher.rotated(blob)


async def validate(db: AsyncSession, crm: CrmDirectory, now: datetime) -> ConnectionReport:
    """Check sign-in, organisation, scopes and module access by asking the CRM.

    Scopes are those that the token answer named; where it named none, one harmless call an area
    tells. Raises the errors of `pulse.sync.domain.errors` if the CRM cannot be reached or refuses
    the sign-in: a working sign-in takes a stored refusal away. The outcome is kept for those who
    look later; the caller commits.
    """
    try:
        organisation = await crm.organisation()
    except (ScopeMissingError, PermissionMissingError):
        organisation = None
    may_read_deals = await crm.may_read(DEALS)
    # Read after the first calls: they have renewed the token.
    row = await read_connection(db)
    granted = [] if row is None else row.scopes
    probed = None
    if granted:
        permissions = {scope: is_covered(scope, granted) for scope in NEEDED_SCOPES}
    else:
        allowed = await asyncio.gather(*(crm.may(scope) for scope in NEEDED_SCOPES))
        probed = permissions = dict(zip(NEEDED_SCOPES, allowed, strict=True))
    await db.execute(
        update(CrmConnection)
        .where(CrmConnection.id == CONNECTION_ID)
        .values(checked_at=now, probed=probed)
    )
    await notify(db, Topic.CONNECTION, "crm")
    return ConnectionReport(
        organisation=organisation,
        limits=organisation_limits("free", 0)
        if organisation is None
        else organisation_limits(organisation.edition, organisation.users_licensed),
        token_expires_at=None if row is None else row.token_expires_at,
        permissions=permissions,
        module_access={DEALS.lower(): may_read_deals},
    )


def _digest(seed: ConnectionSeed) -> str:
    """Return what tells one environment from another; its secrets are too random to be guessed."""
    said = [
        seed.accounts_url, seed.base_url, seed.client_id, seed.client_secret, seed.refresh_token
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _is_readable(row: CrmConnection, cipher: Cipher) -> bool:
    """Return whether our key fits; with a lost one the environment has to bring the secrets."""
    try:
        _secrets_of(row, cipher)
    except ConfigurationError:
        return False
    return True


def _secrets_of(row: CrmConnection, cipher: Cipher) -> tuple[str | None, str | None]:
    """Return client secret and refresh token. Raises ConfigurationError with a lost key."""
    return (
        None
        if row.client_secret_encrypted is None
        else cipher.decrypt(row.client_secret_encrypted),
        None
        if row.refresh_token_encrypted is None
        else cipher.decrypt(row.refresh_token_encrypted),
    )


def _is_same(row: CrmConnection, seed: ConnectionSeed, cipher: Cipher) -> bool:
    """Return whether the row holds this seed.

    A seed without a refresh token is also the same as a connection made with its client.
    """
    try:
        secret, token = _secrets_of(row, cipher)
    except ConfigurationError:
        return False
    return (
        (row.accounts_url, row.base_url, row.client_id, secret)
        == (seed.accounts_url, seed.base_url, seed.client_id, seed.client_secret)
    ) and seed.refresh_token in {None, token}
