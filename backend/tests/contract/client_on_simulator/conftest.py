"""The client signed in to a simulator; each file has an organisation of 60 deals of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_simulator import client_of
from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from zoho_crm import ZohoClient


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=60)) as handle:
        yield handle


@pytest.fixture
def sim(running: SimulatorHandle) -> SimulatorHandle:
    running.clear_faults()
    # Every test makes tokens; ten in ten minutes are allowed.
    running.advance(601)
    return running


@pytest.fixture
async def crm(sim: SimulatorHandle) -> AsyncIterator[ZohoClient]:
    """A client that has its token: what a test counts or breaks is not the sign-in."""
    async with client_of(sim) as client:
        await client.metadata.organisation()
        yield client
