"""What a bulk operation asks of `bulk_items`. Every move repeats the state that it starts from."""

from __future__ import annotations

from typing import Final

from pulse.core.bulk import REASON_WORDS, ItemState, Reason

_COLUMNS: Final = """item.record_id, item.before, item.after, undone.after AS expected,
  item.done_at IS NOT NULL AS is_accepted"""
_ITEMS: Final = f"""
SELECT {_COLUMNS} FROM bulk_items item
LEFT JOIN bulk_items undone
  ON undone.session_id = %(undo_of)s::uuid AND undone.record_id = item.record_id
WHERE item.session_id = %(id)s AND item.state = """  # noqa: S608 - composed of constants

WAITING: Final = f"{_ITEMS} '{ItemState.WAITING}' ORDER BY item.position LIMIT %(limit)s"
SENT: Final = f"{_ITEMS} '{ItemState.SENT}' ORDER BY item.position"

# What is restored only in part says which fields it leaves.
MARK_SENT: Final = f"""
WITH wanted AS (
  SELECT * FROM unnest(%(ids)s::bigint[], %(befores)s::jsonb[], %(afters)s::jsonb[])
    AS wanted (record_id, before, after)
), cut AS (
  SELECT wanted.record_id, string_agg(key, ', ' ORDER BY key) AS fields
  FROM wanted JOIN bulk_items item
    ON item.session_id = %(id)s AND item.record_id = wanted.record_id
  CROSS JOIN LATERAL jsonb_object_keys(item.after) AS key
  WHERE NOT wanted.after ? key GROUP BY wanted.record_id
)
UPDATE bulk_items item SET state = '{ItemState.SENT}', sent_at = clock_timestamp(),
  done_at = NULL, chunk = %(chunk)s, before = wanted.before, after = wanted.after,
  error_code = CASE WHEN cut.fields IS NULL THEN item.error_code
    ELSE '{Reason.CHANGED_SINCE}' END,
  error_message = CASE WHEN cut.fields IS NULL THEN item.error_message
    ELSE '{REASON_WORDS[Reason.CHANGED_SINCE]}' END,
  error_field = nullif(concat_ws(', ', item.error_field, cut.fields), '')
FROM wanted LEFT JOIN cut USING (record_id)
WHERE item.session_id = %(id)s AND item.record_id = wanted.record_id
  AND item.state = '{ItemState.WAITING}'
  AND NOT EXISTS (SELECT FROM pending_changes change
    WHERE change.record_id = wanted.record_id AND wanted.after ? change.field)
RETURNING item.record_id
"""  # noqa: S608 - composed of constants

LEAVE_ALONE: Final = f"""
UPDATE bulk_items item SET state = '{ItemState.LEFT_ALONE}', done_at = clock_timestamp(),
  error_code = '{Reason.EDIT_WAITING}', error_message = '{REASON_WORDS[Reason.EDIT_WAITING]}',
  error_field = (SELECT string_agg(change.field, ', ' ORDER BY change.field)
    FROM pending_changes change
    WHERE change.record_id = item.record_id AND item.after ? change.field)
WHERE item.session_id = %(id)s AND item.record_id = ANY(%(ids)s)
  AND item.state = '{ItemState.WAITING}'
"""  # noqa: S608 - as above

NOTE_ACCEPTED: Final = f"""
UPDATE bulk_items SET done_at = clock_timestamp()
WHERE session_id = %(id)s AND record_id = ANY(%(ids)s) AND state = '{ItemState.SENT}'
"""  # noqa: S608 - as above

WAIT_AGAIN: Final = f"""
UPDATE bulk_items SET state = '{ItemState.WAITING}', sent_at = NULL, done_at = NULL
WHERE session_id = %(id)s AND record_id = ANY(%(ids)s) AND state = '{ItemState.SENT}'
"""  # noqa: S608 - as above

END: Final = f"""
UPDATE bulk_items item SET state = verdict.state, done_at = clock_timestamp(),
  error_code = coalesce(verdict.code, item.error_code),
  error_message = coalesce(verdict.message, item.error_message),
  error_field = coalesce(verdict.field, item.error_field),
  before = coalesce(verdict.before, item.before)
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(codes)s::text[], %(messages)s::text[],
  %(fields)s::text[], %(befores)s::jsonb[])
  AS verdict (record_id, state, code, message, field, before)
WHERE item.session_id = %(id)s AND item.record_id = verdict.record_id
  AND item.state IN ('{ItemState.WAITING}', '{ItemState.SENT}')
"""  # noqa: S608 - as above

# A sync that read the record between our write and our own reading took it for the CRM's.
TELL_AUTHOR: Final = f"""
UPDATE change_log entry SET side = 'local', changed_by = %(author)s, session_id = %(id)s
FROM bulk_items item CROSS JOIN LATERAL jsonb_each(item.after) wanted
WHERE item.session_id = %(id)s AND item.record_id = ANY(%(ids)s) AND item.state = '{ItemState.DONE}'
  AND entry.record_id = item.record_id AND entry.field = wanted.key AND entry.kind = 'updated'
  AND entry.observed_at >= item.sent_at
  AND coalesce(entry.new_value, 'null') = wanted.value
  AND (entry.side = 'crm' OR entry.session_id IS NULL)
"""  # noqa: S608 - as above

PROGRESS: Final = """
UPDATE crm_sync_sessions SET
  (records_processed, records_changed) = (
    SELECT count(*) FILTER (WHERE state NOT IN ('waiting', 'sent')),
      count(*) FILTER (WHERE state = 'done')
    FROM bulk_items WHERE session_id = %(id)s),
  api_calls_made = greatest(api_calls_made, %(calls)s),
  credits_used = greatest(credits_used, %(credits)s)
WHERE id = %(id)s
"""

FAIL_WAITING: Final = f"""
UPDATE bulk_items SET state = '{ItemState.FAILED}', done_at = clock_timestamp(),
  error_code = %(code)s, error_message = %(message)s
WHERE session_id = %(id)s AND state = '{ItemState.WAITING}'
"""  # noqa: S608 - as above

# The run ends and nobody will look again: what the CRM has accepted is done, all else unknown.
CLOSE_SENT: Final = f"""
UPDATE bulk_items SET
  state = CASE WHEN done_at IS NULL THEN '{ItemState.FAILED}' ELSE '{ItemState.DONE}' END,
  error_code = CASE WHEN done_at IS NULL THEN '{Reason.FATE_UNKNOWN}' ELSE error_code END,
  error_message = CASE WHEN done_at IS NULL THEN '{REASON_WORDS[Reason.FATE_UNKNOWN]}'
    ELSE error_message END,
  done_at = clock_timestamp()
WHERE session_id = %(id)s AND state = '{ItemState.SENT}'
"""  # noqa: S608 - as above

COUNTS: Final = "SELECT state, count(*) FROM bulk_items WHERE session_id = %(id)s GROUP BY state"
