"""The push, composed from settings: what is due of a module, or one record on request."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.adapters.client import USUAL_PATIENCE, Caller
from pulse.adapters.loose import LooseRun
from pulse.adapters.module_fields import module_fields
from pulse.adapters.owned.values import PostgresRiders
from pulse.adapters.pushing import PostgresChanges, ZohoWriter
from pulse.adapters.slots import Priority, SlotLimits
from pulse.bootstrap import (
    mirror_pool,
    open_client,
    pull_context,
    refresh_directory,
    refresh_if_stale,
    resources,
)
from pulse.core.limits import organisation_limits
from pulse.core.modules import DEALS
from pulse.core.owned import WRITTEN_ROLES
from pulse.core.sync import SyncMode
from pulse.kit.errors import UnavailableError
from pulse.kit.ids import Uuid7Source
from pulse.kit.logging import get_logger
from pulse.models import User
from pulse.queries.credits import limits_of_organisation
from pulse.queries.owned_fields import owned_field_names
from pulse.records.ports import PushedRecord
from pulse.settings.service import read_settings
from pulse.sync.domain.errors import CrmRefusedError, SyncError
from pulse.sync.planner import CallSlots
from pulse.sync.push import RECORDS_A_SLICE, push_due, push_records
from pulse.sync.pushing.context import PushContext, Pushed, PushSettings
from pulse.sync.pushing.ports import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from psycopg_pool import AsyncConnectionPool

    from pulse.adapters.client import OpenClient, Patience
    from pulse.adapters.mirror.store import Spent
    from pulse.bootstrap import Resources
    from pulse.config import Settings
    from pulse.kit.clock import SystemClock
    from pulse.records.ports import RecordPush
    from pulse.settings.schema import SyncSettings

_log = get_logger(__name__)

_PERSON: Final = Caller(Priority.PERSON)


async def push_changes(
    settings: Settings, module: str, patience: Patience = USUAL_PATIENCE
) -> Pushed:
    """Push what is due of a module: what people have just edited at once, a backlog in the budget.

    What can be expected to fail lets the changes wait, and the log says why. Any number of these
    may run at once.
    """
    async with resources(settings, patience) as opened, mirror_pool(settings) as pool:
        started = opened.clock.monotonic()
        stored = await _settings(opened)
        changes = _changes(pool, module, opened.clock)
        # In the mode CRM to local nothing is written: changes wait.
        if stored.mode is SyncMode.CRM_TO_LOCAL or not await changes.is_due():
            return Pushed()
        told = Pushed()
        backlog = Caller(Priority.BACKGROUND, budget_share=stored.budget_share)
        calls = credits_spent = 0
        async with changes.held():
            for caller in (_PERSON, backlog):
                spent = await _push_as(opened, pool, changes, module, caller, told)
                if spent is not None:
                    calls += spent.calls
                    credits_spent += spent.credits
                if told.trouble is not None or not await changes.is_due():
                    break
        _log.info(
            "sync.push.finished",
            module=module,
            records=told.records,
            changes=len(told.accepted),
            refused=len(told.refused),
            restored=len(told.restored),
            waiting=len(told.waiting),
            rounds=told.rounds,
            moved_on=told.moved_on,
            answers_lost=told.doubts,
            plan=None if told.plan is None else told.plan.reason,
            trouble=None if told.trouble is None else told.trouble.code,
            calls=calls,
            credits=credits_spent,
            seconds=round(opened.clock.monotonic() - started, 3),
        )
        return told


async def _push_as(
    opened: Resources,
    pool: AsyncConnectionPool,
    changes: PostgresChanges,
    module: str,
    caller: Caller,
    told: Pushed,
) -> Spent | None:
    """Push as this caller; without a CRM to push to, what is due waits."""
    try:
        async with open_client(opened, caller) as client:
            context = await _context(opened, pool, changes, client, caller, module)
            await push_due(context, told, of_persons=caller is _PERSON)
            await _learn_fields(opened, client, told)
            return client.spent()
    except (SyncError, UnavailableError) as trouble:
        told.trouble = trouble
        records = await changes.claim(RECORDS_A_SLICE)
        told.waiting.update(records)
        await changes.put_off(records, Refusal(trouble.code, trouble.detail))
        return None


async def _learn_fields(opened: Resources, client: OpenClient, told: Pushed) -> None:
    """Read the fields again where the CRM did not understand: one was renamed, perhaps.

    Edits follow their fields, so the next try knows.
    """
    if isinstance(told.trouble, CrmRefusedError):
        await refresh_directory(opened, client)


async def _settings(opened: Resources) -> SyncSettings:
    async with opened.open_db() as db:
        return await read_settings(db)


def _changes(pool: AsyncConnectionPool, module: str, clock: SystemClock) -> PostgresChanges:
    return PostgresChanges(pool, module, Uuid7Source(clock)(), SystemRandom())


async def _context(
    opened: Resources,
    pool: AsyncConnectionPool,
    changes: PostgresChanges,
    client: OpenClient,
    caller: Caller,
    module: str,
) -> PushContext:
    await refresh_if_stale(opened, client, module)
    pull = await pull_context(opened, pool, LooseRun(module), client, caller)
    async with opened.open_db() as db:
        fields = await module_fields(db, module)
        stored = await read_settings(db)
        limits = await limits_of_organisation(db) or organisation_limits("free", 0)
        connected_user = await db.scalar(select(User.id).where(User.is_connected))
        owned = await owned_field_names(db, module) if stored.is_write_back_on else {}
    slots = SlotLimits(limits.concurrency, limits.sub_concurrency)
    return PushContext(
        pull=pull,
        changes=changes,
        writer=ZohoWriter(client.client, connected_user),
        specs={spec.api_name: spec for spec in fields.specs},
        settings=PushSettings(stored.mode, stored.run_automation),
        slots=CallSlots(slots.total(caller.priority), slots.complex_calls(caller.priority)),
        riders=PostgresRiders(
            pool, {role: owned[role] for role in WRITTEN_ROLES & owned.keys()}, opened.clock
        ),
    )


@asynccontextmanager
async def record_push(
    settings: Settings, patience: Patience = USUAL_PATIENCE
) -> AsyncIterator[RecordPush]:
    """Open what pushing single records needs, for the life of a process."""
    async with resources(settings, patience) as opened, mirror_pool(settings) as pool:
        yield _RecordPush(opened, pool)


class _RecordPush:
    """The records slice's port: a push of one record while somebody waits for it."""

    def __init__(self, opened: Resources, pool: AsyncConnectionPool) -> None:
        self._opened = opened
        self._pool = pool

    async def push(self, record_id: int) -> PushedRecord:
        """Push one deal now; raises the errors of `pulse.sync.domain.errors`."""
        changes = _changes(self._pool, DEALS, self._opened.clock)
        told = Pushed()
        async with changes.held():
            if not await changes.claim_record(record_id):
                return PushedRecord(is_on_its_way=True)
            try:
                async with open_client(self._opened, _PERSON) as client:
                    context = await _context(
                        self._opened, self._pool, changes, client, _PERSON, DEALS
                    )
                    await push_records(context, [record_id], told)
                    await _learn_fields(self._opened, client, told)
            finally:
                await changes.release([record_id])
        if told.trouble is not None:
            raise told.trouble
        return PushedRecord(
            pushed=tuple(sorted(field for _, field in told.accepted)),
            refused=tuple(sorted(field for _, field in told.refused)),
            is_restored=bool(told.restored),
            is_waiting=bool(told.waiting),
        )
