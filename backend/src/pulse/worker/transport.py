"""Kombu's Redis transport, made to survive a broker that goes away while tasks run.

A task that ends after its connection was lost acknowledges its message through the closed channel,
and closing a channel gives unacknowledged messages back through it. Both meet an AttributeError
there, which ends the whole worker (seen with Kombu 5.7.0). Nothing needs giving back then: the
broker has the messages, and a tick sends anew what it does not deliver.
"""

from __future__ import annotations

from typing import Any, TextIO

from kombu.transport import redis
from redis.exceptions import ConnectionError as RedisConnectionError


class _QoS(redis.QoS):
    def restore_unacked_once(self, stderr: TextIO | None = None) -> None:
        if self.channel.has_lost_connection:
            self._on_collect.cancel()
            return
        super().restore_unacked_once(stderr)  # type: ignore[no-untyped-call] # Kombu has no types


class _Channel(redis.Channel):
    QoS = _QoS

    @property
    def has_lost_connection(self) -> bool:
        """Return whether the channel was let go of by its connection."""
        return self.connection is None or self.connection.client is None

    # Any: connection parameters of Kombu's own.
    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - as the parent calls it
        if self.has_lost_connection:
            # The kind of error that Celery expects, logs and recovers from.
            raise RedisConnectionError("the connection of this channel was lost")
        parameters: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[no-untyped-call] # as above
        return parameters


class Transport(redis.Transport):
    """The transport that `broker_transport` names."""

    Channel = _Channel
