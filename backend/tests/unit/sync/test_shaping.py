"""Pages of several slices are turned into batches one after the other."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, cast

from pulse.sync.loading import Pipeline, PullContext
from pulse.sync.ports import Batch, IdRange, Page
from pulse.sync.sources import read_slice

SLICES = 5


class OpenlyBusy(ThreadPoolExecutor):
    """Does work in the loop's next turn, and counts what was handed in by then."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(1)
        self._loop = loop
        self._waiting = 0
        self.most = 0
        self.done = 0

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:  # noqa: ANN401 - as the class it stands for
        self._waiting += 1
        self.most = max(self.most, self._waiting)
        future: Future[Any] = Future()

        def run() -> None:
            self._waiting -= 1
            self.done += 1
            future.set_result(work(*given, **named))

        self._loop.call_soon(run)
        return future


class Mirror:
    async def next_number(self) -> int:
        return 1


class Crm:
    async def select(self, *_given: object, **_named: object) -> Page:
        return Page([{"id": "1"}], has_more=False)


class Canonical:
    list_fields = ("Modified_Time",)


class Run:
    def __init__(self) -> None:
        self.checkpoint: dict[str, object] = {}


class Context:
    """As much of a `PullContext` as reading takes."""

    module = "Deals"
    mirror, crm, canonical, run = Mirror(), Crm(), Canonical(), Run()

    def batch(self, rows: object, number: int, *, is_first_load: bool) -> Batch:
        assert (rows, is_first_load) == ([{"id": "1"}], True)
        return Batch((), number, frozenset())


class Taking(Pipeline):
    async def put(self, slice_key: str, batch: Batch, position: object) -> None:
        """Take a batch as soon as it comes."""


def test_pages_that_arrive_together_are_shaped_one_after_the_other() -> None:
    async def read_all() -> OpenlyBusy:
        loop = asyncio.get_running_loop()
        executor = OpenlyBusy(loop)
        loop.set_default_executor(executor)
        context = cast("PullContext", Context())
        pipeline = Taking(context)
        async with asyncio.TaskGroup() as readers:
            for number in range(SLICES):
                readers.create_task(
                    read_slice(context, pipeline, f"s{number}", IdRange(), is_first_load=True)
                )
        return executor

    executor = asyncio.run(read_all())

    assert (executor.done, executor.most) == (SLICES, 1)
