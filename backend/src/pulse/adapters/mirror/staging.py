"""Bring a batch into PostgreSQL by COPY, in the text format.

Lines are built by hand: a COPY row by row through the driver costs more than the load itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from pulse.sync.domain.observation import Observation
    from pulse.sync.ports import Batch

# Decimals leave as JSON numbers with all their digits; a float would round them.
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_NUL: Final = b"\\u0000"
# An escaped backslash is taken whole, so that the text `\u0000` itself is no NUL.
_NUL_OR_BACKSLASH: Final = re.compile(rb"(\\\\)|\\u0000")

STAGING_TABLES: Final = (
    """
CREATE TEMP TABLE IF NOT EXISTS incoming (
  record_id bigint NOT NULL, stamp timestamptz NOT NULL, document jsonb NOT NULL
) ON COMMIT DELETE ROWS
""",
    """
CREATE TEMP TABLE IF NOT EXISTS decided (
  record_id bigint NOT NULL, stamp timestamptz NOT NULL, begins timestamptz NOT NULL,
  step text NOT NULL, is_first_detail boolean NOT NULL,
  old_document jsonb, new_document jsonb
) ON COMMIT DELETE ROWS
""",
)
_COPY: Final = "COPY incoming (record_id, stamp, document) FROM STDIN"


def encode(batch: Batch) -> bytearray:
    """Return the batch as COPY text; of a record that stands in it twice, the later stamp."""
    latest: dict[int, Observation] = {}
    for seen in batch.observations:
        known = latest.get(seen.record_id)
        if known is None or seen.stamp >= known.stamp:
            latest[seen.record_id] = seen
    lines = bytearray()
    encode_json = _ENCODER.encode
    # In order of id, so that all writers take the rows' locks in one order.
    for record_id in sorted(latest):
        seen = latest[record_id]
        document = encode_json(seen.values)
        if _NUL in document:  # PostgreSQL's jsonb has no place for it
            document = _NUL_OR_BACKSLASH.sub(rb"\1", document)
        if b"\\" in document:
            document = document.replace(b"\\", b"\\\\")
        lines += b"%d\t%b\t%b\n" % (record_id, seen.stamp.isoformat().encode(), document)
    return lines


async def copy_lines(connection: AsyncConnection, lines: bytearray) -> int:
    """Fill `incoming` with an encoded batch and return the number of its records."""
    async with connection.cursor() as cursor:
        async with cursor.copy(_COPY) as copy:
            await copy.write(lines)
        return cursor.rowcount
