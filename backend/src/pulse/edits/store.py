"""Store a local edit, give it up, try it again; all in the caller's transaction.

A field of a record has at most one open change and at most one that was sent. An edit folds into
the open one; an edit back to its base cancels it; while one is on its way, the next is built on the
value that was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.edits import records, rows
from pulse.edits.connection import connection_of, exact_cursor, json_of
from pulse.edits.errors import change_on_its_way, record_not_found
from pulse.sync.domain.canonical import DETAIL_TYPES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from pulse.core.sync import RecordStatus
    from pulse.edits.authors import Author
    from pulse.edits.connection import Connection, Db
    from pulse.edits.rows import ChangeRow
    from pulse.sync.domain.merge import Value

_SHOWN: Final = f"""
SELECT wanted.field, document.document -> wanted.field AS value,
  NOT document.document ? wanted.field
    AND {rows.NEVER_READ.format("status", "wanted.field")} AS is_unread
FROM unnest(%(fields)s::text[]) AS wanted (field)
JOIN record_sync_status status ON status.zoho_record_id = %(record_id)s
JOIN crm_documents document ON document.record_id = status.zoho_record_id
"""  # noqa: S608 - composed of constants

_INSERT: Final = """
INSERT INTO pending_changes (module, record_id, field, base_value, is_base_known, new_value,
  source, author_id, author_name, session_id)
VALUES (%(module)s, %(record_id)s, %(field)s, %(base)s, %(is_base_known)s, %(value)s, %(source)s,
  %(author_id)s, %(author_name)s, %(session_id)s)
"""

# What was seen of a conflict stays, so that it keeps its age; all else begins anew.
_FOLD: Final = """
UPDATE pending_changes SET new_value = %(value)s, source = %(source)s, author_id = %(author_id)s,
  author_name = %(author_name)s, session_id = %(session_id)s, edited_at = now(), state = 'queued',
  is_skipped = false, is_resolved = false, resolved_against = NULL, awaits_timeline = false,
  error_code = NULL, error_message = NULL, error_field = NULL, attempts = 0, next_try_at = NULL
WHERE id = %(id)s AND state <> 'sent'
"""

_RETRY: Final = """
UPDATE pending_changes SET state = 'queued', attempts = 0, next_try_at = NULL,
  error_code = NULL, error_message = NULL, error_field = NULL
WHERE module = %(module)s AND record_id = %(record_id)s AND state IN ('error', 'queued')
  AND (%(fields)s::text[] IS NULL OR field = ANY(%(fields)s))
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an edit did, by API name, in the order in which the fields were given."""

    record_id: int
    changed: tuple[str, ...]
    """Their new value waits for the CRM."""
    cancelled: tuple[str, ...]
    """They are back at the agreed value: an edit that waited is gone."""
    unchanged: tuple[str, ...]
    """They had this value already."""
    status: RecordStatus


@dataclass(frozen=True, slots=True)
class Dropped:
    """An edit that was given up."""

    field: str
    base: Value
    """The agreed value when it was made; empty also where the field had never been read."""
    value: Value
    """What was wanted."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field as an edit finds it."""

    base: Value
    is_base_known: bool
    open: ChangeRow | None


async def change_record(
    db: Db,
    module: str,
    record_id: int,
    values: Mapping[str, Value],
    author: Author,
    *,
    source: str = "edit",
    session_id: UUID | None = None,
) -> Changed:
    """Store an edit of a record: API name → canonical value, None for empty; validated before.

    A push is asked for in the same transaction. Whoever edits several records does so in order of
    id. Raises NotFoundError `record_not_found`, ConflictError `record_gone` and `crm_is_read_only`.
    """
    connection = await connection_of(db)
    await records.refuse_read_only(connection)
    records.refuse_gone(await records.lock_record(connection, module, record_id), record_id)
    found = await _find(connection, module, record_id, values)
    changed, cancelled, unchanged = [], [], []
    for name, value in values.items():
        field = found[name]
        given = {
            "module": module,
            "record_id": record_id,
            "field": name,
            "value": json_of(value),
            "source": source,
            "author_id": author.id,
            "author_name": author.name,
            "session_id": session_id,
        }
        if field.open is None:
            if field.is_base_known and _is_same(value, field.base):
                unchanged.append(name)
                continue
            base = {"base": json_of(field.base), "is_base_known": field.is_base_known}
            await connection.execute(_INSERT, {**given, **base})
            changed.append(name)
        elif _is_same(value, field.open.edit.local):
            unchanged.append(name)
        elif field.open.edit.is_base_known and _is_same(value, field.open.edit.base):
            await rows.delete(connection, [field.open.id])
            cancelled.append(name)
        else:
            await connection.execute(_FOLD, {**given, "id": field.open.id})
            changed.append(name)
    statuses = await records.settle_records(connection, module, [record_id])
    return Changed(
        record_id, tuple(changed), tuple(cancelled), tuple(unchanged), statuses[record_id]
    )


async def drop_changes(
    db: Db, module: str, record_id: int, fields: Collection[str] | None, author: Author
) -> tuple[Dropped, ...]:
    """Give up the open edits of a record (None: all of them) and return them; `author` does it.

    The change log tells it. Fields without an edit are passed over. Raises NotFoundError
    `record_not_found`, and ConflictError `change_on_its_way`, giving up nothing, where an edit that
    is asked for was sent already.
    """
    connection = await connection_of(db)
    await records.lock_record(connection, module, record_id)
    changes = [
        row
        for row in await rows.load(connection, module, [record_id])
        if fields is None or row.field in fields
    ]
    given_up = [row for row in changes if not row.is_sent]
    reached = {row.field for row in given_up}
    for row in changes:
        if row.is_sent and row.field not in reached and (fields is not None or not given_up):
            raise change_on_its_way(record_id, row.field)
    await rows.log_dropped(connection, module, given_up, author.name)
    await rows.delete(connection, [row.id for row in given_up])
    await records.settle_records(connection, module, [record_id])
    return tuple(Dropped(row.field, row.edit.base, row.edit.local) for row in given_up)


async def retry_changes(
    db: Db, module: str, record_id: int, fields: Collection[str] | None
) -> RecordStatus:
    """Try the refused and the waiting edits of a record again now (None: all its fields).

    Raises NotFoundError `record_not_found` and ConflictError `crm_is_read_only`.
    """
    connection = await connection_of(db)
    await records.refuse_read_only(connection)
    await records.lock_record(connection, module, record_id)
    await connection.execute(
        _RETRY,
        {
            "module": module,
            "record_id": record_id,
            "fields": None if fields is None else list(fields),
        },
    )
    return (await records.settle_records(connection, module, [record_id]))[record_id]


async def _find(
    connection: Connection, module: str, record_id: int, fields: Collection[str]
) -> dict[str, _Field]:
    cursor = exact_cursor(connection)
    await cursor.execute(
        _SHOWN,
        {
            "fields": list(fields),
            "record_id": record_id,
            "module": module,
            "details": sorted(DETAIL_TYPES),
        },
    )
    shown = {row.field: row for row in await cursor.fetchall()}
    if fields and not shown:
        # A record of the CRM's bin that was never held has a status and no document.
        raise record_not_found(module, record_id)
    held = await rows.load(connection, module, [record_id])
    sent = {row.field: row for row in held if row.is_sent}
    waiting = {row.field: row for row in held if not row.is_sent}
    return {
        name: _Field(
            base=sent[name].edit.local if name in sent else row.value,
            is_base_known=name in sent or not row.is_unread,
            open=waiting.get(name),
        )
        for name, row in shown.items()
    }


def _is_same(one: Value, other: Value) -> bool:
    """Return whether two canonical values are one; true is not 1, though Python says so."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
