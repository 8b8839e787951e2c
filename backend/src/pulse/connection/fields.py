"""Field metadata of a module: read it again, note what changed, and let the mirror follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from pulse.connection.schema_changes import (
    KnownField,
    SchemaChange,
    SchemaChangeKind,
    schema_changes,
)
from pulse.db.events import Topic, notify
from pulse.edits.following import follow_fields, lock_edits_of
from pulse.kit.logging import get_logger
from pulse.models import CrmField, FieldMapEntry, OwnedField, SchemaEvent
from pulse.queries.owned_fields import is_not_owned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.ports import FieldSource
    from pulse.core.directory import FieldFacts

_DIRECTORY_LOCK: Final = 7_163_004

# One statement for all renames, so that two fields can exchange their names.
_RENAME_KEYS: Final = text("""
    UPDATE crm_documents AS stored
    SET document = (stored.document - CAST(:old_names AS text[])) || (
        SELECT coalesce(jsonb_object_agg(renamed.new, stored.document -> renamed.old), '{}')
        FROM unnest(CAST(:old_names AS text[]), CAST(:new_names AS text[])) AS renamed (old, new)
        WHERE stored.document ? renamed.old
    )
    WHERE stored.module = :module AND stored.document ?| CAST(:old_names AS text[])
""")

_log = get_logger(__name__)


async def lock_directory(db: AsyncSession) -> None:
    """Let one reading be stored at a time; held until the transaction ends."""
    await db.execute(select(func.pg_advisory_xact_lock(_DIRECTORY_LOCK)))


async def refresh_fields(
    db: AsyncSession, crm: FieldSource, module: str, now: datetime
) -> list[SchemaChange]:
    """Read a module's fields from the CRM and store them; the caller commits.

    Returns what changed since the last reading; the first one reports nothing, as it has no past.
    """
    return await store_fields(db, module, await crm.fields(module), now)


async def store_fields(
    db: AsyncSession, module: str, seen: Sequence[FieldFacts], now: datetime
) -> list[SchemaChange]:
    """Store a reading of a module's fields and let all that names them follow renames.

    Removed fields stay, dated. Each change becomes a row of `schema_events` and is announced. Of
    two readings at once the second waits for the first.
    """
    await lock_directory(db)
    known = [
        KnownField(row.field_id, row.api_name, row.data_type, row.removed_at is not None)
        for row in await db.execute(
            select(
                CrmField.field_id, CrmField.api_name, CrmField.data_type, CrmField.removed_at
            ).where(CrmField.module == module)
        )
    ]
    changes = schema_changes(known, seen) if known else []
    await _upsert(db, module, seen, now)
    gone = [change.field_id for change in changes if change.kind is SchemaChangeKind.REMOVED]
    if gone:
        await db.execute(
            update(CrmField)
            .where(CrmField.module == module, CrmField.field_id.in_(gone))
            .values(removed_at=now)
        )
    removed = [change.api_name for change in changes if change.field_id in gone]
    renamed = {
        change.before: change.api_name
        for change in changes
        if change.kind is SchemaChangeKind.RENAMED and change.before is not None
    }
    if removed or renamed:
        names = {*removed, *renamed, *renamed.values()}
        edited = await lock_edits_of(db, module, names)
        await _follow_renames(db, module, renamed)
        await follow_fields(db, module, edited, renamed, removed)
    if changes:
        db.add_all(_event(module, change, now) for change in changes)
        await db.flush()
    if changes or not known:
        await notify(db, Topic.SCHEMA, module)
    for change in changes:
        _log.info(
            "crm.schema_changed",
            crm_module=module,
            kind=change.kind,
            field=change.api_name,
            before=change.before,
        )
    return changes


async def _upsert(db: AsyncSession, module: str, seen: Sequence[FieldFacts], now: datetime) -> None:
    if not seen:
        return
    row = insert(CrmField)
    described = (
        "api_name",
        "label",
        "data_type",
        "json_type",
        "length",
        "is_custom",
        "is_read_only",
        "is_mandatory",
        "pick_list",
        "lookup_module",
        "document",
    )
    await db.execute(
        row.on_conflict_do_update(
            index_elements=[CrmField.module, CrmField.field_id],
            set_={
                **{name: getattr(row.excluded, name) for name in described},
                "refreshed_at": row.excluded.refreshed_at,
                "removed_at": None,
            },
        ),
        [
            {
                "module": module,
                "field_id": field.field_id,
                "refreshed_at": now,
                **{name: getattr(field, name) for name in described},
            }
            for field in seen
        ],
    )


async def _follow_renames(db: AsyncSession, module: str, renamed: Mapping[str, str]) -> None:
    if not renamed:
        return
    await db.execute(
        _RENAME_KEYS,
        {"module": module, "old_names": list(renamed), "new_names": list(renamed.values())},
    )
    for entry in await db.scalars(select(FieldMapEntry).where(FieldMapEntry.module == module)):
        entry.api_name = renamed.get(entry.api_name, entry.api_name)
    await db.flush()


def _event(module: str, change: SchemaChange, now: datetime) -> SchemaEvent:
    details = {
        name: value
        for name, value in (("before", change.before), ("after", change.after))
        if value is not None
    }
    return SchemaEvent(
        module=module,
        kind=change.kind,
        api_name=change.api_name,
        details=details | {"field_id": str(change.field_id)},
        noticed_at=now,
    )


async def live_fields(db: AsyncSession, module: str) -> Sequence[CrmField]:
    """Return the fields that a module has now, by API name."""
    found = await db.scalars(_live(module))
    return found.all()


async def record_fields(db: AsyncSession, module: str) -> Sequence[CrmField]:
    """Return the fields that a module's records have now, by API name: all but our own."""
    found = await db.scalars(_live(module).where(is_not_owned()))
    return found.all()


def _live(module: str) -> Select[CrmField]:
    return (
        select(CrmField)
        .where(CrmField.module == module, CrmField.removed_at.is_(None))
        .order_by(CrmField.api_name)
    )


async def schema_events(
    db: AsyncSession,
    module: str | None = None,
    *,
    since: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Sequence[SchemaEvent]:
    """Return noticed changes, newest first; that a field of ours was added is none."""
    query = select(SchemaEvent).order_by(SchemaEvent.id.desc()).limit(limit).offset(offset)
    return (await db.scalars(query.where(*_told(module, since)))).all()


async def count_schema_events(
    db: AsyncSession, module: str | None = None, *, since: datetime | None = None
) -> int:
    """Return the number of noticed changes."""
    counted = select(func.count()).select_from(SchemaEvent).where(*_told(module, since))
    return int(await db.scalar(counted) or 0)


def _told(module: str | None, since: datetime | None) -> list[ColumnElement[bool]]:
    wanted = [~_IS_OURS_ADDED]
    if module is not None:
        wanted.append(SchemaEvent.module == module)
    if since is not None:
        wanted.append(SchemaEvent.noticed_at >= since)
    return wanted


# What happens to the field later is news: somebody else did it, or people see another name.
_IS_OURS_ADDED: Final = and_(
    SchemaEvent.kind == SchemaChangeKind.ADDED,
    exists().where(
        OwnedField.module == SchemaEvent.module,
        cast(OwnedField.field_id, String) == SchemaEvent.details["field_id"].astext,
    ),
)
