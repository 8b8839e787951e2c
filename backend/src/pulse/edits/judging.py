"""Judge the local changes of records, and derive how the records stand: nobody else writes that.

The caller has locked the records' rows of `record_sync_status`, in order of id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pulse.core.sync import HIDDEN_REASON, Presence, RecordStatus
from pulse.edits import rows
from pulse.edits.connection import exact_cursor, json_of
from pulse.edits.deciding import Ended, decide
from pulse.sync.domain.merge import ChangeState, record_status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from pulse.edits.connection import Connection
    from pulse.edits.policies import Policies
    from pulse.edits.rows import ChangeRow
    from pulse.sync.domain.merge import Value

_RECORDS: Final = """
SELECT zoho_record_id AS record_id, presence, sync_status, conflict_fields, error_details,
  local_modified_at, now() AS at
FROM record_sync_status WHERE zoho_record_id = ANY(%(ids)s) AND module = %(module)s
ORDER BY zoho_record_id
"""

_WRITE_STATUS: Final = """
UPDATE record_sync_status SET sync_status = %(status)s, conflict_fields = %(conflict_fields)s,
  error_details = %(error_details)s, local_modified_at = %(local_modified_at)s
WHERE zoho_record_id = %(record_id)s
"""


@dataclass(frozen=True, slots=True)
class Derived:
    """How a record stands, out of its presence and its local changes."""

    status: RecordStatus
    conflict_fields: Mapping[str, Mapping[str, Value]] | None
    """API name → the three sides of each field in conflict."""
    error_details: str | None
    local_modified_at: datetime | None
    """When somebody last edited it here; stays when the edit is over."""


async def judge_records(
    connection: Connection, module: str, record_ids: Collection[int], policies: Policies
) -> Mapping[int, RecordStatus]:
    """Judge every open change of the records against their documents; return how they stand now.

    A change that is over is deleted (one that lost is told in the change log), the others get their
    standing, and the records' status follows. Judging again changes nothing. An open change whose
    predecessor is on its way waits for its fate.
    """
    cursor = exact_cursor(connection)
    await cursor.execute(_RECORDS, {"module": module, "ids": list(record_ids)})
    records = await cursor.fetchall()
    if not records:
        return {}
    changes = await rows.load(connection, module, record_ids)
    kept = await _judge(connection, module, changes, policies, records[0].at)
    by_record = {
        record_id: list(group) for record_id, group in groupby(kept, key=lambda row: row.record_id)
    }
    derived = {
        record.record_id: derive(
            Presence(record.presence),
            by_record.get(record.record_id, []),
            record.local_modified_at,
        )
        for record in records
    }
    stored = {
        record.record_id: Derived(
            RecordStatus(record.sync_status),
            record.conflict_fields,
            record.error_details,
            record.local_modified_at,
        )
        for record in records
    }
    await _write(connection, {key: after for key, after in derived.items() if after != stored[key]})
    return {record_id: after.status for record_id, after in derived.items()}


def derive(
    presence: Presence, changes: Sequence[ChangeRow], modified_at: datetime | None
) -> Derived:
    """Return how a record with these changes stands; `modified_at` is its last known edit."""
    conflicts = [row for row in changes if row.stands.state is ChangeState.CONFLICT]
    times = [row.edited_at for row in changes]
    return Derived(
        status=record_status(presence, [row.stands.state for row in changes]),
        conflict_fields={
            row.field: {
                "base": row.edit.base,
                "local": row.edit.local,
                "crm": row.stands.crm_value,
            }
            for row in conflicts
        }
        or None,
        error_details=_words(presence, changes),
        local_modified_at=max(
            [*times, *([] if modified_at is None else [modified_at])], default=None
        ),
    )


def _words(presence: Presence, changes: Sequence[ChangeRow]) -> str | None:
    """Return why a record is not in sync, where a status alone does not tell."""
    if presence is Presence.INVISIBLE:
        return HIDDEN_REASON
    words = [
        f"{row.stands.error_field or row.field}: {row.stands.error_message or 'refused by the CRM'}"
        for row in changes
        if row.stands.state is ChangeState.ERROR
    ]
    gone = sorted(row.field for row in changes if row.stands.is_record_gone)
    if gone:
        words.append(f"Deleted in the CRM, and edited here: {', '.join(gone)}")
    return "; ".join(words) or None


async def _judge(
    connection: Connection,
    module: str,
    changes: Sequence[ChangeRow],
    policies: Policies,
    at: datetime,
) -> list[ChangeRow]:
    """Write what becomes of the changes and return those that are still there."""
    on_their_way = {(row.record_id, row.field) for row in changes if row.is_sent}
    kept: list[ChangeRow] = []
    dropped: list[ChangeRow] = []
    over: list[int] = []
    for row in changes:
        if (row.record_id, row.field) in on_their_way:
            kept.append(row)
            continue
        fate = decide(row.edit, row.stands, row.sight, policies.of(row.field), at)
        if isinstance(fate, Ended):
            over.append(row.id)
            if fate.is_dropped:
                dropped.append(row)
        else:
            kept.append(replace(row, stands=fate))
    stood = {row.id: row.stands for row in changes}
    await rows.write_standings(
        connection, [(row.id, row.stands) for row in kept if row.stands != stood[row.id]]
    )
    await rows.log_dropped(connection, module, dropped)
    await rows.delete(connection, over)
    return kept


async def _write(connection: Connection, derived: Mapping[int, Derived]) -> None:
    given = [
        {
            "record_id": record_id,
            "status": after.status.value,
            "conflict_fields": json_of(after.conflict_fields),
            "error_details": after.error_details,
            "local_modified_at": after.local_modified_at,
        }
        for record_id, after in sorted(derived.items())
    ]
    if given:
        async with connection.cursor() as cursor:
            await cursor.executemany(_WRITE_STATUS, given)
