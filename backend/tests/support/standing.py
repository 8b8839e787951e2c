"""Does a record stand as its local changes say? What must hold after every single transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from pulse.core.sync import Presence
from pulse.sync.domain.merge import ChangeState, record_status
from support.truth import exact_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row = dict[str, Any]
_COLUMNS: Final = {
    "name": "Deal_Name",
    "amount": "Amount",
    "stage": "Stage",
    "closing_date": "Closing_Date",
    "account_id": "Account_Name",
}
_ONE_READING: Final = f"""
SELECT status.zoho_record_id AS id, status.presence, status.sync_status, status.conflict_fields,
  document.document,
  (SELECT to_jsonb(deal) FROM (SELECT {", ".join(_COLUMNS)} FROM deals
    WHERE deals.id = status.zoho_record_id) deal) AS shown,
  (SELECT jsonb_agg(version) FROM (SELECT {", ".join(_COLUMNS)} FROM deal_versions
    WHERE deal_id = status.zoho_record_id AND valid_to = 'infinity') version) AS versions,
  (SELECT coalesce(jsonb_agg(change ORDER BY change.state <> 'sent'), '[]') FROM (
    SELECT field, new_value, state, awaits_timeline FROM pending_changes
    WHERE record_id = status.zoho_record_id) change) AS changes
FROM record_sync_status status
LEFT JOIN crm_documents document ON document.record_id = status.zoho_record_id
WHERE status.zoho_record_id = ANY(%s)
"""


def standing_faults(database_url: str, record_ids: Sequence[int]) -> list[str]:
    """Return how records stand otherwise than their documents and changes say, in words."""
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        set_json_loads(exact_json, connection)
        rows = connection.execute(_ONE_READING, [list(record_ids)]).fetchall()
    return [f"{row['id']}: {fault}" for row in rows for fault in _faults(row)]


def _faults(row: Row) -> Iterator[str]:
    changes, presence = row["changes"], Presence(row["presence"])
    status = record_status(presence, [ChangeState(change["state"]) for change in changes])
    if row["sync_status"] != status:
        yield f"is {row['sync_status']}, its changes say {status}: {changes}"
    conflicts = {change["field"] for change in changes if change["state"] == "conflict"}
    if set(row["conflict_fields"] or ()) != conflicts:
        yield f"tells of conflicts in {row['conflict_fields']}, not in {sorted(conflicts)}"
    sent = {change["field"] for change in changes if change["state"] == "sent"}
    for change in changes:
        if change["field"] in sent and change["state"] not in {"sent", "queued"}:
            yield f"{change['field']} is judged while an older edit of it is on its way"
    document = row["document"]
    if document is None:
        return
    wanted = {change["field"]: change["new_value"] for change in changes}
    overlaid = {**document, **wanted}
    if row["shown"] is not None and row["shown"] != _narrow(overlaid):
        yield f"shows {row['shown']} instead of {_narrow(overlaid)}"
    if presence is Presence.LIVE and row["versions"] != [_narrow(document)]:
        yield f"has the versions {row['versions']} instead of {_narrow(document)}"


def _narrow(document: Row) -> Row:
    def column(name: str, value: Any) -> Any:  # noqa: ANN401 - a canonical value
        return int(value) if name == "account_id" and value is not None else value

    return {name: column(name, document.get(field)) for name, field in _COLUMNS.items()}
