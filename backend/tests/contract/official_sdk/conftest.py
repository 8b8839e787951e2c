"""One simulator and one session of the vendor's SDK for a file of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.official_sdk.session import OfficialSdk
from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

DEALS = 430


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=DEALS)) as handle:
        yield handle


@pytest.fixture(scope="session")
def signed_in(
    running_simulator: SimulatorHandle, tmp_path_factory: pytest.TempPathFactory
) -> OfficialSdk:
    return OfficialSdk(running_simulator, tmp_path_factory.mktemp("official_sdk"))


@pytest.fixture
def sdk(signed_in: OfficialSdk) -> OfficialSdk:
    signed_in.use()
    return signed_in
