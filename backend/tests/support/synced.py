"""The API over a mirror that the real engine has loaded from a running simulator."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from pulse.bootstrap import run_session
from pulse.config import Settings
from support.api import Api, HandClock, api_settings, served
from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config


@dataclass
class Synced:
    """A running API and simulator with one full sync behind them."""

    api: Api
    crm: SimulatorHandle
    settings: Settings

    def sync(self, kind: str) -> dict[str, object]:
        """Start a sync over HTTP, run it as the worker would, and return the session's answer."""
        started = self.api.client.post(f"/api/live-sync/sync/{kind}")
        assert started.status_code == 202, started.text
        session_id = started.json()["session_id"]
        asyncio.run(run_session(self.settings, UUID(session_id)))
        detail: dict[str, object] = self.api.client.get(
            f"/api/live-sync/status/{session_id}"
        ).json()
        return detail


def crm_settings(
    crm: SimulatorHandle, database_url: str, redis_url: str, **other: object
) -> Settings:
    """Return settings that connect to a simulator; some may be given otherwise."""
    told = crm.connection
    connection = {
        "zoho_client_id": told["client_id"],
        "zoho_client_secret": told["client_secret"],
        "zoho_refresh_token": told["refresh_token"],
        "zoho_base_url": f"{told['api_url']}/crm/v8",
        "zoho_accounts_url": told["accounts_url"],
    }
    return api_settings(database_url, redis_url, **(connection | other))


_SEEDED = Config(deals=60)


@pytest.fixture(scope="session")
def _shared_crm() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(_SEEDED) as handle:
        yield handle


@pytest.fixture
def crm(_shared_crm: SimulatorHandle) -> SimulatorHandle:
    """A CRM as it was seeded: 60 deals."""
    # What a test asked for in a reset of its own holds until it is told otherwise.
    _shared_crm.reset(deals=_SEEDED.deals, seed=_SEEDED.seed)
    return _shared_crm


@pytest.fixture
def synced(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> Iterator[Synced]:
    settings = crm_settings(crm, database_url, redis_url)
    with served(settings, clock) as api:
        product = Synced(api, crm, settings)
        product.sync("full")
        yield product
