"""Stays in stages follow the versions of deals, in the transaction that writes these.

The law is the function `pulse_stays` of the database (`pulse.models.stage_stays`). All stays of a
deal are forgotten and made anew when its stage changes, when it goes or comes back, and when the
CRM's own history is settled: so what is kept is what a rebuild from nothing would give.
"""

from __future__ import annotations

from typing import Final, LiteralString

_COLUMNS: Final = (
    "deal_id, started_at, ended_at, lasted_hundredths, stage, next_stage, stands_in, is_gone,"
    " is_imported, is_start_known, entered_before, created_at"
)
_KEEP: Final = (
    f"INSERT INTO stage_stays ({_COLUMNS})"  # noqa: S608 - the columns are a constant
    f" SELECT {_COLUMNS} FROM pulse_stays(ARRAY("
)

# Part of the statement that writes records which are all new: one version, one stay.
ARRIVE: Final = """, stays AS (
  INSERT INTO stage_stays (deal_id, started_at, stage, stands_in, is_start_known, created_at)
  SELECT id, crm_modified_at, stage, stage, coalesce(crm_modified_at <= crm_created_at, false),
    crm_created_at
  FROM narrow
)"""

_FORGET_TOLD: Final = """
DELETE FROM stage_stays WHERE deal_id = ANY(ARRAY(
  SELECT record_id FROM incoming
  WHERE EXISTS (SELECT FROM stage_history told WHERE told.deal_id = record_id AND told.is_start)))
"""
_KEEP_ARRIVED: Final = f"""{_KEEP}
  SELECT record_id FROM incoming
  WHERE NOT EXISTS (SELECT FROM stage_stays kept WHERE kept.deal_id = record_id)))
"""  # noqa: S608 - as above
FOR_TOLD: Final = (_FORGET_TOLD, _KEEP_ARRIVED)
"""After new records: the CRM may have told of some before we saw them."""

_FORGET_MOVED: Final = """
DELETE FROM stage_stays WHERE deal_id = ANY(ARRAY(
  SELECT decided.record_id FROM decided
  CROSS JOIN LATERAL (
    SELECT stage, crm_created_at FROM deal_versions WHERE deal_id = decided.record_id
    ORDER BY valid_from DESC LIMIT 1
  ) latest
  CROSS JOIN LATERAL (
    SELECT stands_in, created_at FROM stage_stays WHERE deal_id = decided.record_id
    ORDER BY started_at DESC LIMIT 1
  ) kept
  WHERE decided.step IN ('create', 'restore') OR decided.step = 'change'
    AND (kept.stands_in, kept.created_at) IS DISTINCT FROM (latest.stage, latest.crm_created_at)))
"""
_KEEP_MOVED: Final = f"""{_KEEP}
  SELECT record_id FROM decided WHERE step IN ('create', 'change', 'restore')
    AND NOT EXISTS (SELECT FROM stage_stays kept WHERE kept.deal_id = record_id)))
"""  # noqa: S608 - as above
FOR_CHANGES: Final = (_FORGET_MOVED, _KEEP_MOVED)
"""After the versions of a batch."""

_FORGET_ABSENT: Final = """
DELETE FROM stage_stays WHERE deal_id = ANY(ARRAY(SELECT record_id FROM absent))
"""
_KEEP_ABSENT: Final = f"{_KEEP}SELECT record_id FROM absent))"  # noqa: S608 - as above
FOR_ABSENCES: Final = (_FORGET_ABSENT, _KEEP_ABSENT)
"""After the versions of records that are gone have ended."""

_FORGET_STRETCH: Final = """
DELETE FROM stage_stays WHERE deal_id > %(after)s AND deal_id <= %(upto)s
"""
_KEEP_STRETCH: Final = f"""{_KEEP}
  SELECT DISTINCT deal_id FROM deal_versions WHERE deal_id > %(after)s AND deal_id <= %(upto)s))
"""  # noqa: S608 - as above
FOR_STRETCH: Final = (_FORGET_STRETCH, _KEEP_STRETCH)
"""After versions of the deals `after` < id ≤ `upto` were read anew."""

LOCK: Final[LiteralString] = "LOCK TABLE stage_stays IN SHARE ROW EXCLUSIVE MODE"
"""Before a rebuild, in its transaction: batches wait with their stays, and see what it saw."""
_FORGET_ALL: Final = "DELETE FROM stage_stays"
# In the order of time: the index needs it.
_KEEP_ALL: Final = f"""{_KEEP}
  SELECT DISTINCT deal_id FROM deal_versions)) ORDER BY started_at
"""  # noqa: S608 - as above
REBUILD: Final = (_FORGET_ALL, _KEEP_ALL)
"""Makes all stays anew out of history and versions."""
