"""The statements that turn records which a confirming read missed into tombstones, or into errors.

As with a batch: lock the status rows in order of id, judge, write the narrow row, the version, the
change log, the status. Records that were edited here are judged afterwards, by `pulse.edits`.
"""

from __future__ import annotations

from typing import Final

from psycopg import sql

STAGE_ABSENCES: Final = """
CREATE TEMP TABLE IF NOT EXISTS absent (
  record_id bigint NOT NULL, presence text NOT NULL, at timestamptz NOT NULL, by_whom text
) ON COMMIT DELETE ROWS
"""

LOCK_ABSENT: Final = """
SELECT count(*) FROM (
  SELECT FROM record_sync_status WHERE zoho_record_id = ANY(%(ids)s) AND module = %(module)s
  ORDER BY zoho_record_id FOR NO KEY UPDATE
) locked
"""

# A read that began before the record was seen last says nothing about it now.
JUDGE_ABSENT: Final = """
INSERT INTO absent (record_id, presence, at, by_whom)
SELECT gone.record_id, gone.presence, gone.at, gone.by_whom
FROM unnest(%(ids)s::bigint[], %(presences)s::text[], %(times)s::timestamptz[], %(authors)s::text[])
  AS gone (record_id, presence, at, by_whom)
JOIN record_sync_status status ON status.zoho_record_id = gone.record_id
WHERE status.module = %(module)s AND status.presence <> gone.presence
  AND status.observed_number < %(number)s::bigint
ORDER BY gone.record_id
"""

LOG_ABSENT: Final = sql.SQL("""
INSERT INTO change_log (module, record_id, kind, changed_by, changed_at, session_id)
SELECT %(module)s, absent.record_id, 'deleted', absent.by_whom, absent.at, %(session_id)s::uuid
FROM absent JOIN record_sync_status status ON status.zoho_record_id = absent.record_id
WHERE status.presence = 'live'
ORDER BY absent.record_id
""")

WRITE_ABSENT_STATUS: Final = sql.SQL("""
UPDATE record_sync_status status SET
  presence = absent.presence, gone_at = absent.at, watched_at = NULL, last_sync_at = now(),
  observed_number = %(number)s::bigint,
  sync_status = CASE absent.presence WHEN 'invisible' THEN 'error' ELSE 'synced' END,
  error_details = CASE absent.presence WHEN 'invisible' THEN %(hidden_reason)s END
FROM absent WHERE status.zoho_record_id = absent.record_id
""")

# Records in the CRM's bin that we never held: a restore may bring them without a new stamp.
REGISTER_GONE: Final = """
INSERT INTO record_sync_status
  (zoho_record_id, module, presence, gone_at, observed_number, last_sync_at)
SELECT gone.record_id, %(module)s, 'deleted', gone.at, %(number)s, now()
FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[]) AS gone (record_id, at)
ORDER BY gone.record_id
ON CONFLICT (zoho_record_id) DO NOTHING
"""

COUNT_ABSENT: Final = "SELECT presence, count(*) FROM absent GROUP BY presence"

NARROW_GONE: Final = """
UPDATE {table} SET is_live = false FROM absent WHERE {table}.id = absent.record_id
"""

VERSION_GONE: Final = """
UPDATE {versions} version
SET valid_to = greatest(absent.at, version.valid_from + interval '1 microsecond')
FROM absent WHERE version.deal_id = absent.record_id AND version.valid_to = 'infinity'
"""

EDITED_AMONG_ABSENT: Final = """
SELECT DISTINCT change.record_id FROM absent
JOIN pending_changes change ON change.record_id = absent.record_id
"""
