"""What an operation would do to each chosen record, as the mirror stands: decided in SQL.

The same statement counts for the preview and fills `bulk_items` at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulse.core.bulk import REASON_WORDS, ItemState, Reason
from pulse.core.modules import DEALS
from pulse.edits.connection import driver_connection, exact_cursor, json_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NamedTuple
    from uuid import UUID

    from psycopg import AsyncCursor
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.checking import CheckedChoice

SAMPLE: Final = 20
SAMPLE_A_REASON: Final = 5

# One state and reason a record; the first that holds. Fields are compared as canonical JSON.
_JUDGED: Final = f"""
WITH refused AS MATERIALIZED (
  SELECT * FROM unnest(%(refused_ids)s::bigint[], %(codes)s::text[], %(messages)s::text[],
    %(fields)s::text[]) AS refused (record_id, code, message, field)
), wanted AS MATERIALIZED (
  SELECT position, record_id, coalesce(own, %(shared)s::jsonb) AS after
  FROM unnest(%(ids)s::bigint[], %(own)s::jsonb[]) WITH ORDINALITY
    AS wanted (record_id, own, position)
), seen AS MATERIALIZED (
  SELECT wanted.position, wanted.record_id, wanted.after, deal.name, status.presence,
    held.before, held.is_same, waiting.field AS waiting_field,
    refused.code AS refused_code, refused.message AS refused_message, refused.field AS refused_field
  FROM wanted
  LEFT JOIN record_sync_status status
    ON status.zoho_record_id = wanted.record_id AND status.module = %(module)s
  LEFT JOIN crm_documents document ON document.record_id = wanted.record_id
  LEFT JOIN deals deal ON deal.id = wanted.record_id
  LEFT JOIN refused ON refused.record_id = wanted.record_id
  CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(key, document.document -> key) AS before,
      bool_and(coalesce(document.document -> key, 'null') = value) AS is_same
    FROM jsonb_each(wanted.after)
  ) held
  LEFT JOIN LATERAL (
    SELECT change.field FROM pending_changes change
    WHERE change.record_id = wanted.record_id AND wanted.after ? change.field
    ORDER BY change.field LIMIT 1
  ) waiting ON true
), judged AS MATERIALIZED (
  SELECT position, record_id, name, before, after, refused_message,
    CASE
      WHEN presence IS NULL OR before IS NULL AND refused_code IS NULL
        THEN '{Reason.RECORD_UNKNOWN}'
      WHEN presence = 'deleted' THEN '{Reason.RECORD_DELETED}'
      WHEN presence = 'invisible' THEN '{Reason.RECORD_HIDDEN}'
      WHEN refused_code IS NOT NULL THEN refused_code
      WHEN waiting_field IS NOT NULL THEN '{Reason.EDIT_WAITING}'
      WHEN is_same THEN '{Reason.SAME_VALUE}'
    END AS code,
    CASE WHEN presence = 'live' THEN coalesce(refused_field, waiting_field) END AS field
  FROM seen
), items AS MATERIALIZED (
  SELECT judged.*,
    CASE
      WHEN code IS NULL THEN '{ItemState.WAITING}'
      WHEN code = '{Reason.SAME_VALUE}' THEN '{ItemState.UNCHANGED}'
      WHEN code = '{Reason.EDIT_WAITING}' THEN '{ItemState.LEFT_ALONE}'
      ELSE '{ItemState.FAILED}'
    END AS state,
    CASE WHEN code IS NOT NULL THEN coalesce(%(words)s::jsonb ->> code, refused_message) END
      AS message
  FROM judged
)
"""  # noqa: S608 - composed of constants

_COUNT: Final = (
    _JUDGED
    + """
SELECT state, code, message, field, count(*) AS records,
  (array_agg(record_id ORDER BY position))[1:%(sample)s] AS ids,
  (array_agg(name ORDER BY position))[1:%(sample)s] AS names
FROM items GROUP BY state, code, message, field ORDER BY records DESC, code
"""
)
_SAMPLE: Final = (
    _JUDGED
    + """
SELECT record_id, name, before, after FROM items
WHERE state = 'waiting' ORDER BY position LIMIT %(sample)s
"""
)
_INSERT: Final = (
    _JUDGED
    + """
INSERT INTO bulk_items (session_id, record_id, position, record_name, before, after, state,
  error_code, error_message, error_field, done_at)
SELECT %(session_id)s, record_id, position, name,
  CASE WHEN state = 'unchanged' THEN before END, after, state, code, message, field,
  CASE WHEN state <> 'waiting' THEN now() END
FROM items
"""
)


@dataclass(frozen=True, slots=True)
class Group:
    """Records that share a state and its reason."""

    state: ItemState
    code: str | None
    message: str | None
    field: str | None
    count: int
    sample: Sequence[tuple[int, str | None]]


@dataclass(frozen=True, slots=True)
class Row:
    """A record that will change."""

    record_id: int
    name: str | None
    before: Mapping[str, Any]  # Any: canonical JSON
    after: Mapping[str, Any]


async def count_items(db: AsyncSession, checked: CheckedChoice) -> Sequence[Group]:
    """Return how many records stand where and why, the largest group first."""
    cursor = await _run(db, _COUNT, {**_parameters(checked), "sample": SAMPLE_A_REASON})
    # Any: a row's columns have the types that the query gives them.
    rows: list[Any] = await cursor.fetchall()
    return [
        Group(
            ItemState(row.state),
            row.code,
            row.message,
            row.field,
            row.records,
            list(zip(row.ids, row.names, strict=True)),
        )
        for row in rows
    ]


async def sample_items(db: AsyncSession, checked: CheckedChoice) -> Sequence[Row]:
    """Return the first records that will change, with the values before and after."""
    cursor = await _run(db, _SAMPLE, {**_parameters(checked), "sample": SAMPLE})
    rows: list[Any] = await cursor.fetchall()  # Any: as above
    return [Row(row.record_id, row.name, row.before, row.after) for row in rows]


async def insert_items(db: AsyncSession, checked: CheckedChoice, session_id: UUID) -> None:
    """Write the items of an operation; those that will not be written have ended already."""
    await _run(db, _INSERT, {**_parameters(checked), "session_id": session_id})


async def _run(
    db: AsyncSession, statement: str, given: Mapping[str, object]
) -> AsyncCursor[NamedTuple]:
    cursor = exact_cursor(await driver_connection(db))
    await cursor.execute(statement.encode(), given)
    return cursor


def _parameters(checked: CheckedChoice) -> dict[str, object]:
    ids = checked.chosen.ids
    shared = None if checked.shared is None else json_of(dict(checked.shared))
    return {
        "module": DEALS,
        "ids": list(ids),
        "own": [json_of(dict(checked.own[each])) if each in checked.own else None for each in ids],
        "shared": shared,
        "refused_ids": [each.record_id for each in checked.refused],
        "codes": [each.problem.code for each in checked.refused],
        "messages": [each.problem.message for each in checked.refused],
        "fields": [each.problem.field for each in checked.refused],
        "words": json_of({reason.value: words for reason, words in REASON_WORDS.items()}),
    }
