"""Keeps child processes alive, and ends all of them.

Children are started one after another, each once the one before is ready, and stopped in the
opposite order. Each runs in a session of its own: Ctrl-C reaches the supervisor alone, and killing
the process group takes a child's own children along. See `guardian` for the end of a supervisor
that could not say goodbye.
"""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from pulse.cli.stack.children import STACK_MARK, ChildFailedError, ChildSpec, Emit, StackEvent
from pulse.cli.stack.logfile import OutputPipe, RotatingLog
from pulse.kit.clock import Clock, Sleep, SystemClock, system_sleep

_READY_POLL_S = 0.05
# What a component writes, messages of the broker included, is for its owner alone.
_PRIVATE_UMASK = 0o077


class Supervisor:
    """Starts, watches, restarts and stops children; use it as an asynchronous context.

    Leaving the context stops every child. `lock_fd` is a descriptor that the guardian keeps open
    until the last process is gone.
    """

    def __init__(
        self,
        logs: Path,
        emit: Emit,
        *,
        lock_fd: int | None = None,
        clock: Clock | None = None,
        sleep: Sleep = system_sleep,
    ) -> None:
        self._logs = logs
        self._emit = emit
        self._lock_fd = lock_fd
        self._clock = clock or SystemClock()
        self._sleep = sleep
        self._mark = f"{os.getpid()}-{uuid4()}"
        self._children: list[_Child] = []
        self._guardian: subprocess.Popen[bytes] | None = None
        self._failure: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        """Start the guardian."""
        self._failure = asyncio.get_running_loop().create_future()
        self._guardian = subprocess.Popen(  # noqa: ASYNC220 - returns at once, and is spoken to without waiting
            [sys.executable, "-m", "pulse.cli.stack.guardian"],
            stdin=subprocess.PIPE,
            env={**os.environ, STACK_MARK: self._mark},
            pass_fds=[] if self._lock_fd is None else [self._lock_fd],
            start_new_session=True,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every child, then the guardian."""
        await self.stop()
        assert self._guardian is not None  # noqa: S101 - entered before it is left
        assert self._guardian.stdin is not None  # noqa: S101 - a pipe was asked for
        with suppress(BrokenPipeError):
            self._guardian.stdin.close()
        await asyncio.to_thread(self._guardian.wait)
        if self._failure is not None and not self._failure.cancel():
            # It was reported to whoever waited, or came too late to matter.
            self._failure.exception()

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the children that run now, by name."""
        return {
            child.spec.name: child.process.pid
            for child in self._children
            if child.process is not None and child.process.returncode is None
        }

    async def start(self, spec: ChildSpec) -> None:
        """Start a child, return once it is ready and keep it alive from then on.

        Raises ChildFailedError if it exits or is not ready in time; the first start has no second
        try, because what fails at once seldom heals by itself.
        """
        child = _Child(spec, len(self._children), RotatingLog(self._logs / f"{spec.name}.log"))
        self._children.append(child)
        await self._launch(child)
        child.watch = asyncio.create_task(self._keep_alive(child), name=f"watch {spec.name}")
        child.watch.add_done_callback(self._note_failure)

    async def wait_for_failure(self) -> None:
        """Return never; raise ChildFailedError when a child exited too often."""
        assert self._failure is not None  # noqa: S101 - the context was entered
        await asyncio.shield(self._failure)

    async def stop(self) -> None:
        """Stop all children, last started first; return when none of them runs."""
        while self._children:
            child = self._children.pop()
            if child.watch is not None:
                child.watch.cancel()
                await asyncio.wait([child.watch])
            await self._end(child)

    def _note_failure(self, watch: "asyncio.Task[None]") -> None:
        if watch.cancelled() or self._failure is None or self._failure.done():
            return
        error = watch.exception()
        if error is not None:
            self._failure.set_exception(error)

    async def _launch(self, child: "_Child") -> None:
        spec, started = child.spec, self._clock.monotonic()
        self._emit(StackEvent("component.starting", spec.name))
        spec.before_start()
        with child.output.writer() as writer:
            child.process = await asyncio.create_subprocess_exec(
                *spec.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                env={**os.environ, **spec.env, STACK_MARK: self._mark},
                cwd=spec.cwd,
                start_new_session=True,
                user=spec.account,
                group=spec.account,
                extra_groups=None if spec.account is None else [],
                umask=_PRIVATE_UMASK,
            )
        self._tell_guardian(
            f"watch {child.place} {child.process.pid} {int(spec.stop_signal)} {spec.stop_timeout_s}"
        )
        try:
            async with asyncio.timeout(spec.ready_timeout_s):
                await self._until_ready(child, child.process)
        except TimeoutError:
            await self._end(child)
            what = f"was not ready after {spec.ready_timeout_s:g} s"
            raise ChildFailedError(spec, what, child.log.last_lines(), child.log.path) from None
        took = round(self._clock.monotonic() - started, 2)
        self._emit(
            StackEvent("component.ready", spec.name, {"pid": child.process.pid, "seconds": took})
        )

    async def _until_ready(self, child: "_Child", process: asyncio.subprocess.Process) -> None:
        exited = asyncio.create_task(process.wait())
        try:
            while not exited.done():
                if await child.spec.ready() and not exited.done():
                    return
                await asyncio.wait([exited], timeout=_READY_POLL_S)
        finally:
            exited.cancel()
        await self._end(child)
        what = f"ended before it was ready ({_exit_text(process.returncode)})"
        raise ChildFailedError(child.spec, what, child.log.last_lines(), child.log.path)

    async def _keep_alive(self, child: "_Child") -> None:
        spec, exits = child.spec, list[float]()
        while True:
            assert child.process is not None  # noqa: S101 - launched before it is watched
            status = _exit_text(await child.process.wait())
            await self._end(child, quietly=True)
            now = self._clock.monotonic()
            exits.append(now)
            self._emit(StackEvent("component.exited", spec.name, {"status": status}))
            while True:
                delay_s = spec.restart.delay_s(exits, now)
                if delay_s is None:
                    what = f"exited {len(exits)} times, last with {status}, and was given up"
                    raise ChildFailedError(spec, what, child.log.last_lines(), child.log.path)
                await self._sleep(delay_s)
                try:
                    await self._launch(child)
                except ChildFailedError as failure:
                    now = self._clock.monotonic()
                    exits.append(now)
                    status = failure.detail.split(".", 1)[0]
                    self._emit(StackEvent("component.exited", spec.name, {"status": status}))
                else:
                    break

    async def _end(self, child: "_Child", *, quietly: bool = False) -> None:
        """Bring the child's whole process group to an end and keep the rest of its output."""
        process, spec = child.process, child.spec
        if process is None:
            return
        killed = False
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(spec.stop_signal)
            try:
                async with asyncio.timeout(spec.stop_timeout_s):
                    await process.wait()
            except TimeoutError:
                killed = True
        # Its children, too: a worker that died leaves a pool behind.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        self._tell_guardian(f"forget {child.place}")
        child.output.close()
        child.process = None
        if not quietly:
            self._emit(
                StackEvent("component.stopped", spec.name, {"killed": "yes"} if killed else {})
            )

    def _tell_guardian(self, order: str) -> None:
        assert self._guardian is not None  # noqa: S101 - the context was entered
        assert self._guardian.stdin is not None  # noqa: S101 - a pipe was asked for
        # A guardian that somebody killed is missed only if we are killed as well.
        with suppress(BrokenPipeError):
            self._guardian.stdin.write(f"{order}\n".encode())
            self._guardian.stdin.flush()


class _Child:
    def __init__(self, spec: ChildSpec, place: int, log: RotatingLog) -> None:
        self.spec = spec
        self.place = place
        self.log = log
        self.output = OutputPipe(log, spec.on_line)
        self.process: asyncio.subprocess.Process | None = None
        self.watch: asyncio.Task[None] | None = None


def _exit_text(status: int | None) -> str:
    if status is not None and status < 0:
        return f"signal {signal.Signals(-status).name}"
    return f"exit status {status}"
