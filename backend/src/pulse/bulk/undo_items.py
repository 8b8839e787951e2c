"""What an undo would do to each record of the operation that it undoes: decided in SQL.

A field was touched where the change log has a later entry of it, where another value stands in it,
or where an edit of it waits. The same statement counts for the preview and fills `bulk_items`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulse.core.bulk import REASON_WORDS, ItemState, Reason
from pulse.edits.connection import driver_connection, exact_cursor, json_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

SAMPLE: Final = 20
MOST_LEFT: Final = 100

# One row a record: `restored` holds the fields to put back, `touched` those that stay.
_ITEMS: Final = f"""
WITH fields AS (
  SELECT item.record_id, item.position, item.record_name, item.done_at, wanted.key AS field,
    item.before -> wanted.key AS before, wanted.value AS after
  FROM bulk_items item CROSS JOIN LATERAL jsonb_each(item.after) wanted
  WHERE item.session_id = %(undone)s AND item.state = '{ItemState.DONE}'
    AND coalesce(item.before -> wanted.key, 'null') <> wanted.value
), judged AS (
  SELECT fields.*, status.presence,
    coalesce(document.document -> field, 'null') <> after
      OR EXISTS (SELECT FROM change_log entry
        WHERE entry.record_id = fields.record_id AND entry.field = fields.field
          AND entry.kind = 'updated' AND entry.observed_at > fields.done_at)
      OR EXISTS (SELECT FROM pending_changes change
        WHERE change.record_id = fields.record_id AND change.field = fields.field) AS is_touched
  FROM fields
  LEFT JOIN record_sync_status status ON status.zoho_record_id = fields.record_id
  LEFT JOIN crm_documents document ON document.record_id = fields.record_id
), records AS (
  SELECT record_id, min(position) AS position, min(record_name) AS record_name,
    min(presence) AS presence,
    jsonb_object_agg(field, before) AS all_before, jsonb_object_agg(field, after) AS all_after,
    jsonb_object_agg(field, before) FILTER (WHERE NOT is_touched) AS restored,
    string_agg(field, ', ' ORDER BY field) FILTER (WHERE is_touched) AS touched
  FROM judged GROUP BY record_id
), reasons AS (
  SELECT records.*, CASE
      WHEN presence = 'deleted' THEN '{Reason.RECORD_DELETED}'
      WHEN presence = 'invisible' THEN '{Reason.RECORD_HIDDEN}'
      WHEN touched IS NOT NULL THEN '{Reason.CHANGED_SINCE}'
    END AS code
  FROM records
), items AS (
  SELECT record_id, row_number() OVER (ORDER BY position) AS position, record_name,
    all_before, all_after, restored, touched, code,
    CASE WHEN presence <> 'live' THEN '{ItemState.FAILED}'
      WHEN restored IS NULL THEN '{ItemState.LEFT_ALONE}' ELSE '{ItemState.WAITING}' END AS state,
    jsonb_extract_path_text(%(words)s::jsonb, code) AS message
  FROM reasons
)
"""  # noqa: S608 - composed of constants
_INSERT: Final = (
    _ITEMS
    + f"""
INSERT INTO bulk_items (session_id, record_id, position, record_name, before, after, state,
  error_code, error_message, error_field, done_at)
SELECT %(session_id)s, record_id, position, record_name,
  CASE WHEN restored IS NULL THEN all_after END, coalesce(restored, all_before), state,
  code, message, touched, CASE WHEN state <> '{ItemState.WAITING}' THEN now() END
FROM items
"""  # noqa: S608 - composed of constants
)
_SETS: Final = (
    _ITEMS  # noqa: S608 - composed of constants
    + """
SELECT state, touched IS NOT NULL AS is_partial,
  ARRAY(SELECT key FROM jsonb_object_keys(coalesce(restored, all_before)) AS key ORDER BY key)
    AS fields, count(*) AS records
FROM items GROUP BY 1, 2, 3
"""
)
_SAMPLE: Final = (
    _ITEMS  # noqa: S608 - composed of constants
    + f"""
SELECT record_id, record_name AS name, restored AS after,
  (SELECT jsonb_object_agg(key, all_after -> key) FROM jsonb_object_keys(restored) AS key) AS before
FROM items WHERE state = '{ItemState.WAITING}' ORDER BY position LIMIT %(most)s
"""  # noqa: S608 - composed of constants
)
_LEFT: Final = (
    _ITEMS
    + """
SELECT record_id, record_name AS name, state, code, message, touched
FROM items WHERE code IS NOT NULL ORDER BY position LIMIT %(most)s
"""
)


@dataclass(frozen=True, slots=True)
class FieldSet:
    """Records of one state of which the same fields would be put back."""

    state: ItemState
    is_partial: bool
    """Whether other fields of these records stay as they are."""
    fields: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A record with what stands there now and what would be put back."""

    record_id: int
    name: str | None
    before: Mapping[str, Any]  # Any: canonical JSON
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """A record of which something stays: all of it, or the `touched` fields."""

    record_id: int
    name: str | None
    state: ItemState
    code: str
    message: str
    touched: str | None


async def field_sets(db: AsyncSession, undone: UUID) -> Sequence[FieldSet]:
    """Return how many records would be restored, left or refused, by their fields."""
    return [
        FieldSet(ItemState(row.state), row.is_partial, tuple(row.fields), row.records)
        for row in await _rows(db, _SETS, undone)
    ]


async def sample_restored(db: AsyncSession, undone: UUID) -> Sequence[Restored]:
    """Return the first records that would be restored."""
    return [
        Restored(row.record_id, row.name, row.before, row.after)
        for row in await _rows(db, _SAMPLE, undone, most=SAMPLE)
    ]


async def sample_left(db: AsyncSession, undone: UUID) -> Sequence[Left]:
    """Return the first records of which something stays, each with its reason."""
    return [
        Left(row.record_id, row.name, ItemState(row.state), row.code, row.message, row.touched)
        for row in await _rows(db, _LEFT, undone, most=MOST_LEFT)
    ]


async def insert_undo_items(db: AsyncSession, undone: UUID, session_id: UUID) -> None:
    """Write the items of an undo; those that will not be restored have ended already."""
    cursor = exact_cursor(await driver_connection(db))
    await cursor.execute(_INSERT.encode(), {**_given(undone), "session_id": session_id})


# Any: a row's columns have the types that the query gives them.
async def _rows(db: AsyncSession, statement: str, undone: UUID, **more: object) -> list[Any]:
    cursor = exact_cursor(await driver_connection(db))
    await cursor.execute(statement.encode(), {**_given(undone), **more})
    return await cursor.fetchall()


def _given(undone: UUID) -> dict[str, object]:
    words = {reason.value: words for reason, words in REASON_WORDS.items()}
    return {"undone": undone, "words": json_of(words)}
