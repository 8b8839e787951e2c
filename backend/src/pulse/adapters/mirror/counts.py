"""What the engine asks the mirror before it decides: counts, cuts, ids, cursors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pulse.sync.ports import Aggregate, CreatedRange, Cursors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psycopg_pool import AsyncConnectionPool

_LIVE_IN_RANGE = (
    " FROM record_sync_status WHERE module = %(module)s AND presence = 'live'"
    " AND (%(start)s::timestamptz IS NULL OR crm_created_at >= %(start)s)"
    " AND (%(end)s::timestamptz IS NULL OR crm_created_at < %(end)s)"
)

# Two readings, so that each has its index. A version that our own write-back made has no news.
_STALE_DETAILS = """
SELECT zoho_record_id FROM (
  (SELECT zoho_record_id, crm_modified_at FROM record_sync_status
   WHERE module = %(module)s AND presence = 'live' AND details_stamp <> crm_modified_at)
  UNION ALL
  (SELECT zoho_record_id, crm_modified_at FROM record_sync_status
   WHERE module = %(module)s AND presence = 'live' AND details_stamp IS NULL
     AND crm_modified_at >= coalesce(%(since)s, '-infinity'::timestamptz)
     AND (%(since)s::timestamptz IS NULL OR NOT EXISTS (SELECT FROM owned_values own
       WHERE own.record_id = zoho_record_id AND own.echo_at = crm_modified_at))
   ORDER BY crm_modified_at DESC LIMIT %(limit)s)
) stale
ORDER BY crm_modified_at DESC LIMIT %(limit)s
"""

_CREATED_CUTS = (
    "SELECT percentile_disc(%(cuts)s::float8[])"
    " WITHIN GROUP (ORDER BY extract(epoch FROM crm_created_at)::bigint)"
)


class MirrorCounts:
    """Reading side of a module's mirror."""

    def __init__(self, pool: AsyncConnectionPool, module: str) -> None:
        self._pool = pool
        self._module = module

    async def next_number(self) -> int:
        """Take the number of the next read."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT nextval('observation_number')")
            row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - nextval always gives a row
        return int(row[0])

    def _range(self, selection: CreatedRange) -> dict[str, object]:
        return {"module": self._module, "start": selection.start, "end": selection.end}

    async def aggregate(self, selection: CreatedRange) -> Aggregate:
        """Count live records and find their latest stamp."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT count(*), max(crm_modified_at)" + _LIVE_IN_RANGE, self._range(selection)
            )
            row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - an aggregate always gives a row
        return Aggregate(int(row[0]), row[1])

    async def created_quantiles(self, selection: CreatedRange, parts: int) -> Sequence[datetime]:
        """Return the creation times that cut the live records of a range into equal `parts`."""
        cuts = [cut / parts for cut in range(1, parts)]
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                _CREATED_CUTS + _LIVE_IN_RANGE, {**self._range(selection), "cuts": cuts}
            )
            row = await cursor.fetchone()
        epochs = row[0] if row is not None and row[0] is not None else []
        return [
            datetime.fromtimestamp(epoch, UTC)
            for epoch in sorted({int(epoch) for epoch in epochs if epoch is not None})
        ]

    async def id_quantiles(self, parts: int) -> Sequence[int]:
        """Return the ids that cut the live records into `parts` of equal size."""
        cuts = [cut / parts for cut in range(1, parts)]
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT percentile_disc(%(cuts)s::float8[]) WITHIN GROUP (ORDER BY zoho_record_id)"
                + _LIVE_IN_RANGE,
                {**self._range(CreatedRange()), "cuts": cuts},
            )
            row = await cursor.fetchone()
        ids = row[0] if row is not None and row[0] is not None else []
        return sorted({int(record_id) for record_id in ids if record_id is not None})

    async def live_ids(self, selection: CreatedRange) -> Mapping[int, datetime]:
        """Return the live records of a range with their stamps."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT zoho_record_id, crm_modified_at" + _LIVE_IN_RANGE, self._range(selection)
            )
            return dict(await cursor.fetchall())

    async def known_among(self, ids: Sequence[int]) -> frozenset[int]:
        """Return which of `ids` the mirror has ever heard of."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT zoho_record_id FROM record_sync_status WHERE zoho_record_id = ANY(%s)",
                (list(ids),),
            )
            return frozenset(row[0] for row in await cursor.fetchall())

    async def stamps_among(self, ids: Sequence[int]) -> Mapping[int, datetime | None]:
        """Return the stamps of those of `ids` that the mirror holds as live."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT zoho_record_id, crm_modified_at FROM record_sync_status"
                " WHERE module = %s AND presence = 'live' AND zoho_record_id = ANY(%s)",
                (self._module, list(ids)),
            )
            return dict(await cursor.fetchall())

    async def not_deleted_among(self, ids: Sequence[int]) -> frozenset[int]:
        """Return which of `ids` the mirror holds as live or hidden."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT zoho_record_id FROM record_sync_status"
                " WHERE module = %s AND presence <> 'deleted' AND zoho_record_id = ANY(%s)",
                (self._module, list(ids)),
            )
            return frozenset(row[0] for row in await cursor.fetchall())

    async def live_among(self, ids: Sequence[int]) -> frozenset[int]:
        """Return which of `ids` the mirror holds as live."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT zoho_record_id FROM record_sync_status"
                " WHERE module = %s AND presence = 'live' AND zoho_record_id = ANY(%s)",
                (self._module, list(ids)),
            )
            return frozenset(row[0] for row in await cursor.fetchall())

    async def unseen_since(self, number: int, limit: int, after: int) -> Sequence[int]:
        """Return live records, in order of id, that no read from `number` on has seen."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT zoho_record_id FROM record_sync_status WHERE module = %s"
                " AND presence = 'live' AND observed_number < %s AND zoho_record_id > %s"
                " ORDER BY zoho_record_id LIMIT %s",
                (self._module, number, after, limit),
            )
            return [row[0] for row in await cursor.fetchall()]

    async def stale_details(self, since: datetime | None, limit: int) -> Sequence[int]:
        """Return live records whose detail fields are older than their stamp, newest first.

        `since` leaves out those never read whose last change is older.
        """
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                _STALE_DETAILS,
                {"module": self._module, "since": since, "limit": limit},
            )
            return [row[0] for row in await cursor.fetchall()]

    async def watched(self, limit: int) -> Sequence[int]:
        """Return gone records that may come back, the longest unwatched first."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT zoho_record_id FROM record_sync_status WHERE module = %s"
                " AND presence <> 'live'"
                # The bin is emptied after 60 days; what is hidden may be shown again any time.
                " AND (presence = 'invisible' OR gone_at > now() - interval '61 days')"
                " ORDER BY watched_at NULLS FIRST, zoho_record_id LIMIT %s",
                (self._module, limit),
            )
            return [row[0] for row in await cursor.fetchall()]

    async def note_watched(self, ids: Sequence[int], at: datetime) -> None:
        """Remember that those of `ids` that are still gone were looked for `at`, in CRM time."""
        async with self._pool.connection() as connection:
            await connection.execute(
                "UPDATE record_sync_status SET watched_at = %s"
                " WHERE zoho_record_id = ANY(%s) AND presence <> 'live'",
                (at, list(ids)),
            )

    async def document(self, record_id: int) -> Mapping[str, object] | None:
        """Return the values held of a record; None if it was never seen."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT document FROM crm_documents WHERE record_id = %s AND module = %s",
                (record_id, self._module),
            )
            row = await cursor.fetchone()
        return None if row is None else row[0]

    async def cursors(self) -> Cursors | None:
        """Return the module's cursors; None before the first full load."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT changed_since, deleted_since, full_sync_at FROM sync_cursors"
                " WHERE module = %s",
                (self._module,),
            )
            row = await cursor.fetchone()
        return Cursors(*row) if row is not None else None
