"""What the write-back asks of PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from pulse.core.owned import OwnedRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOCK: Final = 7_163_006

SOURCES: Final[Mapping[OwnedRole, LiteralString]] = {
    OwnedRole.SYNC_STATUS: """
  SELECT status.zoho_record_id AS record_id, 'sync_status' AS role,
    to_jsonb(CASE WHEN status.sync_status <> 'pending' THEN status.sync_status
      WHEN waits.since <= now() - %(pending_after)s::interval THEN 'pending' END) AS value
  FROM record_sync_status status
  LEFT JOIN LATERAL (
    SELECT min(created_at) AS since FROM pending_changes change
    WHERE change.record_id = status.zoho_record_id
  ) waits ON status.sync_status = 'pending'
  WHERE status.module = %(module)s AND status.presence = 'live'""",
}
"""Where the value of a role comes from: a query of (record_id, role, value), value as JSON.

Phase and health score come from analytics (`pulse.analytics.o2r.telling`), by parameters of their
own. A role that has no query is never written by itself: it may ride along, as the time of the last
sync does. A null value has nothing to tell, and what was written stays.
"""

# What tells of trouble goes first. A record with an edit on its way waits: the push takes it along.
_DUE: Final = """
  SELECT wanted.record_id, jsonb_object_agg(wanted.role, wanted.value) AS values
  FROM ({wanted}) wanted
  LEFT JOIN owned_values held ON held.record_id = wanted.record_id
  WHERE {among} wanted.value IS NOT NULL AND wanted.value <> 'null'
    AND held.written -> wanted.role IS DISTINCT FROM wanted.value
    AND coalesce(held.state, 'done') <> 'sent'
    AND (held.next_try_at IS NULL OR held.next_try_at <= now())
    AND NOT EXISTS (SELECT FROM pending_changes change
      WHERE change.record_id = wanted.record_id AND change.state = 'sent')
  GROUP BY wanted.record_id
  ORDER BY bool_or(wanted.role = 'sync_status' AND wanted.value <> '"synced"') DESC,
    wanted.record_id
  LIMIT %(limit)s"""

_BEGIN: Final = """
WITH due AS ({due})
INSERT INTO owned_values (record_id, module, state, wanted, changed_at)
SELECT due.record_id, %(module)s, 'sent', due.values || %(besides)s::jsonb, deals.crm_modified_at
FROM due LEFT JOIN deals ON deals.id = due.record_id
ORDER BY due.record_id
ON CONFLICT (record_id) DO UPDATE SET state = 'sent', wanted = EXCLUDED.wanted,
  changed_at = EXCLUDED.changed_at, error_code = NULL, error_message = NULL, next_try_at = NULL
RETURNING record_id, wanted
"""


@dataclass(frozen=True, slots=True)
class Work:
    """The statements that find what differs; bytes, as psycopg takes no composed text."""

    find: bytes
    """Up to `limit` records whose values differ: reads every deal."""
    begin: bytes
    """Marks those among `ids` that still differ as on their way."""


def work(roles: Iterable[OwnedRole], besides: Iterable[str] = ()) -> Work | None:
    """Return how values of these roles are found; None without a query of theirs.

    `besides` are queries of the shape of `SOURCES`.
    """
    wanted = " UNION ALL ".join([*(SOURCES[role] for role in roles if role in SOURCES), *besides])
    if not wanted:
        return None
    find = _DUE.replace("{wanted}", wanted)
    some = find.replace("{among}", "wanted.record_id = ANY(%(ids)s) AND")
    return Work(find.replace("{among}", "").encode(), _BEGIN.replace("{due}", some).encode())


IN_DOUBT: Final = """
SELECT record_id, wanted FROM owned_values
WHERE module = %(module)s AND state = 'sent' ORDER BY record_id LIMIT %(limit)s
"""

LOCK_RECORDS: Final = """
SELECT FROM record_sync_status WHERE zoho_record_id = ANY(%(ids)s)
ORDER BY zoho_record_id FOR NO KEY UPDATE
"""

CONNECTED_USERS: Final = "SELECT id::text FROM crm_users WHERE is_connected"

# A read that was faster than our answer took the new stamp for a change of the record: it was
# none, unless somebody edited it in that version too, which is noted as such reads arrive. One whom
# the CRM names as the last writer of our own version came after us, within its second.
SETTLE_LAST_CHANGE: Final = """
UPDATE deals SET crm_modified_at = CASE WHEN written.has_edit THEN written.stamp
  ELSE held.changed_at END
FROM unnest(%(ids)s::bigint[], %(stamps)s::timestamptz[], %(edited)s::boolean[])
  AS written (record_id, stamp, has_edit)
JOIN owned_values held ON held.record_id = written.record_id
WHERE deals.id = written.record_id AND CASE WHEN written.has_edit
  THEN deals.crm_modified_at < written.stamp
  ELSE deals.crm_modified_at = written.stamp AND held.changed_at < written.stamp END
"""

# Such a read also logged what the CRM notes of every write: that was no change either.
UNTELL_ECHO: Final = """
DELETE FROM change_log entry
USING unnest(%(ids)s::bigint[], %(stamps)s::timestamptz[], %(edited)s::boolean[])
  AS written (record_id, stamp, has_edit)
JOIN owned_values held ON held.record_id = written.record_id
WHERE entry.record_id = written.record_id AND entry.changed_at = written.stamp
  AND entry.kind = 'updated' AND entry.field = ANY(%(bookkeeping_fields)s)
  AND NOT written.has_edit AND held.changed_at < written.stamp
"""

# The echo is the very version that we wrote: later reads find nothing new in it.
TAKE_BOOKKEEPING: Final = """
UPDATE crm_documents stored SET document = stored.document || written.bookkeeping
FROM unnest(%(ids)s::bigint[], %(stamps)s::timestamptz[], %(bookkeeping)s::jsonb[])
  AS written (record_id, stamp, bookkeeping)
JOIN record_sync_status status ON status.zoho_record_id = written.record_id
WHERE stored.record_id = written.record_id AND status.presence = 'live'
  AND status.crm_modified_at <= written.stamp AND NOT stored.document @> written.bookkeeping
"""

# Details of a version in which somebody edited too are read again.
TAKE_STAMPS: Final = """
UPDATE record_sync_status status SET crm_modified_at = written.stamp,
  details_stamp = CASE WHEN status.details_stamp = status.crm_modified_at AND NOT written.has_edit
    THEN written.stamp ELSE status.details_stamp END
FROM unnest(%(ids)s::bigint[], %(stamps)s::timestamptz[], %(edited)s::boolean[])
  AS written (record_id, stamp, has_edit)
WHERE status.zoho_record_id = written.record_id AND status.presence = 'live'
  AND status.crm_modified_at < written.stamp
"""

DONE: Final = """
UPDATE owned_values held SET written = held.written || held.wanted, wanted = NULL, state = 'done',
  echo_at = CASE WHEN told.has_edit THEN held.echo_at ELSE told.stamp END,
  next_try_at = NULL, settled_at = now()
FROM unnest(%(ids)s::bigint[], %(stamps)s::timestamptz[], %(edited)s::boolean[])
  AS told (record_id, stamp, has_edit)
WHERE held.record_id = told.record_id AND held.state = 'sent'
"""

REFUSED: Final = """
UPDATE owned_values held SET state = 'refused', wanted = NULL, error_code = refused.code,
  error_message = refused.message, next_try_at = now() + %(wait)s::interval, settled_at = now()
FROM unnest(%(ids)s::bigint[], %(codes)s::text[], %(messages)s::text[])
  AS refused (record_id, code, message)
WHERE held.record_id = refused.record_id AND held.state = 'sent'
"""

BACK: Final = """
UPDATE owned_values SET state = 'done', wanted = NULL WHERE record_id = ANY(%s) AND state = 'sent'
"""

# Of a record that has further edits the status is left to the write-back.
BOARDING: Final = """
SELECT wanted.record_id, EXISTS (SELECT FROM pending_changes change
    WHERE change.record_id = wanted.record_id AND change.state <> 'sent') AS has_more,
  held.written ->> 'sync_status' AS told
FROM unnest(%(ids)s::bigint[]) AS wanted (record_id)
LEFT JOIN owned_values held ON held.record_id = wanted.record_id
"""

ARRIVED: Final = """
INSERT INTO owned_values (record_id, module, written)
SELECT record_id, %(module)s, written
FROM unnest(%(ids)s::bigint[], %(written)s::jsonb[]) AS arrived (record_id, written)
ORDER BY record_id
ON CONFLICT (record_id) DO UPDATE SET written = owned_values.written || EXCLUDED.written,
  settled_at = now()
"""

NOTE_RUN: Final = """
INSERT INTO write_backs (module, records, refused, calls, credits, trouble)
VALUES (%(module)s, %(records)s, %(refused)s, %(calls)s, %(credits)s, %(trouble)s)
"""

SPENT: Final = """
SELECT coalesce(sum(credits), 0)::int FROM write_backs
WHERE module = %(module)s AND ended_at > now() - interval '24 hours'
"""
