"""The hourly refresh: organisation, users, currencies, fields, field map, layouts, pipelines.

Everything is read from the CRM before anything is written, so a refresh happens whole or not at
all, and no transaction waits for the CRM.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from pulse.connection.currencies import store_currencies
from pulse.connection.field_map import refresh_field_map
from pulse.connection.fields import lock_directory, store_fields
from pulse.core.modules import DEALS
from pulse.db.events import Topic, notify
from pulse.kit.logging import get_logger
from pulse.models import (
    CrmConnection,
    CrmField,
    CrmLayout,
    CrmPipeline,
    Organisation,
    User,
)
from pulse.sync.domain.errors import CrmRefusedError, PermissionMissingError, ScopeMissingError
from pulse.sync.loading import first_error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.ports import CrmDirectory
    from pulse.core.directory import (
        CurrencyFacts,
        FieldFacts,
        LayoutFacts,
        OrganisationFacts,
        PipelineFacts,
        UserFacts,
    )

T = TypeVar("T")

STALE_AFTER: Final = timedelta(hours=1)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Processes:
    """The layouts of a module, and their pipelines; none where those may not be read."""

    layouts: Sequence[LayoutFacts]
    pipelines: Sequence[PipelineFacts] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the CRM said; None where the connection may not ask."""

    organisation: OrganisationFacts | None
    users: Sequence[UserFacts] | None
    currencies: Sequence[CurrencyFacts] | None
    fields: Mapping[str, Sequence[FieldFacts]]
    processes: Mapping[str, Processes] = field(default_factory=dict)
    """By module; absent where its layouts may not be read."""
    connected_user: int | None = None


async def is_stale(db: AsyncSession, module: str, now: datetime) -> bool:
    """Return whether a module's fields were not read within the hour, or never."""
    read_at = await db.scalar(
        select(func.max(CrmField.refreshed_at)).where(CrmField.module == module)
    )
    return read_at is None or read_at <= now - STALE_AFTER


async def read_directory(crm: CrmDirectory, modules: Sequence[str]) -> Reading:
    """Read all of it, at once. Fields are needed; what else may not be read is left out."""
    try:
        async with asyncio.TaskGroup() as calls:
            organisation = calls.create_task(_if_allowed("organisation", crm.organisation()))
            users = calls.create_task(_if_allowed("users", crm.users()))
            currencies = calls.create_task(_if_allowed("currencies", crm.currencies()))
            fields = {module: calls.create_task(_all_of(crm.fields(module))) for module in modules}
            processes = calls.create_task(_processes(crm, DEALS)) if DEALS in modules else None
            connected = calls.create_task(_if_allowed("connected user", crm.connected_user()))
    except BaseExceptionGroup as errors:
        raise first_error(errors) from errors
    return Reading(
        organisation.result(),
        users.result(),
        currencies.result(),
        {module: read.result() for module, read in fields.items()},
        {DEALS: found} if processes is not None and (found := processes.result()) else {},
        connected.result(),
    )


async def store_reading(db: AsyncSession, reading: Reading, now: datetime) -> None:
    """Store a reading and the field map that follows from it; the caller commits."""
    # A run and the hourly refresh may read at the same time.
    await lock_directory(db)
    if reading.organisation is not None:
        await store_organisation(db, reading.organisation, now)
    if reading.users is not None:
        await _store_users(db, reading.users, now)
    if reading.connected_user is not None:
        await db.execute(update(User).values(is_connected=User.id == reading.connected_user))
    if reading.currencies is not None:
        await store_currencies(db, reading.currencies, now)
    for module, fields in reading.fields.items():
        await store_fields(db, module, fields, now)
    for module, process in reading.processes.items():
        await _store_processes(db, module, process, now)
    found = await refresh_field_map(db)
    if found.missing:
        _log.warning("crm.required_fields_missing", fields=list(found.missing))
    await db.execute(update(CrmConnection).values(checked_at=now))
    await notify(db, Topic.CONNECTION, "crm")


async def _processes(crm: CrmDirectory, module: str) -> Processes | None:
    layouts = await _if_allowed("layouts", crm.layouts(module))
    if layouts is None:
        return None
    pipelines: list[PipelineFacts] = []
    for layout in layouts:
        found = await _if_allowed("pipelines", crm.pipelines(layout.layout_id))
        if found is None:
            return Processes(layouts, None)
        pipelines += found
    return Processes(layouts, pipelines)


async def _all_of(asked: Awaitable[T]) -> T:
    return await asked


async def _if_allowed(what: str, asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except (ScopeMissingError, PermissionMissingError, CrmRefusedError) as error:
        _log.warning("crm.refresh_part_refused", part=what, code=error.code, detail=error.detail)
        return None


async def store_organisation(db: AsyncSession, facts: OrganisationFacts, now: datetime) -> None:
    """Store whose organisation is connected; the caller commits."""
    # Another organisation took the place of the last one.
    await db.execute(delete(Organisation).where(Organisation.id != facts.id))
    await db.merge(
        Organisation(
            id=facts.id,
            company_name=facts.company_name,
            edition=facts.edition,
            users_licensed=facts.users_licensed,
            time_zone=facts.time_zone,
            currency=facts.currency,
            document=facts.document,
            refreshed_at=now,
        )
    )
    await db.flush()


async def _store_users(db: AsyncSession, users: Sequence[UserFacts], now: datetime) -> None:
    if not users:
        return
    row = insert(User)
    described = ("full_name", "email", "is_active", "role", "profile", "document")
    await db.execute(
        row.on_conflict_do_update(
            index_elements=[User.id],
            set_={name: getattr(row.excluded, name) for name in (*described, "refreshed_at")},
        ),
        [
            {"id": user.id, "refreshed_at": now} | {name: getattr(user, name) for name in described}
            for user in users
        ],
    )


async def _store_processes(db: AsyncSession, module: str, seen: Processes, now: datetime) -> None:
    """Put what was read in the place of what was known; pipelines that could not be read stay."""
    await db.execute(delete(CrmLayout).where(CrmLayout.module == module))
    db.add_all(
        CrmLayout(
            module=module,
            layout_id=layout.layout_id,
            name=layout.name,
            is_active=layout.is_active,
            fields={
                each.api_name: {"required": each.is_required, "options": each.options}
                for each in layout.fields
            },
            refreshed_at=now,
        )
        for layout in seen.layouts
    )
    if seen.pipelines is not None:
        await db.execute(delete(CrmPipeline))
        db.add_all(
            CrmPipeline(
                layout_id=each.layout_id,
                pipeline_id=each.pipeline_id,
                value=each.value,
                label=each.label,
                is_default=each.is_default,
                stages=list(each.stages),
                refreshed_at=now,
            )
            for each in seen.pipelines
        )
    await db.flush()
