"""Rows of `pending_changes` together with what their records show, read and written by sets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from pulse.core.sync import Presence
from pulse.edits.connection import exact_cursor, json_of
from pulse.edits.deciding import Edit, Sight, Standing
from pulse.sync.domain.canonical import DETAIL_TYPES
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from pulse.edits.connection import Connection


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One local change, and what its record shows."""

    id: int
    record_id: int
    field: str
    edit: Edit
    author_name: str
    edited_at: datetime
    stands: Standing
    sight: Sight

    @property
    def is_sent(self) -> bool:
        """It is on its way, and frozen."""
        return self.stands.state is ChangeState.SENT


# A field that the CRM has had only since the record was last read, or that only a single-record
# read gives and none has given, was never read: that its document has no such key says nothing.
NEVER_READ: Final = """EXISTS (
  SELECT FROM crm_fields described
  WHERE described.module = {0}.module AND described.api_name = {1}
    AND described.removed_at IS NULL
    AND (described.first_seen_at > {0}.last_sync_at
      OR (described.data_type = ANY(%(details)s) AND {0}.details_stamp IS NULL))
)"""

_LOAD: Final = f"""
SELECT change.id, change.record_id, change.field, change.base_value, change.is_base_known,
  change.new_value, change.state, change.author_name, change.edited_at, change.crm_value,
  change.crm_modified_at, change.crm_modified_by, change.conflict_since, change.is_record_gone,
  change.awaits_timeline, change.is_skipped, change.is_resolved, change.resolved_against,
  change.error_code, change.error_message, change.error_field,
  status.presence, document.document -> change.field AS held_value,
  CASE status.presence WHEN 'deleted' THEN status.gone_at ELSE status.crm_modified_at END
    AS held_since,
  CASE status.presence WHEN 'deleted' THEN (
      SELECT changed_by FROM change_log
      WHERE record_id = change.record_id AND kind = 'deleted' ORDER BY id DESC LIMIT 1)
    ELSE document.document ->> 'Modified_By' END AS held_by,
  NOT change.is_base_known AND NOT coalesce(document.document ? change.field, false)
    AND {NEVER_READ.format("status", "change.field")} AS is_unread
FROM pending_changes change
JOIN record_sync_status status ON status.zoho_record_id = change.record_id
LEFT JOIN crm_documents document ON document.record_id = change.record_id
WHERE change.record_id = ANY(%(ids)s) AND change.module = %(module)s
ORDER BY change.record_id, change.field, change.state <> 'sent'
"""  # noqa: S608 - composed of constants of this module

_WRITE: Final = """
UPDATE pending_changes SET
  next_try_at = CASE WHEN state = %(state)s THEN next_try_at END,
  attempts = CASE WHEN state = %(state)s THEN attempts ELSE 0 END,
  state = %(state)s, crm_value = %(crm_value)s,
  crm_modified_at = %(crm_modified_at)s, crm_modified_by = %(crm_modified_by)s,
  conflict_since = %(conflict_since)s, is_record_gone = %(is_record_gone)s,
  awaits_timeline = %(awaits_timeline)s, is_skipped = %(is_skipped)s,
  is_resolved = %(is_resolved)s, resolved_against = %(resolved_against)s,
  error_code = %(error_code)s, error_message = %(error_message)s, error_field = %(error_field)s
WHERE id = %(id)s AND state <> 'sent'
"""

_DROPPED: Final = """
INSERT INTO change_log
  (module, record_id, kind, field, old_value, new_value, side, changed_by, changed_at)
VALUES (%(module)s, %(record_id)s, 'dropped', %(field)s, %(base)s, %(local)s, 'local', %(author)s,
  now())
"""


async def load(connection: Connection, module: str, record_ids: Collection[int]) -> list[ChangeRow]:
    """Return every local change of the records in order of record and field, the sent one first."""
    cursor = exact_cursor(connection)
    await cursor.execute(
        _LOAD, {"module": module, "ids": list(record_ids), "details": sorted(DETAIL_TYPES)}
    )
    return [
        ChangeRow(
            id=row.id,
            record_id=row.record_id,
            field=row.field,
            edit=Edit(row.base_value, row.is_base_known, row.new_value),
            author_name=row.author_name,
            edited_at=row.edited_at,
            stands=Standing(
                state=ChangeState(row.state),
                crm_value=row.crm_value,
                crm_modified_at=row.crm_modified_at,
                crm_modified_by=row.crm_modified_by,
                conflict_since=row.conflict_since,
                is_record_gone=row.is_record_gone,
                awaits_timeline=row.awaits_timeline,
                is_skipped=row.is_skipped,
                is_resolved=row.is_resolved,
                resolved_against=row.resolved_against,
                error_code=row.error_code,
                error_message=row.error_message,
                error_field=row.error_field,
            ),
            sight=Sight(
                presence=Presence(row.presence),
                value=row.held_value,
                changed_at=row.held_since,
                changed_by=row.held_by,
                is_unread=row.is_unread,
            ),
        )
        # Any: a row's columns have the types that the query gives them.
        for row in await cursor.fetchall()
    ]


async def write_standings(connection: Connection, changes: Iterable[tuple[int, Standing]]) -> None:
    """Write how changes stand (id → standing); a change that was sent meanwhile stays as it is.

    One that comes into another state begins anew with its tries.
    """
    rows = [
        {
            **asdict(standing),
            "id": change_id,
            "state": standing.state.value,
            "crm_value": json_of(standing.crm_value),
            "resolved_against": json_of(standing.resolved_against),
        }
        for change_id, standing in changes
    ]
    if rows:
        async with connection.cursor() as cursor:
            await cursor.executemany(_WRITE, rows)


async def delete(connection: Connection, change_ids: Collection[int]) -> None:
    """Delete local changes that are over."""
    if change_ids:
        await connection.execute(
            "DELETE FROM pending_changes WHERE id = ANY(%s)", (list(change_ids),)
        )


async def log_dropped(
    connection: Connection, module: str, rows: Iterable[ChangeRow], by: str | None = None
) -> None:
    """Tell the change log that edits were given up: by somebody, else under their author's name."""
    given = [
        {
            "module": module,
            "record_id": row.record_id,
            "field": row.field,
            "base": json_of(row.edit.base),
            "local": json_of(row.edit.local),
            "author": by or row.author_name,
        }
        for row in rows
    ]
    if given:
        async with connection.cursor() as cursor:
            await cursor.executemany(_DROPPED, given)
