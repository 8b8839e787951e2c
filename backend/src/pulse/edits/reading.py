"""The local changes of records, as people see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulse.edits.connection import connection_of, exact_cursor
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from pulse.edits.connection import Db
    from pulse.sync.domain.merge import Value

_READ: Final = """
SELECT id, record_id, field, base_value AS base, is_base_known, new_value AS value, state, source,
  author_id, author_name, created_at, edited_at, session_id, crm_value, crm_modified_at,
  crm_modified_by, conflict_since, is_record_gone, awaits_timeline, is_skipped, is_resolved,
  error_code, error_message, error_field, attempts, next_try_at, sent_at
FROM pending_changes WHERE module = %s AND record_id = ANY(%s)
ORDER BY record_id, field, state <> 'sent'
"""


@dataclass(frozen=True, slots=True)
class LocalChange:
    """One local edit of one field that the CRM has not accepted yet. Values are canonical."""

    id: int
    record_id: int
    field: str
    """API name."""
    base: Value
    is_base_known: bool
    value: Value
    """What is wanted."""
    state: ChangeState
    source: str
    author_id: UUID | None
    author_name: str
    created_at: datetime
    edited_at: datetime
    session_id: UUID | None
    crm_value: Value
    """Of a conflict: what the CRM holds."""
    crm_modified_at: datetime | None
    crm_modified_by: str | None
    conflict_since: datetime | None
    is_record_gone: bool
    awaits_timeline: bool
    is_skipped: bool
    is_resolved: bool
    error_code: str | None
    error_message: str | None
    error_field: str | None
    attempts: int
    next_try_at: datetime | None
    sent_at: datetime | None


async def local_changes(
    db: Db, module: str, record_ids: Collection[int]
) -> Mapping[int, Sequence[LocalChange]]:
    """Return the local changes of those records that have any, by record and field.

    Of a field with two, the one that is on its way comes first; the other is the newer one.
    """
    cursor = exact_cursor(await connection_of(db))
    await cursor.execute(_READ, (module, list(record_ids)))
    found: defaultdict[int, list[LocalChange]] = defaultdict(list)
    for row in await cursor.fetchall():
        columns = row._asdict()
        change = LocalChange(**{**columns, "state": ChangeState(columns["state"])})
        found[change.record_id].append(change)
    return dict(found)
