from collections.abc import Iterator

import pytest

from support.engine import ConnectEngine, Engine
from support.simulator import SimulatorHandle


@pytest.fixture
def connect(crm: SimulatorHandle, database_url: str, redis_url: str) -> ConnectEngine:
    """Connect a product to the simulator; settings given by name replace the right ones."""

    def connected(**given: object) -> Engine:
        return Engine.connected(crm, database_url, redis_url, **given)

    return connected


@pytest.fixture
def engine(connect: ConnectEngine) -> Engine:
    """A connected product that has loaded nothing yet; 60 deals wait in the CRM."""
    return connect()


@pytest.fixture
def larger_engine(connect: ConnectEngine, crm: SimulatorHandle) -> Iterator[Engine]:
    """A connected product with one deal more in the CRM than a query returns."""
    crm.reset(deals=2_001)
    yield connect()
    crm.reset(deals=60)
