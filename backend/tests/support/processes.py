"""Small real processes for the supervisor's tests, and the scan that finds what was left over."""

import sys
from collections.abc import Sequence
from contextlib import suppress

import psutil

from pulse.cli.stack.children import STACK_MARK


def python(code: str) -> Sequence[str]:
    """Return the command that runs `code` without site packages, so that it starts quickly."""
    return (sys.executable, "-I", "-S", "-c", code)


SLEEPER = "import signal; print('up', flush=True); signal.pause()"


def running_of_stack(supervisor_pid: int) -> list[psutil.Process]:
    """Return the processes, other than zombies, that carry the mark of a supervisor's stack."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            mark = process.environ().get(STACK_MARK, "")
            if (
                mark.startswith(f"{supervisor_pid}-")
                and process.status() != psutil.STATUS_ZOMBIE
                and process.pid != supervisor_pid
            ):
                found.append(process)
    return found
