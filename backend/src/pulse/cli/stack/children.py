"""What the supervisor needs to know about a child process, and when it gives one up."""

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pulse.kit.errors import PulseError

STACK_MARK = "PULSE_STACK"
"""Environment variable that every process of a stack carries, so that none can be lost."""


async def ready_when_started() -> bool:
    """Say that a child which offers nothing to ask is ready as soon as it runs."""
    return True


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """A child that exits is started again, later each time, and not for ever.

    More than `limit` exits within `window_s` seconds open the circuit.
    """

    limit: int = 5
    window_s: float = 60.0
    first_delay_s: float = 0.2
    longest_delay_s: float = 5.0

    def delay_s(self, exits: Sequence[float], now: float) -> float | None:
        """Return the seconds to wait before the next start, or None if the circuit opens.

        `exits` holds the moments of the child's exits, the last included, on the clock of `now`.
        """
        recent = sum(1 for moment in exits if now - moment <= self.window_s)
        if recent > self.limit:
            return None
        return float(min(self.longest_delay_s, self.first_delay_s * 2 ** max(0, recent - 1)))


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One process to keep alive.

    `ready` is asked again and again after each start until it returns True; an error that it
    raises ends the start. `stop_signal` asks the process to end; `stop_timeout_s` later its
    process group is killed. `account` is another account to run as, for root only. `before_start`
    runs before each start, the first included; `on_line` hears each line of the output.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    account: str | None = None
    ready: Callable[[], Awaitable[bool]] = ready_when_started
    ready_timeout_s: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10.0
    restart: RestartPolicy = field(default_factory=RestartPolicy)
    before_start: Callable[[], None] = lambda: None
    on_line: Callable[[str], object] | None = None
    advice: str = "Read its log for the reason."


class ChildFailedError(PulseError):
    """A child did not become ready, or exited too often; the detail ends with its last lines."""

    code = "child_failed"
    status = 503
    title = "A part of the stack failed"

    def __init__(self, spec: ChildSpec, what: str, last_lines: str, log: Path) -> None:
        said = f" Its last lines:\n{last_lines}\n" if last_lines else " It wrote nothing."
        super().__init__(
            f"{spec.name} {what}.{said}",
            fix=f"{spec.advice} Log: {log}",
            extra={"component": spec.name, "log": str(log)},
        )


@dataclass(frozen=True, slots=True)
class StackEvent:
    """Something that happened to a component, for the console and for programs.

    `name` is constant and dotted (`component.ready`, `stack.stopping`); `facts` are its details.
    """

    name: str
    component: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


Emit = Callable[[StackEvent], None]
