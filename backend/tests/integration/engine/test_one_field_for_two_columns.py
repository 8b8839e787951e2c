"""A formula may stand for a number and for a text at once: both columns show it as theirs."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
from psycopg_pool import AsyncConnectionPool

from pulse.adapters.mirror import PostgresMirror
from pulse.sync.domain.observation import JsonValue, Observation
from pulse.sync.ports import Batch, Mark

NOON = datetime(2026, 8, 17, 12, tzinfo=UTC)
FIELD_MAP = {
    "OCH_Revenue": "Score",
    "Country": "Score",
    "PO_Generation_Date": "Score",
    "Closing_Date": "Created_Time",
    "Created_Time": "Created_Time",
}


async def apply(database_url: str, score: JsonValue, number: int) -> None:
    values = {"Score": score, "Created_Time": "2026-08-17T00:42:00Z"}
    batch = Batch([Observation(1, NOON, values)], number, frozenset(values))
    async with AsyncConnectionPool(database_url, min_size=1, open=False) as pool:
        await PostgresMirror(pool, "Deals", FIELD_MAP).apply(batch, Mark())


def test_each_column_reads_the_shared_field_as_its_own_kind(database_url: str) -> None:
    shown = []
    for number, score in enumerate((Decimal("12.5"), "Hot", "2026-08-01"), 1):
        asyncio.run(apply(database_url, score, number))
        with psycopg.connect(database_url) as connection:
            shown.append(
                connection.execute(
                    "SELECT amount::text, country, po_generated_on::text, closing_date::text,"
                    " crm_created_at::timestamptz AT TIME ZONE 'UTC' FROM deals"
                ).fetchone()
            )

    created = ("2026-08-17", datetime(2026, 8, 17, 0, 42))  # noqa: DTZ001 - the column without its zone
    assert shown == [
        ("12.5", "12.5", None, *created),
        (None, "Hot", None, *created),
        (None, "2026-08-01", "2026-08-01", *created),
    ]
