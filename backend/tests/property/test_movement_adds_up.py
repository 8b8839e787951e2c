"""A movement adds up to the cent between any two moments of any history."""

import asyncio
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Final

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.analytics.movement.waterfall import Movement, Total, read_movement, read_parts
from pulse.analytics.numbers import read_sums_at
from pulse.analytics.question import Side
from pulse.asking.scope import read_scope, scopes_at
from pulse.core.deal_filters import DealFilter
from pulse.db.engine import OpenDb, database
from pulse.queries.deal_filters import Scope
from support.movement_histories import (
    BEGAN,
    Connection,
    pair,
    random_filter,
    random_history,
    store,
)
from support.movement_oracle import Expected, History, Sum, Wanted, expected

HISTORIES: Final = 20
ON_ONE_DATABASE: Final = 5
FILTERS: Final = 5
PAIRS: Final = 50
"""Of moments, in each history: a thousand in all."""


def total(found: Total | Sum) -> tuple[int, Decimal, int]:
    return (found.deals, found.value, found.without_value)


def told(found: Movement) -> dict[object, tuple[object, ...]]:
    return {
        (bucket.value, reason.value): (
            part.deals, part.value, part.without_value, part.of_rates,
        )
        for bucket, reasons in found.reasons.items()
        for reason, part in reasons.items()
    }  # fmt: skip


def meant(oracle: Expected) -> dict[object, tuple[object, ...]]:
    return {
        key: (part.deals, part.value, part.without_value, part.of_rates)
        for key, part in oracle.reasons.items()
    }


async def check(
    db: AsyncSession,
    scope: Scope,
    history: History,
    filters: tuple[DealFilter, Wanted],
    moments: tuple[datetime, datetime | None],
) -> None:
    (given, wanted), (t0, t1) = filters, moments
    before, after = await scopes_at(db, scope, [t0, t1])
    then, now = Side(given, t0, before), Side(given, t1, after)
    found = await read_movement(db, then, now)
    oracle = expected(history, wanted, t0, t1)

    assert total(found.start) == total(oracle.start)
    assert total(found.end) == total(oracle.end)
    assert told(found) == meant(oracle)
    assert found.pending == (oracle.pending if t1 is None else None)
    moved = [part for reasons in found.reasons.values() for part in reasons.values()]
    assert found.start.value + sum(part.value for part in moved) == found.end.value
    # Deals that cannot have moved may be left out of what is read.
    assert (await read_parts(db, then, now)).reasons == found.reasons


@pytest.mark.parametrize("seed", range(HISTORIES // ON_ONE_DATABASE))
def test_start_and_every_bucket_make_the_end(database_url: str, seed: int) -> None:
    random = Random(seed)

    async def check_one(connection: Connection, open_db: OpenDb) -> None:
        history = random_history(random)
        store(connection, history)
        async with open_db.begin() as db:
            scope = await read_scope(db)
            for _ in range(FILTERS):
                filters = random_filter(random)
                for _ in range(PAIRS // FILTERS):
                    await check(db, scope, history, filters, pair(random, history))
                # The end of the waterfall is the number on the page.
                now = Side(filters[0], None, scope)
                found = await read_sums_at(db, now)
                shown = expected(history, filters[1], BEGAN, None).end
                assert (found.deals, found.value) == (shown.deals, shown.value)

    async def run() -> None:
        async with database(database_url) as open_db:
            with psycopg.connect(database_url, autocommit=True) as connection:
                for _ in range(ON_ONE_DATABASE):
                    await check_one(connection, open_db)

    asyncio.run(run())
