"""Ending a connection: syncs stop, secrets go, data and history stay."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.connection.service import forget_sign_in, locked_connection
from pulse.connection.sign_in import mirrored_organisation
from pulse.db.events import Topic, notify
from pulse.kit.errors import InvalidInputError
from pulse.models import ConnectAttempt
from pulse.sync.domain.errors import NotConnectedError
from pulse.web.audit import audit

if TYPE_CHECKING:
    from pulse.connection.sign_in import BrowserSignIn
    from pulse.db.engine import OpenDb
    from pulse.models import CrmConnection, Organisation
    from pulse.web.access import Principal

StopSyncs = Callable[[AsyncSession], Awaitable[int]]
"""Asks every sync that runs or waits to stop; returns how many. The caller commits."""


class ConfirmationError(InvalidInputError):
    """What was typed is not the name of what would be disconnected."""

    code = "confirmation_wrong"


@dataclass(frozen=True, slots=True)
class Disconnected:
    """What a disconnect has done."""

    organisation: str
    stopped_syncs: int
    is_revoked: bool
    """Zoho knows that the sign-in is over; otherwise it forgets it only when told by a person."""


def name_to_type(row: CrmConnection, organisation: Organisation | None) -> str:
    """Return what a person types to confirm: the organisation, or the host before it was read."""
    if organisation is not None and organisation.company_name:
        return organisation.company_name
    return urlsplit(row.api_domain or row.base_url).netloc


def confirmation_wrong(expected: str) -> ConfirmationError:
    """Return the error of a name that was not typed as it is."""
    return ConfirmationError(
        f"organisation: what you typed is not “{expected}”.",
        fix="Type the organisation's name exactly as it is shown.",
        extra={"field": "organisation"},
    )


def not_connected() -> NotConnectedError:
    """Return the error of a product that has nothing to disconnect from."""
    return NotConnectedError("No CRM is connected.", fix="Connect one in CRM Integration.")


async def disconnect(
    open_db: OpenDb, sign_in: BrowserSignIn, stop_syncs: StopSyncs, who: Principal, typed: str
) -> Disconnected:
    """End the connection; `typed` is the organisation's name as the person typed it.

    Secrets are removed first and revoked at Zoho after that, so a disconnect holds even where Zoho
    cannot be reached. Raises NotConnectedError, ConfirmationError.
    """
    async with open_db.begin() as db:
        row = await locked_connection(db)
        if row is None or row.refresh_token_encrypted is None:
            raise not_connected()
        organisation = name_to_type(row, await mirrored_organisation(db))
        if typed.strip() != organisation:
            raise confirmation_wrong(organisation)
        token, accounts_url = row.refresh_token_encrypted, row.accounts_url
        stopped = await stop_syncs(db)
        row.refresh_token_encrypted = row.client_secret_encrypted = None
        forget_sign_in(row)
        row.scopes = []
        await db.execute(delete(ConnectAttempt).where(ConnectAttempt.answered_at.is_(None)))
        await audit(
            db, who, "connection.disconnected", kind="connection", subject="crm",
            name=organisation, before={"accounts_url": accounts_url, "client_id": row.client_id},
        )  # fmt: skip
        await notify(db, Topic.CONNECTION, "crm")
    return Disconnected(organisation, stopped, await sign_in.revoke(accounts_url, token))
