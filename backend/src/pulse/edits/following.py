"""Let what is to be written follow the CRM's fields, which have an id and may change their name.

A renamed field takes along its local edits, the items of bulk operations and its own policy. Edits
of a removed field are refused, in words that say why: they are not lost, and a person drops them or
tries them again once the field is back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.core.modules import DEALS
from pulse.edits import records, rows
from pulse.edits.connection import connection_of
from pulse.sync.domain.refusals import FIELD_GONE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pulse.edits.connection import Db

_EDITED: Final = """
SELECT DISTINCT record_id FROM pending_changes WHERE module = %s AND field = ANY(%s)
ORDER BY record_id
"""

# Two steps: fields may exchange their names, and of a record's field there is one open change. No
# API name begins with a space.
_RENAME: Final = (
    """
UPDATE pending_changes change SET field = ' ' || renamed.new,
  error_field = CASE WHEN error_field = renamed.old THEN renamed.new ELSE error_field END
FROM unnest(%(old)s::text[], %(new)s::text[]) AS renamed (old, new)
WHERE change.module = %(module)s AND change.field = renamed.old
""",
    """
UPDATE pending_changes SET field = ltrim(field) WHERE module = %(module)s AND field LIKE ' %%'
""",
)

_RENAMED_KEYS: Final = """({0} - %(old)s::text[]) || (
  SELECT coalesce(jsonb_object_agg(renamed.new, {0} -> renamed.old), '{{}}')
  FROM unnest(%(old)s::text[], %(new)s::text[]) AS renamed (old, new) WHERE {0} ? renamed.old)"""

# Those that were written too: an undo finds its fields by them.
_RENAME_ITEMS: Final = f"""
UPDATE bulk_items SET before = {_RENAMED_KEYS.format("before")},
  after = {_RENAMED_KEYS.format("after")}
WHERE after ?| %(old)s::text[]
"""  # noqa: S608 - composed of constants

_RENAME_POLICIES: Final = f"""
UPDATE settings SET value = {_RENAMED_KEYS.format("value")}
WHERE key = 'conflicts.field_policies' AND value ?| %(old)s::text[]
"""  # noqa: S608 - as above

# A conflict stays one, and says what its local side came to; what is on its way learns it there.
_REFUSE: Final = f"""
UPDATE pending_changes SET
  state = CASE WHEN state = 'queued' AND is_resolved THEN 'conflict'
    WHEN state = 'queued' THEN 'error' ELSE state END,
  conflict_since = CASE WHEN is_resolved THEN coalesce(conflict_since, now())
    ELSE conflict_since END,
  is_resolved = false, resolved_against = NULL, awaits_timeline = false, next_try_at = NULL,
  error_code = '{FIELD_GONE}', error_field = NULL,
  error_message = format('The CRM''s %%s have no field %%s any more.', module, field)
WHERE module = %(module)s AND field = ANY(%(gone)s) AND state <> 'sent'
"""  # noqa: S608 - as above


async def lock_edits_of(db: Db, module: str, fields: Collection[str]) -> Sequence[int]:
    """Lock the records that have local edits of fields, in order of id, and return them.

    To be called before their documents are touched, as every writer takes the two in this order.
    """
    connection = await connection_of(db)
    cursor = await connection.execute(_EDITED, (module, list(fields)))
    ids = [int(row[0]) for row in await cursor.fetchall()]
    if ids:
        await records.lock_records(connection, module, ids)
    return ids


async def follow_fields(
    db: Db,
    module: str,
    record_ids: Sequence[int],
    renamed: Mapping[str, str],
    gone: Collection[str],
) -> None:
    """Carry what is to be written over to the present names; refuse edits of fields that are gone.

    `record_ids` are those that `lock_edits_of` returned for all the names in question; `renamed`
    holds former → present names. Documents and field map have followed already. An edit of a field
    that is gone, whose name another field has taken, cannot wait any longer: it is given up, and
    the change log tells it.
    """
    connection = await connection_of(db)
    if renamed:
        given = {"module": module, "old": list(renamed), "new": list(renamed.values())}
        taken = set(renamed.values()) - renamed.keys()
        homeless = [
            row for row in await rows.load(connection, module, record_ids) if row.field in taken
        ]
        await rows.log_dropped(connection, module, homeless)
        await rows.delete(connection, [row.id for row in homeless])
        for statement in _RENAME:
            await connection.execute(statement, given)
        if module == DEALS:  # the one module that is written to in bulk, and has policies
            await connection.execute(_RENAME_ITEMS, given)
            await connection.execute(_RENAME_POLICIES, given)
    left = [name for name in gone if name not in renamed.values()]
    if left:
        await connection.execute(_REFUSE, {"module": module, "gone": left})
    if record_ids:
        await records.settle_records(connection, module, record_ids)
