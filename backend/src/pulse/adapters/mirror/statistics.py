"""What PostgreSQL's planner knows of the mirror's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

_ANALYZE: Final[LiteralString] = (
    "ANALYZE deals, deal_versions, stage_stays, crm_documents, record_sync_status, accounts,"
    " lookup_names"
)


async def learn_statistics(pool: AsyncConnectionPool) -> None:
    """Let the planner count what a load has brought.

    Autovacuum does so within a minute; until then it would plan the table of deals for an empty
    one, and a search over 100,000 takes many seconds. Readers and writers are not held up.
    """
    async with pool.connection() as connection:
        await connection.execute(_ANALYZE)
