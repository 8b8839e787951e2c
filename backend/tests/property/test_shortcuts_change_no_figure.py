"""What is read once for several moments adds up to what each moment alone adds up to."""

import asyncio
from random import Random

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.analytics.movement.waterfall import read_movement, read_parts
from pulse.analytics.numbers import read_sums_at
from pulse.analytics.question import Question, Side
from pulse.analytics.trend import POINTS, read_trend
from pulse.asking.scope import read_scope, scope_at, scopes_at
from pulse.core.deal_filters import DealFilter
from pulse.db.engine import database
from pulse.queries.deal_filters import Scope
from support.movement_histories import BEGAN, NOW, moment, random_filter, random_history, store

QUESTIONS = 20


async def one_question(db: AsyncSession, scope: Scope, wanted: DealFilter, random: Random) -> None:
    earlier, as_of = sorted(moment(random) for _ in range(2))
    at = None if random.random() < 0.3 else as_of
    before, after = await scopes_at(db, scope, [earlier, at])
    then, now = Side(wanted, earlier, before), Side(wanted, at, after)

    few, all_ = await read_parts(db, then, now), await read_parts(db, then, now, is_whole=True)
    assert few == all_

    moment_asked = NOW if at is None else at
    points = await read_trend(
        db,
        Question(now, then, moment_asked, moment_asked.date(), is_cut=False,
                 uncompared_because=None, history_began=BEGAN),
    )  # fmt: skip
    assert len(points) == POINTS
    for point in points[:-1]:
        alone = Side(wanted, point.at, await scope_at(db, scope, point.at))
        assert point.sums == await read_sums_at(db, alone)
    assert (points[-1].at, points[-1].sums) == (moment_asked, await read_sums_at(db, now))


@pytest.mark.parametrize("base", ["SGD", "USD"])
def test_reading_several_moments_at_once_changes_no_figure(database_url: str, base: str) -> None:
    """In the home currency, and in another whose rate moves the value of every deal."""
    random = Random(base)

    async def run() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            store(connection, random_history(random))
            connection.execute(
                "INSERT INTO settings (key, value) VALUES ('currency.base', to_jsonb(%s::text))"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [base],
            )
        async with database(database_url) as open_db, open_db.begin() as db:
            scope = await read_scope(db)
            assert scope.money.base == base
            for _ in range(QUESTIONS):
                await one_question(db, scope, random_filter(random)[0], random)

    asyncio.run(run())


def test_a_deal_that_differs_from_its_last_version_is_explained_all_the_same(
    database_url: str,
) -> None:
    """The mirror never lets that happen; if it did, the waterfall would still add up."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        store(connection, random_history(Random(1)))
        connection.execute("TRUNCATE pending_changes")
        connection.execute(
            "UPDATE deals SET currency = 'SGD', amount = coalesce(amount, 0) + 7.77 WHERE id ="
            " (SELECT deal_id FROM deal_versions JOIN deals ON deals.id = deal_id WHERE is_live"
            " AND valid_to = 'infinity' AND valid_from < %s ORDER BY deal_id LIMIT 1)",
            [BEGAN],
        )

    async def run() -> None:
        async with database(database_url) as open_db, open_db.begin() as db:
            scope = await read_scope(db)
            everything = DealFilter()
            then = Side(everything, BEGAN, await scope_at(db, scope, BEGAN))
            now = Side(everything, None, scope)
            found = await read_movement(db, then, now)
            parts = [part for reasons in found.reasons.values() for part in reasons.values()]
            assert found.start.value + sum(part.value for part in parts) == found.end.value
            assert found.end.value == (await read_sums_at(db, now)).value
            few = await read_parts(db, then, now)
            assert few.reasons != found.reasons

    asyncio.run(run())
