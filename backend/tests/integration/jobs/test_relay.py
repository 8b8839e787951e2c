"""The relay: nothing lost while the broker is away, nothing sent before its commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import Celery
from structlog.testing import capture_logs

from pulse.cli.stack.valkey import prepare_broker
from pulse.worker.celery_app import sender
from pulse.worker.relay import BATCH, BrokerUnreachableError, OutboxRelay, Sent, send_due
from support.waiting import wait_until
from support.workers import broker_running


class RecordingBroker:
    """Takes messages while it is up."""

    def __init__(self) -> None:
        self.is_up = True
        self.taken: list[tuple[int, str, dict[str, Any]]] = []
        self.refuses_after: int | None = None

    def __call__(self, message_id: int, job: str, payload: dict[str, Any]) -> None:
        if not self.is_up or len(self.taken) == self.refuses_after:
            raise BrokerUnreachableError("away")
        self.taken.append((message_id, job, payload))


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def add(connection: psycopg.Connection, count: int) -> list[int]:
    return [
        row[0]
        for row in connection.execute(
            "INSERT INTO outbox (job, payload) SELECT 'run_session', jsonb_build_object('n', n)"
            " FROM generate_series(1, %s) AS n RETURNING id",
            [count],
        ).fetchall()
    ]


def attempts(connection: psycopg.Connection) -> list[tuple[bool, int]]:
    return [
        (row[0], row[1])
        for row in connection.execute(
            "SELECT sent_at IS NOT NULL, attempts FROM outbox ORDER BY id"
        ).fetchall()
    ]


def test_messages_leave_in_order_and_once(connection: psycopg.Connection) -> None:
    broker, ids = RecordingBroker(), add(connection, 3)

    assert send_due(connection, broker) == Sent(3)
    assert send_due(connection, broker) == Sent(0)

    assert broker.taken == [
        (message_id, "run_session", {"n": number}) for number, message_id in enumerate(ids, 1)
    ]
    assert attempts(connection) == [(True, 1)] * 3


def test_a_message_for_later_waits(connection: psycopg.Connection) -> None:
    add(connection, 1)
    connection.execute("UPDATE outbox SET available_at = now() + interval '1 minute'")

    assert send_due(connection, RecordingBroker()) == Sent(0)


def test_what_was_sent_before_the_broker_went_away_is_not_sent_again(
    connection: psycopg.Connection,
) -> None:
    broker = RecordingBroker()
    broker.refuses_after = 2
    ids = add(connection, 4)

    assert send_due(connection, broker) == Sent(2, is_broker_up=False)
    assert attempts(connection) == [(True, 1), (True, 1), (False, 1), (False, 1)]

    broker.refuses_after = None
    assert send_due(connection, broker) == Sent(2)
    assert [taken[0] for taken in broker.taken] == ids
    assert attempts(connection) == [(True, 1), (True, 1), (True, 2), (True, 2)]


def test_two_relays_share_the_work(connection: psycopg.Connection, database_url: str) -> None:
    ids = add(connection, BATCH + 1)
    first, second = RecordingBroker(), RecordingBroker()
    with psycopg.connect(database_url, autocommit=True) as other:

        def overtake(message_id: int, job: str, payload: dict[str, Any]) -> None:
            """While the first relay holds its batch, a second one looks."""
            if message_id == ids[0]:
                assert send_due(other, second) == Sent(1)
            first(message_id, job, payload)

        assert send_due(connection, overtake) == Sent(BATCH)

    assert [taken[0] for taken in first.taken] == ids[:BATCH]
    assert [taken[0] for taken in second.taken] == ids[BATCH:]


@contextmanager
def relay_running(database_url: str, broker: RecordingBroker) -> Iterator[None]:
    relay = OutboxRelay(
        database_url, broker, poll_s=0.1, wait=lambda stopping, _s: stopping.wait(0.05)
    )
    relay.start()
    try:
        yield
    finally:
        relay.stop()


def test_the_relay_says_once_that_the_broker_is_away_and_recovers_by_itself(
    connection: psycopg.Connection, database_url: str
) -> None:
    broker = RecordingBroker()
    broker.is_up = False
    ids = add(connection, 2)

    with capture_logs() as logs, relay_running(database_url, broker):
        wait_until(lambda: attempts(connection)[0][1] >= 3)
        broker.is_up = True
        wait_until(lambda: all(is_sent for is_sent, _ in attempts(connection)))

    told = [(entry["event"], entry["log_level"]) for entry in logs]
    assert told == [("outbox.broker_unreachable", "warning"), ("outbox.broker_is_back", "info")]
    assert logs[0]["waiting"] == 2
    assert [taken[0] for taken in broker.taken] == ids


def test_the_relay_outlives_a_lost_database_connection(
    connection: psycopg.Connection, database_url: str
) -> None:
    broker = RecordingBroker()
    with relay_running(database_url, broker):
        add(connection, 1)
        wait_until(lambda: len(broker.taken) == 1)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        add(connection, 1)
        wait_until(lambda: len(broker.taken) == 2)


def test_with_a_real_broker_stopped_messages_wait_and_leave_when_it_is_back(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    broker = prepare_broker(tmp_path / "valkey")
    app = Celery("test", broker=broker.url, set_as_current=False)
    app.conf.task_default_queue = "pulse"
    send = sender(app)
    add(connection, 2)

    assert send_due(connection, send) == Sent(0, is_broker_up=False)
    with broker_running(broker):
        wait_until(lambda: send_due(connection, send).is_broker_up)
        assert attempts(connection)[0][0]
        assert attempts(connection)[1][0]
        with app.connection_for_read() as link, link.channel() as channel:
            message = channel.basic_get("pulse", no_ack=True)
            assert message is not None
            assert message.headers["task"] == "run_session"
    app.close()
