"""Undo an operation: put back what it replaced, where nobody has touched the field since.

A field was touched where the change log has a later entry of it, where another value stands in it,
or where an edit of it waits. Such fields stay and are listed. The run looks once more: it restores
a field only while the CRM still holds what the operation had written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from pulse.bulk import errors
from pulse.bulk.planning import plan_operation
from pulse.bulk.reading import UNDO, bulk_session, undone_by
from pulse.bulk.starting import count_in, open_session, require_writable, started
from pulse.core.bulk import LIMITS, REASON_WORDS, ItemState, Reason
from pulse.core.modules import DEALS
from pulse.core.sync import OPEN_STATUSES, SyncType
from pulse.edits.connection import driver_connection, json_of
from pulse.jobs.catalogue import RunSession
from pulse.jobs.outbox import enqueue
from pulse.models import BulkItem
from pulse.web.audit import audit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.schemas import StartedBulk
    from pulse.sync.bulking.plan import Plan
    from pulse.web.access import Principal

_LOCK: Final = 7_163_011
"""Class of the advisory locks under which an operation is undone once."""

# One row a record: `restored` holds the fields to put back, `touched` those that stay.
_INSERT: Final = f"""
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
)
INSERT INTO bulk_items (session_id, record_id, position, record_name, before, after, state,
  error_code, error_message, error_field, done_at)
SELECT %(session_id)s, record_id, row_number() OVER (ORDER BY position), record_name,
  CASE WHEN restored IS NULL THEN all_after END, coalesce(restored, all_before),
  CASE WHEN presence <> 'live' THEN '{ItemState.FAILED}'
    WHEN restored IS NULL THEN '{ItemState.LEFT_ALONE}' ELSE '{ItemState.WAITING}' END,
  code, jsonb_extract_path_text(%(words)s::jsonb, code), touched,
  CASE WHEN presence <> 'live' OR restored IS NULL THEN now() END
FROM reasons
"""  # noqa: S608 - composed of constants


async def undo_operation(
    db: AsyncSession, session_id: UUID, who: Principal, now: datetime
) -> StartedBulk:
    """Start a new operation that restores what this one replaced; the caller commits.

    Raises BulkNotFoundError, and ConflictError `bulk_running`, `already_undone`,
    `nothing_to_undo`, `crm_is_read_only`.
    """
    # Of two who undo at once, the second sees the first.
    await db.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(str(session_id)))))
    undone = await bulk_session(db, session_id)
    if undone.status in OPEN_STATUSES:
        raise errors.bulk_running(session_id)
    earlier = (await undone_by(db, [session_id])).get(session_id)
    if earlier is not None:
        raise errors.already_undone(session_id, earlier)
    written = await db.scalar(
        select(func.count())
        .select_from(BulkItem)
        .where(BulkItem.session_id == session_id, BulkItem.state == ItemState.DONE)
    )
    if not written:
        raise errors.nothing_to_undo(session_id)
    await require_writable(db)
    is_small = written <= LIMITS[SyncType.SMALL_BATCH]
    # Any: the JSON of a session.
    facts: dict[str, Any] = {
        "operation_type": UNDO,
        "choice": f"undo of {session_id}",
        "undo_of": str(session_id),
        "fields": None,
    }
    session = await open_session(
        db, SyncType.SMALL_BATCH if is_small else SyncType.BULK_WRITE, facts, who
    )
    await _insert_items(db, session_id, session.id)
    plan = await _plan(db, session.id, now)
    if not plan.is_affordable:
        raise errors.credits_short(plan)
    await count_in(db, session, plan)
    await audit(
        db,
        who,
        "bulk.undo.started",
        kind="bulk",
        subject=str(session.id),
        name=DEALS,
        after={"undo_of": str(session_id), "records": session.records_total},
    )
    await enqueue(db, RunSession(session.id))
    return await started(db, session, f"Undo of {session.records_total or 0:,} deals started.")


async def _plan(db: AsyncSession, session_id: UUID, now: datetime) -> Plan:
    """Plan what is to be restored; records that were touched in part need files of their own."""
    connection = await driver_connection(db)
    cursor = await connection.execute(
        "SELECT (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(after) AS key),"
        " count(*) FROM bulk_items WHERE session_id = %s AND state = 'waiting' GROUP BY 1",
        (session_id,),
    )
    sets = await cursor.fetchall()
    return await plan_operation(
        db,
        sum(row[1] for row in sets),
        sorted({name for row in sets for name in row[0]}),
        now,
        are_values_shared=False,
        field_sets=len(sets) or 1,
    )


async def _insert_items(db: AsyncSession, undone: UUID, session_id: UUID) -> None:
    connection = await driver_connection(db)
    await connection.execute(
        _INSERT.encode(),
        {
            "undone": undone,
            "session_id": session_id,
            "words": json_of({reason.value: words for reason, words in REASON_WORDS.items()}),
        },
    )
