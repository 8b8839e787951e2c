"""Take hold of a record for an edit, and let everybody know what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.core.sync import Presence, RecordStatus, SyncMode
from pulse.db.events import CHANNEL, Topic
from pulse.edits.errors import crm_is_read_only, record_gone, record_not_found
from pulse.edits.judging import judge_records
from pulse.edits.overlay import overlay_records
from pulse.edits.policies import policies_of, stored_settings
from pulse.jobs.catalogue import PushChanges
from pulse.jobs.outbox import enqueue_once

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulse.edits.connection import Connection

_LOCK: Final = """
SELECT presence FROM record_sync_status WHERE zoho_record_id = %s AND module = %s
FOR NO KEY UPDATE
"""
_LOCK_ALL: Final = """
SELECT count(*) FROM (
  SELECT FROM record_sync_status WHERE zoho_record_id = ANY(%(ids)s) AND module = %(module)s
  ORDER BY zoho_record_id FOR NO KEY UPDATE
) locked
"""
_IS_DUE: Final = """
SELECT EXISTS (SELECT FROM pending_changes WHERE module = %(module)s AND record_id = ANY(%(ids)s)
  AND (state = 'queued' OR state = 'conflict' AND awaits_timeline))
"""


async def lock_record(connection: Connection, module: str, record_id: int) -> Presence:
    """Lock a record's status row: batches of a sync and other edits of it wait.

    Raises NotFoundError `record_not_found`.
    """
    cursor = await connection.execute(_LOCK, (record_id, module))
    row = await cursor.fetchone()
    if row is None:
        raise record_not_found(module, record_id)
    return Presence(row[0])


async def lock_records(connection: Connection, module: str, record_ids: Collection[int]) -> None:
    """Lock the status rows of records in order of id, as every writer does."""
    await connection.execute(_LOCK_ALL, {"module": module, "ids": list(record_ids)})


def refuse_gone(presence: Presence, record_id: int) -> None:
    """Raise ConflictError `record_gone` for a tombstone or a record that is hidden from us."""
    if presence is not Presence.LIVE:
        raise record_gone(record_id, is_hidden=presence is Presence.INVISIBLE)


async def refuse_read_only(connection: Connection) -> None:
    """Raise ConflictError `crm_is_read_only` while the mode lets nothing out."""
    settings = await stored_settings(connection)
    if settings.mode is SyncMode.CRM_TO_LOCAL:
        raise crm_is_read_only()


async def settle_records(
    connection: Connection, module: str, record_ids: Collection[int]
) -> Mapping[int, RecordStatus]:
    """Bring all that is derived of locked records in line after their changes were touched.

    Judges, overlays the narrow rows, announces `records:<module>`, and asks for a push where
    something is due. Returns how the records stand.
    """
    policies = policies_of(await stored_settings(connection))
    statuses = await judge_records(connection, module, record_ids, policies)
    await overlay_records(connection, module, record_ids)
    await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{Topic.RECORDS}:{module}"))
    cursor = await connection.execute(_IS_DUE, {"module": module, "ids": list(record_ids)})
    if await cursor.fetchone() == (True,):
        await enqueue_once(connection, PushChanges(module))
    return statuses
