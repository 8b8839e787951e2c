"""PULSE_HOME: the folder of one stack's data, logs and key, and the lock that keeps it to one."""

import base64
import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from pulse.kit.clock import Clock, Sleep
from pulse.kit.errors import ConfigurationError, ConflictError

_NEEDED_BYTES = 300_000_000
_KEY_BYTES = 32
_TAKEOVER_S = 30.0
_TAKEOVER_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Home:
    """The paths inside one PULSE_HOME."""

    path: Path

    @property
    def logs(self) -> Path:
        """Where the output of each component goes."""
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """Where components keep files that only the running stack needs."""
        return self.path / "run"

    @property
    def lock(self) -> Path:
        """The file whose lock means that a stack runs here."""
        return self.path / "lock"


def open_home(path: Path) -> Home:
    """Return the home at `path`, made if it is new and checked for what a stack needs.

    Raises ConfigurationError if it cannot be written to or its disk is nearly full.
    """
    home = Home(path.expanduser().absolute())
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        # PostgreSQL's account must pass through when root starts the stack; nobody may list it.
        home.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for folder in (home.logs, home.run):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not os.access(home.path, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise ConfigurationError(
            f"PULSE_HOME {home.path} cannot be used: {error.strerror}.",
            code="disk_full" if error.errno == errno.ENOSPC else "home_not_writable",
            fix="Set PULSE_HOME to a folder that you may write to, on a disk with space.",
        ) from error
    free = shutil.disk_usage(home.path).free
    if free < _NEEDED_BYTES:
        raise ConfigurationError(
            f"The disk of PULSE_HOME {home.path} has {free // 1_000_000} MB left; the stack needs "
            f"{_NEEDED_BYTES // 1_000_000} MB to start.",
            code="disk_full",
            fix="Free some space, or set PULSE_HOME to a folder on another disk.",
        )
    return home


def secret_key(home: Home) -> str:
    """Return the key that encrypts tokens at rest, made at the first call and kept (mode 0600).

    It is 32 random bytes in URL-safe base 64.
    """
    file = home.path / "secret.key"
    if not file.exists():
        partial = file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        key = base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii")
        partial.write_text(key, encoding="ascii")
        partial.replace(file)
    return file.read_text(encoding="ascii").strip()


@asynccontextmanager
async def locked(home: Home, clock: Clock, sleep: Sleep) -> AsyncIterator[int]:
    """Hold the home for one stack; yield the descriptor that holds it.

    Raises ConflictError if a stack runs there. After a stack was killed its guardian holds the
    lock until the last process is gone: that is waited for, up to 30 s.
    """
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = clock.monotonic() + _TAKEOVER_S
        while not _try_lock(descriptor):
            pid = _holder(home)
            if psutil.pid_exists(pid) or clock.monotonic() > deadline:
                raise ConflictError(
                    f"PULSE_HOME {home.path} is in use by another stack (process {pid}).",
                    code="home_in_use",
                    fix="Stop that one, or set PULSE_HOME and PORT to run a second beside it.",
                    extra={"pid": pid},
                )
            await sleep(_TAKEOVER_POLL_S)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid()}).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def is_locked(home: Home) -> bool:
    """Tell whether a stack runs on the home, or is still being cleaned up after."""
    if not home.lock.exists():
        return False
    descriptor = os.open(home.lock, os.O_RDWR)
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(home: Home) -> int:
    """Return the process that took the lock last; 0 while it has not written its id yet."""
    try:
        return int(json.loads(home.lock.read_text(encoding="ascii"))["pid"])
    except (ValueError, KeyError):
        return 0
