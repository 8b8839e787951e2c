"""A key in Redis that says: this worker is alive."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from redis.exceptions import RedisError

from pulse.kit.logging import get_logger

if TYPE_CHECKING:
    from redis import Redis

    from pulse.kit.clock import Clock

KEY_PREFIX: Final = "pulse:worker:"
LIVES_S: Final = 30
BEATS_EVERY_S: Final = 10.0

_log = get_logger(__name__)


class Heartbeat:
    """A thread that renews `pulse:worker:<name>`; the key is gone 30 s after the worker.

    Its value is when it was renewed last, ISO 8601 in UTC.
    """

    def __init__(self, redis: Redis, name: str, clock: Clock) -> None:
        self._redis = redis
        self._key = f"{KEY_PREFIX}{name}"
        self._clock = clock
        self._stopping = threading.Event()
        self._is_trouble_told = False
        self._thread = threading.Thread(target=self._run, name="worker-heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop beating and take the key away, so that nobody counts on this worker any more."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def beat(self) -> None:
        """Renew the key; a broker that is away is said once and tried again at the next beat."""
        try:
            self._redis.set(self._key, self._clock.now().isoformat(), ex=LIVES_S)
            self._is_trouble_told = False
        except RedisError as error:
            if not self._is_trouble_told:
                _log.warning("worker.heartbeat_failed", error=str(error))
            self._is_trouble_told = True

    def _run(self) -> None:
        while True:
            self.beat()
            if self._stopping.wait(BEATS_EVERY_S):
                break
        try:
            self._redis.delete(self._key)
        except RedisError as error:
            _log.warning("worker.heartbeat_not_removed", error=str(error))
        finally:
            self._redis.close()
