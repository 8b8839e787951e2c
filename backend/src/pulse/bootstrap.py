"""Where ports meet adapters: the use cases of the processes, composed from settings.

Each function opens what it needs and closes all of it: a task of the worker lives in its own event
loop and leaves nothing behind.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis

from pulse.adapters.attended import attended, claim_here
from pulse.adapters.client import (
    USUAL_PATIENCE,
    Caller,
    OnWait,
    OpenClient,
    Patience,
    stored_client,
)
from pulse.adapters.crm import ZohoSource
from pulse.adapters.ledger import NO_SESSION
from pulse.adapters.loose import LooseRun
from pulse.adapters.metadata import ZohoDirectory
from pulse.adapters.mirror import PostgresMirror
from pulse.adapters.mirror.statistics import learn_statistics
from pulse.adapters.module_fields import has_fields, module_fields
from pulse.adapters.records import OpenReads, ZohoRecords, expression
from pulse.adapters.resume import carried
from pulse.adapters.runs import PostgresRun
from pulse.adapters.secrets import Vault
from pulse.adapters.slots import Priority
from pulse.connection.refresh import is_stale, read_directory, store_reading
from pulse.connection.service import (
    ConnectionSeed,
    rotate_secrets,
    seed_connection,
)
from pulse.core.modules import ACCOUNTS, DEALS
from pulse.core.sync import SyncMode, SyncType
from pulse.db.engine import OpenDb, database
from pulse.db.urls import libpq_url
from pulse.kit.clock import SystemClock, system_sleep
from pulse.live_sync.ports import Outlook, Resumable
from pulse.queries.credits import credit_state, usual_latency_s
from pulse.records.ports import ReadAgain, SearchResult
from pulse.settings.service import read_settings, seed_interval
from pulse.sync.details import DETAILS_A_NIGHT
from pulse.sync.domain.canonical import Canonicaliser
from pulse.sync.domain.errors import CrmRefusedError
from pulse.sync.domain.steps import START
from pulse.sync.loading import PullContext, PullSettings
from pulse.sync.pull import foresee_load, goes_on_with, pull_full, pull_incremental
from pulse.sync.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from contextlib import AbstractAsyncContextManager
    from uuid import UUID

    from pulse.config import Settings
    from pulse.records.ports import CrmRecords, SearchQuery

_USE_CASES: Final[Mapping[SyncType, Callable[[PullContext], Awaitable[None]]]] = {
    SyncType.FULL: pull_full,
    SyncType.INCREMENTAL: pull_incremental,
    SyncType.RECONCILE: reconcile,
}
_SCHEDULE: Final = "schedule"
_CONNECTIONS: Final = 5  # two loaders, numbers, log, heartbeat
_USUAL_LATENCY_S: Final = 0.2  # until we have seen our own


@dataclass(frozen=True, slots=True)
class Resources:
    """What a use case works with, open for as long as it runs."""

    settings: Settings
    open_db: OpenDb
    redis: Redis
    vault: Vault
    clock: SystemClock
    patience: Patience


@asynccontextmanager
async def resources(
    settings: Settings, patience: Patience = USUAL_PATIENCE
) -> AsyncIterator[Resources]:
    """Open database and broker, and close them in the end."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        open_db = await stack.enter_async_context(
            database(settings.database_url.get_secret_value(), pool_size=3)
        )
        redis = Redis.from_url(settings.redis_url.get_secret_value())
        stack.push_async_callback(redis.aclose)
        yield Resources(
            settings,
            open_db,
            redis,
            Vault(settings.pulse_secret_key.get_secret_value()),
            clock,
            patience,
        )


@asynccontextmanager
async def mirror_pool(settings: Settings) -> AsyncIterator[AsyncConnectionPool]:
    """Open the connections that the set-based mirror works on."""
    async with AsyncConnectionPool(
        libpq_url(settings.database_url.get_secret_value()),
        min_size=1,
        max_size=_CONNECTIONS,
        kwargs={"autocommit": True},
        # A server that was restarted leaves dead connections in the pool.
        check=AsyncConnectionPool.check_connection,
        open=False,
    ) as pool:
        yield pool


async def run_session(
    settings: Settings, session_id: UUID, patience: Patience = USUAL_PATIENCE
) -> None:
    """Run a session of sync, or do nothing if it has ended or another worker runs it.

    What goes wrong ends it as `pulse.adapters.attended` says.
    """
    async with resources(settings, patience) as open_resources, mirror_pool(settings) as pool:
        run = await claim_here(pool, session_id, "sync")
        if run is not None:
            async with attended(run, "sync", open_resources.clock):
                await _run(open_resources, pool, run)


async def _run(open_resources: Resources, pool: AsyncConnectionPool, run: PostgresRun) -> None:
    """Open the client for a claimed run and do what it asks for."""
    async with open_resources.open_db() as db:
        stored = await read_settings(db)
    is_scheduled = run.requested_by == _SCHEDULE
    caller = Caller(
        Priority.BACKGROUND if is_scheduled else Priority.PERSON,
        run.session_id,
        stored.budget_share if is_scheduled else None,
    )
    async with open_client(open_resources, caller, on_wait=run.log_wait) as opened:
        run.count_on(opened.spent)
        await refresh_if_stale(open_resources, opened, run.request.module)
        use_case = _USE_CASES[run.request.sync_type]
        context = await pull_context(open_resources, pool, run, opened, caller)
        try:
            await use_case(context)
        except CrmRefusedError:
            # A field that was removed or renamed within the hour, perhaps.
            await refresh_directory(open_resources, opened)
            renewed = await pull_context(open_resources, pool, run, opened, caller)
            if renewed.canonical.all_fields == context.canonical.all_fields:
                raise
            await run.log(
                "Fields have changed in the CRM: starting over with those it has now.", step=START
            )
            await use_case(renewed)
        if run.request.sync_type is SyncType.FULL:
            await learn_statistics(pool)


async def prepare(settings: Settings) -> None:
    """Bring what the environment says into the database; each process does it at its start.

    Stored settings and a connection that has not changed stay as they are. With several keys in
    PULSE_SECRET_KEY the stored secrets are encrypted anew with the first.
    """
    vault = Vault(settings.pulse_secret_key.get_secret_value())
    seed = _seed_of(settings)
    async with (
        database(settings.database_url.get_secret_value(), pool_size=1) as open_db,
        open_db.begin() as db,
    ):
        await seed_interval(db, settings.sync_interval_minutes)
        if seed is not None:
            await seed_connection(db, seed, vault)
        if vault.is_rotating:
            await rotate_secrets(db, vault)


def _seed_of(settings: Settings) -> ConnectionSeed | None:
    if settings.zoho_client_id is None or settings.zoho_client_secret is None:
        return None
    token = settings.zoho_refresh_token
    return ConnectionSeed(
        accounts_url=settings.zoho_accounts_url,
        base_url=settings.zoho_base_url,
        client_id=settings.zoho_client_id,
        client_secret=settings.zoho_client_secret.get_secret_value(),
        refresh_token=None if token is None else token.get_secret_value(),
    )


async def refresh_now(settings: Settings, priority: Priority = Priority.PERSON) -> None:
    """Read organisation, users, currencies and fields again.

    Raises the errors of the engine and of the gate.
    """
    async with (
        resources(settings) as open_resources,
        open_client(open_resources, Caller(priority)) as opened,
    ):
        await refresh_directory(open_resources, opened)


async def look_ahead(settings: Settings, patience: Patience = USUAL_PATIENCE) -> Outlook:
    """Plan a full load of Deals without starting it.

    The CRM is asked only before the first load: for the fields and the number of records.
    """
    async with resources(settings, patience) as open_resources, mirror_pool(settings) as pool:
        caller = Caller(Priority.PERSON)
        async with open_client(open_resources, caller) as opened:
            async with open_resources.open_db() as db:
                is_known = await has_fields(db, DEALS)
            if not is_known:
                await refresh_directory(open_resources, opened)
            context = await pull_context(open_resources, pool, LooseRun(DEALS), opened, caller)
            foreseen = await foresee_load(context)
            async with pool.connection() as connection:
                begun = await carried(connection, DEALS, SyncType.FULL, NO_SESSION)
            spent = opened.spent()
    resumes = None
    if begun.session_id is not None and goes_on_with(context, begun.facts["load"]):
        resumes = Resumable(begun.session_id, begun.processed, int(begun.facts["load"]["records"]))
    return Outlook(
        foreseen.records,
        foreseen.is_counted_in_crm,
        foreseen.plan,
        resumes,
        spent.calls,
        spent.credits,
    )


async def refresh_if_stale(open_resources: Resources, opened: OpenClient, module: str) -> None:
    """Let a run know the fields of its module as they are within the hour."""
    async with open_resources.open_db() as db:
        stale = await is_stale(db, module, open_resources.clock.now())
    if stale:
        await refresh_directory(open_resources, opened)


async def refresh_directory(open_resources: Resources, opened: OpenClient) -> None:
    """Read again what the CRM says of itself; raises the errors of the engine."""
    reading = await read_directory(ZohoDirectory(opened.client), (DEALS, ACCOUNTS))
    async with open_resources.open_db.begin() as db:
        await store_reading(db, reading, open_resources.clock.now())


def open_client(
    open_resources: Resources, caller: Caller, *, on_wait: OnWait | None = None
) -> AbstractAsyncContextManager[OpenClient]:
    """Open a client over the stored connection; raises NotConnectedError if there is none."""
    return stored_client(
        open_resources.open_db,
        open_resources.redis,
        open_resources.vault,
        open_resources.clock,
        caller,
        open_resources.patience,
        on_wait,
    )


@asynccontextmanager
async def crm_records(
    settings: Settings, patience: Patience = USUAL_PATIENCE
) -> AsyncIterator[CrmRecords]:
    """Open what reads and searches need; each opens its own connection to the CRM."""
    async with resources(settings, patience) as open_resources, mirror_pool(settings) as pool:

        @asynccontextmanager
        async def open_reads() -> AsyncIterator[OpenReads]:
            caller = Caller(Priority.PERSON)
            async with open_client(open_resources, caller) as opened:
                await refresh_if_stale(open_resources, opened, DEALS)
                context = await pull_context(open_resources, pool, LooseRun(DEALS), opened, caller)
                async with open_resources.open_db() as db:
                    mode = (await read_settings(db)).mode
                yield OpenReads(opened.client, context, mode is not SyncMode.LOCAL_TO_CRM)

        yield _Records(ZohoRecords(open_reads))


class _Records:
    """The records slice's port over the adapter."""

    def __init__(self, records: ZohoRecords) -> None:
        self._records = records

    async def search(self, query: SearchQuery) -> SearchResult:
        """Search the CRM."""
        value = expression(query.criteria, query.match) if query.criteria else query.value
        found = await self._records.search(query.by, value, query.page, query.per_page)
        told = (found.rows, found.has_more, found.applied, found.marks, found.is_applied)
        return SearchResult(*told, value)

    async def read_again(self, record_id: int) -> ReadAgain:
        """Read one record now."""
        seen = await self._records.read_again(record_id)
        return ReadAgain(seen.applied, seen.changed_fields)


async def pull_context(
    open_resources: Resources,
    pool: AsyncConnectionPool,
    run: PostgresRun | LooseRun,
    opened: OpenClient,
    caller: Caller,
) -> PullContext:
    """Return what the steps of a pull, or the reads of a push, work with."""
    async with open_resources.open_db() as db:
        fields = await module_fields(db, run.request.module)
        stored = await read_settings(db)
        credits_now = await credit_state(db, open_resources.clock.now())
        latency_s = await usual_latency_s(db, open_resources.clock.now())
    left = credits_now.remaining
    if left is not None and credits_now.limit is not None and caller.budget_share is not None:
        left = int(credits_now.limit * caller.budget_share) - credits_now.used
    return PullContext(
        module=run.request.module,
        crm=ZohoSource(opened.client),
        mirror=PostgresMirror(
            pool,
            run.request.module,
            fields.field_map,
            run=run.identity if isinstance(run, PostgresRun) else None,
            spent=run.spent if isinstance(run, PostgresRun) else opened.spent,
            crm_time=opened.crm_time,
        ),
        run=run,
        canonical=Canonicaliser(fields.specs),
        settings=PullSettings(
            timedelta(seconds=stored.overlap_seconds),
            # A person's reconcile is for drift; the backlog of details is the night's work.
            detail_backlog=0 if caller.budget_share is None else DETAILS_A_NIGHT,
        ),
        clock=open_resources.clock,
        sleep=system_sleep,
        credits_left=left,
        latency_s=_USUAL_LATENCY_S if latency_s is None else latency_s,
    )
