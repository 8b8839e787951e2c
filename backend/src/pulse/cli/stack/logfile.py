"""A child's output on disk: bounded by rotation, with its end at hand for messages."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_CHUNK_BYTES = 65_536
_TAIL_BYTES = 4096
_TAIL_LINES = 15


class RotatingLog:
    """Appends bytes to `path`; a full file becomes `path.1`, and so on up to `keep` old ones.

    A disk that is full must not stop the processes whose words these are: what cannot be written
    is dropped, and the end of the output stays in memory.
    """

    def __init__(self, path: Path, limit_bytes: int = 5_000_000, keep: int = 3) -> None:
        self.path = path
        self._limit_bytes = limit_bytes
        self._keep = keep
        self._tail = b""

    def write(self, chunk: bytes) -> None:
        """Append `chunk`, after a rotation if the file would grow over its limit."""
        self._tail = (self._tail + chunk)[-_TAIL_BYTES:]
        try:
            if self.path.exists() and self.path.stat().st_size + len(chunk) > self._limit_bytes:
                self._rotate()
            with open(self.path, "ab", opener=_for_owner_alone) as file:
                file.write(chunk)
        except OSError:
            # See the class: no reader of this log is worth a stopped stack.
            return

    def forget_tail(self) -> None:
        """Start a new run: its last lines shall be its own."""
        self._tail = b""

    def last_lines(self) -> str:
        """Return the last lines of the present run."""
        lines = self._tail.decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-_TAIL_LINES:])

    def _rotate(self) -> None:
        for number in range(self._keep, 0, -1):
            older = self._numbered(number)
            newer = self._numbered(number - 1) if number > 1 else self.path
            if newer.exists():
                newer.replace(older)

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


def _for_owner_alone(path: str, flags: int) -> int:
    """Open a file that, if new, only the owner may read: programs say where and how to connect."""
    return os.open(path, flags, 0o600)


class OutputPipe:
    """Carries what a process writes into its log, inside the running event loop.

    `on_line` hears each whole line as well.

    The pipe is ours and not the event loop's: asyncio takes a process for running as long as
    anybody, a grandchild for instance, holds its pipe open.
    """

    def __init__(self, log: RotatingLog, on_line: Callable[[str], object] | None = None) -> None:
        self._log = log
        self._on_line = on_line
        self._unfinished = b""
        self._reader: int | None = None

    @contextmanager
    def writer(self) -> Iterator[int]:
        """Start a new run; yield the descriptor that the process writes to."""
        self.close()
        self._log.forget_tail()
        self._unfinished = b""
        self._reader, writer = os.pipe()
        os.set_blocking(self._reader, False)
        asyncio.get_running_loop().add_reader(self._reader, self._read)
        try:
            yield writer
        finally:
            os.close(writer)

    def close(self) -> None:
        """Keep what is in the pipe now and let go of it, whoever else still holds it."""
        while self._reader is not None and self._read():
            pass
        self._drop()

    def _read(self) -> bool:
        """Move one chunk to the log; return whether there may be more."""
        assert self._reader is not None  # noqa: S101 - called while the pipe is open
        try:
            chunk = os.read(self._reader, _CHUNK_BYTES)
        except BlockingIOError:
            return False
        if not chunk:
            self._drop()
            return False
        self._log.write(chunk)
        if self._on_line is not None:
            *lines, self._unfinished = (self._unfinished + chunk).split(b"\n")
            for line in lines:
                self._on_line(line.decode("utf-8", "replace"))
        return True

    def _drop(self) -> None:
        if self._reader is not None:
            asyncio.get_running_loop().remove_reader(self._reader)
            os.close(self._reader)
            self._reader = None
