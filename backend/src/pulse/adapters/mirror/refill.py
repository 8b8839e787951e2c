"""The narrow columns of a module, read out of the stored documents again.

Needed when another field stands for a column: a sync writes only records that changed. Versions
that still hold follow too, so that "as of now" is what the documents say; ended ones keep what was
read at their time. The narrow table shows local edits besides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, LiteralString

from psycopg import sql

from pulse.adapters.mirror import stays
from pulse.edits.overlay import OVERLAID
from pulse.queries.narrow import narrow_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg_pool import AsyncConnectionPool

    from pulse.queries.narrow import NarrowTable

_CHUNK: Final = 5_000

# Whoever writes a record locks its status row first (see `statements`).
_LOCK: Final = """
SELECT max(zoho_record_id) FROM (
  SELECT zoho_record_id FROM record_sync_status
  WHERE module = %(module)s AND zoho_record_id > %(after)s
  ORDER BY zoho_record_id LIMIT %(chunk)s FOR NO KEY UPDATE
) locked
"""
_REFILL: Final[LiteralString] = """
WITH shown AS MATERIALIZED (
  SELECT stored.record_id, {document} AS document FROM crm_documents stored
  WHERE stored.module = %(module)s AND stored.record_id > %(after)s
    AND stored.record_id <= %(upto)s
), facts AS (
  SELECT shown.record_id, {readings} FROM shown
)
UPDATE {table} held SET ({columns}) = ROW({facts}) FROM facts
WHERE held.{key} = facts.record_id AND {present}
  AND ({held}) IS DISTINCT FROM ({facts})
"""


async def refill(pool: AsyncConnectionPool, module: str, field_map: Mapping[str, str]) -> int:
    """Bring the narrow columns in line with `field_map`; return how many records changed.

    Columns that no field stands for keep their values. Each chunk is a transaction, and repeating
    one changes nothing.
    """
    narrow = narrow_table(module, field_map)
    if narrow is None:
        raise ValueError(f"{module} has no narrow table")
    narrow = replace(
        narrow, columns=tuple(each for each in narrow.columns if each.api_name is not None)
    )
    statements = [_statement(narrow, narrow.table, "id", "true", OVERLAID)]
    if narrow.versions is not None:
        holds = "held.valid_to = 'infinity'"
        statements.append(_statement(narrow, narrow.versions, "deal_id", holds, "stored.document"))
    changed, after = 0, 0
    while True:
        async with pool.connection() as connection, connection.transaction():
            given = {"module": module, "after": after, "chunk": _CHUNK}
            row = await (await connection.execute(_LOCK, given)).fetchone()
            upto: int | None = None if row is None else row[0]
            if upto is None:
                return changed
            counts = [
                (await connection.execute(each, {**given, "upto": upto})).rowcount
                for each in statements
            ]
            changed += counts[0]
            if any(counts[1:]):
                for stay in stays.FOR_STRETCH:
                    await connection.execute(stay, {**given, "upto": upto})
            if counts[0]:
                await connection.execute(
                    "SELECT pg_notify('pulse_events', %(topic)s)", {"topic": f"records:{module}"}
                )
        after = upto


def _statement(
    narrow: NarrowTable,
    table: str,
    key: LiteralString,
    present: LiteralString,
    document: LiteralString,
) -> sql.Composed:
    return sql.SQL(_REFILL).format(
        document=sql.SQL(document),
        readings=narrow.readings(sql.SQL("shown.document")),
        table=sql.Identifier(table),
        columns=narrow.names(),
        facts=narrow.names("facts."),
        held=narrow.names("held."),
        key=sql.SQL(key),
        present=sql.SQL(present),
    )
