"""The Celery app: how messages travel, what runs beside the pool, and the one entry of beat.

PostgreSQL holds the truth about work and Celery carries messages, so there is no result backend,
and no task is retried by Celery: it only redelivers what a killed process had not finished.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any, Final

from celery import Celery, bootsteps
from celery.signals import setup_logging, worker_ready
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from pulse.kit.clock import SystemClock
from pulse.kit.logging import configure_logging
from pulse.worker.heartbeat import Heartbeat
from pulse.worker.relay import BrokerUnreachableError, OutboxRelay, Send
from pulse.worker.tasks import finish, register_tasks

if TYPE_CHECKING:
    from pulse.config import Settings
    from pulse.worker.tasks import Work

TICK_EVERY_S: Final = 5.0
CONCURRENCY: Final = 4
"""Processes of a worker: one run of each module, a refresh, and always one free for ticks."""
VISIBILITY_TIMEOUT_S: Final = 12 * 3600
"""A message that is not acknowledged for so long is delivered again, so it exceeds any run.

A dead run does not wait for it: its lease expires after seconds, and a tick sends a new message.
"""
_SOCKET_TIMEOUT_S: Final = 10.0


def create_celery(settings: Settings, work: Work) -> Celery:
    """Return the app of worker and beat."""
    url = settings.redis_url.get_secret_value()
    app = Celery("pulse", broker=url)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_default_queue="pulse",
        task_ignore_result=True,
        # A process that is killed gives its message back; a failure is kept in the session.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # A waiting message is better off with another worker.
        worker_prefetch_multiplier=1,
        worker_concurrency=CONCURRENCY,
        # The events of Celery's own monitor are not used; our heartbeat key is.
        worker_send_task_events=False,
        broker_transport="pulse.worker.transport:Transport",
        # A transport named like this takes TLS from the settings, not from the scheme.
        broker_use_ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED} if url.startswith("rediss:") else None,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "socket_connect_timeout": _SOCKET_TIMEOUT_S,
            "socket_timeout": _SOCKET_TIMEOUT_S,
            "socket_keepalive": True,
        },
        # In memory: the database decides what is due, so nothing is lost with the last run's time.
        beat_scheduler="celery.beat:Scheduler",
        beat_schedule={
            "tick": {
                "task": "tick",
                "schedule": TICK_EVERY_S,
                # Ticks that pile up while no worker is there are not worth running later.
                "options": {"expires": 2 * TICK_EVERY_S},
            }
        },
    )
    # Celery and its children log like all our processes: as the settings say.
    setup_logging.connect(_logging_set_up(settings), weak=False)
    send = sender(app)
    app.steps["worker"].add(_beside_the_pool(settings, work, send))
    register_tasks(app, settings, work, send)
    return app


def sender(app: Celery) -> Send:
    """Return what hands an outbox message to the broker, without retries of its own."""

    # Any: the JSON object that the job's payload is.
    def send(message_id: int, job: str, payload: dict[str, Any]) -> None:
        try:
            app.send_task(job, kwargs=payload, task_id=f"outbox-{message_id}", retry=False)
        except (OperationalError, RedisError, OSError) as error:
            raise BrokerUnreachableError(str(error)) from error

    return send


def _logging_set_up(settings: Settings) -> Any:  # noqa: ANN401 - a receiver of any signal keywords
    def set_up(**_signal: object) -> None:
        configure_logging(settings.log_level, settings.log_format)

    return set_up


def _beside_the_pool(settings: Settings, work: Work, send: Send) -> type[Any]:
    """Return the step of the worker that runs the relay and the heartbeat in its main process."""

    # Celery ships no types, and it makes the step itself: a class is what it takes.
    class BesideThePool(bootsteps.StartStopStep):  # type: ignore[misc]
        """Relay and heartbeat: threads of the worker's main process."""

        # After the pool: its first processes are forked while there are no threads yet.
        requires = ("celery.worker.components:Pool",)

        def __init__(self, parent: Any, **options: Any) -> None:  # noqa: ANN401 - Celery's own
            super().__init__(parent, **options)
            self._is_running = False
            self._relay = OutboxRelay(settings.database_url.get_secret_value(), send)
            self._heartbeat = Heartbeat(
                Redis.from_url(
                    settings.redis_url.get_secret_value(),
                    socket_timeout=_SOCKET_TIMEOUT_S,
                    socket_connect_timeout=_SOCKET_TIMEOUT_S,
                ),
                parent.hostname,
                SystemClock(),
            )

        def start(self, parent: Any) -> None:  # noqa: ANN401, ARG002 - Celery's own
            asyncio.run(finish(work.prepare(settings)))
            worker_ready.connect(self._start_threads, weak=False)

        def _start_threads(self, **_signal: object) -> None:
            """Start once the consumer is set up: until then Celery is not safe for threads."""
            if not self._is_running:
                self._is_running = True
                self._relay.start()
                self._heartbeat.start()

        def stop(self, parent: Any) -> None:  # noqa: ANN401, ARG002 - Celery's own
            if self._is_running:
                self._is_running = False
                self._heartbeat.stop()
                self._relay.stop()

        terminate = stop

    return BesideThePool
