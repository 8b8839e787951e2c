"""A real worker: from the outbox to the finished session, and what happens when it dies."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from pulse.bootstrap import prepare
from pulse.cli.stack.valkey import prepare_broker
from pulse.config import Settings, load_settings
from pulse.core.sync import SyncType
from pulse.db.engine import database
from pulse.live_sync.sessions import RequestedSource, SyncOptions, start_session
from pulse.live_sync.tick import TickSummary, tick
from support.simulator import SimulatorHandle, simulator_in_thread
from support.waiting import wait_until
from support.workers import (
    SECRET_KEY,
    broker_running,
    product_environment,
    running_beat,
    running_worker,
)
from zoho_sim.config import Config

DEALS = 1_500


@pytest.fixture
def simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=DEALS)) as handle:
        yield handle


def start(database_url: str, source: RequestedSource | None = None) -> str:
    async def run() -> str:
        async with database(database_url) as open_db, open_db.begin() as db:
            options = SyncOptions(source=source)
            return str((await start_session(db, "Deals", SyncType.FULL, options, "ada")).id)

    return asyncio.run(run())


def tick_now(database_url: str) -> TickSummary:
    async def run() -> TickSummary:
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SELECT now()").fetchone()
        assert row is not None
        async with database(database_url) as open_db, open_db.begin() as db:
            return await tick(db, row[0])

    return asyncio.run(run())


def session(database_url: str, session_id: str) -> tuple[str, int, str | None]:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT status, records_processed, error_message FROM crm_sync_sessions WHERE id = %s",
            [session_id],
        ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def live_deals(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM deals WHERE is_live").fetchone()
    assert row is not None
    return int(row[0])


def has_ended(database_url: str, session_id: str) -> bool:
    return session(database_url, session_id)[0] in {"completed", "failed", "cancelled"}


def test_a_started_session_runs_on_the_worker_to_its_end(
    database_url: str, redis_url: str, simulator: SimulatorHandle
) -> None:
    session_id = start(database_url)

    with running_worker(product_environment(database_url, redis_url, simulator)) as worker:
        wait_until(lambda: has_ended(database_url, session_id), 90)
        with Redis.from_url(redis_url) as redis:
            assert 0 < int(redis.ttl(f"pulse:worker:{worker.name}")) <= 30

    assert session(database_url, session_id)[0::2] == ("completed", None)
    assert live_deals(database_url) == DEALS
    with Redis.from_url(redis_url) as redis:
        assert redis.exists(f"pulse:worker:{worker.name}") == 0  # it said good-bye
        assert redis.zcard("pulse:crm:slots") == 0


def test_the_ledger_and_the_session_agree_with_the_count_of_the_crm(
    database_url: str, redis_url: str, simulator: SimulatorHandle
) -> None:
    session_id = start(database_url)
    with running_worker(product_environment(database_url, redis_url, simulator)):
        wait_until(lambda: has_ended(database_url, session_id), 90)

    counted = simulator.state()["credits"]["used"]
    with psycopg.connect(database_url) as connection:
        total, of_session = connection.execute(
            "SELECT sum(credits), sum(credits) FILTER (WHERE session_id = %s) FROM credit_ledger",
            [session_id],
        ).fetchone() or (None, None)
        on_session = connection.execute(
            "SELECT credits_used FROM crm_sync_sessions WHERE id = %s", [session_id]
        ).fetchone()
    assert total == counted
    assert on_session == (of_session,)


def test_a_run_whose_worker_was_killed_is_finished_by_another(
    database_url: str, redis_url: str, simulator: SimulatorHandle
) -> None:
    environment = product_environment(database_url, redis_url, simulator)
    simulator.latency(250)
    session_id = start(database_url, RequestedSource.PAGES)
    with running_worker(environment, "first") as first:
        wait_until(lambda: session(database_url, session_id)[1] > 0, 90)
        first.kill()
    status, processed, _ = session(database_url, session_id)
    assert status == "in_progress"
    assert 0 < processed < DEALS
    simulator.latency(0)

    # Half a minute passes for the lease and for the message that was sent at the start.
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE sync_leases SET heartbeat_at = now() - interval '31 s'")
        connection.execute("UPDATE outbox SET sent_at = sent_at - interval '31 s'")
    assert [str(revived) for revived in tick_now(database_url).revived] == [session_id]

    with running_worker(environment, "second"):
        wait_until(lambda: has_ended(database_url, session_id), 90)
    assert session(database_url, session_id)[0::2] == ("completed", None)
    assert live_deals(database_url) == DEALS


def test_a_message_that_the_broker_lost_is_sent_again(
    database_url: str, redis_url: str, simulator: SimulatorHandle
) -> None:
    session_id = start(database_url)
    with psycopg.connect(database_url) as connection:
        # It was sent a minute ago, and the broker has forgotten it.
        connection.execute("UPDATE outbox SET sent_at = now() - interval '61 s'")
        connection.execute("UPDATE crm_sync_sessions SET created_at = created_at - interval '61 s'")

    assert [str(resent) for resent in tick_now(database_url).resent] == [session_id]
    with running_worker(product_environment(database_url, redis_url, simulator)):
        wait_until(lambda: has_ended(database_url, session_id), 90)
    assert session(database_url, session_id)[0] == "completed"


def test_beat_lets_the_worker_look_for_work_by_itself(
    database_url: str, redis_url: str, simulator: SimulatorHandle
) -> None:
    environment = product_environment(database_url, redis_url, simulator)
    session_id = start(database_url)
    with psycopg.connect(database_url) as connection:
        # No message is left of the session: only a tick can find it.
        connection.execute("DELETE FROM outbox")
        connection.execute("UPDATE crm_sync_sessions SET created_at = created_at - interval '61 s'")

    with running_worker(environment), running_beat(environment):
        wait_until(lambda: has_ended(database_url, session_id), 90)
        # Deals are loaded, so the next tick has accounts loaded too.
        wait_until(lambda: accounts_loaded(database_url), 90)
    assert session(database_url, session_id)[0] == "completed"


def accounts_loaded(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        return connection.execute(
            "SELECT sync_type, requested_by FROM crm_sync_sessions"
            " WHERE module = 'Accounts' AND status = 'completed'"
        ).fetchall() == [("full_sync", "schedule")]


def test_a_worker_goes_on_when_its_broker_was_restarted(
    database_url: str, simulator: SimulatorHandle, tmp_path: Path
) -> None:
    broker = prepare_broker(tmp_path / "valkey")
    environment = product_environment(database_url, broker.url, simulator)
    with ExitStack() as stack:
        with broker_running(broker):
            worker = stack.enter_context(running_worker(environment))
        session_id = start(database_url)
        wait_until(lambda: tries(database_url) > 0, 60)
        assert session(database_url, session_id)[0] == "pending"
        stack.enter_context(broker_running(broker))
        wait_until(lambda: has_ended(database_url, session_id), 90)
        assert session(database_url, session_id)[0] == "completed"
        worker.stop()


def tries(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT max(attempts) FROM outbox WHERE job = 'run_session' AND sent_at IS NULL"
        ).fetchone()
    return int(row[0] or 0) if row else 0


def test_preparing_twice_changes_nothing(
    database_url: str, redis_url: str, simulator: SimulatorHandle
) -> None:
    given = product_environment(database_url, redis_url, simulator)
    settings = load_settings(Settings, **{key.lower(): value for key, value in given.items()})

    asyncio.run(prepare(settings))
    asyncio.run(prepare(settings))

    with psycopg.connect(database_url) as connection:
        stored = connection.execute(
            "SELECT client_id, is_from_environment, client_secret_encrypted FROM crm_connection"
        ).fetchall()
        assert connection.execute("SELECT job FROM outbox").fetchall() == [("refresh_connection",)]
    assert [row[:2] for row in stored] == [(simulator.connection["client_id"], True)]
    assert str(simulator.connection["client_secret"]).encode() not in stored[0][2]
    assert SECRET_KEY.encode() not in stored[0][2]
