"""Our own write-back told apart from a colleague's edit that shares its version.

The CRM stamps a version by the second and notes who wrote last, no more. What the write-back adds
to a record lies outside its document, so a version shows that somebody else was there if it differs
in a field that only an edit moves, or if its last writer is not the user as whom we write.
"""

from __future__ import annotations

from typing import Final

BOOKKEEPING: Final = ("Modified_By", "Last_Activity_Time")
"""What the CRM itself notes of every write, ours too."""

EDITED: Final = """
  SELECT seen.record_id FROM decided seen CROSS JOIN (
    SELECT %(bookkeeping)s::text[] || ARRAY(SELECT api_name FROM crm_fields
      WHERE module = %(module)s AND data_type IN ('formula', 'rollup_summary')) AS fields
  ) unedited CROSS JOIN LATERAL (
    SELECT CASE WHEN seen.is_first_detail THEN %(details)s::text[] ELSE '{}'::text[] END AS fields
  ) learned
  WHERE seen.step IN ('change', 'restore') AND (
    seen.old_document - unedited.fields - learned.fields
      <> seen.new_document - unedited.fields - learned.fields
    OR EXISTS (SELECT FROM crm_users
      WHERE is_connected AND id::text <> seen.new_document ->> 'Modified_By'))
"""
"""Records of a batch in whose version there is an edit.

Formulas and roll-ups tell of none, as they change without a new version, nor do details that are
read for the first time.
"""

NOTE_LAST_CHANGE: Final = (
    """
UPDATE owned_values held SET changed_at = greatest(held.changed_at, decided.stamp)
FROM decided
WHERE held.record_id = decided.record_id AND held.state = 'sent' AND NOT %(partial)s::bool
  AND (held.record_id IN ("""
    + EDITED
    + """)
    OR decided.step = 'touch' AND EXISTS (SELECT FROM crm_documents stored
      JOIN crm_users ON is_connected AND crm_users.id::text <> stored.document ->> 'Modified_By'
      WHERE stored.record_id = held.record_id))
"""
)
"""While a write-back is on its way, its answer is held against the last edit: keep that up to date.

Of a version that differs in nothing the last writer tells; if that was we, it may be our write.
"""
