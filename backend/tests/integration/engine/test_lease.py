"""A lease that was let go stays free, whatever of the run that had it is still on its way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pulse.adapters.runs import claim
from pulse.bootstrap import mirror_pool
from pulse.kit.errors import PulseError
from support.engine import FULL

if TYPE_CHECKING:
    from uuid import UUID

    from support.engine import Engine


def test_a_beat_after_the_end_of_a_run_leaves_its_lease_to_the_next(engine: Engine) -> None:
    async def end_and_beat(ending: UUID) -> None:
        has_ended, has_beaten = asyncio.Event(), asyncio.Event()

        async def sleep(_: float) -> None:
            if has_ended.is_set():
                has_beaten.set()
                await asyncio.Event().wait()
            await has_ended.wait()

        async with mirror_pool(engine.settings) as pool:
            run = await claim(pool, ending, "a worker")
            assert run is not None
            async with run.kept_alive(sleep):
                await run.fail(PulseError("It ended.", fix="Start another."))
                has_ended.set()
                await asyncio.wait_for(has_beaten.wait(), 10)

    asyncio.run(end_and_beat(engine.start(FULL)))

    assert engine.sync(FULL)["status"] == "completed"
