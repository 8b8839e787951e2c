"""Stacks as processes, for tests: start one, follow its events, stop it, look for left-overs."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pulse.cli.stack.valkey import free_port
from support.postgres import make_public_folder
from support.processes import running_of_stack
from support.waiting import wait_until

Event = dict[str, Any]
_START_TIMEOUT_S = 120.0
_OF_A_STACK = ("DATABASE_URL", "REDIS_URL", "PULSE_SECRET_KEY", "PULSE_HOME", "HOST", "PORT")


class RunningStack:
    """One `pulse up` or its like, with the JSON events that it wrote so far."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.events: list[Event] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def wait_for(self, name: str, component: str | None = None) -> Event:
        """Return the next event with this name, and of this component if one is given."""
        while (line := self._lines.get(timeout=_START_TIMEOUT_S)) is not None:
            event: Event = json.loads(line)
            self.events.append(event)
            if event["event"] == name and component in {None, event.get("component")}:
                return event
        raise AssertionError(f"ended without {name}: {self.events}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process.poll() is None:
            self.stop()
        wait_until(lambda: running_of_stack(self.process.pid) == [])
        self._reader.join(30)


StartStack = Callable[..., RunningStack]


@pytest.fixture
def pulse_home() -> Iterator[Path]:
    folder = make_public_folder()
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def start_stack(pulse_home: Path) -> Iterator[StartStack]:
    started: list[RunningStack] = []

    def start(
        *arguments: str, home: Path = pulse_home, port: int | None = None, **env: str
    ) -> RunningStack:
        tests = Path(__file__).parents[1]
        clean = {key: value for key, value in os.environ.items() if key not in _OF_A_STACK}
        own = {
            "PULSE_HOME": str(home),
            "PORT": str(port or free_port()),
            "PYTHONPATH": str(tests),
        }
        command = [sys.executable, "-m", "support.stack_host", *arguments]
        stack = RunningStack(command, clean | own | env)
        started.append(stack)
        return stack

    yield start
    for stack in started:
        stack.end()
