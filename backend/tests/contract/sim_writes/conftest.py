"""One simulator of 60 deals for these files, whose clock stands; each test finds it as new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=60)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=60)
    running.freeze()
    return running


@pytest.fixture
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)
