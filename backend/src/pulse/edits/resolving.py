"""Settle conflicts: a person chooses a side or another value, or the CRM's timeline does.

A choice of ours is only queued here: the push writes it, and opens the conflict again where the CRM
refuses it or has moved on. Whoever resolves is audited by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.edits import records, rows
from pulse.edits.connection import connection_of, json_of
from pulse.edits.errors import conflict_not_found, edited_since, nothing_to_restore_with
from pulse.sync.domain.merge import ChangeState, Verdict, weigh

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from pulse.core.sync import RecordStatus
    from pulse.edits.authors import Author
    from pulse.edits.connection import Connection, Db
    from pulse.edits.rows import ChangeRow
    from pulse.sync.domain.merge import Value

# A value equal to the base is an edit of the CRM's value: that is its base from now on.
_CHOOSE: Final = """
UPDATE pending_changes SET state = 'queued', is_resolved = true, resolved_against = crm_value,
  awaits_timeline = false, is_skipped = false, attempts = 0, next_try_at = NULL,
  error_code = NULL, error_message = NULL, error_field = NULL
WHERE id = ANY(%(ids)s) AND state = 'conflict'
"""
_TYPE: Final = """
UPDATE pending_changes SET new_value = %(value)s, edited_at = now(), source = 'resolution',
  author_id = %(author_id)s, author_name = %(author_name)s, session_id = NULL,
  base_value = CASE WHEN is_base_known AND base_value IS NOT DISTINCT FROM %(value)s
    THEN crm_value ELSE base_value END
WHERE id = %(id)s AND state = 'conflict'
"""
_SKIP: Final = """
UPDATE pending_changes SET is_skipped = %(is_skipped)s
WHERE id = ANY(%(ids)s) AND state = 'conflict'
"""
_STOP_WAITING: Final = """
UPDATE pending_changes SET awaits_timeline = false WHERE id = %s AND state = 'conflict'
"""

# What was given up is told by the log with every digit; an edit that is back was not given up.
_BRING_BACK: Final = """
WITH told AS (
  DELETE FROM change_log WHERE id = (
    SELECT max(id) FROM change_log
    WHERE module = %(module)s AND record_id = %(record_id)s AND field = %(field)s
      AND kind = 'dropped' AND changed_at <= %(given_up_at)s)
  RETURNING old_value, new_value
)
INSERT INTO pending_changes (module, record_id, field, base_value, is_base_known, new_value,
  source, author_id, author_name, edited_at)
SELECT %(module)s, %(record_id)s, %(field)s, old_value, %(is_base_known)s, new_value, 'undo',
  %(author_id)s, %(author_name)s, %(edited_at)s
FROM told
"""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An edit that was given up for the CRM's value, but for the values, which the log has."""

    field: str
    """API name."""
    is_base_known: bool
    author_id: UUID | None
    author_name: str
    edited_at: datetime


async def use_local(
    db: Db, module: str, record_id: int, fields: Collection[str] | None, author: Author
) -> RecordStatus:
    """Let our values win (None: of all fields in conflict); a deleted record is to be restored.

    It holds against the CRM's values of now: once the CRM moves on, the conflict is a new one. The
    edits stay their authors'; `author` is who chose. Raises NotFoundError `record_not_found` and
    `conflict_not_found`, ConflictError `crm_is_read_only`.
    """
    del author  # the edit stays its author's, and the caller audits who chose
    connection = await connection_of(db)
    await records.refuse_read_only(connection)
    conflicts = await _conflicts(connection, module, record_id, fields)
    await _choose(connection, conflicts)
    return await _settled(connection, module, record_id)


async def use_crm(
    db: Db, module: str, record_id: int, fields: Collection[str] | None, author: Author
) -> RecordStatus:
    """Let the CRM's values win (None: of all fields in conflict); of a deleted record, its end.

    The change log tells that `author` gave the edits up. Raises NotFoundError `record_not_found`
    and `conflict_not_found`.
    """
    connection = await connection_of(db)
    conflicts = await _conflicts(connection, module, record_id, fields)
    await rows.log_dropped(connection, module, conflicts, author.name)
    await rows.delete(connection, [row.id for row in conflicts])
    return await _settled(connection, module, record_id)


async def bring_back(
    db: Db, module: str, record_id: int, edits: Collection[GivenUp], given_up_at: datetime
) -> RecordStatus:
    """Undo `use_crm`: the edits are their authors' again, with the base and the age they had.

    `given_up_at` is the database's time at the end of what is undone. They are judged like any
    edit: against other values of the CRM they clash again. Raises NotFoundError `record_not_found`
    and ConflictError `edited_since`, bringing back nothing, where a field has a newer edit.
    """
    connection = await connection_of(db)
    await records.lock_record(connection, module, record_id)
    edited = {row.field for row in await rows.load(connection, module, [record_id])}
    for edit in edits:
        if edit.field in edited:
            raise edited_since(record_id, edit.field)
        await connection.execute(
            _BRING_BACK,
            {
                "module": module,
                "record_id": record_id,
                "field": edit.field,
                "is_base_known": edit.is_base_known,
                "author_id": edit.author_id,
                "author_name": edit.author_name,
                "edited_at": edit.edited_at,
                "given_up_at": given_up_at,
            },
        )
    return await _settled(connection, module, record_id)


async def use_values(
    db: Db, module: str, record_id: int, values: Mapping[str, Value], author: Author
) -> RecordStatus:
    """Settle fields in conflict with typed values: API name → canonical value, validated before.

    A value equal to the CRM's gives the edit up; another one becomes `author`'s edit. Of a deleted
    record the typed values are what it is restored with. Raises NotFoundError `record_not_found`
    and `conflict_not_found`, ConflictError `crm_is_read_only`, and InvalidInputError for a value
    that a deleted record already had before the edit.
    """
    connection = await connection_of(db)
    await records.refuse_read_only(connection)
    conflicts = await _conflicts(connection, module, record_id, values)
    given_up, chosen = [], []
    for row in conflicts:
        value = values[row.field]
        if not row.stands.is_record_gone and value == row.stands.crm_value:
            given_up.append(row)
            continue
        if row.stands.is_record_gone and row.edit.is_base_known and value == row.edit.base:
            raise nothing_to_restore_with(row.field)
        chosen.append(row)
        if value != row.edit.local:
            await connection.execute(
                _TYPE,
                {
                    "id": row.id,
                    "value": json_of(value),
                    "author_id": author.id,
                    "author_name": author.name,
                },
            )
    await rows.log_dropped(connection, module, given_up, author.name)
    await rows.delete(connection, [row.id for row in given_up])
    await _choose(connection, chosen)
    return await _settled(connection, module, record_id)


async def skip(
    db: Db, module: str, record_id: int, fields: Collection[str] | None, author: Author
) -> RecordStatus:
    """Hide conflicts (None: all of the record) until either side changes; they stay conflicts.

    Raises NotFoundError `record_not_found` and `conflict_not_found`.
    """
    return await _set_skipped(db, module, record_id, fields, author, is_skipped=True)


async def unskip(
    db: Db, module: str, record_id: int, fields: Collection[str] | None, author: Author
) -> RecordStatus:
    """Show skipped conflicts again. Raises as `skip` does."""
    return await _set_skipped(db, module, record_id, fields, author, is_skipped=False)


async def settle_weighed(
    db: Db, module: str, record_id: int, field: str, crm_changed_at: datetime | None
) -> Verdict | None:
    """Settle a conflict that awaits the timeline: the newest wins, a person where nobody can tell.

    `crm_changed_at` is when the CRM's field changed, None where its timeline does not say. Returns
    PUSH, DROP or ASK; None where the conflict is gone, or is another one, by now: nothing happens.
    """
    connection = await connection_of(db)
    await records.lock_record(connection, module, record_id)
    row = next(
        (
            row
            for row in await rows.load(connection, module, [record_id])
            if row.field == field and row.stands.awaits_timeline
        ),
        None,
    )
    if row is None or not row.stands.has_seen(row.sight):
        return None
    verdict = weigh(row.edited_at, crm_changed_at)
    if verdict is Verdict.PUSH:
        await _choose(connection, [row])
    elif verdict is Verdict.DROP:
        await rows.log_dropped(connection, module, [row])
        await rows.delete(connection, [row.id])
    else:
        await connection.execute(_STOP_WAITING, (row.id,))
    await records.settle_records(connection, module, [record_id])
    return verdict


async def _set_skipped(
    db: Db,
    module: str,
    record_id: int,
    fields: Collection[str] | None,
    author: Author,
    *,
    is_skipped: bool,
) -> RecordStatus:
    del author  # nothing is written under anybody's name; the caller audits who did it
    connection = await connection_of(db)
    conflicts = await _conflicts(connection, module, record_id, fields)
    await connection.execute(
        _SKIP, {"ids": [row.id for row in conflicts], "is_skipped": is_skipped}
    )
    return await _settled(connection, module, record_id)


async def _conflicts(
    connection: Connection, module: str, record_id: int, fields: Collection[str] | None
) -> list[ChangeRow]:
    """Lock the record and return its changes in conflict, all that are asked for."""
    await records.lock_record(connection, module, record_id)
    found = {
        row.field: row
        for row in await rows.load(connection, module, [record_id])
        if row.stands.state is ChangeState.CONFLICT
    }
    if fields is None:
        if not found:
            raise conflict_not_found(record_id)
        return list(found.values())
    for name in fields:
        if name not in found:
            raise conflict_not_found(record_id, name)
    return [found[name] for name in fields]


async def _choose(connection: Connection, conflicts: Collection[ChangeRow]) -> None:
    if conflicts:
        await connection.execute(_CHOOSE, {"ids": [row.id for row in conflicts]})


async def _settled(connection: Connection, module: str, record_id: int) -> RecordStatus:
    return (await records.settle_records(connection, module, [record_id]))[record_id]
