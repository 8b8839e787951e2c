"""The narrow row of a record: its document, overlaid with the newest value of every local change.

Whatever the change's state: what somebody typed here stays on the pages until it is over. Versions
in time follow documents alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, LiteralString

from psycopg import sql

from pulse.queries.narrow import narrow_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulse.edits.connection import Connection
    from pulse.queries.narrow import NarrowTable

# The open change is newer than the one that is on its way; of equal keys the last one stays.
OVERLAID: Final[LiteralString] = """stored.document || coalesce((
      SELECT jsonb_object_agg(change.field, change.new_value ORDER BY change.state <> 'sent')
      FROM pending_changes change WHERE change.record_id = stored.record_id
    ), '{}')"""
"""The document that a page shows, of a row of `crm_documents` named `stored`."""

_OVERLAY: Final = """
WITH overlaid AS MATERIALIZED (
  SELECT stored.record_id, {document} AS document
  FROM crm_documents stored WHERE stored.record_id = ANY(%(ids)s) AND stored.module = %(module)s
), facts AS (
  SELECT overlaid.record_id, {readings} FROM overlaid
)
UPDATE {table} held SET ({columns}) = ROW({facts}) FROM facts
WHERE held.id = facts.record_id AND ({held}) IS DISTINCT FROM ({facts})
"""


@lru_cache(maxsize=8)
def overlay_statement(narrow: NarrowTable) -> bytes:
    """Return the statement that brings narrow rows (`ids` of `module`) in line.

    It is composed once for a field map: that costs as much as running it for one record.
    """
    composed = sql.SQL(_OVERLAY).format(
        document=sql.SQL(OVERLAID),
        readings=narrow.readings(sql.SQL("overlaid.document")),
        table=sql.Identifier(narrow.table),
        columns=narrow.names(),
        facts=narrow.names("facts."),
        held=narrow.names("held."),
    )
    return composed.as_bytes(None)


async def overlay_records(
    connection: Connection,
    module: str,
    record_ids: Collection[int],
    field_map: Mapping[str, str] | None = None,
) -> None:
    """Let the narrow rows of records show their documents overlaid with their local changes.

    `field_map` is read where the caller does not have it.
    """
    if field_map is None:
        field_map = await stored_field_map(connection, module)
    narrow = narrow_table(module, field_map)
    if narrow is None:
        return
    # Columns that no field stands for keep their values.
    narrow = replace(
        narrow, columns=tuple(each for each in narrow.columns if each.api_name is not None)
    )
    if narrow.columns:
        await connection.execute(
            overlay_statement(narrow), {"module": module, "ids": list(record_ids)}
        )


async def stored_field_map(connection: Connection, module: str) -> Mapping[str, str]:
    """Return canonical name → API name of a module."""
    cursor = await connection.execute(
        "SELECT canonical_name, api_name FROM field_map WHERE module = %s", (module,)
    )
    return dict(await cursor.fetchall())
