"""What the push asks of `pending_changes`; `pulse.queries.due_changes` says who holds a record."""

from __future__ import annotations

from typing import Final

from pulse.queries.due_changes import ALIVE, IS_DUE, IS_HELD, IS_OPEN, RUN_KEY, RUN_LOCKS

CLAIM_LOCKS: Final = 7_163_004
"""Class of the locks under which one run after the other claims records of a module."""

_OUR_KEY: Final = RUN_KEY.format("%(run)s::uuid")
HOLD: Final = f"SELECT pg_advisory_lock({RUN_LOCKS}, {_OUR_KEY})"
LET_GO: Final = f"SELECT pg_advisory_unlock({RUN_LOCKS}, {_OUR_KEY})"

_OF_A_PERSON: Final = "change.source IN ('edit', 'resolution')"

DUE: Final = f"""
WITH {ALIVE}
SELECT change.record_id
FROM pending_changes change
JOIN record_sync_status status ON status.zoho_record_id = change.record_id
WHERE change.module = %(module)s AND {IS_OPEN} AND status.presence <> 'invisible'
GROUP BY change.record_id
HAVING bool_or({IS_DUE} AND ({_OF_A_PERSON} OR NOT %(of_persons)s))
  AND NOT bool_or(change.state = 'sent' AND NOT {IS_DUE})
  AND NOT bool_or({IS_HELD})
ORDER BY bool_or({_OF_A_PERSON}) DESC, max(change.edited_at) DESC, change.record_id
LIMIT %(limit)s
"""  # noqa: S608 - composed of constants

IS_RECORD_HELD: Final = f"""
WITH {ALIVE}
SELECT EXISTS (SELECT FROM pending_changes change
  WHERE change.record_id = %(record_id)s AND change.module = %(module)s AND {IS_HELD})
"""  # noqa: S608 - composed of constants

CLAIM: Final = f"""
UPDATE pending_changes change SET sent_by = %(run)s
WHERE change.record_id = ANY(%(ids)s) AND change.module = %(module)s AND {IS_OPEN}
"""  # noqa: S608 - composed of constants

COLUMNS: Final = """change.id, change.record_id, change.field, change.new_value, change.author_name,
  change.edited_at, change.state, change.sent_guard, change.sent_at,
  change.awaits_timeline,
  change.is_record_gone AND change.is_resolved AS is_return"""

READ: Final = f"""
SELECT {COLUMNS} FROM pending_changes change
JOIN record_sync_status status ON status.zoho_record_id = change.record_id
WHERE change.record_id = ANY(%(ids)s) AND change.module = %(module)s AND {IS_OPEN}
  AND status.presence <> 'invisible'
  AND NOT EXISTS (SELECT FROM pending_changes other
    WHERE other.record_id = change.record_id AND other.state = 'sent'
      AND other.sent_by IS DISTINCT FROM %(run)s)
ORDER BY change.record_id, change.field, change.state <> 'sent'
"""  # noqa: S608 - composed of constants

BEGIN: Final = f"""
UPDATE pending_changes change SET state = 'sent', sent_at = clock_timestamp(),
  sent_guard = wanted.guard, sent_by = %(run)s, next_try_at = NULL,
  error_code = NULL, error_message = NULL, error_field = NULL
FROM unnest(%(ids)s::bigint[], %(guards)s::timestamptz[]) AS wanted (record_id, guard)
JOIN record_sync_status status ON status.zoho_record_id = wanted.record_id
WHERE change.record_id = wanted.record_id AND change.module = %(module)s
  AND change.state = 'queued' AND NOT change.is_record_gone AND status.presence = 'live'
  AND (%(among)s::bigint[] IS NULL OR change.id = ANY(%(among)s))
  AND NOT EXISTS (SELECT FROM pending_changes other
    WHERE other.record_id = change.record_id AND other.state = 'sent')
RETURNING {COLUMNS}
"""  # noqa: S608 - composed of constants

RECORDS_OF: Final = "SELECT DISTINCT record_id FROM pending_changes WHERE id = ANY(%(ids)s)"

# A read that showed what was sent took it for ours. As it was not written, somebody typed the same.
TELL_NOT_OURS: Final = """
UPDATE change_log told SET side = 'crm', changed_by = document.document ->> 'Modified_By'
FROM pending_changes sent JOIN crm_documents document ON document.record_id = sent.record_id
WHERE sent.id = ANY(%(ids)s) AND sent.state = 'sent' AND sent.sent_by = %(run)s
  AND told.record_id = sent.record_id AND told.field = sent.field AND told.kind = 'updated'
  AND told.side = 'local' AND told.new_value IS NOT DISTINCT FROM sent.new_value
  AND told.changed_at > sent.sent_guard
"""

# An open change of the same field is newer: it takes the older base, or ends where it goes back.
FOLD: Final = """
WITH folded AS (
  DELETE FROM pending_changes sent USING pending_changes newer
  WHERE sent.id = ANY(%(ids)s) AND sent.state = 'sent' AND sent.sent_by = %(run)s
    AND newer.record_id = sent.record_id AND newer.field = sent.field AND newer.state <> 'sent'
  RETURNING newer.id, sent.base_value, sent.is_base_known
), cancelled AS (
  DELETE FROM pending_changes newer USING folded
  WHERE newer.id = folded.id AND folded.is_base_known
    AND newer.new_value IS NOT DISTINCT FROM folded.base_value
)
UPDATE pending_changes newer
SET base_value = folded.base_value, is_base_known = folded.is_base_known
FROM folded
WHERE newer.id = folded.id
  AND NOT (folded.is_base_known AND newer.new_value IS NOT DISTINCT FROM folded.base_value)
"""

QUEUE_AGAIN: Final = """
UPDATE pending_changes SET state = 'queued', sent_at = NULL, sent_guard = NULL
WHERE id = ANY(%(ids)s) AND state = 'sent' AND sent_by = %(run)s
"""

# A resolution that cannot be pushed leaves its conflict open, and says why.
REFUSE: Final = """
UPDATE pending_changes change SET
  state = CASE WHEN change.is_resolved THEN 'conflict' ELSE 'error' END,
  conflict_since = CASE WHEN change.is_resolved THEN coalesce(change.conflict_since, now())
    ELSE change.conflict_since END,
  is_resolved = false, resolved_against = NULL, sent_at = NULL, sent_guard = NULL, sent_by = NULL,
  next_try_at = NULL, error_code = refused.code, error_message = refused.message,
  error_field = refused.field
FROM unnest(%(ids)s::bigint[], %(codes)s::text[], %(messages)s::text[], %(fields)s::text[])
  AS refused (id, code, message, field)
WHERE change.id = refused.id
  AND (change.state = 'queued' OR change.state = 'sent' AND change.sent_by = %(run)s)
"""

PUT_OFF: Final = f"""
UPDATE pending_changes change SET attempts = change.attempts + 1,
  next_try_at = now() + make_interval(secs => %(jitter)s * coalesce(%(wait_s)s::float,
    least(%(most_s)s, %(first_s)s * power(2, least(change.attempts, 20))))),
  error_code = CASE change.state WHEN 'queued' THEN %(code)s ELSE change.error_code END,
  error_message = CASE change.state WHEN 'queued' THEN %(message)s ELSE change.error_message END,
  sent_by = NULL
WHERE change.record_id = ANY(%(ids)s) AND change.module = %(module)s AND {IS_OPEN}
  AND (change.state <> 'sent' OR change.sent_by = %(run)s)
"""  # noqa: S608 - composed of constants

RELEASE: Final = """
UPDATE pending_changes SET sent_by = NULL
WHERE record_id = ANY(%(ids)s) AND module = %(module)s AND sent_by = %(run)s AND state <> 'sent'
"""
