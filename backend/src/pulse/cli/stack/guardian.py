"""The guardian: ends the stack's processes when the supervisor can no longer do it.

A supervisor that is killed (SIGKILL, out of memory) runs no clean-up. The guardian is a process of
its own that reads the supervisor's pipe; when the pipe closes, it stops what is still registered,
last started first, and then kills whatever else carries the stack's mark. It also holds the lock
of PULSE_HOME, so that no new stack starts on the data before the old processes are gone.

Lines on standard input: `watch PLACE PID SIGNAL TIMEOUT_S` and `forget PLACE`, where PLACE is the
child's number in the order of starting, the same after a restart.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import psutil

from pulse.cli.stack.children import STACK_MARK

_POLL_S = 0.02


def main() -> None:
    """Follow the lines on standard input until it closes, then clean up."""
    # Only the closed pipe counts: signals for the supervisor's group and session are not for us.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    stop_all(read_orders(sys.stdin))
    kill_marked(os.environ[STACK_MARK])


Watched = dict[int, tuple[psutil.Process, int, float]]


def read_orders(lines: Iterable[str]) -> Watched:
    """Return the processes still registered at the end of `lines`, by place."""
    watched: Watched = {}
    for line in lines:
        order, place, *rest = line.split()
        if order == "forget":
            watched.pop(int(place), None)
        else:
            pid, stop_signal, timeout_s = rest
            with suppress(psutil.NoSuchProcess):
                # The object remembers when the process began, so a reused number is not it.
                watched[int(place)] = (psutil.Process(int(pid)), int(stop_signal), float(timeout_s))
    return watched


def stop_all(
    watched: Watched,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Ask each process to end, last started first, and kill its group when its time is over."""
    for _, (process, stop_signal, timeout_s) in sorted(watched.items(), reverse=True):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(stop_signal)
            _wait_for_end(process, timeout_s, clock, sleep)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for_end(
    process: psutil.Process,
    timeout_s: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    deadline = clock() + timeout_s
    # An ended process stays as a zombie where the machine's first process collects none, as in
    # some containers; psutil's own wait would take it for alive.
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and clock() < deadline:
        sleep(_POLL_S)


def kill_marked(mark: str) -> None:
    """Kill every process that carries `mark`: one that was started a moment before the end."""
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            if process.pid != os.getpid() and process.environ().get(STACK_MARK) == mark:
                process.kill()


if __name__ == "__main__":
    main()
