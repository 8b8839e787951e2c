"""The few statements that apply a staged batch: the set-based form of `domain.observation.decide`.

Order of one transaction: make sure that each record has its status row, lock those that were there
(in order of id), decide, write versions (they compare with the version of before) and stays, the
narrow row, the document, the change log, the status. A batch of records that are all new skips
deciding. Records that were edited here are judged and overlaid afterwards, by `pulse.edits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from psycopg import sql

from pulse.adapters.mirror import echo, stays
from pulse.adapters.mirror.absent import NARROW_GONE, VERSION_GONE

if TYPE_CHECKING:
    from pulse.queries.narrow import NarrowTable

Query = sql.SQL | sql.Composed

LOCK_STATUS: Final = """
SELECT count(*) FROM (
  SELECT FROM record_sync_status status JOIN incoming ON incoming.record_id = status.zoho_record_id
  ORDER BY status.zoho_record_id FOR NO KEY UPDATE OF status
) locked
"""

# OFFSET 0 keeps the merged document from being computed once for each mention. What was seen
# begins at its stamp. A restore need not move the stamp: one that is no later than the last look
# that missed the record tells nothing of when it came back, so that is taken to be now, when it is
# found. As of any moment before, the record is as gone as it was for every pass until then.
DECIDE: Final = """
INSERT INTO decided (record_id, stamp, begins, step, is_first_detail, old_document, new_document)
SELECT record_id, stamp,
  CASE WHEN stamp <= missed_at
    THEN greatest(missed_at, coalesce(%(found_at)s::timestamptz, now())) ELSE stamp END,
  step, is_first_detail,
  CASE WHEN step IN ('change', 'restore') THEN stored END,
  CASE WHEN step IN ('create', 'change', 'restore') THEN merged END
FROM (
  SELECT seen.record_id, seen.stamp, seen.missed_at, seen.stored, seen.merged,
    seen.is_first_detail,
    CASE
      WHEN seen.stored IS NULL THEN
        CASE WHEN %(partial)s::bool
            OR (seen.presence <> 'live' AND %(number)s::bigint <= seen.observed_number)
          THEN 'ignore' ELSE 'create' END
      WHEN seen.presence <> 'live' THEN
        CASE WHEN %(number)s::bigint > seen.observed_number AND NOT %(partial)s
          THEN 'restore' ELSE 'ignore' END
      WHEN %(partial)s
        AND (%(number)s::bigint <= seen.observed_number OR seen.stamp < seen.stored_stamp)
        THEN 'ignore'
      WHEN NOT %(partial)s
        AND (seen.stamp, %(number)s::bigint) <= (seen.stored_stamp, seen.observed_number)
        THEN 'ignore'
      WHEN seen.merged <> seen.stored THEN 'change'
      WHEN seen.stamp > seen.stored_stamp AND NOT %(partial)s THEN 'touch'
      ELSE 'same'
    END AS step
  FROM (
    SELECT incoming.record_id, incoming.stamp, document.document AS stored,
      status.presence, status.crm_modified_at AS stored_stamp, status.observed_number,
      status.details_stamp IS NULL AS is_first_detail,
      greatest(status.gone_at, status.watched_at) AS missed_at,
      CASE WHEN document.document IS NULL THEN incoming.document
        ELSE (document.document - %(covered)s::text[]) || incoming.document END AS merged
    FROM incoming
    LEFT JOIN record_sync_status status ON status.zoho_record_id = incoming.record_id
    LEFT JOIN crm_documents document ON document.record_id = incoming.record_id
    OFFSET 0
  ) seen
) judged
"""

COUNT_STEPS: Final = "SELECT step, count(*) FROM decided GROUP BY step"

WRITE_DOCUMENTS: Final = """
INSERT INTO crm_documents (record_id, module, document)
SELECT record_id, %(module)s, new_document FROM decided
WHERE step IN ('create', 'change', 'restore')
ON CONFLICT (record_id) DO UPDATE SET document = EXCLUDED.document
"""

LOG_ARRIVALS: Final = """
INSERT INTO change_log
  (module, record_id, kind, new_value, changed_by, changed_at, session_id)
SELECT %(module)s, decided.record_id,
  CASE step WHEN 'create' THEN 'created' ELSE 'restored' END,
  CASE WHEN step = 'create' AND NOT %(first_load)s::bool THEN new_document END,
  CASE step WHEN 'create' THEN new_document ->> 'Modified_By' END,
  decided.begins, %(session_id)s::uuid
FROM decided
WHERE step IN ('create', 'restore')
ORDER BY decided.record_id
"""

# What alerts watch is noted beside the log, in the same commit: see `pulse.alerts.raising`.
# A value that we wrote ourselves is told under its author's name, be it by the answer to our write
# or by a read that was faster. Such a read is ours if it shows what was sent, and the CRM says that
# the record was changed by the user as whom we write.
LOG_CHANGES: Final = """
WITH ours AS MATERIALIZED (
  SELECT DISTINCT ON (record_id, field) record_id, field, value, author FROM (
    SELECT record_id, field, value, author, 1 AS rank
    FROM unnest(%(authored_ids)s::bigint[], %(authored_fields)s::text[],
      %(authored_values)s::jsonb[], %(authors)s::text[])
      AS written (record_id, field, value, author)
    UNION ALL
    SELECT sent.record_id, sent.field, sent.new_value, sent.author_name, 2
    FROM decided JOIN pending_changes sent ON sent.record_id = decided.record_id
    WHERE sent.state = 'sent' AND NOT EXISTS (
      SELECT FROM crm_users WHERE is_connected
        AND id::text IS DISTINCT FROM decided.new_document ->> 'Modified_By')
  ) written
  ORDER BY record_id, field, rank
), logged AS (
  INSERT INTO change_log
    (module, record_id, kind, field, old_value, new_value, side, changed_by, changed_at, session_id)
  SELECT %(module)s, decided.record_id,
    CASE WHEN decided.is_first_detail AND change.field = ANY(%(details)s::text[])
      THEN 'learned' ELSE 'updated' END,
    change.field, change.old_value, change.new_value,
    CASE WHEN ours.author IS NULL THEN 'crm' ELSE 'local' END,
    coalesce(ours.author, decided.new_document ->> 'Modified_By'), decided.stamp,
    %(session_id)s::uuid
  FROM decided CROSS JOIN LATERAL (
    SELECT coalesce(before.key, after.key) AS field,
      before.value AS old_value, after.value AS new_value
    FROM jsonb_each(decided.old_document) before
    FULL JOIN jsonb_each(decided.new_document) after ON before.key = after.key
    WHERE before.value IS DISTINCT FROM after.value
  ) change
  LEFT JOIN ours ON ours.record_id = decided.record_id AND ours.field = change.field
    AND ours.value IS NOT DISTINCT FROM change.new_value
  WHERE decided.step IN ('change', 'restore')
  ORDER BY decided.record_id
  RETURNING id, kind, field
)
INSERT INTO watched_changes (change_id, field)
SELECT logged.id, watched.name FROM logged
JOIN unnest(%(watched_fields)s::text[], %(watched_names)s::text[]) AS watched (field, name)
  ON watched.field = logged.field
WHERE logged.kind = 'updated'
"""

# Of a record with local changes, all that is said of its sync status here is judged again below.
WRITE_STATUS: Final = """
UPDATE record_sync_status status SET
  last_sync_at = now(),
  observed_number = greatest(status.observed_number, %(number)s::bigint),
  crm_modified_at = CASE WHEN %(partial)s::bool THEN status.crm_modified_at
    ELSE greatest(status.crm_modified_at, decided.stamp) END,
  details_stamp = CASE WHEN %(details)s::text[] <> '{}' THEN decided.stamp - %(details_short)s
    ELSE status.details_stamp END,
  presence = 'live', gone_at = NULL, watched_at = NULL,
  crm_created_at = coalesce(status.crm_created_at,
    pulse_instant(decided.new_document ->> 'Created_Time')),
  -- Restored, or created out of the bin: what hid it is over.
  sync_status = CASE status.presence WHEN 'live' THEN status.sync_status ELSE 'synced' END,
  error_details = CASE status.presence WHEN 'live' THEN status.error_details END
FROM decided
WHERE status.zoho_record_id = decided.record_id
  AND decided.step <> 'ignore'
"""

EDITED_AMONG_DECIDED: Final = """
SELECT DISTINCT change.record_id FROM decided
JOIN pending_changes change ON change.record_id = decided.record_id
"""

# A read may have been faster than the answer, and have shown a colleague's edit of another field as
# well: then nothing in it told that this value was ours. That it was accepted does.
TELL_ACCEPTED: Final = """
UPDATE change_log told SET side = 'local', changed_by = sent.author_name
FROM pending_changes sent
WHERE sent.id = ANY(%(accepted)s) AND sent.state = 'sent'
  AND told.record_id = sent.record_id AND told.field = sent.field AND told.kind = 'updated'
  AND told.side = 'crm' AND told.new_value IS NOT DISTINCT FROM sent.new_value
  AND told.changed_at > sent.sent_guard
"""

END_ACCEPTED: Final = """
DELETE FROM pending_changes WHERE id = ANY(%(accepted)s) AND state = 'sent'
"""

# One statement, so one round trip: make sure of the status rows, and if all of them are new, write
# all the rest. Tells whether they were; if not, nothing else was written.
_ARRIVE: Final = """
WITH arrived AS (
  INSERT INTO record_sync_status
    (zoho_record_id, module, last_sync_at, crm_created_at, crm_modified_at, observed_number,
     details_stamp)
  SELECT record_id, %(module)s, now(), pulse_instant(document ->> 'Created_Time'), stamp,
    %(number)s::bigint, CASE WHEN %(details)s::text[] <> '{{}}' THEN stamp - %(details_short)s END
  FROM incoming ORDER BY record_id
  ON CONFLICT (zoho_record_id) DO NOTHING
  RETURNING zoho_record_id
), verdict AS (
  SELECT (SELECT count(*) FROM arrived) = (SELECT count(*) FROM incoming) AS all_new
), documents AS (
  INSERT INTO crm_documents (record_id, module, document)
  SELECT record_id, %(module)s, document FROM incoming WHERE (SELECT all_new FROM verdict)
), logged AS (
  INSERT INTO change_log (module, record_id, kind, new_value, changed_by, changed_at, session_id)
  SELECT %(module)s, record_id, 'created', CASE WHEN NOT %(first_load)s::bool THEN document END,
    document ->> 'Modified_By', stamp, %(session_id)s::uuid
  FROM incoming WHERE (SELECT all_new FROM verdict)
)"""

_NARROW_NEW: Final = """, narrow AS (
  INSERT INTO {table} (id, crm_modified_at, {columns})
  SELECT record_id, stamp, {readings} FROM incoming {source}
  WHERE (SELECT all_new FROM verdict)
  RETURNING id, crm_modified_at, {columns}
)"""

# One reading of each document for both tables.
_VERSION_NEW: Final = """, versions AS (
  INSERT INTO {versions} (deal_id, valid_from, {columns})
  SELECT id, crm_modified_at, {columns} FROM narrow
)"""

_WERE_ALL_NEW: Final = " SELECT all_new FROM verdict"

# The checkpoint with its events. A cancelled run is told so: the batch itself stays.
NOTE_PROGRESS: Final = """
WITH progress AS (
  UPDATE crm_sync_sessions SET records_processed = records_processed + %(processed)s,
    records_changed = records_changed + %(changed)s, checkpoint = checkpoint || %(position)s,
    api_calls_made = greatest(api_calls_made, %(calls)s),
    credits_used = greatest(credits_used, %(credits)s),
    -- What changed while the load ran is read besides: no run does more than all of it.
    records_total = CASE WHEN records_total IS NOT NULL
      THEN greatest(records_total, records_processed + %(processed)s) END
  WHERE id = %(id)s RETURNING cancel_requested_at
), line AS (
  INSERT INTO sync_status_log (session_id, timestamp, step, status, message, record_count)
  SELECT %(id)s, clock_timestamp(), %(step)s, 'in_progress', %(words)s, nullif(%(processed)s, 0)
  FROM progress WHERE %(words)s::text IS NOT NULL
), told AS MATERIALIZED (
  SELECT count(pg_notify('pulse_events', topic)) FROM unnest(%(topics)s::text[]) AS topic
  WHERE topic IS NOT NULL
)
SELECT progress.cancel_requested_at IS NOT NULL FROM progress, told
"""

ANNOUNCE: Final = """
SELECT pg_notify('pulse_events', topic) FROM unnest(%(topics)s::text[]) AS topic
WHERE topic IS NOT NULL
"""

# New facts are compared with the version that holds: the narrow row shows local edits as well.
# A version ends and the next begins at the later of `begins` and a microsecond after its own start,
# so that no range is empty and none runs backwards.
_VERSION_CHANGES: Final = """
WITH facts AS (
  SELECT record_id, begins, step, {readings} FROM decided {source}
  WHERE step IN ('create', 'change', 'restore')
), latest AS (
  SELECT present.* FROM facts CROSS JOIN LATERAL (
    SELECT * FROM {versions} WHERE deal_id = facts.record_id ORDER BY valid_from DESC LIMIT 1
  ) present
), moved AS (
  SELECT facts.* FROM facts LEFT JOIN latest present ON present.deal_id = facts.record_id
  WHERE facts.step IN ('create', 'restore')
    OR ({present}) IS DISTINCT FROM ({facts})
), ended AS (
  UPDATE {versions} version
  SET valid_to = greatest(moved.begins, version.valid_from + interval '1 microsecond')
  FROM moved JOIN latest ON latest.deal_id = moved.record_id
  WHERE version.deal_id = latest.deal_id AND version.valid_from = latest.valid_from
    AND latest.valid_to = 'infinity'
)
INSERT INTO {versions} (deal_id, valid_from, {columns})
SELECT moved.record_id,
  CASE WHEN latest.deal_id IS NULL THEN moved.begins
    WHEN latest.valid_to = 'infinity'
      THEN greatest(moved.begins, latest.valid_from + interval '1 microsecond')
    ELSE greatest(moved.begins, latest.valid_to) END,
  {moved}
FROM moved LEFT JOIN latest ON latest.deal_id = moved.record_id
"""

# A version that was known before is no later change: a write-back moves the stamp, and no more.
# Unless a colleague is in that version too, who changed the record before we did (unread until
# now), or after us within the second.
_NARROW_CHANGES: Final = """
INSERT INTO {table} (id, crm_modified_at, {columns})
SELECT record_id, stamp, {readings} FROM decided {source}
WHERE step IN ('create', 'change', 'restore')
ON CONFLICT (id) DO UPDATE SET
  crm_modified_at = CASE
    WHEN %(partial)s::bool THEN {table}.crm_modified_at
    WHEN EXCLUDED.crm_modified_at >
        (SELECT crm_modified_at FROM record_sync_status WHERE zoho_record_id = {table}.id)
      THEN EXCLUDED.crm_modified_at
    WHEN {table}.id IN ({edited})
      THEN greatest({table}.crm_modified_at, EXCLUDED.crm_modified_at)
    ELSE {table}.crm_modified_at END,
  is_live = true, {assignments}
"""

_NARROW_TOUCHED: Final = """
UPDATE {table} SET crm_modified_at = decided.stamp FROM decided
WHERE {table}.id = decided.record_id AND decided.step = 'touch'
"""


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one module, composed once for a field map."""

    for_new: Query
    """Applies a batch of records that are all new, and tells whether they were."""
    after_new: tuple[Query, ...]
    """Follows where they were; a first load needs none of it."""
    for_changes: tuple[Query, ...]
    for_absences: tuple[Query, ...]


def compose(narrow: NarrowTable | None, *, is_safe: bool) -> Statements:
    """Compose the statements of a module; one without a narrow table keeps documents only.

    The fast form fails on a value that cannot be read as its column's type; the safe form leaves
    that column empty.
    """
    for_new: list[Query] = [sql.SQL(_ARRIVE).format()]
    for_changes: list[Query] = [
        sql.SQL(WRITE_DOCUMENTS),
        sql.SQL(LOG_ARRIVALS),
        sql.SQL(WRITE_STATUS),
    ]
    for_absences: list[Query] = []
    after_new: tuple[Query, ...] = ()
    if narrow is not None:
        fill = _Filler(narrow, is_safe=is_safe)
        narrow_changes = [
            fill(_NARROW_CHANGES, "new_document"),
            fill(_NARROW_TOUCHED, "new_document"),
            sql.SQL(echo.NOTE_LAST_CHANGE),
        ]
        for_absences.append(fill(NARROW_GONE, "document"))
        for_new.append(fill(_NARROW_NEW, "document"))
        if narrow.versions is not None:
            for_new += [fill(_VERSION_NEW, "document"), sql.SQL(stays.ARRIVE)]
            narrow_changes[:0] = [
                fill(_VERSION_CHANGES, "new_document"),
                *map(sql.SQL, stays.FOR_CHANGES),
            ]
            for_absences += [fill(VERSION_GONE, "document"), *map(sql.SQL, stays.FOR_ABSENCES)]
            after_new = tuple(map(sql.SQL, stays.FOR_TOLD))
        for_changes = [*narrow_changes, *for_changes]
    for_new.append(sql.SQL(_WERE_ALL_NEW))
    return Statements(sql.Composed(for_new), after_new, tuple(for_changes), tuple(for_absences))


@dataclass(frozen=True, slots=True)
class _Filler:
    """Fills a template with the names and readings of a narrow table."""

    narrow: NarrowTable
    is_safe: bool

    def __call__(self, template: LiteralString, document: LiteralString) -> Query:
        narrow, column = self.narrow, sql.SQL(document)
        return sql.SQL(template).format(
            table=sql.Identifier(narrow.table),
            versions=sql.Identifier(narrow.versions or narrow.table),
            columns=narrow.names(),
            readings=narrow.readings(column) if self.is_safe else narrow.fast_readings(),
            source=sql.SQL("") if self.is_safe else narrow.fast_source(column),
            assignments=narrow.assignments(),
            present=narrow.names("present."),
            facts=narrow.names("facts."),
            moved=narrow.names("moved."),
            edited=sql.SQL(echo.EDITED),
        )
