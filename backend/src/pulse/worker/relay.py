"""The outbox relay: sends to the broker what was committed, and marks it sent.

A relay that dies between sending and marking sends again later: consumers do nothing twice. While
the broker is away, messages wait in PostgreSQL; that is counted on them and said once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import psycopg

from pulse.db.events import CHANNEL
from pulse.db.urls import libpq_url
from pulse.kit.logging import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH: Final = 100

_CLAIM: Final = """
    SELECT id, job, payload FROM outbox
    WHERE sent_at IS NULL AND available_at <= now()
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_MARK_SENT: Final = """
    UPDATE outbox SET sent_at = now(), attempts = attempts + 1 WHERE id = ANY(%s)
"""
_MARK_TRIED: Final = "UPDATE outbox SET attempts = attempts + 1 WHERE id = ANY(%s)"
_COUNT_WAITING: Final = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"

_log = get_logger(__name__)


class BrokerUnreachableError(Exception):
    """The broker that REDIS_URL names takes no messages now."""


class Send(Protocol):
    """Hand one message to the broker; raises BrokerUnreachableError."""

    # Any: the JSON object that the job's payload is.
    def __call__(self, message_id: int, job: str, payload: dict[str, Any]) -> None:
        """Send the message."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did; `is_broker_up` is False where it ended early."""

    count: int
    is_broker_up: bool = True


def send_due(connection: psycopg.Connection, send: Send) -> Sent:
    """Send up to a batch of messages in order; rows that another relay holds are its business.

    One transaction: what was sent before the broker went away stays marked as sent.
    """
    sent: list[int] = []
    with connection.transaction():
        due = connection.execute(_CLAIM, [BATCH]).fetchall()
        try:
            for message_id, job, payload in due:
                send(message_id, job, payload)
                sent.append(message_id)
        except BrokerUnreachableError:
            connection.execute(_MARK_TRIED, [[row[0] for row in due[len(sent) :]]])
        if sent:
            connection.execute(_MARK_SENT, [sent])
    return Sent(len(sent), is_broker_up=len(sent) == len(due))


def count_waiting(connection: psycopg.Connection) -> int:
    """Return how many messages wait for the broker."""
    row = connection.execute(_COUNT_WAITING).fetchone()
    return 0 if row is None else int(row[0])


class OutboxRelay:
    """A thread that sends messages as they are committed.

    It listens for them and also looks by itself every `poll_s` seconds, because a notification that
    came while it was not listening is gone. `wait` is the pause after trouble; it returns True when
    the relay is to stop.
    """

    def __init__(
        self,
        database_url: str,
        send: Send,
        *,
        poll_s: float = 1.0,
        retry_s: float = 1.0,
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
    ) -> None:
        self._conninfo = libpq_url(database_url)
        self._send = send
        self._poll_s = poll_s
        self._retry_s = retry_s
        self._wait = wait
        self._stopping = threading.Event()
        self._is_trouble_told = False
        self._thread = threading.Thread(target=self._run, name="outbox-relay", daemon=True)

    def start(self) -> None:
        """Begin to relay; the database and the broker may still be away."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """End the thread after the batch that it is sending."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    self._relay(connection)
            except psycopg.OperationalError as error:
                # A server that restarts is expected trouble: the next round connects again.
                _log.warning("outbox.database_unreachable", error=str(error).strip())
                self._wait(self._stopping, self._retry_s)

    def _relay(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        while not self._stopping.is_set():
            sent = send_due(connection, self._send)
            self._tell(connection, sent)
            if not sent.is_broker_up:
                self._wait(self._stopping, self._retry_s)
            elif sent.count < BATCH:
                self._listen(connection)

    def _listen(self, connection: psycopg.Connection) -> None:
        """Return when a message was announced, or after `poll_s`."""
        for note in connection.notifies(timeout=self._poll_s):
            if note.payload.startswith("outbox:"):
                return

    def _tell(self, connection: psycopg.Connection, sent: Sent) -> None:
        """Say once that the broker is away, and once that it is back."""
        if not sent.is_broker_up and not self._is_trouble_told:
            _log.warning(
                "outbox.broker_unreachable",
                waiting=count_waiting(connection),
                fix="Start the Redis or Valkey server that REDIS_URL names; messages wait.",
            )
            self._is_trouble_told = True
        elif sent.is_broker_up and sent.count and self._is_trouble_told:
            _log.info("outbox.broker_is_back", sent=sent.count)
            self._is_trouble_told = False
