"""The access token, shared by all processes through the row of the connection.

One refresh at a time over all of them, by an advisory lock of PostgreSQL: it goes away with its
connection, so a process that dies in the middle holds up nobody.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from pulse.db.events import Topic, notify
from pulse.kit.logging import get_logger
from pulse.models import CrmConnection
from zoho_crm.errors import CredentialsRefused
from zoho_crm.protocol.oauth import AccessToken
from zoho_crm.secret import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pulse.adapters.secrets import Vault
    from pulse.db.engine import OpenDb

CONNECTION_ID: Final = 1
_REFRESH_LOCK: Final = 7_163_003

_log = get_logger(__name__)


class StoredTokens:
    """The client's token store over `crm_connection`.

    A refresh that the CRM refuses for good is noted on the row, which holds all scheduled work
    until a refresh succeeds again. A store belongs to one `generation` of the connection: a run
    that outlives a disconnect or a new sign-in neither finds nor leaves anything there.
    """

    def __init__(self, open_db: OpenDb, vault: Vault, generation: int) -> None:
        self._open_db = open_db
        self._vault = vault
        self._generation = generation

    async def load(self) -> AccessToken | None:
        """Return the stored token, if any."""
        async with self._open_db() as db:
            row = await db.get(CrmConnection, CONNECTION_ID)
        if row is None or row.generation != self._generation:
            return None
        if row.access_token_encrypted is None or row.token_expires_at is None:
            return None
        value = Secret(self._vault.decrypt(row.access_token_encrypted))
        return AccessToken(value, row.token_expires_at, row.api_domain, tuple(row.scopes))

    async def save(self, token: AccessToken) -> None:
        """Store a token in place of the last one: the sign-in works, whatever was noted before."""
        async with self._open_db.begin() as db:
            row = await db.get(CrmConnection, CONNECTION_ID, with_for_update=True)
            if row is None or row.generation != self._generation:
                return
            was_refused = row.refused_at is not None
            row.access_token_encrypted = self._vault.encrypt(token.value.reveal())
            row.token_expires_at = token.expires_at
            row.token_renewed_at = func.now()
            row.api_domain = token.api_domain or row.api_domain
            # A refresh need not name scopes, and they do not change while a sign-in lives.
            row.scopes = list(token.scopes) or row.scopes
            row.refused_at = row.refusal = None
            if was_refused:
                await notify(db, Topic.CONNECTION, "crm")

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Hold the refresh lock of all processes; a refused refresh within it is noted."""
        async with self._open_db.begin() as db:
            await db.execute(select(func.pg_advisory_xact_lock(_REFRESH_LOCK)))
            try:
                yield
            except CredentialsRefused as refused:
                await self._note_refusal(refused)
                raise

    async def _note_refusal(self, refused: CredentialsRefused) -> None:
        async with self._open_db.begin() as db:
            await db.execute(
                update(CrmConnection)
                .where(
                    CrmConnection.id == CONNECTION_ID,
                    CrmConnection.generation == self._generation,
                )
                .values(
                    refused_at=func.coalesce(CrmConnection.refused_at, func.now()),
                    refusal=refused.describe(),
                )
            )
            await notify(db, Topic.CONNECTION, "crm")
        _log.warning("crm.sign_in_refused", code=refused.code)
