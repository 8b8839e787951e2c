import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pulse.cli.stack.children import ChildFailedError, ChildSpec, RestartPolicy, StackEvent
from pulse.cli.stack.supervisor import Supervisor
from support.processes import SLEEPER, python, running_of_stack
from support.waiting import wait_until

_QUICK = RestartPolicy(limit=2, window_s=60, first_delay_s=0.01, longest_delay_s=0.01)


class _Events(list[StackEvent]):
    def of(self, component: str) -> list[str]:
        return [event.name for event in self if event.component == component]


async def _until(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, condition)


def test_killed_child_is_started_again(tmp_path: Path) -> None:
    async def scenario() -> tuple[int, int]:
        async with Supervisor(tmp_path, events.append) as supervisor:
            await supervisor.start(ChildSpec("api", python(SLEEPER), restart=_QUICK))
            first = supervisor.pids["api"]
            os.kill(first, signal.SIGKILL)
            await _until(lambda: events.of("api").count("component.ready") == 2)
            return first, supervisor.pids["api"]

    events = _Events()
    first, second = asyncio.run(scenario())
    assert first != second
    assert events.of("api") == [
        "component.starting",
        "component.ready",
        "component.exited",
        "component.starting",
        "component.ready",
        "component.stopped",
    ]
    assert [e.facts for e in events if e.name == "component.exited"] == [
        {"status": "signal SIGKILL"}
    ]
    assert not psutil.pid_exists(second)


def test_own_children_of_a_killed_child_do_not_outlive_it(tmp_path: Path) -> None:
    family = (
        "import os, signal\n"
        f"pid = os.fork()\nif pid: open({str(tmp_path / 'grandchild')!r}, 'w').write(str(pid))\n"
        "signal.pause()"
    )

    async def scenario() -> None:
        async with Supervisor(tmp_path, events.append) as supervisor:
            await supervisor.start(ChildSpec("worker", python(family), restart=_QUICK))
            await _until((tmp_path / "grandchild").exists)
            await _until(lambda: (tmp_path / "grandchild").read_text() != "")
            grandchild = psutil.Process(int((tmp_path / "grandchild").read_text()))
            os.kill(supervisor.pids["worker"], signal.SIGKILL)
            await _until(
                lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE
            )

    events = _Events()
    asyncio.run(scenario())


def test_child_that_exits_too_often_stops_the_stack_with_its_last_lines(tmp_path: Path) -> None:
    flag = tmp_path / "ran"
    # Ready at the first start only; afterwards it fails at once.
    code = (
        f"import os, signal\nif os.path.exists({str(flag)!r}):\n"
        "    raise SystemExit('the database has gone')\n"
        f"open({str(flag)!r}, 'w').close()\nsignal.pause()"
    )

    async def is_ready() -> bool:
        return flag.exists()

    async def scenario() -> None:
        async with Supervisor(tmp_path, lambda _: None) as supervisor:
            await supervisor.start(
                ChildSpec("api", python(code), ready=never_again, restart=_QUICK, advice="Do this.")
            )
            os.kill(supervisor.pids["api"], signal.SIGKILL)
            await supervisor.wait_for_failure()

    starts = 0

    async def never_again() -> bool:
        # One true answer, for the first start.
        nonlocal starts
        if flag.exists() and starts == 0:
            starts = 1
            return True
        return False

    with pytest.raises(ChildFailedError) as caught:
        asyncio.run(scenario())
    assert "api exited 3 times" in caught.value.detail
    assert "the database has gone" in caught.value.detail
    assert caught.value.fix == f"Do this. Log: {tmp_path / 'api.log'}"
    assert caught.value.extra["component"] == "api"


def test_child_that_ends_before_it_is_ready_fails_the_start(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    async def scenario() -> None:
        async with Supervisor(tmp_path, lambda _: None) as supervisor:
            await supervisor.start(
                ChildSpec("api", python("raise SystemExit('no such table')"), ready=never)
            )

    with pytest.raises(
        ChildFailedError, match=r"ended before it was ready.*exit status 1"
    ) as failed:
        asyncio.run(scenario())
    assert "no such table" in failed.value.detail


def test_child_that_is_never_ready_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    async def scenario() -> None:
        async with Supervisor(tmp_path, events.append) as supervisor:
            spec = ChildSpec("api", python(SLEEPER), ready=never, ready_timeout_s=0.3)
            await supervisor.start(spec)

    events = _Events()
    with pytest.raises(ChildFailedError, match=r"was not ready after 0\.3 s"):
        asyncio.run(scenario())
    assert events.of("api") == ["component.starting", "component.stopped"]


def test_files_of_a_child_are_for_its_owner_alone(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Supervisor(tmp_path, events.append) as supervisor:
            code = f"open({str(tmp_path / 'made')!r}, 'w').close()\n{SLEEPER}"
            await supervisor.start(ChildSpec("broker", python(code), ready=is_made))

    async def is_made() -> bool:
        return (tmp_path / "made").exists()

    events = _Events()
    asyncio.run(scenario())

    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600


def test_children_stop_in_the_opposite_order_of_their_start(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Supervisor(tmp_path, events.append) as supervisor:
            for name in ("database", "worker", "api"):
                await supervisor.start(ChildSpec(name, python(SLEEPER)))

    events = _Events()
    asyncio.run(scenario())
    assert [e.component for e in events if e.name == "component.stopped"] == [
        "api",
        "worker",
        "database",
    ]


def test_child_that_ignores_its_stop_signal_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf', flush=True)\nwhile True: signal.pause()"
    )

    async def is_deaf() -> bool:
        log = tmp_path / "api.log"
        return log.exists() and "deaf" in log.read_text()

    async def scenario() -> int:
        async with Supervisor(tmp_path, events.append) as supervisor:
            await supervisor.start(
                ChildSpec("api", python(deaf), ready=is_deaf, stop_timeout_s=0.2)
            )
            return supervisor.pids["api"]

    events = _Events()
    assert not psutil.pid_exists(asyncio.run(scenario()))
    assert events[-1] == StackEvent("component.stopped", "api", {"killed": "yes"})


def test_each_line_of_the_output_is_heard_once_and_whole(tmp_path: Path) -> None:
    halves = (
        "import sys, signal\nfor part in ('one\\ntw', 'o\\nthr', 'ee\\n'):\n"
        "    sys.stdout.write(part); sys.stdout.flush()\nsignal.pause()"
    )

    async def heard_all() -> bool:
        return len(heard) == 3

    async def scenario() -> None:
        async with Supervisor(tmp_path, lambda _: None) as supervisor:
            spec = ChildSpec("api", python(halves), on_line=heard.append, ready=heard_all)
            await supervisor.start(spec)

    heard: list[str] = []
    asyncio.run(scenario())
    assert heard == ["one", "two", "three"]
    assert (tmp_path / "api.log").read_text() == "one\ntwo\nthree\n"


_HOST = """
import asyncio, sys
from pathlib import Path
from support.processes import SLEEPER, python
from pulse.cli.stack.children import ChildSpec
from pulse.cli.stack.supervisor import Supervisor

FAMILY = "import os, signal\\nos.fork()\\nos.setsid() if os.fork() == 0 else None\\nsignal.pause()"

async def main():
    async with Supervisor(Path(sys.argv[1]), lambda event: None) as supervisor:
        await supervisor.start(ChildSpec("database", python(SLEEPER)))
        await supervisor.start(ChildSpec("worker", python(FAMILY)))
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    tests = Path(__file__).parents[1]
    host = subprocess.Popen(
        [sys.executable, "-c", _HOST, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tests)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert host.stdout is not None
    with host.stdout:
        assert host.stdout.readline() == "ready\n"
        # The sleeper, the family of four and the guardian.
        wait_until(lambda: len(running_of_stack(host.pid)) == 6)
        host.kill()
        host.wait()
        wait_until(lambda: running_of_stack(host.pid) == [])
