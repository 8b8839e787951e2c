"""Bulk operations, composed from settings: running one, and what their routes ask of the CRM."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse import bootstrap
from pulse.adapters.attended import attended, claim_here
from pulse.adapters.bulk import PostgresBulkItems, ZohoBulkWriter, ids_of_view
from pulse.adapters.client import USUAL_PATIENCE, Caller
from pulse.adapters.crm.errors import crm_errors
from pulse.adapters.loose import LooseRun
from pulse.adapters.module_fields import module_fields
from pulse.adapters.slots import Priority
from pulse.bootstrap import (
    mirror_pool,
    open_client,
    pull_context,
    refresh_directory,
    refresh_if_stale,
    resources,
)
from pulse.bulk.ports import CustomView
from pulse.core.bulk import BULK_TYPES, ItemState, Way
from pulse.core.modules import DEALS
from pulse.core.sync import SyncMode
from pulse.db.engine import database
from pulse.models import Organisation, SyncSession
from pulse.settings.service import read_settings
from pulse.sync.bulk import fail_rest, run_bulk
from pulse.sync.bulking.context import BulkContext
from pulse.sync.domain.errors import CrmRefusedError, PermissionMissingError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from uuid import UUID

    from psycopg_pool import AsyncConnectionPool

    from pulse.adapters.client import OpenClient, Patience
    from pulse.adapters.runs import PostgresRun
    from pulse.bootstrap import Resources
    from pulse.bulk.ports import BulkCrm
    from pulse.config import Settings


async def run_session(
    settings: Settings, session_id: UUID, patience: Patience = USUAL_PATIENCE
) -> None:
    """Run a session of any type, or do nothing if it has ended or another worker runs it."""
    url = settings.database_url.get_secret_value()
    async with database(url, pool_size=1) as open_db, open_db() as db:
        sync_type = await db.scalar(
            select(SyncSession.sync_type).where(SyncSession.id == session_id)
        )
    if sync_type in BULK_TYPES:
        await run_operation(settings, session_id, patience)
    else:
        await bootstrap.run_session(settings, session_id, patience)


async def run_operation(
    settings: Settings, session_id: UUID, patience: Patience = USUAL_PATIENCE
) -> None:
    """Run a bulk operation to its end, or go on with one whose worker died.

    What goes wrong ends it as `pulse.adapters.attended` says.
    """
    async with resources(settings, patience) as opened, mirror_pool(settings) as pool:
        run = await claim_here(pool, session_id, "bulk")
        if run is not None:
            items = PostgresBulkItems(run, _author(run))
            async with attended(run, "bulk", opened.clock, items):
                await _run(opened, pool, run, items)


async def _run(
    opened: Resources, pool: AsyncConnectionPool, run: PostgresRun, items: PostgresBulkItems
) -> None:
    """Open the client for a claimed operation and write its records."""
    caller = Caller(Priority.PERSON, run.session_id)
    async with open_client(opened, caller, on_wait=run.log_wait) as client:
        run.count_on(client.spent)
        await refresh_if_stale(opened, client, DEALS)
        context = await _context(opened, pool, run, items, client, caller)
        try:
            try:
                counts = await run_bulk(context)
            except CrmRefusedError:
                # A field that was removed or renamed within the hour, perhaps.
                await refresh_directory(opened, client)
                renewed = await _context(opened, pool, run, items, client, caller)
                if renewed.pull.canonical.all_fields == context.pull.canonical.all_fields:
                    raise
                context = renewed
                counts = await run_bulk(context)
        except (CrmRefusedError, PermissionMissingError) as refused:
            await fail_rest(context, refused)
            raise
    words = _summary(counts)
    if not counts[ItemState.DONE] and counts[ItemState.FAILED]:
        raise CrmRefusedError(f"No record was written: {words}.", code="nothing_written")
    await run.finish(words, records={state.value: count for state, count in counts.items()})


async def _context(
    opened: Resources,
    pool: AsyncConnectionPool,
    run: PostgresRun,
    items: PostgresBulkItems,
    client: OpenClient,
    caller: Caller,
) -> BulkContext:
    # Readings need no lease: they are ordered by their numbers.
    pull = await pull_context(opened, pool, LooseRun(DEALS), client, caller)
    async with opened.open_db() as db:
        stored = await read_settings(db)
        specs = (await module_fields(db, DEALS)).specs
        organisation = await db.scalar(select(Organisation.document).limit(1)) or {}
    return BulkContext(
        pull=replace(pull, run=run),
        writer=ZohoBulkWriter(
            client.client,
            {spec.api_name: spec for spec in specs},
            str(organisation.get("zgid") or ""),
            run_automation=stored.run_automation,
        ),
        items=items,
        way=Way(str(run.facts["way"])),
        author=_author(run),
        view_id=_text(run.facts.get("view_id")),
        job_id=_open_job(run),
        takes_over=stored.mode is not SyncMode.LOCAL_TO_CRM,
    )


def _author(run: PostgresRun) -> str:
    author = run.facts.get("author")
    return str(author["name"]) if isinstance(author, dict) else run.requested_by


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _open_job(run: PostgresRun) -> str | None:
    """Return the CRM's job that a worker before us left with its records unsettled."""
    job = run.facts.get("job")
    return str(job["id"]) if isinstance(job, dict) and not job.get("is_settled") else None


def _summary(counts: Mapping[ItemState, int]) -> str:
    told = (
        (ItemState.DONE, "written"),
        (ItemState.UNCHANGED, "unchanged"),
        (ItemState.LEFT_ALONE, "left alone"),
        (ItemState.FAILED, "failed"),
        (ItemState.WAITING, "not written"),
    )
    return ", ".join(f"{counts[state]:,} {words}" for state, words in told if counts[state])


@asynccontextmanager
async def bulk_crm(
    settings: Settings, patience: Patience = USUAL_PATIENCE
) -> AsyncIterator[BulkCrm]:
    """Open what the routes of bulk operations ask of the CRM, for the life of a process."""
    async with resources(settings, patience) as opened:
        yield _BulkCrm(settings, opened, patience)


class _BulkCrm:
    """The bulk slice's port; the connection to the CRM is opened for each call."""

    def __init__(self, settings: Settings, opened: Resources, patience: Patience) -> None:
        self._settings = settings
        self._opened = opened
        self._patience = patience

    async def views(self) -> Sequence[CustomView]:
        """Return the custom views of Deals that the connected user may see."""
        async with open_client(self._opened, Caller(Priority.PERSON)) as client:
            with crm_errors("Listing custom views"):
                found = await client.client.mass_update.custom_views(DEALS)
        return [
            CustomView(view.id, view.display_value, view.category, view.is_default)
            for view in found
        ]

    async def view_ids(self, view_id: str, limit: int) -> Sequence[int] | None:
        """Return the records of a view, at most `limit` of them; None where there is no view."""
        if view_id not in {view.id for view in await self.views()}:
            return None
        async with open_client(self._opened, Caller(Priority.PERSON)) as client:
            with crm_errors("Listing a custom view"):
                return await ids_of_view(client.client, DEALS, view_id, limit)

    async def run(self, session_id: UUID) -> None:
        """Run a bulk operation to its end; what goes wrong is written on its session."""
        await run_operation(self._settings, session_id, self._patience)
