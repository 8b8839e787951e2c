"""The use cases around the connection, composed from settings: connect, check, refresh, refill."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.adapters.accounts import PERSON_PATIENCE, ZohoAccounts, data_centres
from pulse.adapters.client import Caller
from pulse.adapters.metadata import ZohoDirectory
from pulse.adapters.mirror.refill import refill
from pulse.adapters.slots import Priority
from pulse.bootstrap import mirror_pool, open_client, refresh_now, resources
from pulse.connection.currencies import store_currencies
from pulse.connection.disconnect import Disconnected, disconnect
from pulse.connection.field_map import read_field_map
from pulse.connection.fields import lock_directory
from pulse.connection.service import ConnectionReport, knows_permissions, validate
from pulse.connection.sign_in import BrowserSignIn, SignInSetting
from pulse.core.modules import DEALS
from pulse.core.sign_in import OAuthClient
from pulse.core.sync import OPEN_STATUSES, SessionStatus
from pulse.currency.ports import ChangedRate, Refreshed
from pulse.db.engine import database
from pulse.db.events import Topic, notify
from pulse.jobs.catalogue import RefillDeals
from pulse.jobs.outbox import enqueue
from pulse.kit.errors import PulseError
from pulse.kit.logging import get_logger
from pulse.live_sync.cancel import SessionEndedError, cancel_session
from pulse.models import SyncSession
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.adapters.client import Patience
    from pulse.config import Settings
    from pulse.db.engine import OpenDb
    from pulse.kit.clock import Clock
    from pulse.web.access import Principal

_STATE_BYTES: Final = 32
_AGAIN: Final = timedelta(seconds=5)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Connecting:
    """What the routes of CRM Integration need to connect and to disconnect."""

    sign_in: BrowserSignIn
    open_db: OpenDb
    clock: Clock

    async def disconnect(self, who: Principal, typed: str) -> Disconnected:
        """End the connection; raises the errors of `pulse.connection.disconnect`."""
        stop = partial(_stop_syncs, self.clock, who)
        return await disconnect(self.open_db, self.sign_in, stop, who, typed)


@asynccontextmanager
async def connecting(
    settings: Settings, clock: Clock, patience: Patience = PERSON_PATIENCE
) -> AsyncIterator[Connecting]:
    """Open what connecting needs, for the life of a process."""
    async with resources(settings, patience) as opened:
        accounts = ZohoAccounts(opened.open_db, opened.redis, opened.clock, patience)
        sign_in = BrowserSignIn(
            opened.open_db,
            accounts,
            opened.vault,
            clock,
            SignInSetting(
                data_centres(settings.zoho_accounts_url, settings.zoho_base_url),
                _client_of(settings),
                settings.redirect_uri,
            ),
            partial(secrets.token_urlsafe, _STATE_BYTES),
        )
        yield Connecting(sign_in, opened.open_db, clock)


def _client_of(settings: Settings) -> OAuthClient | None:
    if settings.zoho_client_id is None or settings.zoho_client_secret is None:
        return None
    return OAuthClient(settings.zoho_client_id, settings.zoho_client_secret.get_secret_value())


async def _stop_syncs(clock: Clock, who: Principal, db: AsyncSession) -> int:
    open_sessions = (
        await db.scalars(select(SyncSession.id).where(SyncSession.status.in_(OPEN_STATUSES)))
    ).all()
    for session_id in open_sessions:
        # One that ends by itself meanwhile needs no stopping.
        with suppress(SessionEndedError):
            await cancel_session(db, session_id, clock.now(), who)
    return len(open_sessions)


async def refresh_connection(settings: Settings) -> None:
    """Read organisation, users, currencies and fields again.

    What can be expected to fail is logged: the next tick that finds the refresh due asks again.
    """
    try:
        await refresh_now(settings, Priority.BACKGROUND)
        # A token that names no scopes tells what is granted only when each area is asked, once.
        if not await _knows_permissions(settings):
            await validate_connection(settings)
    except PulseError as error:
        _log.warning("crm.refresh_failed", code=error.code, detail=error.detail, fix=error.fix)


async def _knows_permissions(settings: Settings) -> bool:
    url = settings.database_url.get_secret_value()
    async with database(url, pool_size=1) as open_db, open_db() as db:
        return await knows_permissions(db)


async def validate_connection(settings: Settings) -> ConnectionReport:
    """Check the connection by asking the CRM; raises the errors of the engine and of the gate."""
    async with (
        resources(settings) as open_resources,
        open_client(open_resources, Caller(Priority.PERSON)) as opened,
        open_resources.open_db.begin() as db,
    ):
        return await validate(db, ZohoDirectory(opened.client), open_resources.clock.now())


async def refresh_rates(
    settings: Settings, who: Principal, patience: Patience = PERSON_PATIENCE
) -> Refreshed:
    """Read the CRM's currencies now, with one call; raises the errors of the engine."""
    async with (
        resources(settings, patience) as open_resources,
        open_client(open_resources, Caller(Priority.PERSON)) as opened,
    ):
        currencies = await ZohoDirectory(opened.client).currencies()
        spent = opened.spent()
        async with open_resources.open_db.begin() as db:
            # The hourly refresh may read at the same time.
            await lock_directory(db)
            changes = await store_currencies(db, currencies, open_resources.clock.now())
            await audit(
                db,
                who,
                "currency.refreshed",
                kind="currency",
                subject=None,
                before={each.iso_code: each.before for each in changes},
                after={each.iso_code: each.after for each in changes},
            )
            await notify(db, Topic.CONNECTION, "crm")
    return Refreshed(
        [ChangedRate(each.iso_code, each.before, each.after) for each in changes],
        spent.calls,
        spent.credits,
    )


async def refill_deals(settings: Settings) -> None:
    """Let the narrow columns of all deals follow the field map.

    A run that is under way reads with the map that it began with, so the work waits for its end.
    """
    async with resources(settings) as opened, mirror_pool(settings) as pool:
        async with opened.open_db.begin() as db:
            running = await db.scalar(
                select(SyncSession.id).where(
                    SyncSession.module == DEALS, SyncSession.status == SessionStatus.IN_PROGRESS
                )
            )
            if running is not None:
                await enqueue(db, RefillDeals(), delay=_AGAIN)
                return
            found = await read_field_map(db)
        changed = await refill(pool, DEALS, found.mapping)
        _log.info("mirror.refilled", module=DEALS, changed=changed)
