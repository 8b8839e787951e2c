"""The gate over a real Redis and a real ledger: what a call costs, and when it may not start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import psycopg
import pytest
from redis.asyncio import Redis

from pulse.adapters.budget import ScheduledBudget
from pulse.adapters.gate import Budget, Gate, LimitsUnavailableError, NoBudget
from pulse.adapters.ledger import NO_SESSION, Ledger
from pulse.adapters.slots import Priority, SlotLimits
from pulse.db.engine import OpenDb, database
from pulse.queries.credits import CreditState, credit_state
from pulse.sync.domain.errors import CreditsSpentError
from support.clocks import HandClock
from support.waiting import wait_until
from zoho_crm.gate import AttemptResult
from zoho_crm.protocol.prices import CallCost

NOW = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
MINUTE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COQL = CallCost("coql.query", "Deals", credits=3, is_complex=True)
PAGE = CallCost("records.list", "Deals", credits=1, is_complex=False)
LIMITS = SlotLimits(concurrency=20)


def answered(
    status: int | None = 200,
    credits: int = 3,  # noqa: A002 - the client's own word
    *,
    remaining: int | None = None,
    error: str | None = None,
) -> AttemptResult:
    return AttemptResult(status, credits, remaining, 0.25, error)


@asynccontextmanager
async def open_gate(
    open_db: OpenDb,
    redis_url: str,
    clock: HandClock,
    *,
    session_id: UUID | None = None,
    budget: Budget | None = None,
    limits: SlotLimits = LIMITS,
) -> AsyncIterator[Gate]:
    async with (
        Redis.from_url(redis_url) as redis,
        Ledger(open_db, clock, session_id=session_id) as ledger,
        Gate(
            redis,
            ledger,
            limits,
            priority=Priority.BACKGROUND,
            budget=budget or NoBudget(),
            ids=uuid4,
            rng=Random(1),
        ) as gate,
    ):
        yield gate


def ledger_rows(database_url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url) as connection:
        connection.execute("SET timezone = 'UTC'")
        return connection.execute(
            "SELECT minute, operation, session_id, calls, credits, failures, latency_ms"
            " FROM credit_ledger ORDER BY minute, operation"
        ).fetchall()


def test_calls_are_booked_by_minute_operation_and_session(
    database_url: str, redis_url: str
) -> None:
    session_id = uuid4()

    async def scenario() -> tuple[int, int]:
        clock = HandClock(NOW)
        async with (
            database(database_url) as open_db,
            open_gate(open_db, redis_url, clock, session_id=session_id) as gate,
        ):
            for call in (COQL, COQL, PAGE):
                await gate.enter(call)
                await gate.leave(call, answered(credits=call.credits))
            clock.advance(timedelta(seconds=40))
            await gate.enter(COQL)
            await gate.leave(COQL, answered())
            return gate.calls, gate.credits

    assert asyncio.run(scenario()) == (4, 10)
    assert ledger_rows(database_url) == [
        (MINUTE, "coql.query", session_id, 2, 6, 0, 500),
        (MINUTE, "records.list", session_id, 1, 1, 0, 250),
        (MINUTE + timedelta(minutes=1), "coql.query", session_id, 1, 3, 0, 250),
    ]


@pytest.mark.parametrize(
    ("result", "calls", "credits_booked", "failures"),
    [
        (answered(200, 3), 1, 3, 0),
        (answered(204, 3), 1, 3, 0),
        (answered(400, 1), 1, 1, 1),
        (answered(429, 1), 1, 0, 1),
        (answered(401, 1), 1, 0, 1),
        (answered(500, 3), 1, 3, 1),
        (answered(None, 3, error="CallTimedOut"), 1, 3, 1),
        (answered(None, 3, error="ConnectionFailed"), 0, 0, 0),
    ],
)
def test_the_end_of_a_call_corrects_what_was_booked_at_its_start(
    database_url: str,
    redis_url: str,
    result: AttemptResult,
    calls: int,
    credits_booked: int,
    failures: int,
) -> None:
    async def scenario() -> tuple[int, int]:
        clock = HandClock(NOW)
        async with (
            database(database_url) as open_db,
            open_gate(open_db, redis_url, clock) as gate,
        ):
            await gate.enter(COQL)
            await gate.leave(COQL, result)
            return gate.calls, gate.credits

    assert asyncio.run(scenario()) == (calls, credits_booked)
    booked = [row[1:6] for row in ledger_rows(database_url)]
    assert booked == [("coql.query", NO_SESSION, calls, credits_booked, failures)]


def test_two_processes_add_to_the_same_row(database_url: str, redis_url: str) -> None:
    async def scenario() -> None:
        async with database(database_url) as open_db:
            for _ in range(2):
                async with open_gate(open_db, redis_url, HandClock(NOW)) as gate:
                    await gate.enter(COQL)
                    await gate.leave(COQL, answered())

    asyncio.run(scenario())
    assert [row[3:5] for row in ledger_rows(database_url)] == [(2, 6)]


def test_a_call_is_in_the_ledger_before_its_answer(database_url: str, redis_url: str) -> None:
    async def scenario() -> None:
        async with (
            database(database_url) as open_db,
            open_gate(open_db, redis_url, HandClock(NOW)) as gate,
        ):
            await gate.enter(COQL)
            # The writer runs in this loop, so the waiting does not.
            await asyncio.to_thread(wait_until, lambda: len(ledger_rows(database_url)) == 1)
            assert [row[3:5] for row in ledger_rows(database_url)] == [(1, 3)]
            await gate.leave(COQL, answered())

    asyncio.run(scenario())


def test_the_rolling_day_forgets_a_credit_after_24_hours(database_url: str, redis_url: str) -> None:
    async def used(open_db: OpenDb, now: datetime) -> int:
        async with open_db() as db:
            return (await credit_state(db, now)).used

    async def scenario() -> list[int]:
        clock = HandClock(NOW)
        async with database(database_url) as open_db:
            for hours in (0, 1, 22):
                clock.advance(timedelta(hours=hours))
                async with open_gate(open_db, redis_url, clock) as gate:
                    await gate.enter(COQL)
                    await gate.leave(COQL, answered())
            day = MINUTE + timedelta(hours=24)
            return [
                await used(open_db, day - timedelta(seconds=1)),
                await used(open_db, day),
                await used(open_db, day + timedelta(hours=1)),
            ]

    assert asyncio.run(scenario()) == [9, 6, 3]


def test_the_word_of_the_crm_replaces_our_count(database_url: str, redis_url: str) -> None:
    add_organisation(database_url, edition="free")

    async def scenario() -> CreditState:
        clock = HandClock(NOW)
        async with database(database_url) as open_db:
            async with open_gate(open_db, redis_url, clock) as gate:
                await gate.enter(COQL)
                await gate.leave(COQL, answered(remaining=1_200))
                clock.advance(timedelta(minutes=2))
                await gate.enter(COQL)
                await gate.leave(COQL, answered())
            async with open_db() as db:
                return await credit_state(db, clock.now())

    # 5,000 a day, 1,200 left: others have spent the rest. Then three more of ours.
    assert asyncio.run(scenario()) == CreditState(used=3_803, limit=5_000)


def add_organisation(database_url: str, edition: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO crm_organisation (id, company_name, edition, users_licensed, document)"
            " VALUES (9, 'Acme', %s, 1, '{}')",
            [edition],
        )


def test_scheduled_work_stops_at_its_share_and_learns_when_credits_return(
    database_url: str, redis_url: str
) -> None:
    add_organisation(database_url, edition="free")
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO credit_ledger (minute, operation, session_id, credits)"
            " VALUES (%s, 'coql.query', %s, 3994)",
            [MINUTE - timedelta(hours=3), NO_SESSION],
        )

    async def scenario() -> tuple[int, CreditsSpentError]:
        clock = HandClock(NOW)
        async with database(database_url) as open_db:
            budget = ScheduledBudget(open_db, clock, share=0.8)
            async with open_gate(open_db, redis_url, clock, budget=budget) as gate:
                for _ in range(2):
                    await gate.enter(COQL)
                    await gate.leave(COQL, answered())
                with pytest.raises(CreditsSpentError) as refused:
                    await gate.enter(COQL)
                return gate.calls, refused.value

    calls, refused = asyncio.run(scenario())

    assert calls == 2
    assert refused.extra == {
        "credits_used": 4_000,
        "credits_allowed": 4_000,
        "credits_back_at": (MINUTE + timedelta(hours=21)).isoformat(),
    }


def test_without_redis_the_error_names_the_setting(database_url: str) -> None:
    async def scenario() -> None:
        async with (
            database(database_url) as open_db,
            open_gate(open_db, "redis://127.0.0.1:1/0", HandClock(NOW)) as gate,
        ):
            await gate.enter(COQL)

    with pytest.raises(LimitsUnavailableError, match="REDIS_URL") as refused:
        asyncio.run(scenario())
    assert refused.value.code == "broker_unavailable"
    assert ledger_rows(database_url) == []


def test_a_waiting_call_that_is_cancelled_leaves_nothing_behind(
    database_url: str, redis_url: str
) -> None:
    async def scenario() -> int:
        limits = SlotLimits(concurrency=1, reserve=0, for_people=0)
        async with (
            database(database_url) as open_db,
            open_gate(open_db, redis_url, HandClock(NOW), limits=limits) as gate,
        ):
            await gate.enter(PAGE)
            waiting = asyncio.create_task(gate.enter(PAGE))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await gate.leave(PAGE, answered(credits=1))
            async with Redis.from_url(redis_url) as redis:
                return int(await redis.zcard("pulse:crm:slots"))

    assert asyncio.run(scenario()) == 0
    assert [row[3:5] for row in ledger_rows(database_url)] == [(1, 1)]


def test_a_call_makes_two_round_trips_to_redis(database_url: str, redis_url: str) -> None:
    async def scenario() -> int:
        async with (
            database(database_url) as open_db,
            open_gate(open_db, redis_url, HandClock(NOW)) as gate,
            Redis.from_url(redis_url, decode_responses=True) as redis,
        ):
            await gate.enter(PAGE)  # loads the scripts
            await gate.leave(PAGE, answered(credits=1))
            await redis.config_resetstat()
            for _ in range(10):
                await gate.enter(PAGE)
                await gate.leave(PAGE, answered(credits=1))
            return int((await redis.info("commandstats"))["cmdstat_evalsha"]["calls"])

    assert asyncio.run(scenario()) == 20
