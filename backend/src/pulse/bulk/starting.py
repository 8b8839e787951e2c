"""Start an operation: its session, its records and its job in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_jsonable_python
from sqlalchemy import select

from pulse.bulk import errors
from pulse.bulk.candidates import insert_items
from pulse.bulk.preview import foresee, plan_of
from pulse.bulk.reading import item_counts
from pulse.bulk.schemas import ItemCounts, StartedBulk
from pulse.core.bulk import ItemState
from pulse.core.modules import DEALS
from pulse.core.sync import SessionStatus, SyncMode, SyncType
from pulse.db.events import Topic, notify
from pulse.edits.connection import driver_connection, json_of
from pulse.edits.errors import crm_is_read_only
from pulse.jobs.catalogue import RunSession
from pulse.jobs.outbox import enqueue
from pulse.models import CrmConnection, SyncSession
from pulse.settings.service import read_settings
from pulse.sync.domain.errors import NotConnectedError
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.choosing import Chosen
    from pulse.core.bulk import Way
    from pulse.sync.bulking.plan import Plan
    from pulse.web.access import Principal

_WORDS = {
    SyncType.SMALL_BATCH: "Small batch",
    SyncType.MASS_UPDATE: "Mass update",
    SyncType.BULK_WRITE: "Bulk write",
}


async def require_writable(db: AsyncSession) -> None:
    """Raise NotConnectedError, or ConflictError `crm_is_read_only` where nothing may be written."""
    if await db.scalar(select(CrmConnection.refresh_token_encrypted)) is None:
        raise NotConnectedError("No CRM is connected.", fix="Connect one in CRM Integration.")
    if (await read_settings(db)).mode is SyncMode.CRM_TO_LOCAL:
        raise crm_is_read_only()


async def start_operation(
    db: AsyncSession,
    chosen: Chosen,
    who: Principal,
    now: datetime,
    *,
    way: Way | None = None,
    confirmed: int | None = None,
) -> StartedBulk:
    """Start what was chosen; the caller commits. A small batch is run by its caller.

    Raises NotConnectedError, the errors of `pulse.bulk.errors`, and `crm_is_read_only`.
    """
    await require_writable(db)
    foreseen = await foresee(db, chosen, way, now)
    to_write = foreseen.count(ItemState.WAITING)
    if confirmed is not None and confirmed != to_write:
        raise errors.count_changed(confirmed, to_write)
    is_small = chosen.operation is SyncType.SMALL_BATCH
    if to_write == 0 and not is_small:
        raise errors.nothing_to_write()
    if not foreseen.plan.is_affordable:
        raise errors.credits_short(foreseen.plan)
    shared = foreseen.checked.shared
    facts = {
        "operation_type": chosen.operation.value,
        "choice": chosen.words,
        "view_id": chosen.view_id,
        "fields": None if shared is None else dict(shared),
    }
    session = await open_session(db, chosen.operation, facts, who)
    await insert_items(db, foreseen.checked, session.id)
    await count_in(db, session, foreseen.plan)
    await audit(
        db,
        who,
        f"bulk.{chosen.operation.value}.started",
        kind="bulk",
        subject=str(session.id),
        name=DEALS,
        after={
            "records": len(chosen.ids),
            "to_write": to_write,
            "choice": chosen.words,
            "fields": to_jsonable_python(facts["fields"] or list(chosen.field_names)),
            "way": foreseen.plan.chosen.way,
        },
    )
    if not is_small:
        await enqueue(db, RunSession(session.id))
    return await started(db, session, f"{_WORDS[chosen.operation]} of {to_write:,} deals started.")


async def open_session(
    db: AsyncSession,
    sync_type: SyncType,
    facts: Mapping[str, object],
    who: Principal,
) -> SyncSession:
    """Open the session of an operation; several may be open at once."""
    session = SyncSession(module=DEALS, sync_type=sync_type, requested_by=who.label)
    db.add(session)
    await db.flush()
    connection = await driver_connection(db)
    author = {"id": None if who.user_id is None else str(who.user_id), "name": who.name}
    # Canonical numbers keep all their digits on the way into the session.
    await connection.execute(
        "UPDATE crm_sync_sessions SET metadata = %s WHERE id = %s",
        (json_of({**facts, "author": author}), session.id),
    )
    return session


async def count_in(db: AsyncSession, session: SyncSession, plan: Plan) -> None:
    """Write plan and totals of an operation whose items are stored, and announce it."""
    connection = await driver_connection(db)
    await connection.execute(
        "UPDATE crm_sync_sessions SET metadata = metadata || %(plan)s,"
        " (records_total, records_processed) = ("
        " SELECT count(*), count(*) FILTER (WHERE state NOT IN ('waiting', 'sent'))"
        " FROM bulk_items WHERE session_id = %(id)s) WHERE id = %(id)s",
        {
            "plan": json_of({"plan": plan.as_json(), "way": plan.chosen.way.value}),
            "id": session.id,
        },
    )
    await notify(db, Topic.SESSION, session.id)
    await db.refresh(session)


async def started(db: AsyncSession, session: SyncSession, message: str) -> StartedBulk:
    """Return an operation that was just started as its answer has it."""
    counts = (await item_counts(db, [session.id]))[session.id]
    return StartedBulk(
        message=message,
        session_id=session.id,
        status=SessionStatus(session.status),
        operation_type=session.facts["operation_type"],
        records_total=session.records_total or 0,
        counts=ItemCounts(**counts),
        plan=plan_of(session.facts["plan"]),
    )
