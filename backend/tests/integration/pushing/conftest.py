import pytest

from support.engine import FULL, Engine
from support.pushing import PushingProduct, meddler
from support.simulator import SimulatorHandle

__all__ = ["meddler", "product"]


@pytest.fixture
def product(crm: SimulatorHandle, database_url: str, redis_url: str) -> PushingProduct:
    """A product that has loaded the 60 deals of its CRM."""
    engine = Engine.connected(crm, database_url, redis_url)
    engine.completed(FULL)
    return PushingProduct(engine)
